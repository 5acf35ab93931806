"""Tables of a closing about time: the course of the outage, receipts per interval, how long documents took, audit."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from downtime import closing_words as words
from downtime.closing_reading import Happening, detail_of
from downtime.closing_tables import Column, Table
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from downtime.closing_reading import Reading, Receipt
    from downtime.store.closing_queries import Document

STEP_MINUTES = (10, 30, 60, 180, 360, 1_440)
BARS_MAX = 72
_SPAN_MINUTES = (("10m", 10), ("30m", 30), ("1h", 60), ("2h", 120), ("6h", 360), ("24h", 1_440))


def course_table(reading: Reading, sent: tuple[str, str, int], signed: Happening | None) -> Table:
    """Return the course of the outage, as it was recorded; order is that of the book, then what came after.

    Args:
        reading: of the book.
        sent: first and last fact of the deliveries, and how many.
        signed: the sign-off, if there is one.
    """
    course = list(reading.course)
    if reading.receipts:
        for at, one in (
            (words.FIRST_RECEIPT, reading.receipts[0]),
            (words.LAST_RECEIPT, reading.receipts[-1]),
        ):
            course.append(Happening(one.at, at, one.operator, one.number))
    if sent[2]:
        course += [Happening(sent[0], words.FIRST_SENT), Happening(sent[1], words.LAST_SENT)]
    if signed is not None:
        course.append(signed)
    rows = tuple(
        (one.at, one.event, one.who, one.what, one.count if one.count > 1 else None, one.until)
        for one in sorted(course, key=lambda one: _moment(one.at))
    )
    return Table(
        "course",
        N_("The course of the outage"),
        (
            Column("at", N_("Time"), "time", 1.35),
            Column("event", N_("What happened"), "word", 2.1, words=words.EVENT_TITLES),
            Column("who", N_("By"), width=0.7),
            Column("what", N_("Details"), width=3.2),
            Column("count", N_("Times"), "count", 0.6),
            Column("until", N_("Until"), "moment", 0.9),
        ),
        rows,
    )


def _moment(at: str) -> datetime:
    moment = datetime.fromisoformat(at)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def intervals_table(receipts: Sequence[Receipt]) -> Table:
    """Return receipts and money by interval: ten minutes, or as long as keeps them few enough to be seen."""
    step, begins, counted, money = 10, None, Counter[int](), Counter[int]()
    if receipts:
        times = [_moment(one.at) for one in receipts]
        begins, last = min(times), max(times)
        begins = begins.replace(minute=begins.minute // 10 * 10, second=0, microsecond=0)
        minutes = (last - begins) // timedelta(minutes=1)
        step = next((one for one in STEP_MINUTES if minutes // one < BARS_MAX), 0)
        step = step or (minutes // 1_440 // BARS_MAX + 1) * 1_440
        for one, at in zip(receipts, times, strict=True):
            place = (at - begins) // timedelta(minutes=step)
            counted[place] += 1
            money[place] += one.moved_minor
    rows = tuple(
        (
            (begins + timedelta(minutes=step * place)).isoformat(timespec="milliseconds"),
            step,
            counted[place],
            money[place],
        )
        for place in range(max(counted, default=-1) + 1)
        if begins is not None
    )
    return Table(
        "intervals",
        N_("Receipts over time"),
        (
            Column("begins", N_("From"), "time", 1.6),
            Column("minutes", N_("Minutes"), "count"),
            Column("receipts", N_("Receipts"), "count", summed=True),
            Column("moved_minor", N_("Money in"), "money", 1.3, summed=True),
        ),
        rows,
    )


def documents_table(reading: Reading, documents: Mapping[int, Sequence[Document]]) -> Table:
    """Return how long it took from a receipt for money to its formal document."""
    counted: Counter[str] = Counter()
    for one in reading.receipts:
        if one.paid_minor or one.seq in documents:
            counted[_span(one.at, documents.get(one.seq, ()))] += 1
    rows = tuple((span, counted[span]) for span in words.SPANS if counted[span] or span != "clock")
    return Table(
        "documents",
        N_("From receipt to formal document"),
        (
            Column("span", N_("Time"), "word", 2, words=words.SPANS),
            Column("receipts", N_("Receipts"), "count", summed=True),
        ),
        rows,
    )


def _span(at: str, documents: Sequence[Document]) -> str:
    if not documents:
        return "none"
    minutes = (_moment(documents[0].at) - _moment(at)).total_seconds() / 60
    if minutes < 0:
        return "clock"
    return next((span for span, most in _SPAN_MINUTES if minutes <= most), "later")


def events_table(reading: Reading) -> Table:
    """Return how often each event stands in the audit, and how often it did not succeed."""
    rows = tuple((event, reading.events[event], reading.failures[event]) for event in sorted(reading.events))
    return Table(
        "events",
        N_("Audit: how often"),
        (
            Column("event", N_("Event"), "word", 3.4, words=words.EVENT_TITLES),
            Column("count", N_("Times"), "count", 0.7, summed=True),
            Column("failed", N_("Refused or failed"), "count", 0.9, summed=True),
        ),
        rows,
    )


def audit_table(reading: Reading) -> Table:
    """Return the notable lines of the audit; what names a patient is only counted."""
    rows = tuple(
        (
            line.entry.seq,
            line.at,
            line.event,
            line.by,
            "yes" if line.success else "no",
            f"{line.subject} {detail_of(line)}".strip()[:240],
        )
        for line in reading.lines
    )
    return Table(
        "audit",
        N_("Audit: extract"),
        (
            Column("seq", N_("Entry"), "count", 0.6),
            Column("at", N_("Time"), "time", 1.4),
            Column("event", N_("Event"), "word", 1.7, words=words.EVENT_TITLES),
            Column("by", N_("By"), width=0.7),
            Column("success", N_("Done"), "word", 0.5, words={"yes": N_("yes"), "no": N_("NO")}),
            Column("about", N_("About"), width=3.6),
        ),
        rows,
        N_("Logins, printouts and openings of patients are counted above; the whole audit: downtime audit."),
    )
