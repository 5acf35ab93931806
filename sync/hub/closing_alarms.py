"""What makes the closing of all stations doubtful: who was not heard of, what did not come, what stands aside."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Final

from downtime.canonical import unseal
from downtime.signing import signature_is_good
from downtime.store.chain import genesis, link
from downtime.store.headlog import HeadRecord
from downtime.store.journal import sealed_rows
from sync.hub.arrivals import public_key
from sync.hub.closing_tables import Alarm, PaperReceipt
from sync.hub.ending import outages
from sync.hub.standing import standings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sync.hub.database import Database
    from sync.hub.mirror import Mirror
    from sync.hub.mirror_rows import Mirrored

_WAITING: Final = ("gap", "unsigned")
_ASIDE: Final = """
SELECT station, incarnation, book, seq, id, verdict, why, number, amount_minor, outage FROM entry
WHERE verdict <> '' ORDER BY station, incarnation, book, seq, n
"""
_HEAD: Final = """
SELECT seq_from, seq_to, head, signature FROM head WHERE station = ? AND incarnation = ? AND book = ? AND head = ?
"""
_RECOVERED: Final = """
SELECT r.number, r.station || r.incarnation, r.form, r.amount_minor, r.happened_at, r.scanned_by, r.scanned_at
FROM recovered r WHERE r.outage = ? AND NOT EXISTS (
  SELECT 1 FROM entry e WHERE e.number = r.number AND e.chained = 1) ORDER BY r.number
"""
_ARRIVED_LAST: Final = "SELECT station, max(arrived_at) FROM entry GROUP BY station"
_ARRIVING: Final = (
    "SELECT station, incarnation, book, sum(entries) FROM arrived GROUP BY station, incarnation, book"
)
_WITHDRAWN: Final = "SELECT station, incarnation, at FROM station_withdrawn ORDER BY station, incarnation"


def paper_receipts(db: Database, outage: str) -> list[PaperReceipt]:
    """Return the receipts of an outage that are known from their paper alone."""
    return [PaperReceipt(*row) for row in db.rows(_RECOVERED, (outage,))]


def set_aside(
    db: Database, outage: str, books: Sequence[Mirrored]
) -> list[tuple[str, int, str, str, str, str | None, int | None]]:
    """Return (book, seq, id, verdict, why, number, amount) of what is not good in these books or of this outage."""
    mine = {book.place.key for book in books}
    return [
        (f"{station}{letter}-{number:04d}", seq, entry_id, verdict, why, receipt, amount)
        for station, letter, number, seq, entry_id, verdict, why, receipt, amount, named in db.rows(_ASIDE)
        if (station, letter, number) in mine or named == outage
    ]


def alarms_of(
    db: Database, mirror: Mirror, outage: str, books: Sequence[Mirrored], paper: Sequence[PaperReceipt]
) -> list[Alarm]:
    """Return everything that makes the closing of an outage doubtful."""
    taking_part = {book.place.station for book in books}
    found = [
        *_not_as_written(db, books),
        *_of_stations(db, outage, taking_part),
        *_of_entries(db, outage, books),
        *(
            Alarm("recovered", station, count)
            for station, count in Counter(one.station for one in paper).items()
        ),
    ]
    for book in books:
        first = min(one.place.incarnation for one in mirror.of_station(book.place.station))
        if book.place.incarnation > first:
            found.append(Alarm("new_letter", book.label))
    for station, letter, at in db.rows(_WITHDRAWN):
        if station in taking_part:
            found.append(Alarm("withdrawn", f"{station}{letter}", at=at))
    return found


def _not_as_written(db: Database, books: Sequence[Mirrored]) -> Iterator[Alarm]:
    for book in books:
        if not leads_to_signed_head(db, book):
            yield Alarm("broken", book.label, book.entries)


def leads_to_signed_head(db: Database, book: Mirrored) -> bool:
    """Whether the entries, link by link, lead to a head the station signed; all else was checked as they came."""
    head, last = b"", 0
    with book.look() as journal:
        for row in sealed_rows(journal):
            if not head:
                envelope = unseal(row["sealed"])["envelope"]
                opening = unseal(row["sealed"])["body"]["content"]
                head = genesis(
                    hospital=envelope["hospital"],
                    station=envelope["station"],
                    incarnation=envelope["incarnation"],
                    book=envelope["book"],
                    previous_head=opening.get("previous_head", ""),
                )
            last += 1
            head = link(last, head, row["salt"], row["sealed"])
            if row["seq"] != last or head != row["hash"]:
                return False
    public = public_key(db, book.place.station, book.place.incarnation)
    signed = (
        HeadRecord(int(seq_from), int(seq_to), bytes(stored), bytes(signature))
        for seq_from, seq_to, stored, signature in db.rows(_HEAD, (*book.place.key, head))
    )
    return public is not None and any(
        record.seq_to == last and signature_is_good(public, record.signature, record.signed_bytes())
        for record in signed
    )


def _of_stations(db: Database, outage: str, taking_part: set[str]) -> Iterator[Alarm]:
    told = outages(db).get(outage)
    stops = {one.station: one for one in told.stations} if told is not None else {}
    ended_at = told.at if told is not None and told.announced == "ended" else ""
    ended_at = ended_at or max((one.stopped_at for one in stops.values()), default="")
    arrived: dict[str, str] = dict(db.rows(_ARRIVED_LAST))
    for one in standings(db):
        if not one.incarnations:
            yield Alarm("never_seen", one.station)
            continue
        stop = stops.get(one.station)
        if one.station in taking_part and (stop is None or stop.is_open):
            yield Alarm("not_ended", one.station)
        heard = max(one.last_seen, arrived.get(one.station, ""), key=_moment)
        if one.station not in taking_part and not _heard_since(heard, ended_at):
            yield Alarm("not_reached", one.station, at=heard)
        if one.unsynced:
            yield Alarm("behind", one.station, one.unsynced, one.last_seen)
        if one.hub_knows_more:
            yield Alarm("lost", one.station, one.hub_knows_more, one.last_seen)


def _heard_since(heard_at: str, ended_at: str) -> bool:
    """Whether a station without any part in an outage was heard of after its end; without an end nobody knows."""
    return bool(heard_at and ended_at) and _moment(heard_at) >= _moment(ended_at)


def _moment(at: str) -> float:
    return datetime.fromisoformat(at).timestamp() if at else 0.0


def _of_entries(db: Database, outage: str, books: Sequence[Mirrored]) -> Iterator[Alarm]:
    aside = set_aside(db, outage, books)
    waiting = Counter(label for label, _seq, _id, verdict, *_rest in aside if verdict in _WAITING)
    odd = Counter((label, verdict) for label, _seq, _id, verdict, *_rest in aside if verdict not in _WAITING)
    for label, count in waiting.items():
        yield Alarm("waiting", label, count)
    for (label, verdict), count in odd.items():
        yield Alarm("quarantined", label, count, detail=verdict)
    for station, letter, book, entries in db.rows(_ARRIVING):
        yield Alarm("arriving", f"{station}{letter}-{book:04d}", int(entries))
