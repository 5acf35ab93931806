"""Controls: the product made careless on purpose, to see that the simulation notices. ``CONTROL=guesses`` and so on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from downtime.outcome import InDoubt
from sync.connector import Parcel
from sync.connectors import retype
from sync.connectors.sqlstaging import SqlStaging
from sync.connectors.staging_rows import rows_of, sent_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sync.tick_off import TickedOff


def guesses() -> None:
    """Take whatever stands there for the entry, doubtful and different as it may be."""
    judging = retype.tick_off  # type: ignore[attr-defined]  # the name it goes by

    def guess(*given: Any) -> TickedOff:
        done = judging(*given)
        done.judged = [replace(one, outcome="agreed") if one.rows else one for one in done.judged]
        return done

    retype.tick_off = guess  # type: ignore[assignment,attr-defined]  # the control


def sends_again() -> None:
    """Take a lost reply for a failure, and send again as if it were something new."""
    sending: Any = SqlStaging._send
    doubtful: set[str] = set()

    def send(connector: SqlStaging, batch: Sequence[Parcel]) -> Any:
        again = [_anew(parcel) if parcel.entry.id in doubtful else parcel for parcel in batch]
        for entry_id, outcome in sending(connector, again):
            own = entry_id.removesuffix("-2")
            if isinstance(outcome, InDoubt):
                doubtful.add(own)
            yield own, outcome

    SqlStaging._send = send  # type: ignore[assignment,method-assign]  # the control


def _anew(parcel: Parcel) -> Parcel:
    entry = replace(parcel.entry, id=f"{parcel.entry.id}-2", number=None, seq=parcel.entry.seq + 100_000)
    return Parcel(entry, sent_bytes(rows_of(entry)))


CONTROLS: Final[dict[str, Callable[[], None]]] = {"guesses": guesses, "sends_again": sends_again}
