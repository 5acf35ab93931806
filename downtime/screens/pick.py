"""A short list to pick one row from, by digit, arrows and Enter, or a click."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.widgets import Static

from downtime.screens.base import Dialog
from downtime.screens.text import cell, lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.events import Click, Key

_DIGITS = "123456789"


class PickDialog(Dialog):
    """Gives the value of the picked row, or None."""

    def __init__(self, title: Callable[[], str], rows: Sequence[tuple[str, Any]]) -> None:
        super().__init__()
        self._title, self._rows = title, rows[: len(_DIGITS)]
        self._chosen = 0

    def body(self) -> ComposeResult:
        """The rows."""
        yield PickRows(id="pick-rows")

    def redraw(self) -> None:
        """Write the rows."""
        self.entitle(self._title())
        shown_rows = []
        for place, (text, _value) in enumerate(self._rows):
            style = "$block-cursor-foreground on $block-cursor-background" if place == self._chosen else ""
            shown_rows.append(cell(f"  {_DIGITS[place]}  {text}", 66, style))
        self.query_one("#pick-rows", Static).update(lines(shown_rows))

    def on_key(self, event: Key) -> None:
        """Digits, arrows, Enter."""
        if event.character and event.character in _DIGITS[: len(self._rows)]:
            self.pick(int(event.character) - 1)
        elif event.key in {"down", "up"}:
            self._chosen = (self._chosen + (1 if event.key == "down" else -1)) % len(self._rows)
            self.redraw()
        elif event.key == "enter":
            self.pick(self._chosen)
        else:
            return
        event.stop()

    def pick(self, row: int) -> None:
        """Take a row."""
        if 0 <= row < len(self._rows):
            self.dismiss(self._rows[row][1])


class PickRows(Static):
    """The rows, clickable."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 (Textual's name for it)
        super().__init__("", markup=False, id=id)

    def on_click(self, event: Click) -> None:
        """A click picks."""
        screen = self.screen
        assert isinstance(screen, PickDialog)
        screen.pick(event.y)
