"""The tables of several books as one set: summed where they count, with a station in front where they list."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from downtime.closing_course import intervals_table
from downtime.closing_reading import Reading
from downtime.closing_tables import Column, Table
from downtime.standing import Standing, StateCount
from downtime.store.reports import FormCount
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.closing_part import Part
    from downtime.closing_tables import Value

SUMMED = {"methods": 1, "his": 2, "lists": 1, "documents": 1, "events": 1}
"""Tables that count, and how many of their first columns say what."""
LISTED = ("returns", "open", "receipts")
"""Tables whose rows name a receipt number, which holds the station already."""
WITH_STATION = ("cashiers", "numbers", "shifts", "papers", "owed", "obstacles", "course", "audit")
STATION_SHARE = 0.075
"""How much of the paper's width the station takes: five letters in one line, in a table of many columns too."""
_TIME_WIDER = 1.3
Named = tuple[str, "Part"]
"""Station and incarnation, and one of its books."""


def joined_reading(parts: Sequence[Named]) -> Reading:
    """Return all the walks as one: counts are added, the outage lasts from the first beginning to the last end."""
    whole = Reading()
    ends: list[str] = []
    for _label, part in parts:
        one = part.reading
        whole.entries += one.entries
        whole.without_number_minor += one.without_number_minor
        whole.reprints += one.reprints
        whole.outages += [name for name in one.outages if name not in whole.outages]
        whole.names |= {key: name for key, name in one.names.items() if name or key not in whole.names}
        whole.patients |= one.patients
        for name in ("receipts", "returns", "shifts", "lines", "course"):
            getattr(whole, name).extend(getattr(one, name))
        for name in ("under", "moved", "refunded", "events", "failures"):
            getattr(whole, name).update(getattr(one, name))
        if one.declared_at:
            whole.declared_at = min(filter(None, (whole.declared_at, one.declared_at)), key=moment_of)
            ends.append(one.ended_at)
    whole.ended_at = max(ends, key=moment_of) if ends and all(ends) else ""
    return whole


def moment_of(at: str) -> float:
    """Return an RFC 3339 time as seconds."""
    return datetime.fromisoformat(at).timestamp()


def joined_standing(parts: Sequence[Named]) -> Standing:
    """Return the standing of all books."""
    forms: dict[str, Counter[str]] = {}
    drawers: Counter[tuple[str, str]] = Counter()
    states: dict[str, dict[str, StateCount]] = {}
    whole = StateCount()
    for _label, part in parts:
        one = part.standing
        for form in one.forms:
            counts = {"entries": form.entries, "amount_minor": form.amount_minor, "receipts": form.receipts}
            forms.setdefault(form.form, Counter()).update(counts)
        drawers.update(one.drawer_minor)
        whole = _plus(whole, one.deliverable)
        for connector, by_state in one.by_connector.items():
            kept = states.setdefault(connector, {})
            for state, count in by_state.items():
                kept[state] = _plus(kept.get(state, StateCount()), count)
    counted = (FormCount(name, **counts) for name, counts in sorted(forms.items()))
    not_printed = sum(part.standing.not_printed for _label, part in parts)
    return Standing(tuple(counted), dict(drawers), whole, states, not_printed, 0)


def _plus(one: StateCount, other: StateCount) -> StateCount:
    return StateCount(one.entries + other.entries, one.amount_minor + other.amount_minor)


def joined_tables(parts: Sequence[Named], reading: Reading) -> dict[str, Table]:
    """Return one set of tables.

    Args:
        parts: at least one book.
        reading: ``joined_reading`` of them.
    """
    first = parts[0][1].tables
    found: dict[str, Table] = {}
    for name in first:
        each = [(label, part.tables[name]) for label, part in parts]
        if name in SUMMED:
            found[name] = _summed([table for _label, table in each], SUMMED[name])
        elif name in WITH_STATION:
            found[name] = with_station(each)
        elif name in LISTED:
            found[name] = replace(
                first[name], rows=tuple(row for _label, table in each for row in table.rows)
            )
    found["intervals"] = intervals_table(reading.receipts)
    course = found["course"]
    by_station = replace(course, rows=tuple(sorted(course.rows, key=_when)))
    found["course"] = _course_of_all(parts[0][1].tables["course"], by_station)
    found["course_by_station"] = replace(
        by_station, name="course_by_station", title=N_("The course at each station")
    )
    return found


def _course_of_all(like: Table, by_station: Table) -> Table:
    """Return the course of the outage over all stations: what happened at several is one line, from first to last."""
    rows: dict[tuple[Value, ...], list[tuple[Value, ...]]] = {}
    for row in by_station.rows:
        event, what = row[2], row[4]
        rows.setdefault((event, what if event in _TELLING else ""), []).append(row)
    told = []
    for (event, _what), each in rows.items():
        stations = list(dict.fromkeys(str(row[0]) for row in each))
        if len(each) == 1:
            told.append(
                (each[0][1], event, each[0][3], f"{stations[0]}  {each[0][4] or ''}".strip(), *each[0][5:])
            )
            continue
        people = list(dict.fromkeys(str(row[3]) for row in each if row[3]))
        what = f"{each[0][4]}  " if event in _TELLING and each[0][4] else ""
        ends = [str(row[6] or row[1]) for row in each]
        count = sum(int(row[5] or 1) for row in each)
        by = people[0] if len(people) == 1 else ""
        told.append((each[0][1], event, by, what + _shortened(stations), count, max(ends, key=moment_of)))
    return replace(like, rows=tuple(sorted(told, key=lambda row: moment_of(str(row[0])))))


_TELLING = {"outage_declared", "outage_ended", "settings_changed"}
"""Events whose details say what they were about, so that only those alike are one line."""
_STATIONS_TOLD = 12


def _shortened(stations: Sequence[str]) -> str:
    more = len(stations) - _STATIONS_TOLD
    return " ".join(stations[:_STATIONS_TOLD]) + (f" +{more}" if more > 0 else "")


def _when(row: tuple[Value, ...]) -> float:
    return moment_of(str(row[1]))


def with_station(each: Sequence[tuple[str, Table]]) -> Table:
    """Return the rows of all, each behind its station."""
    first = each[0][1]
    rows = tuple((label, *row) for label, table in each for row in table.rows)
    width = STATION_SHARE * sum(column.width for column in first.columns)
    columns = (
        replace(column, width=column.width * _TIME_WIDER) if column.kind == "time" else column
        for column in first.columns
    )
    return replace(first, columns=(Column("station", N_("Station"), width=width), *columns), rows=rows)


def _summed(tables: Sequence[Table], keys: int) -> Table:
    """Return rows of the same meaning added up, in the order in which they first come."""
    sums: dict[tuple[Value, ...], list[int]] = {}
    for table in tables:
        for row in table.rows:
            kept = sums.setdefault(row[:keys], [0] * (len(row) - keys))
            for n, amount in enumerate(row[keys:]):
                kept[n] += int(amount or 0)
    rows = tuple((*key, *amounts) for key, amounts in sums.items())
    if tables[0].name == "methods":
        order = [key for table in tables for key in table.values("method")]
        rows = tuple(
            sorted(rows, key=lambda row: _METHODS.get(str(row[0]), len(_METHODS) + order.index(row[0])))
        )
    return replace(tables[0], rows=rows)


_METHODS = {"cash": 0, "card": 1, "mobile": 2, "unverified": 3}
