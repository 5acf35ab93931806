"""Every entry in memory, so that counting, narrowing and searching take no question to the store.

A row is made anew whenever something about its entry was read; what the screens see is a snapshot that never
changes under them. Searching looks through one line of text per entry.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from downtime.board import ERRORS, NOT_IN_HIS, STATES, BoardRow, Kept, StateSum, Summary
from forms.money import format_amount
from sync.board.states import NO_MONEY_OF_OURS, Facts, state_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PART: Final = "\x1f"
"""Stands between what may be searched for, so that nothing is found across two of them."""
_AMOUNT: Final = str.maketrans("0123456789.-", "".join(map(chr, range(0xE000, 0xE00C))))
"""Amounts stand in signs of their own, so that 45.5 finds neither 545.50 nor a number with these figures."""
_NAMES: Final = "\x1e"
"""Behind it stands what only those find who may look people up."""
_UNSENT: Final = ("", "unreachable", "sending", "resend_decided")
_URGENCY: Final = {
    state: place for place, state in enumerate((*ERRORS, *(s for s in STATES if s not in ERRORS)))
}


@dataclass(slots=True)
class Known:
    """What is known of one entry: what it says, and what became of it.

    Attributes:
        place: (station, incarnation, book, seq).
    """

    n: int
    entry_id: str
    place: tuple[str, str, int, int]
    number: str
    form: str
    deliverable: bool
    at: str
    patient: str
    name: str
    identity: str
    operator: str
    operator_name: str
    amount_minor: int | None
    facts: Facts
    reference: str = ""
    notes: int = 0
    row: BoardRow | None = field(default=None)
    text: str = ""
    order: tuple[int, bool, float, int] = (0, False, 0.0, 0)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The board at one moment; ``rows`` the most urgent first, the oldest first among these."""

    rows: tuple[BoardRow, ...] = ()
    texts: tuple[str, ...] = ()
    summary: Summary = field(
        default_factory=lambda: Summary({state: StateSum() for state in STATES}, StateSum())
    )


class Index:
    """The entries by their place at the hub."""

    def __init__(self, currency: str) -> None:
        self._currency = currency
        self.by_n: dict[int, Known] = {}
        self.by_id: dict[str, list[int]] = defaultdict(list)
        self.by_number: dict[str, list[int]] = defaultdict(list)
        self._changed: set[int] = set()
        self._identity: dict[str, str] = {}
        self._of_patient: dict[str, list[int]] = defaultdict(list)
        self._order: list[Known] = []

    def add(self, known: Known) -> None:
        """Take an entry in."""
        self.by_n[known.n] = known
        self.by_id[known.entry_id].append(known.n)
        if known.number:
            self.by_number[known.number].append(known.n)
        self._of_patient[known.patient].append(known.n)
        if known.identity and known.patient and self._identity.get(known.patient) != known.identity:
            self._identity[known.patient] = known.identity
            self._changed.update(self._of_patient[known.patient])
        self._changed.add(known.n)

    def change(self, n: int) -> Known | None:
        """Return an entry to be changed, or None if it is not on the board."""
        known = self.by_n.get(n)
        if known is not None:
            self._changed.add(n)
        return known

    def named(self, name: str) -> Known | None:
        """Return the good entry with that id or receipt number, or any."""
        found = [self.by_n[n] for n in self.by_id.get(name) or self.by_number.get(name) or ()]
        return min(found, key=lambda one: bool(one.facts.verdict), default=None)

    @property
    def has_changed(self) -> bool:
        """Whether a new snapshot would differ."""
        return bool(self._changed)

    def snapshot(self, more: Mapping[str, Any]) -> Snapshot:
        """Make anew what changed, and return everything in order.

        Args:
            more: what else the summary says.
        """
        for n in self._changed:
            known = self.by_n[n]
            row = known.row = _row(known)
            known.text = _text(known, self._identity.get(known.patient, ""), self._currency)
            known.order = (_URGENCY[row.state], row.again, row.at_seconds, n)
        if self._changed:
            self._order = sorted(self.by_n.values(), key=attrgetter("order"))
            self._changed = set()
        rows = tuple(known.row for known in self._order if known.row is not None)
        return Snapshot(rows, tuple(known.text for known in self._order), self._summary(rows, more))

    def _summary(self, rows: Sequence[BoardRow], more: Mapping[str, Any]) -> Summary:
        entries, money = dict.fromkeys(STATES, 0), dict.fromkeys(STATES, 0)
        quarantined, quarantined_minor, again, sendable, to_send = 0, 0, 0, 0, 0
        oldest: BoardRow | None = None
        for row in rows:
            state = row.state
            entries[state] += 1
            money[state] += row.counted_minor
            if not row.verdict:
                again += row.again
                sendable += 1
                to_send += row.delivered in _UNSENT
            elif state == "person":
                quarantined += 1
                quarantined_minor += row.counted_minor
                continue
            if state in NOT_IN_HIS and (oldest is None or row.at_seconds < oldest.at_seconds):
                oldest = row
        return Summary(
            states={state: StateSum(entries[state], money[state]) for state in STATES},
            # On its own way, not from the states: what is lost between them shows as a difference.
            total=StateSum(len(self.by_n), sum(map(counted_minor, self.by_n.values()))),
            quarantined=StateSum(quarantined, quarantined_minor),
            again=again,
            oldest=oldest.at if oldest is not None else "",
            to_send=to_send,
            settled=sendable - to_send,
            **more,
        )


