"""One walk through a book for its closing: every receipt, what moved money, shifts, and what happened when."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from downtime.audit import audit_line
from downtime.masking import mask_numbers
from downtime.shift_money import payment_rows
from downtime.store import journal
from downtime.store.shift_queries import MONEY_FORMS

if TYPE_CHECKING:
    from downtime.audit import AuditLine
    from downtime.entry import Entry
    from downtime.store.sqlite import Database

RETURNS: Final = ("reversal", "refund", "deposit_refund")
NOT_PRINTED: Final = "not_printed"
COURSE: Final = {
    *("opening", "outage_declared", "outage_ended", "reference_in_force", "number_block", "backup_made"),
    *("shift_opened", "shift_handed_over", "shift_closed", "shift_carried"),
    *("clock_jumped", "clock_acknowledged", "ballast_freed", "ballast_back", "emergency_login"),
    *("gate_locked", "settings_changed", "gate_export", "pack_printed", "paper_voided"),
}
"""What belongs to the course of an outage: one line each."""
NOTABLE: Final = COURSE | {
    *("account_changed", "exported", "right_refused", "gate_login", "gate_right_refused", "login_refused"),
    *("gate_counters_changed", "grace_login", "countersigned", "resend_decided"),
    *("closing_certificate", "closing_pack", "inspection_written", "accounts_taken", "restore_tested"),
}
"""What the extract of the audit tells line by line; no such line names a patient, the others are counted."""
_WITHOUT_DETAIL: Final = {"countersigned", "resend_decided"}


@dataclass(frozen=True, slots=True)
class Receipt:
    """One receipt number and the entry that has it.

    Attributes:
        moved_minor: what it put into the drawer, or took out.
        outage: under which outage it was recorded, or "".
    """

    seq: int
    id: str
    number: str
    form: str
    operator: str
    at: str
    amount_minor: int | None
    moved_minor: int
    paid_minor: int
    outage: str = ""


@dataclass(frozen=True, slots=True)
class Return:
    """Money that went back, or an entry that was wrong."""

    number: str
    at: str
    operator: str
    second_person: str
    form: str
    of_id: str
    of_number: str
    amount_minor: int
    reason: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline.

    Attributes:
        event: of the audit, the name of a form, or a word of ``closing_timeline``.
        count: how often in a row, ``until`` the time of the last of them.
    """

    at: str
    event: str
    who: str = ""
    what: str = ""
    count: int = 1
    until: str = ""


