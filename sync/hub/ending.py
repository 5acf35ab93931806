"""First stop, then deliver: which stations have stopped recording under an outage, and which outages still wait.

All of it is asked of the entries that stand verified here, and of what each station said last. A station has
stopped once the end it recorded has come up; until then more may come from it, and what others recorded in that
outage waits with it, unless somebody says which stations may still be open.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from downtime.clean import visible
from downtime.i18n import _
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sync.hub.database import Database

STOPPED, TOLD, NOT_REACHED, NOT_IN_IT = "stopped", "told", "not_reached", "not_in_it"
STATES: Final = {
    STOPPED: N_("has stopped"),
    TOLD: N_("told, its end has not come yet"),
    NOT_REACHED: N_("not reached"),
    NOT_IN_IT: N_("was not in it"),
}
_SAID: Final = """
SELECT station, outage, form, arrived_at FROM entry
WHERE form IN ('outage_declared', 'outage_ended') AND verdict = '' ORDER BY station, turn
"""
_ANNOUNCED: Final = "SELECT n, name, state, at, said_by FROM outage ORDER BY n"
_STATIONS: Final = """
SELECT k.station, coalesce(max(s.at), ''), coalesce(max(s.told), 0) FROM station_key k
LEFT JOIN seen s ON s.station = k.station GROUP BY k.station
HAVING count(*) > (SELECT count(*) FROM station_withdrawn w WHERE w.station = k.station) ORDER BY k.station
"""


@dataclass(frozen=True, slots=True)
class StationStop:
    """How one station stands to one outage.

    Attributes:
        state: one of ``STATES``.
        last_seen: RFC 3339 by the hub's clock, or "".
        stopped_at: when its end arrived here, or "".
        is_open: it declared that outage and, as far as is known here, is still in it.
    """

    station: str
    state: str
    last_seen: str
    stopped_at: str
    is_open: bool


@dataclass
class OutageStanding:
    """One outage, as it stands at the hub.

    Attributes:
        announced: "started", "ended", or "" where the hub said nothing of it.
        at: when the last announcement was made; ``said_by``: by whom.
        stations: every station, by code.
    """

    name: str
    announced: str = ""
    at: str = ""
    said_by: str = ""
    stations: list[StationStop] = field(default_factory=list)

    def still_open(self, although: Iterable[str] = ()) -> list[StationStop]:
        """Return the stations that are still in it and are not among ``although``."""
        left_out = set(although)
        return [one for one in self.stations if one.is_open and one.station not in left_out]

    def waits(self, although: Iterable[str] = ()) -> str | None:
        """Return why what was recorded in it is not delivered yet, or None."""
        if self.announced == "started":
            return _("outage {name} goes on: its end was not announced").format(name=visible(self.name))
        found = self.still_open(although)
        if not found:
            return None
        told = ", ".join(f"{one.station} ({_(STATES[one.state])})" for one in found)
        return _("outage {name} is not over at {stations}").format(name=visible(self.name), stations=told)


def outages(db: Database) -> dict[str, OutageStanding]:
    """Return every outage that was declared at a station or announced here, the newest last."""
    said: dict[str, dict[str, tuple[str, str]]] = {}
    in_force: dict[str, str] = {}
    for station, outage, form, arrived_at in db.rows(_SAID):
        said.setdefault(outage, {})[station] = (form, arrived_at)
        in_force[station] = outage if form == "outage_declared" else ""
    announced = {name: (n, state, at, by) for n, name, state, at, by in db.rows(_ANNOUNCED)}
    stations = db.rows(_STATIONS)
    found = {}
    for name in dict.fromkeys((*said, *announced)):
        n, state, at, by = announced.get(name, (0, "", "", ""))
        found[name] = OutageStanding(name, state, at, by)
        for code, last_seen, told in stations:
            form, arrived_at = said.get(name, {}).get(code, ("", ""))
            is_open = in_force.get(code) == name
            found[name].stations.append(
                StationStop(
                    code,
                    _state(form, is_open=is_open, was_told=bool(n) and told >= n),
                    last_seen,
                    arrived_at if form == "outage_ended" else "",
                    is_open,
                )
            )
    return found


def _state(form: str, *, is_open: bool, was_told: bool) -> str:
    if form and not is_open:
        return STOPPED
    if not was_told:
        return NOT_REACHED
    return TOLD if is_open else NOT_IN_IT


def waiting_outages(db: Database, although: Iterable[str] = ()) -> Mapping[str, str]:
    """Return why entries of an outage are not delivered yet, by its name.

    Args:
        db: the hub's store.
        although: stations that may still be open; somebody said so.
    """
    named = frozenset(although)
    told = {name: standing.waits(named) for name, standing in outages(db).items()}
    return {name: why for name, why in told.items() if why is not None}
