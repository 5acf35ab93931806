"""The app at the IT PC: after the login the board comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime import os_calls
from downtime.app import DowntimeApp
from downtime.screens.board import BoardScreen
from downtime.screens.home import HomeScreen

if TYPE_CHECKING:
    from downtime.board_source import BoardSource
    from downtime.home import Home
    from downtime.screens.base import StationScreen

RIGHTS = ("deliver", "sign_off")
"""Whoever has one of these sees the board: IT, the shift supervisor, the auditor."""


class BoardApp(DowntimeApp):
    """The app with a board; everybody else who logs in sees the places of the station.

    Args:
        home: where this PC's station lives.
        source: the board's rows.
        named: as for the app.
    """

    CSS_PATH = "app.tcss"

    def __init__(self, home: Home, source: BoardSource, **named: Any) -> None:
        super().__init__(home, **named)
        self.source = source

    def first_screen(self) -> StationScreen:
        """Return the board, for whoever may see it."""
        right = next((right for right in RIGHTS if self.may(right)), None)
        if right is None:
            return HomeScreen()
        screen = BoardScreen(self.source)
        screen.needs = right
        return screen


def run_board(home: Home, source: BoardSource, *, plain: bool = False, language: str | None = None) -> None:
    """Open the board and return when it is closed.

    Raises:
        InUseError: another app has this station.
    """
    from downtime.holding import StationHold

    os_calls.set_private_umask()
    os_calls.no_core_dumps()
    app = BoardApp(home, source, plain=plain, language=language)
    with StationHold(home, app.clock) as app.hold:
        try:
            app.run()
        finally:
            app.close_desk()
