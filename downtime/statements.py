"""Statements 对账单: what bank, POS or mobile pay list, matched to the payments recorded here.

A row is matched by tail, amount and time; without a tail only where amount and time leave one candidate on both
sides. Everything else is told: missing there, unknown here, different, duplicate. Nothing is guessed.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from downtime.clean import visible
from forms.payment_verified import PaymentVerified
from forms.people import PatientRef
from forms.statement_matched import OutcomeSum, StatementDifference, StatementMatched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from downtime.statement_csv import StatementRow
    from downtime.store.statement_queries import PaymentHere
    from forms.statement_matched import Outcome

WINDOW = timedelta(minutes=30)
DIFFERENCES_MAX = 500
OUTCOMES: tuple[Outcome, ...] = ("matched", "missing_there", "unknown_here", "different", "duplicate")
_WHOLE_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Compared:
    """One payment, one row, or both.

    Attributes:
        outcome: matched; missing_there (we have it, they do not); unknown_here; different (same tail, another
            amount or time); duplicate (a second row with one order number, or a slip used twice here).
    """

    outcome: Outcome
    here: PaymentHere | None = None
    there: StatementRow | None = None


def match(
    payments: Sequence[PaymentHere], rows: Sequence[StatementRow], *, window: timedelta = WINDOW
) -> list[Compared]:
    """Return what became of every payment and every row, each exactly once.

    Args:
        payments: from ``statement_queries.payments_here``, of the statement's methods.
        rows: from ``statement_csv.read_statement``.
        window: how far the two clocks may be apart.
    """
    return _Matching(payments, rows, window).compared()


class _Matching:
    def __init__(
        self, payments: Sequence[PaymentHere], rows: Sequence[StatementRow], window: timedelta
    ) -> None:
        self.here = dict(enumerate(payments))
        self.there: dict[int, StatementRow] = {}
        self.window = window
        self.found: list[Compared] = []
        self.used_slips: set[tuple[str, str, int]] = set()
        seen: set[tuple[str, int]] = set()
        for n, row in enumerate(rows):
            if row.reference and (row.reference, row.amount_minor) in seen:
                self.found.append(Compared("duplicate", None, row))
            else:
                self.there[n] = row
                seen.add((row.reference, row.amount_minor))

    def compared(self) -> list[Compared]:
        """Tails first, then amounts alone, then what is left."""
        self._by_tail("matched", self.window, lambda one, row: one.amount_minor == row.amount_minor)
        self._by_amount_alone()
        self._by_tail("different", _WHOLE_DAY, lambda one, row: one.amount_minor == row.amount_minor)
        self._by_tail("different", self.window, lambda _one, _row: True)
        for one in self.here.values():
            twice = bool(one.tail) and (one.method, one.tail, one.amount_minor) in self.used_slips
            self.found.append(Compared("duplicate" if twice else "missing_there", one, None))
        self.found += [Compared("unknown_here", None, row) for row in self.there.values()]
        return self.found

    def _by_tail(
        self, outcome: Outcome, window: timedelta, fits: Callable[[PaymentHere, StatementRow], bool]
    ) -> None:
        """Pair what shares a tail and fits, the closest in time first."""
        by_tail: dict[str, list[int]] = defaultdict(list)
        lengths = {len(one.tail) for one in self.here.values() if one.tail}
        for n, row in self.there.items():
            for length in lengths:
                if len(row.reference) >= length:
                    by_tail[row.reference[-length:]].append(n)
        pairs = [
            (_apart(one, self.there[n]), k, n)
            for k, one in self.here.items()
            if one.tail
            for n in by_tail.get(one.tail, ())
            if _apart(one, self.there[n]) <= window and fits(one, self.there[n])
        ]
        for _time, k, n in sorted(pairs):
            if k in self.here and n in self.there:
                self._pair(outcome, k, n)

    def _by_amount_alone(self) -> None:
        """Pair payments without a tail where amount and time leave one candidate on either side."""
        by_amount: dict[int, list[int]] = defaultdict(list)
        for n, row in self.there.items():
            by_amount[row.amount_minor].append(n)
        candidates = {
            k: [n for n in by_amount.get(one.amount_minor, ()) if _apart(one, self.there[n]) <= self.window]
            for k, one in self.here.items()
            if not one.tail
        }
        wanted_by: dict[int, int] = defaultdict(int)
        for rows in candidates.values():
            for n in rows:
                wanted_by[n] += 1
        for k, rows in candidates.items():
            if len(rows) == 1 and wanted_by[rows[0]] == 1:
                self._pair("matched", k, rows[0])

    def _pair(self, outcome: Outcome, k: int, n: int) -> None:
        one, row = self.here.pop(k), self.there.pop(n)
        self.used_slips.add((one.method, one.tail, one.amount_minor))
        self.found.append(Compared(outcome, one, row))


def _apart(one: PaymentHere, row: StatementRow) -> timedelta:
    return abs(datetime.fromisoformat(one.happened_at) - row.at)


def verified_by(
    compared: Iterable[Compared], currency: str, patients: Mapping[str, Mapping[str, Any]]
) -> list[PaymentVerified]:
    """Return the forms that verify what was matched and still waits.

    Args:
        compared: from ``match``.
        currency: of the station.
        patients: the patient part of each entry's content, by entry id.
    """
    return [
        PaymentVerified(
            entry_id=one.here.entry_id,
            entry_number=one.here.number,
            patient=PatientRef.model_validate(
                {name: patients[one.here.entry_id][name] for name in PatientRef.model_fields}
            ),
            currency=currency,
            method="card" if one.here.method == "card" else "mobile",
            total_minor=one.here.amount_minor,
            slip_tail=one.here.tail or _tail(one.there.reference),
            source="statement",
        )
        for one in compared
        if one.outcome == "matched" and one.here is not None and one.here.unverified and one.there is not None
    ]


def statement_form(
    compared: Sequence[Compared], *, source: str, file: str, content: bytes, encoding: str, currency: str
) -> StatementMatched:
    """Return the form that records the outcome of one file."""
    rows = [one.there for one in compared if one.there is not None]
    times = sorted(row.at for row in rows)
    return StatementMatched(
        source=source,
        file=file,
        sha256=hashlib.sha256(content).hexdigest(),
        encoding=encoding,
        currency=currency,
        rows=len(rows),
        first_at=times[0].isoformat() if times else "",
        last_at=times[-1].isoformat() if times else "",
        sums=tuple(_sum(outcome, compared) for outcome in OUTCOMES),
        differences=tuple(_difference(one) for one in compared if one.outcome != "matched")[:DIFFERENCES_MAX],
    )


def _sum(outcome: Outcome, compared: Iterable[Compared]) -> OutcomeSum:
    held = [one for one in compared if one.outcome == outcome]
    return OutcomeSum(
        outcome=outcome,
        rows=len(held),
        here_minor=sum(one.here.amount_minor for one in held if one.here is not None),
        there_minor=sum(one.there.amount_minor for one in held if one.there is not None),
    )


def _difference(one: Compared) -> StatementDifference:
    return StatementDifference(
        outcome=one.outcome,
        entry_number=one.here.number if one.here is not None else "",
        row=one.there.line if one.there is not None else 0,
        tail=one.here.tail if one.here is not None else _tail(one.there.reference if one.there else ""),
        here_minor=one.here.amount_minor if one.here is not None else 0,
        there_minor=one.there.amount_minor if one.there is not None else 0,
    )


def _tail(reference: str) -> str:
    figures = "".join(
        character for character in visible(reference) if character.isascii() and character.isalnum()
    )
    return figures[-4:]
