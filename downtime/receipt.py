"""The receipt: what an entry says on paper.

``receipt_lines`` is pure and makes rows; ``as_text`` draws them on a grid of characters for screens, tests
and plain printers, ``downtime.receipt_pdf`` on 80 mm paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from downtime.paper_template import BLOCKS
from downtime.receipt_facts import UNDOING
from downtime.receipt_layouts import LAYOUTS, field_by_field, money_was_taken
from downtime.receipt_money_layouts import MONEY_LAYOUTS
from downtime.receipt_rows import Codes, Paper, Receipt, Rule, Sign, Stamp, shown
from forms.reversal import TAKING_MONEY
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from downtime.entry import Entry
    from downtime.i18n import Language
    from downtime.letterhead import Letterhead
    from downtime.receipt_rows import Row

TITLES = {
    "charge": N_("Provisional receipt"),
    "payment": N_("Provisional receipt"),
    "registration": N_("Provisional registration"),
    "visit": N_("Provisional visit slip"),
    "dispense": N_("Dispensing slip"),
    "reversal": N_("Provisional receipt: reversal"),
    "precollection": N_("Provisional receipt: paid in advance"),
    "itemisation": N_("Lines of a pre-collection"),
    "pricing": N_("Pricing slip"),
    "deposit": N_("Provisional deposit receipt"),
    "deposit_refund": N_("Provisional receipt: deposit refund"),
    "bookkeeping": N_("Bookkeeping slip"),
    "refund": N_("Provisional receipt: refund"),
    "card_held": N_("Slip for a held card"),
}
"""Title of the paper where the site gives none; any other form gets "Record made in a system outage"."""

STAMPED = frozenset({"card_held"})
"""Forms stamped without any money."""

INSURED_NEXT = N_(
    "Insurance is settled once the system is back: bring this paper and the insurance card. "
    "Time limits are those of the local insurer."
)

MONEY_FORMS = frozenset(TAKING_MONEY) | UNDOING
"""Forms whose paper proves that money changed hands."""

PLAIN_RECEIPTS = frozenset({"charge", "payment"})
"""Forms whose paper carries the site's title for receipts; the others say in theirs what they are."""

_RULED_OFF = frozenset({"lines", "money", "operator", "exchange", "wording"})
"""Blocks with a line above them."""
_BESIDE = frozenset({"exchange", "wording"})
"""Blocks that stand beside the code on wide paper."""
_HASH_SHOWN_BYTES = 6
_OLD = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class FormalNumber:
    """A formal document the HIS gave for the entry, for reprints.

    Attributes:
        kind: msgid of what it is, for instance "Electronic invoice".
        bill_code: 票据代码, or "".
        number: 票据号码.
        void: it has been voided or reversed.
    """

    kind: str
    bill_code: str
    number: str
    void: bool = False


def receipt_lines(
    entry: Entry,
    letterhead: Letterhead,
    *,
    language: Language | None = None,
    copy: int = 1,
    formal: Sequence[FormalNumber] = (),
    prices_as_of: str | None = None,
    labels: Mapping[str, str] | None = None,
) -> Receipt:
    """Return the receipt of ``entry``.

    Args:
        entry: any entry; its QR texts are copied, never made again.
        letterhead: the site's words.
        language: language of the paper; by default the letterhead's.
        copy: 1 for the first print, 2 for the first reprint, and so on.
        formal: formal documents already known.
        prices_as_of: RFC 3339 time of the price list in force, for its age; None leaves the age out.
        labels: msgids of field labels by dotted path or name, for forms without a layout of their own.
    """
    assert copy >= 1
    paper = Paper(language or letterhead.language, entry.content.get("currency") or letterhead.currency)
    _head(paper, entry, letterhead, copy)
    layout = LAYOUTS.get(entry.form) or MONEY_LAYOUTS.get(entry.form)
    if layout is not None:
        layout(paper, entry)
    else:
        field_by_field(paper, entry, labels or {})
    _who_and_when(paper, entry, copy, prices_as_of)
    _signed(paper, entry, letterhead)
    paper.begin("formal")
    for document in formal:
        void = paper.say(N_("(void)")) if document.void else ""
        numbers = "  ".join(part for part in (document.bill_code, document.number, void) if part)
        paper.pair(document.kind, numbers)
    _exchange(paper, entry, letterhead)
    number = entry.number or entry.id
    paper.begin("code")
    if entry.qr:
        paper.rows.append(Codes(entry.qr, number))
    across = ""
    rows, beside = _in_order(paper, letterhead.order)
    if entry.drill:
        across = paper.say(N_("DRILL"))
        paper.begin("end")
        paper.banner(paper.say(N_("DRILL: of no value")))
        rows += paper.rows
    return Receipt(number, paper.language, copy, across, tuple(rows), beside, letterhead.parts)


