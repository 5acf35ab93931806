"""Questions that only some screens ask the book: work lists, links between entries, outages, stock."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from downtime.book import JournalView
from downtime.his_word import reference_text
from downtime.i18n import _
from downtime.outcome import Accepted, HandedOver
from downtime.problem_text import problem_words
from downtime.store import delivery_queries, journal, owed, reports
from forms.base import read_form
from forms.dispense import Dispense
from forms.payment import Collection
from forms.postings import account, stock_unit
from forms.reversal import REVERSIBLE, TAKING_MONEY, Reversal
from forms.typed import as_code

if TYPE_CHECKING:
    from downtime.desk import Desk
    from downtime.entry import Entry
    from downtime.outcome import Outcome

MOST_URGENT_FIRST = ("rejected", "in_doubt", "handed_over", "sending", "unreachable", "owed")
FILTERS = ("all", "not_printed", "reversed")
ROWS_MAX = 200

_PEOPLE_FORMS_NAMING = (
    *(Collection.name, Dispense.name, Reversal.name),
    *(
        "charge",
        "itemisation",
        "refund",
        "deposit_refund",
        "refund_confirmed",
        "payment_verified",
        "exchange",
    ),
)
_PATIENT_FIELDS = ("number", "name", "sex", "birth_date", "temporary")
_OUTAGE_FORMS = ("outage_declared", "outage_ended")


@dataclass(frozen=True, slots=True)
class Work:
    """One entry the HIS has no final answer for.

    Attributes:
        state: as the standing counts it.
        tries: how many facts there are about it.
        at: when the last of them was written (RFC 3339), or "".
        reason: what the HIS said last, or "".
    """

    entry: Entry
    state: str
    tries: int
    at: str
    reason: str


def work_list(desk: Desk, connector: str, most: int = ROWS_MAX) -> list[Work]:
    """Return what the HIS has not accepted, the most urgent first, the oldest first among these."""
    db = desk.looking()
    found = []
    for entry in owed.open_entries(db, connector):
        state = entry.state or "owed"
        found.append(("owed" if state == "rejected" and entry.reopened else state, entry))
    found.sort(key=lambda pair: (MOST_URGENT_FIRST.index(pair[0]), pair[1].seq))
    found = found[:most]
    read = {entry.seq: entry for entry in delivery_queries.read_entries(db, [one.seq for _s, one in found])}
    return [
        Work(read[one.seq], state, one.step, one.at or "", last_reason(desk, one.id, connector))
        for state, one in found
    ]


def last_reason(desk: Desk, entry_id: str, connector: str) -> str:
    """Return what the HIS behind ``connector`` said last about an entry, or ""."""
    said = [line.outcome for line in desk.delivery_history(entry_id) if line.connector == connector]
    return reason_of(next((outcome for outcome in reversed(said) if outcome is not None), None))


def reason_of(outcome: Outcome | None) -> str:
    """Return what the HIS said: its reason, or its own reference."""
    if outcome is None:
        return ""
    if isinstance(outcome, HandedOver):
        return reference_text(outcome.reference)
    return outcome.reference if isinstance(outcome, Accepted) else outcome.reason


def state_with(desk: Desk, entry_id: str, connector: str) -> str | None:
    """Return the state of an entry with one connector; None if the HIS need not get it."""
    return reports.state_of(desk.looking(), connector, entry_id)


def delivery_state(desk: Desk, entry_id: str) -> str | None:
    """Return the state of an entry with the connector that has come least far; None if nobody must get it."""
    states = [reports.state_of(desk.looking(), name, entry_id) for name in desk.home.settings.connectors]
    known = [state for state in states if state is not None]
    order = (*MOST_URGENT_FIRST, "accepted")
    return min(known, key=order.index) if known else None


def find_receipts(desk: Desk, text: str, kept: str = "all", most: int = ROWS_MAX) -> list[Entry]:
    """Return receipts by number, patient, name, initials or formal number, newest first.

    Args:
        desk: whose book.
        text: as typed; empty gives all.
        kept: one of ``FILTERS``.
        most: how many.
    """
    asked = text.strip()
    if kept == "not_printed":
        entries = desk.not_printed()
    else:
        code = as_code(asked)
        entries = desk.find_entries(code, most)
        if asked:
            by_name = desk.find_entries(asked) if asked != code else entries
            entries = _once([*entries, *by_name, *_by_other_names(desk, asked, is_named=bool(by_name))])
    if kept == "reversed":
        entries = [entry for entry in entries if entry.form == "reversal" or desk.reversal_of(entry.id)]
    if kept != "all" and asked:
        entries = [entry for entry in entries if _holds(entry, asked)]
    return entries[:most]


def _holds(entry: Entry, asked: str) -> bool:
    name = str((entry.content.get("patient") or {}).get("name", ""))
    code = as_code(asked).upper()
    return code in (entry.number or "") or code in (entry.patient or "").upper() or asked in name


def _by_other_names(desk: Desk, asked: str, *, is_named: bool) -> list[Entry]:
    """Return entries by a formal number; where nobody ``is_named`` so, by initials of patients in the list."""
    found: list[Entry] = []
    for entry_id in desk.entries_with_formal_number(as_code(asked)):
        entry = desk.find(entry_id)
        found += [entry] if entry is not None else []
    if not found and not is_named and desk.search is not None:
        for hit in desk.search.search_patients(asked):
            found += [entry for entry in desk.entries_of_patient(hit.number) if entry.number]
    return found


def _once(entries: list[Entry]) -> list[Entry]:
    by_seq = {entry.seq: entry for entry in entries}
    return [by_seq[seq] for seq in sorted(by_seq, reverse=True)]


def drug_charges(desk: Desk, text: str, most: int = 40) -> list[Entry]:
    """Return charges that hold drugs, newest first."""
    found = find_receipts(desk, text, most=ROWS_MAX)
    return [
        entry
        for entry in found
        if entry.form == "charge" and any(line["kind"] != "service" for line in entry.content["lines"])
    ][:most]


def printouts(desk: Desk, entry_id: str) -> list[Entry]:
    """Return what became of each copy of a receipt, in order."""
    return reports.naming(desk.looking(), entry_id, ("printed",))


def named_by(desk: Desk, entry: Entry) -> list[Entry]:
    """Return the entries people made that name this one: payments, dispenses, reversals."""
    return reports.naming(desk.looking(), entry.id, _PEOPLE_FORMS_NAMING)


def names(desk: Desk, entry: Entry) -> list[Entry]:
    """Return the entries this one names, as far as they are in this book."""
    found = [desk.find(entry_id) for entry_id in entry.refers_to]
    return [one for one in found if one is not None]


def reversal_content(entry: Entry, reason: str, currency: str) -> dict[str, Any]:
    """Return the content of the reversal of ``entry``: money goes back the way it came."""
    parts = entry.content.get("payments", []) if entry.form in TAKING_MONEY else []
    refunds = [
        part
        | ({"tendered_minor": part["amount_minor"], "change_minor": 0} if part["method"] == "cash" else {})
        for part in parts
    ]
    patient = entry.content.get("patient")
    return {
        "entry_id": entry.id,
        "entry_number": entry.number or "",
        "patient": {name: patient[name] for name in _PATIENT_FIELDS if name in patient} if patient else None,
        "visit": entry.content.get("visit"),
        "reason": reason,
        "refunds": refunds,
        "total_minor": sum(part["amount_minor"] for part in refunds),
        "currency": currency,
    }


def why_not_reversible(desk: Desk, entry: Entry) -> str | None:
    """Return why an entry cannot be reversed now, or None if it can."""
    if entry.form not in REVERSIBLE:
        return _("This kind of entry is not reversed.")
    form = read_form(Reversal, reversal_content(entry, "-", desk.currency))
    found = form if isinstance(form, list) else form.problems(JournalView(desk.looking()))
    return problem_words(found[0]) if found else None


def outages(desk: Desk, most: int = 20) -> list[Entry]:
    """Return the declarations and ends of outages in this book, newest first."""
    return list(journal.entries(desk.looking(), forms=_OUTAGE_FORMS, limit=most, newest=True))


def outage_in_force(desk: Desk) -> Entry | None:
    """Return the declaration of the outage in force, or None."""
    last = next(iter(outages(desk, 1)), None)
    return last if last is not None and last.form == "outage_declared" else None


@dataclass(frozen=True, slots=True)
class BatchLeft:
    """One batch of a drug and what should be left of it.

    Attributes:
        expiry: ISO date, or None.
        left: what the list had, less what this station handed out since.
        expired: it may not be handed out any more.
    """

    batch: str
    expiry: str | None
    left: Decimal
    expired: bool


def batches_left(desk: Desk, drug: str, unit: str) -> list[BatchLeft]:
    """Return the batches of a drug, the one that expires first on top; empty where no stock is known."""
    if desk.reference is None:
        return []
    moved = reports.stock_moved(desk.looking(), account("stock", desk.book.identity.station))
    today = desk.book.clock.now().wall[:10]
    found: dict[str, BatchLeft] = {}
    for row in desk.reference.batches_of(drug):
        known = found.get(row.batch)
        left = known.left if known else Decimal(moved.get(stock_unit(drug, row.batch, unit), 0)).scaleb(-3)
        left += Decimal(row.quantity)
        found[row.batch] = BatchLeft(row.batch, row.expiry, left, bool(row.expiry and row.expiry < today))
    return list(found.values())
