"""What the hub knows of each station, all counted from the entries themselves."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sync.hub.database import Database

_COUNTS: Final = """
SELECT station, verdict, count(*), sum(deliverable), sum(CASE WHEN deliverable = 1 THEN amount_minor ELSE 0 END)
FROM entry GROUP BY station, verdict
"""
_ARRIVED: Final = """
SELECT station, sum(entries), sum(CASE WHEN trouble <> '' THEN 1 ELSE 0 END) FROM arrived GROUP BY station
"""


@dataclass(frozen=True, slots=True)
class StationStanding:
    """What the hub knows of one station.

    Attributes:
        last_seen: RFC 3339 by the hub's clock, or "".
        skew_seconds: how far its clock was ahead of the hub's then.
        held: entries that stand verified here.
        waiting: entries that came but wait for earlier ones, or for the signed head over them.
        unverified: entries that are kept here and nobody looked into yet.
        stuck: batches that could not be looked into: the hub needs a newer program.
        quarantined: how many stand in quarantine, by reason.
        unsynced: entries it had when last seen and the hub has not.
        hub_knows_more: entries the hub has and the station no longer had: it was set back.
        package: version of what came down that it had, 0 for none.
        withdrawn: letters whose key nothing is taken of any more.
    """

    station: str
    incarnations: str
    last_seen: str
    skew_seconds: int
    held: int
    waiting: int
    quarantined: dict[str, int]
    unsynced: int
    hub_knows_more: int
    package: int
    invited: bool = False
    unverified: int = 0
    stuck: int = 0
    withdrawn: str = ""


def standings(db: Database) -> list[StationStanding]:
    """Return every station that was let in or invited, by code; all counts are asked of the entries."""
    counts: dict[str, dict[str, int]] = {}
    for station, verdict, entries, _deliverable, _amount in db.rows(_COUNTS):
        counts.setdefault(station, {})[verdict] = entries
    letters: dict[str, str] = {}
    for station, letter in db.rows(
        "SELECT station, incarnation FROM station_key ORDER BY station, incarnation"
    ):
        letters[station] = letters.get(station, "") + letter
    invited = {row[0] for row in db.rows("SELECT station FROM invitation")}
    seen = {
        row[0]: row[1:] for row in db.rows("SELECT station, at, skew_seconds, journals, package FROM seen")
    }
    kept = {station: (int(entries), int(stuck)) for station, entries, stuck in db.rows(_ARRIVED)}
    withdrawn: dict[str, str] = {}
    for station, letter in db.rows("SELECT station, incarnation FROM station_withdrawn ORDER BY 1, 2"):
        withdrawn[station] = withdrawn.get(station, "") + letter
    reached = {row[:3]: row[3] for row in db.rows("SELECT station, incarnation, book, seq FROM chain")}
    found = []
    for station in sorted(letters.keys() | invited | counts.keys()):
        at, skew, journals, package = seen.get(station, ("", 0, "[]", 0))
        ahead = [
            stated - reached.get((station, letter, book), 0) for letter, book, stated in json.loads(journals)
        ]
        of_station = counts.get(station, {})
        found.append(
            StationStanding(
                station=station,
                incarnations=letters.get(station, ""),
                last_seen=at,
                skew_seconds=skew,
                held=of_station.get("", 0),
                waiting=of_station.get("gap", 0) + of_station.get("unsigned", 0),
                quarantined={
                    name: count for name, count in of_station.items() if name not in ("", "gap", "unsigned")
                },
                unsynced=max(0, sum(count for count in ahead if count > 0) - kept.get(station, (0, 0))[0]),
                hub_knows_more=-sum(count for count in ahead if count < 0),
                package=package,
                invited=station in invited,
                unverified=kept.get(station, (0, 0))[0],
                stuck=kept.get(station, (0, 0))[1],
                withdrawn=withdrawn.get(station, ""),
            )
        )
    return found
