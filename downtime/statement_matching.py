"""One statement compared with the payments of this book, and what of it is recorded.

Only payments of the statement's own days are compared: what was paid on other days is counted beside it. What is
verified is recorded first and the outcome last, so a round that was cut off is simply done again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from downtime.i18n import _
from downtime.problem_text import problem_words
from downtime.record import Refused, new_entry_id
from downtime.statement_csv import read_statement
from downtime.statements import OUTCOMES, match, statement_form, verified_by
from downtime.store import journal
from downtime.store.statement_queries import payments_here

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import date

    from downtime.settings import HospitalSettings
    from downtime.statement_csv import StatementRow
    from downtime.statement_layouts import StatementSource
    from downtime.statements import Compared
    from downtime.store.sqlite import Database
    from downtime.store.statement_queries import PaymentHere
    from forms.base import Form
    from forms.payment_verified import PaymentVerified
    from forms.statement_matched import StatementMatched


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """How many payments and rows had one outcome, and their money here and there, in minor units."""

    outcome: str
    here: int
    there: int
    here_minor: int
    there_minor: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """One statement, compared.

    Attributes:
        days: first and last day it covers.
        compared: every payment of these days and every row, each once.
        outside: payments of other days, which this statement says nothing about.
        below: (line, text) of what stands below the list in the file.
        matched: the form that records the outcome.
        verified: the forms that verify what was found and still waits.
    """

    file: str
    days: tuple[date, date]
    compared: tuple[Compared, ...]
    outside: tuple[PaymentHere, ...]
    below: tuple[tuple[int, str], ...]
    matched: StatementMatched
    verified: tuple[PaymentVerified, ...]

    def lines(self) -> list[OutcomeLine]:
        """Return counts and sums per outcome; they add up to all payments of these days and all rows."""
        return [
            _line(outcome, [one for one in self.compared if one.outcome == outcome]) for outcome in OUTCOMES
        ]

    def total(self) -> OutcomeLine:
        """Return the counts and sums of all outcomes together, counted on their own."""
        return _line("total", self.compared)

    def different(self) -> list[Compared]:
        """Return what somebody must look at, in the order of the outcomes."""
        return sorted(
            (one for one in self.compared if one.outcome != "matched"),
            key=lambda one: OUTCOMES.index(one.outcome),
        )


def _line(outcome: str, held: Sequence[Compared]) -> OutcomeLine:
    here = [one.here.amount_minor for one in held if one.here is not None]
    there = [one.there.amount_minor for one in held if one.there is not None]
    return OutcomeLine(outcome, len(here), len(there), sum(here), sum(there))


def compare(
    db: Database,
    content: bytes,
    source: StatementSource,
    hospital: HospitalSettings,
    *,
    file: str = "",
    days: tuple[date, date] | None = None,
) -> Comparison | list[str]:
    """Return the comparison, or why the file cannot be read: every odd row with its line.

    Args:
        db: the journal.
        content: the whole file.
        source: how it is written.
        hospital: whose currency and time zone count.
        file: its name, for the record.
        days: first and last day it covers; by default those of its first and last row.
    """
    zone = ZoneInfo(hospital.zone)
    read = read_statement(content, source.layout(), hospital.currency, zone)
    if not read.problems and not read.rows and days is None:
        read.problems.append(_("The statement has no rows: say which days it covers."))
    if read.problems:
        return read.problems
    covered = days or _days(read.rows)
    beyond = [row for row in read.rows if not covered[0] <= row.at.date() <= covered[1]]
    if beyond:
        return [_("Row {row} is of another day than asked for.").format(row=row.line) for row in beyond]
    here = payments_here(db, source.methods)
    told = [_is_of(one, covered, zone) for one in here]
    inside = [one for one, is_inside in zip(here, told, strict=True) if is_inside]
    compared = match(inside, read.rows, window=source.window)
    named = [one.here.entry_id for one in compared if one.here is not None]
    return Comparison(
        file=file,
        days=covered,
        compared=tuple(compared),
        outside=tuple(one for one, is_inside in zip(here, told, strict=True) if not is_inside),
        below=tuple(read.below),
        matched=statement_form(
            compared,
            source=source.source,
            file=file,
            content=content,
            encoding=source.encoding,
            currency=hospital.currency,
        ),
        verified=tuple(verified_by(compared, hospital.currency, _patients(db, named))),
    )


def _days(rows: Sequence[StatementRow]) -> tuple[date, date]:
    days = [row.at.date() for row in rows]
    return min(days), max(days)


def _is_of(one: PaymentHere, days: tuple[date, date], zone: ZoneInfo) -> bool:
    return days[0] <= datetime.fromisoformat(one.happened_at).astimezone(zone).date() <= days[1]


def _patients(db: Database, entry_ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    found = {}
    for entry_id in dict.fromkeys(entry_ids):
        entry = journal.entry_by_id(db, entry_id)
        assert entry is not None, "payments are read from this book"
        found[entry_id] = entry.content["patient"]
    return found


@dataclass(frozen=True, slots=True)
class StatementRecorded:
    """What of a comparison stands now.

    Attributes:
        verified: how many payments were verified.
        left: how many could be and were not: whoever compares may not take money.
        refused: why something was not taken, in words, or "".
        number: entry id of the outcome, or "" if it stood before or was refused.
    """

    verified: int = 0
    left: int = 0
    refused: str = ""
    entry_id: str = ""


async def record_comparison(
    found: Comparison, record: Callable[[Form, str], Awaitable[Any]], *, may_verify: bool
) -> StatementRecorded:
    """Record what a statement verified, then what it said; done again, it adds what is missing.

    Args:
        found: the comparison.
        record: records a form under an id, for instance ``desk.recording``.
        may_verify: whether the person may say of money that it arrived.
    """
    verified = 0
    for form in found.verified if may_verify else ():
        outcome = await record(form, new_entry_id())
        if isinstance(outcome, Refused):
            return StatementRecorded(
                verified, len(found.verified) - verified, problem_words(outcome.problems[0])
            )
        verified += 1
    left = len(found.verified) - verified
    outcome = await record(found.matched, new_entry_id())
    if isinstance(outcome, Refused):
        return StatementRecorded(verified, left, problem_words(outcome.problems[0]))
    return StatementRecorded(verified, left, entry_id=outcome.entry.id)


def day_span(first: str, last: str) -> tuple[date, date] | None:
    """Return the days asked for, both or neither given as ISO dates.

    Raises:
        ValueError: one of them is no date, or only one is given, or they stand the wrong way round.
    """
    if not first and not last:
        return None
    span = datetime.fromisoformat(first).date(), datetime.fromisoformat(last or first).date()
    if span[1] - span[0] < timedelta(0):
        raise ValueError(last)
    return span
