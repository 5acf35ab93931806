"""The report of a shift (日结单) on paper: sums, numbers, what is open, two signatures, and the chain head as a code.

The code holds digits only: ``02`` and, as one decimal number, 0x01, the seq (8 bytes) and the chain hash after the
closing (32 bytes). Whoever keeps the paper can later hold the journal against it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.receipt_rows import Codes, Paper, Receipt, Sign
from downtime.shift_money import PRECOLLECTED, UNVERIFIED
from forms.shift import ShiftClosed
from forms.tender import METHOD_WORDS
from forms.text import N_

if TYPE_CHECKING:
    from downtime.entry import Entry
    from downtime.i18n import Language
    from downtime.letterhead import Letterhead
    from downtime.receipt_rows import Row

HEAD_VERSION = "02"
_SEQ_BYTES, _HASH_BYTES = 8, 32

SUM_WORDS = METHOD_WORDS | {UNVERIFIED: N_("Not verified")}
CATEGORY_WORDS = {
    "service": N_("Services"),
    "drug": N_("Drugs"),
    "unlisted": N_("Unlisted items"),
    "part_paid": N_("Paid in part"),
    "payment": N_("Collected later"),
    "deposit": N_("Deposits"),
    "reversal": N_("Reversals"),
    "refund": N_("Refunds"),
    "deposit_refund": N_("Deposit refunds"),
    "refund_confirmed": N_("Returned by card or mobile"),
    "payment_verified": N_("Never arrived"),
}
"""Categories that are no fee category of the price list, as msgids."""


def head_code(seq: int, chain_hash: bytes) -> str:
    """Return the digits of the code for a chain head."""
    assert len(chain_hash) == _HASH_BYTES
    return HEAD_VERSION + str(int.from_bytes(b"\x01" + seq.to_bytes(_SEQ_BYTES) + chain_hash))


def read_head_code(text: str) -> tuple[int, bytes] | None:
    """Return (seq, chain hash) of a scanned code, or None if it is something else."""
    digits = "".join(text.split())
    if not digits.isascii() or not digits.isdecimal() or not digits.startswith(HEAD_VERSION):
        return None
    number = int(digits[len(HEAD_VERSION) :] or "0")
    code = number.to_bytes((number.bit_length() + 7) // 8)
    if len(code) != 1 + _SEQ_BYTES + _HASH_BYTES or code[0] != 1:
        return None
    return int.from_bytes(code[1 : 1 + _SEQ_BYTES]), code[1 + _SEQ_BYTES :]


def shift_report(
    entry: Entry, letterhead: Letterhead, *, language: Language | None = None, copy: int = 1
) -> Receipt:
    """Return the report of a closed shift, for any printer; ``copy`` is 1 for the first print."""
    assert entry.form == ShiftClosed.name
    content = entry.content
    paper = Paper(language or letterhead.language, content["currency"])
    if entry.drill:
        paper.banner(paper.say(N_("DRILL: of no value")))
    paper.words(letterhead.hospital_name, "name", "centre")
    paper.words(paper.say(N_("Shift report")), "title", "centre")
    if copy > 1:
        paper.banner(paper.say(N_("DUPLICATE: copy {copy}"), copy=copy))
    paper.pair(N_("Shift"), content["shift"], "strong")
    paper.pair(N_("Business day"), content["business_day"])
    paper.pair(N_("Operator"), content["operator"])
    paper.pair(N_("Closed"), entry.recorded_at[:19].replace("T", " "))
    paper.rule()
    _sums(paper, content["figures"])
    paper.rule()
    _drawer(paper, content)
    paper.rule()
    _numbers(paper, content)
    paper.rule()
    _open(paper, content["figures"])
    paper.rule()
    paper.rows.append(Sign(paper.say(N_("Handed in by"))))
    paper.rows.append(Sign(paper.say(N_("Taken over by"))))
    paper.pair(N_("Record"), f"{entry.seq}  {entry.hash[:6].hex(' ', 2).upper()}", "small")
    paper.rows.append(Codes((head_code(entry.seq, entry.hash),), content["shift"]))
    across = paper.say(N_("DRILL")) if entry.drill else ""
    return Receipt(content["shift"], paper.language, copy, across, tuple(paper.rows))


def figure_rows(figures: dict[str, Any], language: Language, currency: str) -> tuple[Row, ...]:
    """Return the figures alone, as on paper, for a screen."""
    paper = Paper(language, currency)
    _sums(paper, figures)
    paper.rule()
    _counts(paper, figures)
    paper.rule()
    _open(paper, figures)
    return tuple(paper.rows)


def category_words(paper: Paper, name: str) -> str:
    """Return what a category is called: a fee category of the site's own stays as it is."""
    if name.startswith(PRECOLLECTED):
        return paper.say(N_("In advance: {category}"), category=name.removeprefix(PRECOLLECTED))
    return paper.say(CATEGORY_WORDS[name]) if name in CATEGORY_WORDS else name


