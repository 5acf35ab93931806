"""A list one walks through: up and down move the mark, Enter opens the marked row, 1 to 9 pick one in sight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.message import Message
from textual.widgets import Static

from downtime.i18n import _
from downtime.screens.text import cell, cells, line, lines, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from textual.content import Content
    from textual.events import Click, Key

DIGITS = "123456789"
WIDE_CELLS = 100
"""From this width on a list shows the columns kept for wide screens too."""


@dataclass(frozen=True, slots=True)
class RowColumn:
    """One column of a list.

    Attributes:
        title: returns its heading.
        width: cells; 0 takes what the others leave.
        right: its text stands at the right.
        wide: shown where there is room only.
        words: returns all it ever says, where that is little: none of it is cut, in whatever language.
    """

    title: Callable[[], str]
    width: int = 0
    right: bool = False
    wide: bool = False
    words: Callable[[], Iterable[str]] = tuple

    def cells(self) -> int:
        """Return how wide it is in the language in use."""
        return max([self.width, *map(cells, self.words())])


@dataclass(frozen=True, slots=True)
class Shows:
    """What one row shows: a text for every column, wide ones included, and how the row differs."""

    texts: tuple[str, ...]
    style: str = ""


class Rows(Static, can_focus=True):
    """The list.

    Args:
        columns: how the rows are laid out.
        make: returns what a value shows; asked for rows in sight only.
        empty: returns what stands there when there is no row.
        digits: whether 1 to 9 pick a row; a screen may switch it while something is typed.
    """

    DEFAULT_CSS = "Rows { height: 1fr; width: 1fr; }"

    @dataclass
    class Marked(Message):
        """The mark moved to a row."""

        rows: Rows
        value: Any

        @property
        def control(self) -> Rows:
            """The list it came from."""
            return self.rows

    class Opened(Marked):
        """A row was opened, by Enter, by its digit or by a click."""

    def __init__(
        self,
        columns: Sequence[RowColumn],
        make: Callable[[Any], Shows],
        *,
        empty: Callable[[], str] = str,
        digits: bool = True,
        id: str | None = None,  # noqa: A002 (Textual's name for it)
    ) -> None:
        super().__init__("", markup=False, id=id)
        self._columns, self._make, self._empty = tuple(columns), make, empty
        self.digits = digits
        self.values: Sequence[Any] = ()
        self.place = self._top = 0

    @property
    def marked(self) -> Any | None:
        """The value of the marked row, or None."""
        return self.values[self.place] if self.place < len(self.values) else None

    def show(self, values: Sequence[Any], *, place: int | None = None) -> None:
        """Show other values; the mark stays where it was unless told otherwise."""
        self.values = values
        self.place = min(self.place if place is None else place, max(len(values) - 1, 0))
        self.draw()

    def on_resize(self) -> None:
        """Fit the new size."""
        self.draw()

    # -- keys ---------------------------------------------------------------------------------------

    def on_key(self, event: Key) -> None:
        """Take keys when the list itself has the cursor."""
        if self.takes(event):
            event.stop()

    def takes(self, event: Key) -> bool:
        """Act on a key that means something here; return whether it did."""
        steps = {"down": 1, "up": -1, "pagedown": self._room(), "pageup": -self._room()}
        if event.key in steps and self.values:
            self.mark(min(max(self.place + steps[event.key], 0), len(self.values) - 1))
        elif event.key == "enter" and self.values:
            self.post_message(self.Opened(self, self.marked))
        elif event.character and self.picks(event.character):
            return self._pick(int(event.character) - 1)
        else:
            return False
        return True

    def picks(self, character: str) -> bool:
        """Whether this character may pick a row."""
        return self.digits and character in DIGITS

    def mark(self, place: int) -> None:
        """Move the mark."""
        self.place = place
        self.draw()
        self.post_message(self.Marked(self, self.marked))

    def _pick(self, row: int) -> bool:
        place = self._top + row
        if place >= len(self.values) or row >= self._room():
            return False
        self.mark(place)
        self.post_message(self.Opened(self, self.marked))
        return True

    def on_click(self, event: Click) -> None:
        """A click marks a row; a click on the marked one opens it."""
        place = self._top + event.get_content_offset_capture(self).y - 1
        if 0 <= place < len(self.values):
            if place == self.place:
                self.post_message(self.Opened(self, self.marked))
            else:
                self.mark(place)

    # -- drawing ------------------------------------------------------------------------------------

    def _room(self) -> int:
        """Return how many rows are in sight; before it is laid out, as many as have a digit."""
        return max(self.size.height - 2, 1) if self.size.height else len(DIGITS)

    def draw(self) -> None:
        """Write heading, the rows in sight, and how many there are beside them."""
        width, room = self.size.width, self._room()
        if width < 10:  # noqa: PLR2004 (not laid out yet)
            return
        self._top = min(max(self._top, self.place - room + 1), self.place, max(len(self.values) - room, 0))
        kept = [n for n, column in enumerate(self._columns) if width >= WIDE_CELLS or not column.wide]
        widths = self._widths(kept, width)
        titles = [
            cell(self._columns[n].title(), widths[n], "$secondary", right=self._columns[n].right)
            for n in kept
        ]
        drawn: list[Content | str] = [line("   ", *_spaced(titles, ""))]
        drawn += [
            self._row(row, value, kept, widths)
            for row, value in enumerate(self.values[self._top : self._top + room])
        ]
        if not self.values:
            drawn.append(shown(f"   {self._empty()}", "$secondary"))
        hidden = len(self.values) - min(room, len(self.values))
        if hidden:
            drawn.append(
                shown(
                    "   " + _("{count} more: up and down, PgUp and PgDn").format(count=hidden), "$secondary"
                )
            )
        self.update(lines(drawn))

    def _row(self, row: int, value: Any, kept: Sequence[int], widths: dict[int, int]) -> Content:
        shows = self._make(value)
        is_marked = self._top + row == self.place
        style = "$block-cursor-foreground on $block-cursor-background" if is_marked else shows.style
        digit = DIGITS[row] if self.digits and row < len(DIGITS) else ">" if is_marked else " "
        texts = [cell(shows.texts[n], widths[n], style, right=self._columns[n].right) for n in kept]
        return line(
            shown(f" {digit} ", style if is_marked else "bold $accent"),
            *_spaced(texts, style),
            shown(" ", style),
        )

    def _widths(self, kept: Sequence[int], width: int) -> dict[int, int]:
        asked = {n: self._columns[n].cells() for n in kept}
        fixed = sum(asked.values()) + len(kept) + 4
        loose = [n for n in kept if not asked[n]]
        return {n: asked[n] or max((width - fixed) // max(len(loose), 1), 6) for n in kept}


def _spaced(parts: Sequence[Content], style: str) -> list[Content]:
    spaced: list[Content] = []
    for part in parts:
        spaced += [shown(" ", style), part] if spaced else [part]
    return spaced
