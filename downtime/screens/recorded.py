"""The quiet line after an entry stands: number, amount, change, and what became of the paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.errors import DowntimeError
from downtime.i18n import _
from forms.money import SYMBOLS, format_amount

if TYPE_CHECKING:
    from downtime.app import DowntimeApp
    from downtime.entry import Entry


class RecordedLine:
    """What is known about the entry recorded last."""

    def __init__(self, app: DowntimeApp, entry: Entry, change_minor: int = 0) -> None:
        self._app, self.entry, self.change_minor = app, entry, change_minor
        self.paper = ""

    def words(self) -> str:
        """Return the line in the language in use."""
        currency = self._app.settings.hospital.currency
        parts = [_("Recorded {number}").format(number=_name_of(self.entry))]
        if self.entry.amount_minor:
            parts.append(money(self.entry.amount_minor, currency))
        if owed := self.entry.content.get("authorisation"):
            parts.append(_("Green channel") if owed["kind"] == "green_channel" else _("Arrears"))
        if self.change_minor:
            parts.append(_("Change {amount}").format(amount=format_amount(self.change_minor, currency)))
        paper = {
            "printing": _("printing"),
            "printed": _("printed"),
            "maybe_printed": _("perhaps printed: look, then F6"),
            "not_printed": _("NOT PRINTED: F6 tries again"),
        }.get(self.paper)
        return "   ".join([*parts, *([paper] if paper else [])])

    def tell(self) -> None:
        """Show the line on the screen in sight, unless a newer one took its place."""
        if self._app.last is self:
            self._app.tell(self.words, "problem" if self.paper == "not_printed" else "done")

    async def confirm_and_print(self, *, print_it: bool, reason: str = "") -> None:
        """Remember that it was told; print; say what became of it."""
        desk = self._app.desk
        if desk is None:
            return
        await desk.confirming(self.entry.id)
        if print_it:
            await self.print_copy(reason)
        self._app.look()

    async def print_copy(self, reason: str = "") -> None:
        """Print the next copy; a printer that fails is told, never waited for."""
        desk = self._app.desk
        if desk is None:
            return
        self._app.printing += 1
        self.paper = "printing"
        self.tell()
        self._app.draw_top()
        try:
            self.paper = (await desk.printing(self.entry, reason)).state
        except (DowntimeError, OSError):
            self.paper = "not_printed"
        finally:
            self._app.printing -= 1
        self.tell()
        self._app.look()


def _name_of(entry: Entry) -> str:
    return entry.number or str(entry.content.get("shift") or "") or entry.id


def money(minor: int, currency: str) -> str:
    """Return an amount with its sign or code: "¥45.00", "45.00 USD"."""
    figures = format_amount(minor, currency)
    return f"{SYMBOLS[currency]}{figures}" if currency in SYMBOLS else f"{figures} {currency}"
