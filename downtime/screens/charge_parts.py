"""What the parts of a screen with lines share: the lines in hand, the item search, what a key still needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.i18n import _
from downtime.screens.keymap import key_words
from downtime.screens.search_field import SearchField
from downtime.screens.window import Window
from downtime.screens.window_parts import NEEDS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import ClassVar

    from downtime.screens.charge_sheet import LineSheet


class ChargeParts(Window):
    """The lines in hand and where their fields are.

    Attributes:
        sheet: what is being filled in.
        marked: row of the line that F4 and F5 act on, or None for the last.
    """

    needs_of: ClassVar[Mapping[str, tuple[str, ...]]] = {
        **NEEDS,
        "quantity": ("no line",),
        "delete_line": ("no line",),
        "price": ("no line",),
        "settle": ("no line", "nobody", "stopped"),
        "unlisted": ("full",),
    }
    sheet: LineSheet
    marked: int | None = None

    @property
    def items(self) -> SearchField:
        """The item search."""
        return self.query_one("#find-item", SearchField)

    def tail_of_items(self) -> str:
        """Return what helps if the item is not in the list."""
        key = key_words(self.station.keys_in_force["unlisted"][0])
        return _("Not in the list? {key} charges it as unlisted.").format(key=key)

    def missing(self) -> dict[str, tuple[bool, str]]:
        """Return per need whether it is missing, and what is said then."""
        full = _("One receipt has at most 60 lines: settle, then go on.")
        return {
            "no line": (not self.sheet.lines, _("There is no line yet.")),
            "full": (self.sheet.is_full, full),
            **super().missing(),
        }
