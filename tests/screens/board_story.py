"""Stories at the board: a made-up hub, and the IT person at the keys of the IT PC."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from downtime.screens.board import BoardScreen
from downtime.screens.board_app import BoardApp
from downtime.store import journal
from tests.screens.story import Story

if TYPE_CHECKING:
    from downtime.board import BoardRow
    from downtime.entry import Entry
    from downtime.home import Home
    from sync.board.source import HubBoard
    from tests.screens.made_board import MadeHub

IT, CASHIER, AUDITOR = "4001", "1001", "4003"


class BoardStory(Story):
    """The app of the IT PC over a hub."""

    def __init__(self, home: Home, made: MadeHub, **named: Any) -> None:
        named.setdefault("operator", IT)
        super().__init__(home, **named)
        self.source: HubBoard = made.source()
        language, plain = named.get("language", "zh"), named.get("plain", False)
        self.app = BoardApp(home, self.source, language=language, plain=plain, key_clock=self.fingers)

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        if isinstance(self.app.screen, BoardScreen):
            await self.until(lambda: self.board.is_read)
        return self

    async def __aexit__(self, *failure: object) -> None:
        await super().__aexit__(*failure)
        self.source.close()

    @property
    def board(self) -> BoardScreen:
        """The board, in sight or below what lies on it."""
        return next(screen for screen in self.app.screen_stack if isinstance(screen, BoardScreen))

    @property
    def listed(self) -> list[BoardRow]:
        """The rows listed."""
        return list(self.board.rows.values)

    async def look_at_hub(self) -> None:
        """Let the board look again, and wait until it has."""
        await self.until(lambda: not self.board.is_looking)
        self.board.look_again()
        await self.until(lambda: not self.board.is_looking)
        await self.rest()


def decided(s: BoardStory, form: str) -> list[Entry]:
    """Return what was decided, oldest first."""
    return list(journal.entries(s.desk.looking(), forms=(form,)))