def _sums(paper: Paper, figures: dict[str, Any]) -> None:
    order = list(SUM_WORDS)
    for one in sorted(figures["methods"], key=lambda one: order.index(one["method"])):
        label = SUM_WORDS.get(one["method"], one["method"])
        paper.pair(label, paper.money(one["taken_minor"] - one["returned_minor"]), "strong")
        if one["returned_minor"]:
            paper.pair(N_("of it given back"), paper.money(-one["returned_minor"]), "small")
    paper.rule()
    for one in figures["categories"]:
        paper.pair(category_words(paper, one["name"]), f"{one['parts']}  {paper.money(one['amount_minor'])}")
    paper.rule()
    for one in figures["operators"]:
        paper.pair(one["name"], f"{one['parts']}  {paper.money(one['amount_minor'])}")


def _drawer(paper: Paper, content: dict[str, Any]) -> None:
    paper.pair(N_("Float"), paper.money(content["float_minor"]))
    paper.pair(N_("Cash expected"), paper.money(content["expected_minor"]["cash"]))
    paper.pair(N_("Cash counted"), paper.money(content["counted_minor"]), "strong")
    difference = content["over_short_minor"]
    if difference:
        paper.pair(N_("Over") if difference > 0 else N_("Short"), paper.money(abs(difference)), "loud")
        paper.pair(N_("Reason"), content["reason"])
    paper.pair(N_("Stays in the drawer"), paper.money(content["left_minor"]))
    paper.pair(N_("Handed in"), paper.money(content["counted_minor"] - content["left_minor"]), "strong")


def _numbers(paper: Paper, content: dict[str, Any]) -> None:
    _counts(paper, content["figures"])
    for one in content["explained"]:
        paper.pair(one["number"], one["reason"], "small")


def _counts(paper: Paper, figures: dict[str, Any]) -> None:
    numbers = figures["numbers"]
    if numbers["used"]:
        paper.pair(
            N_("Receipt numbers"), f"{numbers['first']:06} - {numbers['last']:06}  ({numbers['used']})"
        )
    for gap in numbers["gaps"]:
        label = N_("Numbers of other blocks") if gap["explained"] else N_("NUMBERS MISSING")
        paper.pair(label, f"{gap['first']:06} - {gap['last']:06}", "body" if gap["explained"] else "loud")
    paper.pair(N_("Reprints"), str(figures["reprints"]))
    for label, one in ((N_("Reversals"), figures["reversals"]), (N_("Refunds"), figures["refunds"])):
        paper.pair(label, f"{one['count']}  {paper.money(one['amount_minor'])}")


def _open(paper: Paper, figures: dict[str, Any]) -> None:
    for label, name in (
        (N_("Not verified, all shifts"), "unverified_minor"),
        (N_("Still to be returned"), "to_be_returned_minor"),
        (N_("Paid in advance, lines missing"), "advances_minor"),
        (N_("Owed by patients"), "owed_minor"),
    ):
        paper.pair(label, paper.money(figures[name]))