@dataclass
class Reading:
    """What one walk found.

    Attributes:
        moved: net money by (operator, method).
        without_number_minor: money that moved without a receipt: verified, or confirmed as returned.
        refunded: money given back, by the id of what it was given back for.
        events: how often each event stands in the audit, and how often without success.
        lines: notable lines of the audit, with their events.
        course: the course of the outage in order of seq.
        under: entries recorded under each outage.
    """

    first: Entry | None = None
    last: Entry | None = None
    entries: int = 0
    outages: list[str] = field(default_factory=list)
    under: Counter[str] = field(default_factory=Counter)
    declared_at: str = ""
    ended_at: str = ""
    names: dict[str, str] = field(default_factory=dict)
    patients: set[str] = field(default_factory=set)
    receipts: list[Receipt] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)
    moved: Counter[tuple[str, str]] = field(default_factory=Counter)
    without_number_minor: int = 0
    returns: list[Return] = field(default_factory=list)
    refunded: Counter[str] = field(default_factory=Counter)
    shifts: list[Entry] = field(default_factory=list)
    shift_open: Entry | None = None
    events: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    lines: list[AuditLine] = field(default_factory=list)
    course: list[Happening] = field(default_factory=list)
    reprints: int = 0

    def take(self, entry: Entry) -> None:
        """Take the next entry."""
        self.first = self.first or entry
        self.last = entry
        self.entries += 1
        self.under[entry.outage] += bool(entry.outage)
        if entry.operator_name or entry.operator not in self.names:
            self.names[entry.operator] = entry.operator_name
        if entry.patient:
            self.patients.add(entry.patient)
        if entry.number or entry.form in MONEY_FORMS:
            self._take_money(entry)
        elif entry.form.startswith("outage_"):
            self._take_outage(entry)
        elif entry.form.startswith("shift_"):
            self._take_shift(entry)
        if not entry.number and entry.form not in MONEY_FORMS:
            self._take_event(entry)

    def _take_money(self, entry: Entry) -> None:
        rows = list(payment_rows(entry.form, entry.content)) if entry.form in MONEY_FORMS else []
        moved = sum(row.amount_minor for row in rows)
        for row in rows:
            self.moved[entry.operator, row.method] += row.amount_minor
        if entry.number is None:
            self.without_number_minor += moved
        else:
            paid = sum(part["amount_minor"] for part in entry.content.get("payments", ()))
            at, amount = entry.recorded_at, entry.amount_minor
            self.receipts.append(
                Receipt(
                    entry.seq,
                    entry.id,
                    entry.number,
                    entry.form,
                    entry.operator,
                    at,
                    amount,
                    moved,
                    paid,
                    entry.outage,
                )
            )
            self.numbers[entry.id] = entry.number
        if entry.form in RETURNS:
            self._take_return(entry)

    def _take_return(self, entry: Entry) -> None:
        content = entry.content
        of_id = next(iter(entry.refers_to), "")
        amount = int(content["total_minor"])
        if entry.form != "reversal":
            self.refunded[of_id] += amount
        self.returns.append(
            Return(
                entry.number or "",
                entry.recorded_at,
                entry.operator,
                entry.second_person or "",
                entry.form,
                of_id,
                self.numbers.get(of_id) or str(content.get("entry_number") or ""),
                amount,
                mask_numbers(str(content["reason"])),
            )
        )

    def _take_outage(self, entry: Entry) -> None:
        name = str(entry.content["outage"])
        if entry.form == "outage_declared":
            self.declared_at = self.declared_at or entry.recorded_at
            self.ended_at = ""
            if name not in self.outages:
                self.outages.append(name)
        else:
            self.ended_at = entry.recorded_at

    def _take_shift(self, entry: Entry) -> None:
        if entry.form == "shift_opened":
            self.shift_open = entry
        elif entry.form == "shift_closed":
            self.shifts.append(entry)
            self.shift_open = None

    def _take_event(self, entry: Entry) -> None:
        line = audit_line(entry)
        self.events[line.event] += 1
        self.failures[line.event] += not line.success
        if entry.form == "printed":
            self._take_printout(entry)
        if line.event in NOTABLE:
            self.lines.append(line)
        if line.event in COURSE and (entry.form, line.event) != ("audit", "outage_ended"):
            self.course.append(Happening(line.at, line.event, line.by, _what(entry, line)))

    def _take_printout(self, entry: Entry) -> None:
        """Copies are counted; printouts that failed one after another are one line of the course."""
        state = entry.content["state"]
        self.reprints += entry.content["copy_number"] > 1 and state != NOT_PRINTED
        if state != NOT_PRINTED:
            return
        printer, at = str(entry.content.get("printer") or ""), entry.recorded_at
        before = self.course[-1] if self.course else None
        if before is not None and (before.event, before.what) == (NOT_PRINTED, printer):
            self.course[-1] = Happening(before.at, NOT_PRINTED, "", printer, before.count + 1, at)
        else:
            self.course.append(Happening(at, NOT_PRINTED, "", printer, 1, at))

    @property
    def failed_printouts(self) -> int:
        """How many printouts did not come out."""
        return sum(one.count for one in self.course if one.event == NOT_PRINTED)


def _what(entry: Entry, line: AuditLine) -> str:
    """Return what a line of the course says: names and reasons of people, never of patients."""
    content = entry.content
    told = {
        "outage_declared": ("outage", "reason"),
        "outage_ended": ("outage",),
        "reference_in_force": ("version",),
        "pack_printed": ("kind", "series", "first", "last"),
        "paper_voided": ("state", "series", "first", "last", "reason"),
        "shift_opened": ("shift",),
        "shift_handed_over": ("shift", "to_operator"),
        "shift_closed": ("shift",),
    }.get(entry.form)
    if entry.form == "number_block":
        return f"{content['first']:06} - {content['last']:06}"
    if told is None:
        return f"{line.subject} {line.detail}".strip() if entry.form == "audit" else ""
    return mask_numbers(" ".join(str(content[name]) for name in told if content.get(name)))


def detail_of(line: AuditLine) -> str:
    """Return what the extract says of a line besides its subject."""
    return "" if line.event in _WITHOUT_DETAIL else line.detail


def read_book(db: Database) -> Reading:
    """Walk through the whole book once."""
    reading = Reading()
    for entry in journal.entries(db):
        reading.take(entry)
    return reading