def _in_order(paper: Paper, order: Sequence[str]) -> tuple[list[Row], frozenset[int]]:
    """Return all rows, the blocks in the order asked for, and the places of those that stand beside the code."""
    rows = list(paper.blocks[""])
    beside: list[int] = []
    for name in order or BLOCKS:
        block = paper.blocks.get(name)
        if not block:
            continue
        ruled = name in _RULED_OFF and not (name in _BESIDE and beside and beside[-1] == len(rows) - 1)
        if ruled and not isinstance(rows[-1], Rule):
            rows.append(Rule())
        if name in _BESIDE:
            beside += range(len(rows), len(rows) + len(block))
        rows += block
    return rows, frozenset(beside)


def _head(paper: Paper, entry: Entry, letterhead: Letterhead, copy: int) -> None:
    if entry.drill:
        paper.banner(paper.say(N_("DRILL: of no value")))
    paper.words(letterhead.hospital_name, "name", "centre")
    own_title = letterhead.own_title or (letterhead.title if entry.form in PLAIN_RECEIPTS else "")
    title = own_title or paper.say(TITLES.get(entry.form, N_("Record made in a system outage")))
    paper.words(title, "title", "centre")
    if copy > 1:
        paper.banner(paper.say(N_("DUPLICATE: copy {copy}"), copy=copy))
    paper.begin("number")
    label = N_("Receipt no.") if entry.form in MONEY_FORMS else N_("Slip number")
    paper.pair(label, entry.number or "", "loud")
    paper.pair(N_("Time"), _local(entry.happened_at))


def _who_and_when(paper: Paper, entry: Entry, copy: int, prices_as_of: str | None) -> None:
    paper.begin("operator")
    label = N_("Money taken by") if money_was_taken(entry) else N_("Operator")
    paper.pair(label, f"{entry.operator}  {entry.operator_name}".strip())
    reviewed = entry.form in MONEY_FORMS
    paper.pair(N_("Reviewed by") if reviewed else N_("Second person"), entry.second_person or "")
    if entry.recorded_at[:16] != entry.happened_at[:16]:
        paper.pair(N_("Entered"), _local(entry.recorded_at))
    paper.pair(N_("Copy"), str(copy))
    paper.begin("traces")
    if entry.reference_version is not None:
        paper.pair(N_("Price list"), _price_list(paper, entry, prices_as_of), "small")
    paper.pair(N_("Station"), f"{entry.station}{entry.incarnation}  {entry.outage}".strip(), "small")
    paper.pair(N_("Record"), f"{entry.seq}  {entry.hash[:_HASH_SHOWN_BYTES].hex(' ', 2).upper()}", "small")


def _signed(paper: Paper, entry: Entry, letterhead: Letterhead) -> None:
    """Leave room for the cashier's hand, and for the stamp where the paper is worth something."""
    if money_was_taken(entry) or entry.form in UNDOING:
        paper.begin("sign")
        paper.rows.append(Sign(paper.say(N_("Cashier's signature"))))
    if money_was_taken(entry) or entry.form in UNDOING | STAMPED:
        paper.begin("stamp")
        usual = N_("Hospital's stamp") if entry.form == "deposit" else N_("Emergency stamp")
        paper.rows.append(Stamp(shown(letterhead.stamp) or paper.say(usual)))


def _price_list(paper: Paper, entry: Entry, prices_as_of: str | None) -> str:
    version = f"v{entry.reference_version}"
    if prices_as_of is None:
        return version
    age = datetime.fromisoformat(entry.happened_at) - datetime.fromisoformat(prices_as_of)
    hours = max(0, int(age.total_seconds()) // 3600)
    if age < _OLD:
        old = paper.say(N_("{hours} h old"), hours=hours)
    else:
        old = paper.say(N_("{days} days old"), days=hours // 24)
    return f"{version}  {_local(prices_as_of)[:16]}  {old}"


def _exchange(paper: Paper, entry: Entry, letterhead: Letterhead) -> None:
    """Say what the paper is worth, and where a proof of payment becomes an invoice."""
    if entry.form not in MONEY_FORMS and "total_minor" not in entry.content:
        return
    proof = money_was_taken(entry) and not entry.content.get("authorisation")
    paper.begin("exchange")
    places = (letterhead.exchange_place, letterhead.exchange_time, letterhead.exchange_phone)
    if proof and not entry.drill and any(places):
        paper.words(paper.say(N_("Exchange this paper for the formal invoice")), "strong")
        for label, value in zip((N_("Where"), N_("Hours"), N_("Phone")), places, strict=True):
            paper.pair(label, value, "strong")
    if entry.content.get("payer_kind") == "insured_pending" and not entry.drill:
        for paragraph in letterhead.insured or (paper.say(INSURED_NEXT),):
            paper.words(paragraph)
    paper.begin("wording")
    plain = paper.say(
        N_("Provisional paper made during a system outage. It is not an invoice and not valid for claims.")
    )
    for wording in (letterhead.wording if proof and not entry.drill else ()) or (plain,):
        paper.words(wording, "small")


def _local(moment: str) -> str:
    """Return an RFC 3339 time as people read it, to the second, in the offset it carries."""
    return moment[:19].replace("T", " ")
