"""Who is logged in: the desk they took, and what is looked up beside it for the top line."""

from __future__ import annotations

from asyncio import wrap_future
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from downtime.screens.glance import Glance, Glancer

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from downtime.clock import Clock
    from downtime.desk import Desk
    from downtime.holding import StationHold
    from downtime.home import Home
    from downtime.keys import Keyring


class DeskKeeping:
    """The part of the app that opens and closes the desk.

    Attributes:
        desk: None before login.
        glance: what the top line says; a moment old at most.
        hold: the hold on the station, if the app runs for real.
    """

    home: Home
    clock: Clock
    operator: str
    desk: Desk | None = None
    glance = Glance()
    hold: StationHold | None = None
    _glancer: Glancer | None = None

    def open_desk(self, ring: Keyring) -> None:
        """Take the desk for the person whose password opened ``ring``.

        Raises:
            DowntimeError: the journal does not open or does not agree with its head log.
        """
        from downtime.desk import Desk

        self.close_desk()
        self.desk = Desk(self.home, ring, self.clock)
        self.operator = ring.person.operator
        self._glancer = Glancer(self.desk)
        if self.hold is not None:
            self.hold.name(self.operator)
        self.look()

    def close_desk(self) -> None:
        """End the session of whoever is logged in."""
        if self._glancer is not None:
            self._glancer.close()
            self._glancer = None
        if self.desk is not None:
            self.desk.close()
            self.desk = None

    def look(self) -> None:
        """Ask for what the top line says; it is shown when it is there."""
        if self._glancer is not None:
            self.behind(self._look(self._glancer))

    async def _look(self, glancer: Glancer) -> None:
        with suppress(RuntimeError):  # the session ended meanwhile
            self.glance = await wrap_future(glancer.look())
        if self.desk is not None and self.glance.reference_version != self._version_in_hand():
            self.desk.take_reference_in_force()
        self.draw_top()

    def _version_in_hand(self) -> int | None:
        reference = self.desk.reference if self.desk is not None else None
        return reference.version if reference is not None else None

    def behind(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Do something without anybody waiting for it."""
        raise NotImplementedError

    def draw_top(self) -> None:
        """Write the top line again."""
        raise NotImplementedError
