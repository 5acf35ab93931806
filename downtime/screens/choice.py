"""One of a few: a digit picks and goes on, left and right move, Enter goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message
from textual.widgets import Static

from downtime.screens.text import line, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.content import Content
    from textual.events import Click, Key


class Choice(Static, can_focus=True):
    """A row of numbered words, one of them chosen: the chosen one is in brackets as well as in colour.

    Args:
        options: (value, words) pairs; the words are asked for whenever the row is drawn.
    """

    DEFAULT_CSS = "Choice { height: 1; width: 1fr; } Choice:focus { background: $boost; }"

    @dataclass
    class Settled(Message):
        """The person goes on with what is chosen."""

        choice: Choice

        @property
        def control(self) -> Choice:
            """The row it came from."""
            return self.choice

    def __init__(self, options: Sequence[tuple[str, Callable[[], str]]], *, id: str) -> None:  # noqa: A002 (Textual's)
        super().__init__("", markup=False, id=id)
        self._options = tuple(options)
        self._chosen = 0
        self._places: list[tuple[int, int]] = []

    @property
    def value(self) -> str:
        """What is chosen."""
        return self._options[self._chosen][0]

    def choose(self, value: str) -> None:
        """Choose without going on."""
        self._chosen = next((n for n, (known, _words) in enumerate(self._options) if known == value), 0)
        self.draw()

    def on_mount(self) -> None:
        """Show it."""
        self.draw()

    def draw(self) -> None:
        """Write the row in the language in use."""
        parts: list[Content | str] = []
        self._places, at = [], 0
        for n, (_value, words) in enumerate(self._options):
            is_chosen = n == self._chosen
            text = f"[{n + 1} {words()}]" if is_chosen else f" {n + 1} {words()} "
            part = shown(text, "bold $accent" if is_chosen else "")
            self._places.append((at, at + part.cell_length))
            at += part.cell_length + 1
            parts += [part, " "]
        self.update(line(*parts))

    def on_key(self, event: Key) -> None:
        """Digits, arrows, space and Enter."""
        key = event.key
        if event.character and event.character.isdigit() and 0 < int(event.character) <= len(self._options):
            self._chosen = int(event.character) - 1
            self.post_message(self.Settled(self))
        elif key in {"left", "right", "space"}:
            self._chosen = (self._chosen + (-1 if key == "left" else 1)) % len(self._options)
        elif key == "enter":
            self.post_message(self.Settled(self))
        else:
            return
        self.draw()
        event.stop()

    def on_click(self, event: Click) -> None:
        """A click chooses."""
        for n, (start, end) in enumerate(self._places):
            if start <= event.x < end:
                self._chosen = n
                self.draw()