def counted_minor(known: Known) -> int:
    """Return what counts in the sums: nothing of what is no money of this hospital."""
    if not known.deliverable or known.facts.verdict in NO_MONEY_OF_OURS:
        return 0
    return known.amount_minor or 0


def _row(known: Known) -> BoardRow:
    facts = known.facts
    state, reason = state_of(facts)
    return BoardRow(
        n=known.n, entry_id=known.entry_id, station=known.place[0], number=known.number, form=known.form,
        at=known.at, at_seconds=_seconds(known.at), patient=known.patient, name=known.name,
        operator=known.operator, operator_name=known.operator_name, amount_minor=known.amount_minor,
        counted_minor=counted_minor(known), state=state, reason=reason, tries=facts.tries, step=facts.step,
        last_at=facts.at, his=known.reference,
        his_minor=facts.tick.his_minor if facts.tick is not None else None,
        delivered=facts.last, found=facts.tick.outcome if facts.tick is not None else "",
        again=not facts.verdict and facts.goes_again, notes=known.notes, verdict=facts.verdict,
    )  # fmt: skip


def _seconds(at: str) -> float:
    try:
        return datetime.fromisoformat(at).timestamp()
    except (ValueError, OverflowError):
        return 0.0


def _text(known: Known, identity: str, currency: str) -> str:
    amount = format_amount(known.amount_minor, currency) if known.amount_minor is not None else ""
    open_parts = (known.number, known.entry_id, known.reference, known.patient)
    shown = _PART.join(("", *map(fold, open_parts), f"={amount.translate(_AMOUNT)}", ""))
    return shown + _NAMES + _PART.join((fold(known.name), fold(identity or known.identity)))


def fold(text: str) -> str:
    """Return text as it is compared: full-width and capital letters are the plain ones."""
    return text.casefold() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def narrowed(snapshot: Snapshot, kept: Kept) -> Sequence[BoardRow]:
    """Return the rows asked for, in order."""
    rows: Sequence[BoardRow] = snapshot.rows
    asked = fold(kept.text.strip())
    if asked:
        rows = _found(snapshot, asked, kept)
    if kept.view == "open" and not asked:
        rows = [row for row in rows if row.is_open]
    elif kept.view in STATES:
        rows = [row for row in rows if row.state == kept.view]
    if kept.station:
        rows = [row for row in rows if row.station == kept.station]
    if kept.operator:
        rows = [row for row in rows if row.operator == kept.operator]
    if kept.day:
        rows = [row for row in rows if row.at.startswith(kept.day)]
    return rows


def _found(snapshot: Snapshot, asked: str, kept: Kept) -> list[BoardRow]:
    """Return the rows whose text holds ``asked``, whose amount it is, or whose patient the list of patients finds."""
    pairs = zip(snapshot.rows, snapshot.texts, strict=True)
    amount, patients = _amount(asked) or asked, kept.patients
    if not kept.with_names:
        return [
            row
            for row, text in pairs
            if asked in text.partition(_NAMES)[0] or amount in text.partition(_NAMES)[0]
        ]
    if patients:
        return [row for row, text in pairs if asked in text or amount in text or row.patient in patients]
    if amount != asked:
        return [row for row, text in pairs if asked in text or amount in text]
    return [row for row, text in pairs if asked in text]


def _amount(asked: str) -> str:
    """Return what the text of an entry holds if its amount was asked for: "45" is 45.00, "45.5" begins 45.50."""
    typed = asked.lstrip("¥").replace(",", "")
    whole, point, part = typed.partition(".")
    if not whole.isdecimal() or (part and not part.isdecimal()):
        return ""
    return f"={typed if point else typed + '.'}".translate(_AMOUNT)
