"""Lines without money: F8 records and prints at once, Enter on the empty item line asks for a second one first."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from downtime.i18n import _
from downtime.screens.lines_screen import LinesScreen

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping


class UnpaidLines(LinesScreen):
    """What pricing, bookkeeping and the lines of an advance share."""

    acts: ClassVar[tuple[str, ...]] = (
        *("patient", "item", "quantity", "delete_line", "reprint", "hold", "settle"),
        *("department", "register", "unlisted"),
    )
    rights: ClassVar[Mapping[str, str]] = {"settle": "price"}
    _sure: Hashable = None

    def item_hint(self) -> str:
        """Return what stands in the empty item line."""
        return _("item: initials, name, code; *3 = three of the last; F8 records")

    def label_of(self, act: str) -> str:
        """F8 records here."""
        return _("Record") if act == "settle" else super().label_of(act)

    def finish_lines(self) -> None:
        """Enter on the empty item line: the second one on the same lines records them."""
        in_hand = (self.sheet.entry_id, tuple(self.sheet.lines))
        if self._sure == in_hand:
            super().finish_lines()
        elif self.why_not("settle") is None:
            self._sure = in_hand
            self.say(lambda: _("Enter again records and prints it."))
        else:
            super().finish_lines()

    async def act_settle(self) -> None:
        """Record and print."""
        await self.record_sheet()
