"""Holding a charge: the next patient first, this one in a minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.i18n import _
from downtime.screens.charge_parts import ChargeParts
from downtime.screens.charge_sheet import Sheet
from downtime.screens.pick import PickDialog
from downtime.screens.recorded import money

if TYPE_CHECKING:
    from downtime.store.drafts import Draft


class Holding(ChargeParts):
    """The part of the charge screen that puts charges aside and takes them up again."""

    def act_hold(self) -> None:
        """Put this charge aside; on an empty screen take one up."""
        if not self.sheet.is_empty:
            self.hold_sheet()
            return
        held = self.held()
        if len(held) == 1:
            self.take_up(held[0])
        elif held:
            rows = [(_row_words(draft, self.desk.currency), draft) for draft in held]
            self.station.push_screen(PickDialog(lambda: _("Which one?"), rows), self.take_up)

    def hold_sheet(self) -> None:
        """Put this charge aside and wait for the next patient."""
        sheet = self.sheet
        self.station.behind(self._saving(sheet))
        name = sheet.patient.name if sheet.patient else ""
        self.start_afresh()
        self.say(lambda: _("Held: {name}. F7 on an empty screen takes it up again.").format(name=name))

    async def _saving(self, sheet: Sheet) -> None:
        await self.desk.saving_draft(sheet.entry_id, "charge", sheet.as_draft(held=True))
        self.redraw()

    def take_up(self, draft: Draft | None) -> None:
        """Go on with a held charge."""
        if draft is not None:
            self.sheet = Sheet.from_draft(draft.id, self.desk.currency, draft.content)
        self.wait()


def _row_words(draft: Draft, currency: str) -> str:
    sheet = Sheet.from_draft(draft.id, currency, draft.content)
    name = sheet.patient.name if sheet.patient else ""
    lines = _("{count} lines").format(count=len(sheet.lines))
    return f"{draft.saved_at[11:16]}  {name[:20]}  {lines}  {money(sheet.total_minor, currency)}"
