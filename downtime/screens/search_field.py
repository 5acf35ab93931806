"""Search as you type, the same everywhere: type, then Enter takes the first row or 1 to 9 picks one.

Candidates stand right below what is typed, where the eyes and an input method's own window are. A digit
picks a row while the text begins with a letter or character and holds no digit yet; codes and numbers, which
begin with a digit, are typed as they are, and so is everything after a space ("vb 12").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Static

from downtime.i18n import _
from downtime.screens.candidates import Candidate, Column, row_of, widths_in
from downtime.screens.rows import DIGITS
from downtime.screens.text import cell, lines
from downtime.screens.typed_fields import AskedField, Field

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.content import Content
    from textual.events import Blur, Click, Key

ROWS_SHOWN, WIDTH_MAX = 9, 100


class _Typed(AskedField):
    """The input of a search field; it asks the field first what a key means."""

    def __init__(self, owner: SearchField, **named: Any) -> None:
        super().__init__(owner.takes, owner.picks, **named)
        self._owner = owner

    async def _on_key(self, event: Key) -> None:
        await super()._on_key(event)
        self._owner.catch_up()  # now, so that letter and list are painted together

    def _on_blur(self, event: Blur) -> None:
        super()._on_blur(event)
        self._owner.candidates.display = False


class CandidateList(Static):
    """The rows under the field."""

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self.display = False

    def on_click(self, event: Click) -> None:
        """A click on a row picks it."""
        owner = self.parent
        assert isinstance(owner, SearchField)
        owner.pick_shown(event.get_content_offset_capture(self).y)
        event.stop()


class SearchField(Vertical):
    """An input with candidates below it.

    Args:
        seek: gives candidates for the typed text.
        hint: returns what stands in the empty field.
        tail: returns a last line under the rows (which key helps), or "".
        width: cells of the list, frame included; as wide as the screen allows by default.
    """

    DEFAULT_CSS = """
    SearchField { height: 1; width: 1fr; }
    SearchField CandidateList {
        overlay: screen; constrain: inside inflect; height: auto; width: auto; padding: 0 1;
        border: solid $primary; background: $panel;
    }
    """

    @dataclass
    class Picked(Message):
        """A row was taken."""

        search: SearchField
        value: Any

        @property
        def control(self) -> SearchField:
            """The field it came from."""
            return self.search

    @dataclass
    class Missed(Message):
        """Enter, but nothing is found; ``text`` stays in the field. Empty text: nothing was asked."""

        search: SearchField
        text: str

        @property
        def control(self) -> SearchField:
            """The field it came from."""
            return self.search

    @dataclass
    class Stepped(Message):
        """Up or down in an empty, closed field; ``by`` rows."""

        search: SearchField
        by: int

        @property
        def control(self) -> SearchField:
            """The field it came from."""
            return self.search

    def __init__(
        self,
        seek: Callable[[str], Sequence[Candidate]],
        columns: Sequence[Column],
        *,
        hint: Callable[[], str] = str,
        tail: Callable[[], str] = str,
        width: int = 0,
        id: str | None = None,  # noqa: A002 (Textual's name for it)
    ) -> None:
        super().__init__(id=id)
        self._seek, self._columns = seek, tuple(columns)
        self._hint, self._tail, self._list_width = hint, tail, width
        self.input = _Typed(self, placeholder=hint())
        self.candidates = CandidateList()
        self._found: Sequence[Candidate] = ()
        self._chosen = self._top = 0
        self._looked = ""
        self._drawn = (0, 0)

    def compose(self) -> ComposeResult:
        """The input, and the list over what lies below."""
        yield self.input
        yield self.candidates

    # -- what the screen may do ---------------------------------------------------------------------

    @property
    def text(self) -> str:
        """What is typed."""
        return self.input.value

    @property
    def is_open(self) -> bool:
        """Whether the list is in sight."""
        return bool(self.candidates.display)

    def ask(self) -> None:
        """Put the cursor here."""
        self.input.focus()

    def clear(self) -> None:
        """Empty the field and close the list."""
        self.input.value = ""
        self._look("")

    def close(self) -> None:
        """Put the list away and keep what is typed."""
        self._looked, self._found = self.text, ()
        self.candidates.display = False

    def retranslate(self) -> None:
        """Show hint and rows in the language in use."""
        self.input.placeholder = self._hint()
        if self.is_open:
            self._draw()

    def find(self, text: str, *, even_empty: bool = False) -> None:
        """Type ``text`` and show what it finds."""
        self.input.take(text)
        self._look(text, even_empty=even_empty)

    # -- keys ---------------------------------------------------------------------------------------

    def takes(self, event: Key) -> bool:
        """Act on a key that means something to the list; return whether it did."""
        if (key := event.key) == "enter":
            self._enter()
        elif key in {"down", "up", "pagedown", "pageup"}:
            self._step({"down": 1, "up": -1, "pagedown": ROWS_SHOWN, "pageup": -ROWS_SHOWN}[key])
        elif event.character and self.picks(event.character):
            self.pick_shown(int(event.character) - 1)
        else:
            return False
        return True

    def picks(self, character: str) -> bool:
        """Whether this character picks a row now."""
        if character not in DIGITS:
            return False
        self.catch_up()
        typed = self.text
        return bool(self._found) and self.is_open and not (" " in typed or any(map(str.isdigit, typed)))

    def on_input_changed(self, event: Field.Changed) -> None:
        """Search with every key."""
        event.stop()
        self.catch_up()

    def _look(self, typed: str, *, even_empty: bool = False) -> None:
        asked = typed.strip()
        self._looked = typed
        is_sought = even_empty if not asked else not asked.startswith("*")
        self._found = self._seek(asked) if is_sought else ()
        self._chosen = self._top = 0
        self.candidates.display = bool(self._found) or bool(asked and is_sought)
        if self.candidates.display:
            self._draw()

    def _step(self, by: int) -> None:
        self.catch_up()
        if not self.is_open:
            if self.text:
                self._look(self.text)
            else:
                self.post_message(self.Stepped(self, by))
            return
        if self._found:
            self._chosen = min(max(self._chosen + by, 0), len(self._found) - 1)
            if abs(by) == ROWS_SHOWN:
                self._top = max(min(self._top + by, len(self._found) - 1), 0)
                self._chosen = max(self._chosen, self._top)
            self._top = min(max(self._top, self._chosen - ROWS_SHOWN + 1), self._chosen)
            self._draw()

    def catch_up(self) -> None:
        """Search for what is typed now: a key can be here before the news of the one before it."""
        if self._looked != self.text:
            self._look(self.text)

    def _enter(self) -> None:
        self.catch_up()
        if self.is_open and self._found:
            self._pick(self._chosen)
        else:
            self.post_message(self.Missed(self, self.text.strip()))

    def pick_shown(self, row: int) -> None:
        """Take the row at this place of those in sight."""
        if 0 <= row < ROWS_SHOWN and self._top + row < len(self._found):
            self._pick(self._top + row)

    def _pick(self, place: int) -> None:
        chosen = self._found[place]
        self.clear()
        self.post_message(self.Picked(self, chosen.value))

    # -- drawing ------------------------------------------------------------------------------------

    def _draw(self) -> None:
        width = max((self._list_width or min(self.screen.size.width - self.region.x, WIDTH_MAX)) - 4, 24)
        widths = widths_in(self._columns, width - 2)
        rows: list[Content | str] = []
        for place, found in enumerate(self._found[self._top : self._top + ROWS_SHOWN]):
            chosen = self._top + place == self._chosen
            rows.append(row_of(found, place, self._columns, widths, chosen=chosen))
        if not self._found:
            rows.append(cell(_("Nothing found."), width, "$text-muted"))
        below = len(self._found) - self._top - ROWS_SHOWN
        if below > 0:
            rows.append(cell(_("{count} more: PgDn, or type on").format(count=below), width, "$text-muted"))
        if tail := self._tail():
            rows.append(cell(tail, width, "$text-muted"))
        is_resized = (len(rows), width) != self._drawn
        self._drawn = (len(rows), width)
        self.candidates.update(lines(rows), layout=is_resized)  # a new layout is what takes long


__all__ = ["Candidate", "Column", "SearchField"]
