"""A dead PC's day, recovered from the receipts in people's hands: each code is the station's word, signed.

A code holds less than the entry: no name, no method of payment, no operator. So what is recovered stands apart and
never becomes an entry; it is typed into the HIS by hand. Should the PC's journal come up after all, its entry takes
the place of the paper, which is then only listed as arrived.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from downtime.canonical import seal, unseal
from downtime.clean import visible
from downtime.i18n import _
from downtime.receipt_number import format_number, parse_number
from downtime.receipt_qr import REASONS, check
from downtime.signing import key_id_of
from forms.typed import as_code

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.receipt_qr import ReceiptFacts
    from sync.hub.database import Database

CODES_MAX: Final = 200
_PUBLIC: Final = "SELECT public FROM station_key"
_ENTRY: Final = "SELECT 1 FROM entry WHERE number = ? AND verdict = ''"
_KNOWN: Final = "SELECT scanned_by, scanned_at FROM recovered WHERE number = ?"
_KEPT: Final = """
INSERT INTO recovered (number, station, incarnation, counter, form, amount_minor, outage, happened_at, facts, codes,
                       scanned_by, scanned_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (number) DO NOTHING
"""
_ALL: Final = """
SELECT r.number, r.station, r.incarnation, r.counter, r.form, r.amount_minor, r.outage, r.happened_at, r.facts,
  r.scanned_by, r.scanned_at, (SELECT count(*) FROM entry e WHERE e.number = r.number AND e.verdict = ''),
  (SELECT count(*) FROM station_withdrawn w WHERE w.station = r.station AND w.incarnation = r.incarnation)
FROM recovered r ORDER BY r.station, r.incarnation, r.counter
"""
_NUMBERS: Final = """
SELECT number FROM entry WHERE station = ? AND incarnation = ? AND number IS NOT NULL AND verdict = ''
"""


@dataclass(frozen=True, slots=True)
class Scanned:
    """What became of one scanned text.

    Attributes:
        state: "recovered"; "more" (further codes of this receipt are needed); "arrived" (its entry is here);
            "twice"; "refused".
        words: that in words.
        number: of the receipt, as far as it could be read.
    """

    state: str
    words: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Recovered:
    """One receipt known from its paper.

    Attributes:
        facts: what its codes say: patient number, items, time, flags; see ``facts_content``.
        has_arrived: its entry stands verified here now; the paper counts no more.
        key_withdrawn: signed with a key that was withdrawn: compare it with the money.
    """

    number: str
    station: str
    incarnation: str
    counter: int
    form: str
    amount_minor: int
    outage: str
    happened_at: str
    facts: dict[str, Any]
    scanned_by: str
    scanned_at: str
    has_arrived: bool
    key_withdrawn: bool


_COLUMNS: Final = tuple(Recovered.__dataclass_fields__)


@dataclass
class Scanning:
    """One person's scanning, text after text.

    Attributes:
        hospital: whose receipts these are.
        by: who scans.
        at: the time to write down.
    """

    db: Database
    hospital: str
    by: str
    at: str
    _codes: list[str] = field(default_factory=list)

    def take(self, text: str) -> Scanned:
        """Take one scanned text; of several codes of a receipt the order does not matter."""
        code = as_code(text)
        keys = {key_id_of(bytes(row[0])): bytes(row[0]) for row in self.db.rows(_PUBLIC)}
        found = check([*self._codes, code], keys)
        if found.status == "unreadable" and self._codes:  # another receipt: the one before stays incomplete
            self._codes = []
            found = check([code], keys)
        facts = found.facts
        if found.status == "incomplete" and len(self._codes) < CODES_MAX:
            self._codes.append(code)
            number = visible(facts.number) if facts is not None else ""
            words = _("{number}: scan the other codes of this receipt too.").format(number=number or "-")
            return Scanned("more", words, number)
        codes, self._codes = [*self._codes, code], []
        if facts is None or found.status != "genuine":
            number = visible(facts.number) if facts is not None else ""
            return Scanned("refused", _refused(number, _(REASONS[found.status])), number)
        return self._keep(facts, codes)

    def _keep(self, facts: ReceiptFacts, codes: Sequence[str]) -> Scanned:
        number = parse_number(facts.number)
        if facts.hospital != self.hospital:
            return Scanned("refused", _refused(visible(facts.number), _("it is another hospital's")))
        if facts.drill:
            return Scanned("refused", _refused(visible(facts.number), _("it is a drill's")))
        if number is None or (number.station, number.incarnation) != (facts.station, facts.incarnation):
            return Scanned("refused", _refused(visible(facts.number), _("its number is none of ours")))
        shown = str(number)
        with self.db.writing():
            if self.db.row(_ENTRY, (shown,)) is not None:
                return Scanned(
                    "arrived", _("{number}: its entry is here already.").format(number=shown), shown
                )
            before = self.db.row(_KNOWN, (shown,))
            if before is None:
                told = seal(facts_content(facts))
                row = (shown, number.station, number.incarnation, number.count, facts.kind, facts.total_minor)
                hidden = (self.db.hidden(told), self.db.hidden(seal(list(codes))))
                self.db.rows(_KEPT, (*row, facts.outage, facts.happened_at, *hidden, self.by, self.at))
        if before is not None:
            told_by = visible(before[0], 40), visible(before[1][:16].replace("T", " "))
            words = _("{number}: scanned before, by {by} at {at}.").format(
                number=shown, by=told_by[0], at=told_by[1]
            )
            return Scanned("twice", words, shown)
        return Scanned("recovered", _("{number}: recovered.").format(number=shown), shown)


def _refused(number: str, reason: str) -> str:
    return _("{number}: refused. {reason}").format(number=number or "-", reason=reason)


def facts_content(facts: ReceiptFacts) -> dict[str, Any]:
    """Return what the codes of a receipt say, as plain values; money in minor units."""
    return {
        "number": facts.number,
        "seq": facts.seq,
        "form": facts.kind,
        "settlement": facts.settlement,
        "reversal": facts.reversal,
        "happened_at": facts.happened_at,
        "outage": facts.outage,
        "patient": facts.patient,
        "payer_kind": facts.payer_kind,
        "currency": facts.currency,
        "total_minor": facts.total_minor,
        "window": facts.window,
        "items": [
            {"code": item.code, "quantity": item.quantity, "amount_minor": item.amount_minor}
            for item in facts.items
        ],
    }


def recovered(db: Database, station: str = "") -> list[Recovered]:
    """Return every receipt known from its paper, of one station or of all, in the order of their numbers."""
    found = []
    for row in db.rows(_ALL):
        told = dict(zip(_COLUMNS, row, strict=True))
        told["facts"] = unseal(db.shown(told["facts"]))
        told |= {name: bool(told[name]) for name in ("has_arrived", "key_withdrawn")}
        if station in ("", told["station"]):
            found.append(Recovered(**told))
    return found


def on_paper_only(db: Database) -> list[Recovered]:
    """Return the receipts whose entries are not here: what is left to be typed in from the paper."""
    return [one for one in recovered(db) if not one.has_arrived]


def gaps(db: Database, found: Sequence[Recovered]) -> list[tuple[str, str]]:
    """Return the ranges of numbers (first, last) below the highest recovered one that nobody knows.

    Each is a receipt not scanned yet, or a number that was never used.
    """
    places = dict.fromkeys((one.station, one.incarnation) for one in found)
    missing = []
    for place in places:
        known = {one.counter for one in found if (one.station, one.incarnation) == place}
        highest = max(known)
        for (number,) in db.rows(_NUMBERS, place):
            parsed = parse_number(number)
            if parsed is not None:
                known.add(parsed.count)
        inside = sorted(count for count in known if count <= highest)
        for before, after in zip([0, *inside], inside, strict=False):
            if after - before > 1:
                first, last = format_number(*place, before + 1), format_number(*place, after - 1)
                missing.append((first, last))
    return missing
