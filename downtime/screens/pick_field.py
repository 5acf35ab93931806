"""A search field over a short list that opens by itself: a digit picks, Enter takes the marked row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.screens.search_field import Column, SearchField

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.events import DescendantBlur, DescendantFocus

    from downtime.screens.search_field import Candidate

LIST_CELLS = 46


class PickField(SearchField):
    """The field.

    Args:
        seek: gives the rows for typed text; all of them for none.
        value: returns what is chosen, as text; it stands in the field.
        mark: returns the text of the row that is marked when the list opens; the chosen one by default.
        columns: how the rows are laid out.
    """

    def __init__(
        self,
        seek: Callable[[str], Sequence[Candidate]],
        value: Callable[[], str],
        mark: Callable[[], str] | None = None,
        columns: Sequence[Column] = (Column(0),),
        **named: Any,
    ) -> None:
        super().__init__(seek, columns, **{"width": LIST_CELLS, **named})
        self._value, self._mark = value, mark or value

    def on_descendant_focus(self, _event: DescendantFocus) -> None:
        """Open the list, what is chosen marked."""
        self.open_list()

    def on_descendant_blur(self, _event: DescendantBlur) -> None:
        """Show what is chosen."""
        self.show_value()

    def show_value(self) -> None:
        """Write what is chosen, with the list closed."""
        self.input.take(self._value())
        self.close()

    def open_list(self) -> None:
        """Show all rows."""
        self.find("", even_empty=True)
        wanted = self._mark()
        place = next((n for n, row in enumerate(self._found) if wanted and wanted in row.shows), 0)
        if place:
            self._step(place)
