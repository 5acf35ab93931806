"""Tables that only the closing of all stations has.

What is missing, station by station, cash, receipts and HIS beside one another, receipts known from their paper alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from downtime.closing_tables import Column, Table
from downtime.closing_words import FORM_WORDS
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from downtime.closing_joined import Named
    from downtime.closing_part import Part
    from downtime.closing_tables import Value

ALARMS: Final[Mapping[str, str]] = {
    "broken": N_("NOT AS WRITTEN: the stored entries of this book do not lead to its signed head"),
    "never_seen": N_("has a code and never joined: whether it took part is not known"),
    "not_reached": N_("not heard of since the end of the outage, and nothing of it here"),
    "behind": N_("entries it recorded have not come"),
    "arriving": N_("entries came and are not verified yet"),
    "waiting": N_("entries wait for earlier ones, or for the signed head over them"),
    "quarantined": N_("entries in quarantine"),
    "lost": N_("entries the hub has and the station no longer had: it was set back"),
    "not_ended": N_("the outage was never ended there"),
    "withdrawn": N_("its key was withdrawn: nothing more is taken from it"),
    "recovered": N_("receipts known from their paper alone: the entries never came"),
    "new_letter": N_("went on under a new letter after an alarm or from a backup"),
}
"""What makes a certificate doubtful, the worst first."""
PAPER_ONLY: Final = ("new_letter",)
"""Alarms that are told and open nothing."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is missing or doubtful about one station.

    Attributes:
        kind: of ``ALARMS``.
        station: its code, with the letter and book where one is meant: ``W03A-0001``.
        count: how many entries, or None.
        at: when it was last heard of (RFC 3339), or "".
        detail: codes of what exactly.
    """

    kind: str
    station: str
    count: int | None = None
    at: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PaperReceipt:
    """A receipt whose code was scanned off the paper, and whose entry never came."""

    number: str
    station: str
    form: str
    amount_minor: int
    happened_at: str
    scanned_by: str
    scanned_at: str


def alarms_table(alarms: Sequence[Alarm]) -> Table:
    """Return what is missing, the worst first."""
    order = list(ALARMS)
    rows = sorted(alarms, key=lambda one: (order.index(one.kind), one.station))
    return Table(
        "alarms",
        N_("What is missing or doubtful"),
        (
            Column("station", N_("Station"), width=0.8),
            Column("alarm", N_("What is the matter"), "word", 3.4, words=ALARMS),
            Column("count", N_("How many"), "count", 0.7),
            Column("at", N_("Last heard of"), "moment", 0.9),
            Column("detail", N_("Details"), width=1.5),
        ),
        tuple((one.station, one.kind, one.count, one.at, one.detail) for one in rows),
    )


def stations_table(parts: Sequence[Named], heads: Sequence[str], outage: str) -> Table:
    """Return one row for each book: when the outage lay in it, what was recorded, what of that is in the HIS.

    Args:
        parts: station and book each.
        heads: the last chain hash of each, hex.
        outage: which one.
    """
    rows: list[tuple[Value, ...]] = []
    for (label, part), head in zip(parts, heads, strict=True):
        one, standing = part.reading, part.standing
        accepted = min((by["accepted"].entries for by in standing.by_connector.values()), default=0)
        under = [receipt for receipt in one.receipts if receipt.outage == outage]
        assert one.first is not None
        rows.append(
            (
                label,
                one.first.book,
                one.declared_at,
                one.ended_at,
                one.entries,
                one.under[outage],
                len(one.receipts),
                len(under),
                sum(receipt.moved_minor for receipt in one.receipts),
                sum(receipt.moved_minor for receipt in under),
                standing.deliverable.entries - accepted,
                head[:8],
            )
        )
    return Table(
        "stations",
        N_("Station by station"),
        (
            Column("station", N_("Station"), width=0.75),
            Column("book", N_("Book"), "count", 0.6),
            Column("declared_at", N_("Outage declared"), "moment", 1.05),
            Column("ended_at", N_("Outage ended"), "moment", 1.05),
            Column("entries", N_("Entries in the book"), "count", 0.85, summed=True),
            Column("outage_entries", N_("of them in the outage"), "count", 0.85, summed=True),
            Column("receipts", N_("Receipts"), "count", 0.8, summed=True),
            Column("outage_receipts", N_("of them in the outage"), "count", 0.85, summed=True),
            Column("receipts_minor", N_("Money by receipts"), "money", 1.15, summed=True),
            Column("outage_minor", N_("of it in the outage"), "money", 1.15, summed=True),
            Column("owed", N_("Not in the HIS yet"), "count", 0.8, summed=True),
            Column("head", N_("Head"), width=0.85),
        ),
        tuple(rows),
        N_(
            "Counted is the whole book in which the outage lies: only so every number and the drawer are explained."
        ),
    )


def three_table(parts: Sequence[Named], charged: Mapping[str, tuple[int, int, int]]) -> Table:
    """Return cash, receipts and the HIS beside one another, station by station.

    Args:
        parts: station and book each.
        charged: by station: (entries the HIS was read for, ours, theirs) in minor units.
    """
    rows: dict[str, list[int]] = {}
    for label, part in parts:
        read, ours, theirs = charged.get(label, (0, 0, 0)) if label not in rows else (0, 0, 0)
        kept = rows.setdefault(label, [0] * 11)
        for n, amount in enumerate((*_money(part), read, ours, theirs, theirs - ours)):
            kept[n] += amount
    return Table(
        "three",
        N_("Cash, receipts and HIS"),
        (
            Column("station", N_("Station"), width=0.75),
            Column("receipts_minor", N_("By receipts"), "money", 1.15, summed=True),
            Column("in_his_minor", N_("of it in the HIS"), "money", 1.15, summed=True),
            Column("not_in_his_minor", N_("not in the HIS"), "money", 1.1, summed=True),
            Column("without_minor", N_("Without a receipt"), "money", 1.05, summed=True),
            Column("cash_minor", N_("Cash by receipts"), "money", 1.15, summed=True),
            Column("counted_minor", N_("Cash counted"), "money", 1.15, summed=True),
            Column("open_minor", N_("Cash less counted"), "money", 1.05, summed=True),
            Column("read", N_("Read back"), "count", 0.7, summed=True),
            Column("ours_minor", N_("Our amount"), "money", 1.1, summed=True),
            Column("theirs_minor", N_("The HIS's"), "money", 1.1, summed=True),
            Column("difference_minor", N_("Difference"), "money", 1, summed=True),
        ),
        tuple((label, *amounts) for label, amounts in rows.items()),
        N_(
            "Counted: drawers of closed shifts less their float. Read back: entries whose amount the HIS showed."
        ),
    )


def _money(part: Part) -> tuple[int, ...]:
    reading = part.reading
    moved = sum(one.moved_minor for one in reading.receipts)
    there = sum(one.moved_minor for one in reading.receipts if part.his.get(one.seq) == "accepted")
    cash = sum(amount for (_operator, method), amount in reading.moved.items() if method == "cash")
    counted = sum(
        int(shift.content["counted_minor"]) - int(shift.content["float_minor"]) for shift in reading.shifts
    )
    return moved, there, moved - there, reading.without_number_minor, cash, counted, cash - counted


def recovered_table(found: Sequence[PaperReceipt]) -> Table:
    """Return the receipts that are known from their paper alone."""
    return Table(
        "recovered",
        N_("Known from the paper alone"),
        (
            Column("number", N_("Number"), width=1.4),
            Column("at", N_("Time"), "time", 1.4),
            Column("form", N_("Form"), "word", 1.3, words=FORM_WORDS),
            Column("amount_minor", N_("Amount"), "money", 1.1, summed=True),
            Column("scanned_by", N_("Scanned by"), width=0.9),
            Column("scanned_at", N_("Scanned"), "time", 1.4),
        ),
        tuple(
            (one.number, one.happened_at, one.form, one.amount_minor, one.scanned_by, one.scanned_at)
            for one in found
        ),
        N_("They are in no sum above: what was paid, and how, stands in no entry here."),
    )
