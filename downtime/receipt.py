"""The receipt: what an entry says on paper.

``receipt_lines`` is pure and makes rows; ``as_text`` draws them on a grid of characters for screens, tests
and plain printers, ``downtime.receipt_pdf`` on 80 mm paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from downtime.receipt_facts import UNDOING
from downtime.receipt_layouts import LAYOUTS, field_by_field, money_was_taken
from downtime.receipt_money_layouts import MONEY_LAYOUTS
from downtime.receipt_rows import Codes, Paper, Receipt, Sign
from forms.reversal import TAKING_MONEY
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from downtime.entry import Entry
    from downtime.i18n import Language
    from downtime.letterhead import Letterhead

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

MONEY_FORMS = frozenset(TAKING_MONEY) | UNDOING
"""Forms about money: the paper carries the site's title, and says that it is no invoice."""

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
    paper.rule()
    _who_and_when(paper, entry, copy, prices_as_of)
    for document in formal:
        void = paper.say(N_("(void)")) if document.void else ""
        numbers = "  ".join(part for part in (document.bill_code, document.number, void) if part)
        paper.pair(document.kind, numbers)
    paper.rule()
    _exchange(paper, entry, letterhead)
    number = entry.number or entry.id
    if entry.qr:
        paper.rows.append(Codes(entry.qr, number))
    if entry.drill:
        paper.banner(paper.say(N_("DRILL: of no value")))
    across = paper.say(N_("DRILL")) if entry.drill else ""
    return Receipt(number, paper.language, copy, across, tuple(paper.rows))


def _head(paper: Paper, entry: Entry, letterhead: Letterhead, copy: int) -> None:
    if entry.drill:
        paper.banner(paper.say(N_("DRILL: of no value")))
    paper.words(letterhead.hospital_name, "name", "centre")
    own_title = letterhead.title if entry.form in MONEY_FORMS else ""
    title = own_title or paper.say(TITLES.get(entry.form, N_("Record made in a system outage")))
    paper.words(title, "title", "centre")
    if copy > 1:
        paper.banner(paper.say(N_("DUPLICATE: copy {copy}"), copy=copy))
    paper.pair(N_("Receipt number"), entry.number or "", "loud")
    paper.pair(N_("Time"), _local(entry.happened_at))


def _who_and_when(paper: Paper, entry: Entry, copy: int, prices_as_of: str | None) -> None:
    paper.pair(N_("Operator"), f"{entry.operator}  {entry.operator_name}".strip())
    paper.pair(N_("Second person"), entry.second_person or "")
    if entry.recorded_at[:16] != entry.happened_at[:16]:
        paper.pair(N_("Entered"), _local(entry.recorded_at))
    if entry.reference_version is not None:
        paper.pair(N_("Price list"), _price_list(paper, entry, prices_as_of), "small")
    paper.pair(N_("Station"), f"{entry.station}{entry.incarnation}  {entry.outage}".strip(), "small")
    paper.pair(N_("Record"), f"{entry.seq}  {entry.hash[:_HASH_SHOWN_BYTES].hex(' ', 2).upper()}", "small")
    paper.pair(N_("Copy"), str(copy), "small")
    if money_was_taken(entry) or entry.form in UNDOING:
        paper.rows.append(Sign(paper.say(N_("Cashier's signature"))))


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
    if entry.form not in MONEY_FORMS:
        return
    proof = money_was_taken(entry) and not entry.content.get("authorisation")
    places = (letterhead.exchange_place, letterhead.exchange_time, letterhead.exchange_phone)
    if proof and not entry.drill and any(places):
        paper.words(paper.say(N_("Exchange this paper for the formal invoice")), "strong")
        for label, value in zip((N_("Where"), N_("Hours"), N_("Phone")), places, strict=True):
            paper.pair(label, value)
    plain = paper.say(
        N_("Provisional paper made during a system outage. It is not an invoice and not valid for claims.")
    )
    for wording in (proof and letterhead.wording) or (plain,):
        paper.words(wording, "small")


def _local(moment: str) -> str:
    """Return an RFC 3339 time as people read it, to the second, in the offset it carries."""
    return moment[:19].replace("T", " ")
