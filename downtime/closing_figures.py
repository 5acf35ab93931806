"""The figures of the cover, each taken from the tables behind it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from downtime.closing_tables import Figure
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from downtime.closing_reading import Reading
    from downtime.closing_tables import Kind, Table, Value
    from downtime.standing import Standing
    from downtime.store.closing_queries import Document

ORDER = (
    *("declared_at", "ended_at", "minutes", "entries"),
    *("receipts", "void", "missing", "patients"),
    *("net_minor", "receipts_minor", "without_number_minor", "over_short_minor"),
    *("cash_minor", "card_minor", "mobile_minor", "unverified_minor"),
    *("reversals", "reversals_minor", "refunds", "refunds_minor"),
    *("deliverable", "accepted", "owed", "formal_documents"),
    *("in_doubt", "rejected", "stops", "clock_jumps"),
    *("paper_forms", "paper_missing", "not_printed", "reprints"),
)
"""What stands beside one another on the cover: four in a row."""


def figures_of(
    reading: Reading,
    standing: Standing,
    documents: Iterable[Sequence[Document]],
    tables: Mapping[str, Table],
) -> tuple[Figure, ...]:
    """Return the figures in their order.

    Args:
        reading: of the book, or of all books.
        standing: with the HIS.
        documents: formal documents of each entry.
        tables: by name.
    """
    found: list[tuple[str, str, Kind, Value]] = [
        *_outage(reading),
        *_money(reading, tables),
        *_his(standing, documents),
        *_odd(reading, tables),
    ]
    return tuple(sorted((Figure(*one) for one in found), key=lambda figure: ORDER.index(figure.name)))


def _outage(reading: Reading) -> Iterator[tuple[str, str, Kind, Value]]:
    minutes: int | None = None
    if reading.declared_at and reading.ended_at:
        span = datetime.fromisoformat(reading.ended_at) - datetime.fromisoformat(reading.declared_at)
        minutes = round(span.total_seconds() / 60)
    yield "declared_at", N_("Outage declared"), "time", reading.declared_at
    yield "ended_at", N_("Outage ended"), "time", reading.ended_at
    yield "minutes", N_("Minutes"), "count", minutes
    yield "entries", N_("Entries in the book"), "count", reading.entries
    yield "patients", N_("Patients"), "count", len(reading.patients)


def _money(reading: Reading, tables: Mapping[str, Table]) -> Iterator[tuple[str, str, Kind, Value]]:
    by_method = tables["methods"]
    methods = dict(zip(by_method.values("method"), by_method.values("net_minor"), strict=True))
    numbers = Counter[str]()
    for state, count in zip(
        tables["numbers"].values("state"), tables["numbers"].values("count"), strict=True
    ):
        numbers[str(state)] += int(count or 0)
    kinds: dict[str, list[int]] = {"reversal": [0, 0], "refund": [0, 0]}
    for one in reading.returns:
        kind = kinds["reversal" if one.form == "reversal" else "refund"]
        kind[0], kind[1] = kind[0] + 1, kind[1] + one.amount_minor
    yield "receipts", N_("Receipt numbers used"), "count", numbers["used"] + numbers["void"]
    yield "void", N_("of them void"), "count", numbers["void"]
    yield "missing", N_("Numbers missing"), "count", numbers["missing"]
    yield "net_minor", N_("Money taken, net"), "money", tables["methods"].sums()["net_minor"]
    yield "receipts_minor", N_("of it by receipts"), "money", tables["receipts"].sums()["moved_minor"]
    yield "without_number_minor", N_("of it without a receipt"), "money", reading.without_number_minor
    yield "cash_minor", N_("Cash"), "money", methods.get("cash", 0)
    yield "card_minor", N_("Bank card"), "money", methods.get("card", 0)
    yield "mobile_minor", N_("Mobile pay"), "money", methods.get("mobile", 0)
    yield "unverified_minor", N_("Not verified"), "money", methods.get("unverified", 0)
    yield "over_short_minor", N_("Over or short"), "money", tables["shifts"].sums()["over_short_minor"]
    for name, title, sum_title in (
        ("reversal", N_("Reversals"), N_("Reversed")),
        ("refund", N_("Refunds"), N_("Refunded")),
    ):
        yield f"{name}s", title, "count", kinds[name][0]
        yield f"{name}s_minor", sum_title, "money", kinds[name][1]


def _his(
    standing: Standing, documents: Iterable[Sequence[Document]]
) -> Iterator[tuple[str, str, Kind, Value]]:
    """Count by entry: in the HIS is what every connector brought there."""
    worst = [states["accepted"].entries if states else 0 for states in standing.by_connector.values()] or [0]
    accepted = min(worst)
    doubtful = max((states["in_doubt"].entries for states in standing.by_connector.values()), default=0)
    refused = max((states["rejected"].entries for states in standing.by_connector.values()), default=0)
    issued = {one.number for each in documents for one in each if one.status == "issued"}
    yield "deliverable", N_("Entries for the HIS"), "count", standing.deliverable.entries
    yield "accepted", N_("In the HIS"), "count", accepted
    yield "owed", N_("Not in the HIS yet"), "count", standing.deliverable.entries - accepted
    yield "in_doubt", N_("of them in doubt"), "count", doubtful
    yield "rejected", N_("of them refused"), "count", refused
    yield "formal_documents", N_("Formal documents"), "count", len(issued)


def _odd(reading: Reading, tables: Mapping[str, Table]) -> Iterator[tuple[str, str, Kind, Value]]:
    papers = tables["papers"].sums()
    stops = tables["obstacles"].values("weight").count("stops")
    yield "not_printed", N_("Printouts that failed"), "count", reading.failed_printouts
    yield "reprints", N_("Copies printed again"), "count", reading.reprints
    yield "clock_jumps", N_("Jumps of the clock"), "count", reading.events["clock_jumped"]
    yield "paper_forms", N_("Paper forms"), "count", papers["forms"]
    yield "paper_missing", N_("Paper forms missing"), "count", papers["missing"]
    yield "stops", N_("Left before the sign-off"), "count", stops
