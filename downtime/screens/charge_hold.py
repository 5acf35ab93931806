"""Holding a form: the next patient first, this one in a minute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.i18n import _
from downtime.screens.pick import PickDialog
from downtime.screens.recorded import money
from downtime.screens.window_parts import WindowParts

if TYPE_CHECKING:
    from downtime.screens.window_sheet import WindowSheet
    from downtime.store.drafts import Draft


class Holding(WindowParts):
    """The part of the screens at the window that puts forms aside and takes them up again."""

    def act_hold(self) -> None:
        """Put this form aside; on an empty screen take one up."""
        if not self.sheet.is_empty:
            self.hold_sheet()
            return
        held = self.held()
        if len(held) == 1:
            self.take_up(held[0])
        elif held:
            rows = [(self._row_words(draft), draft) for draft in held]
            self.station.push_screen(PickDialog(lambda: _("Which one?"), rows), self.take_up)

    def hold_sheet(self) -> None:
        """Put this form aside and wait for the next patient."""
        sheet = self.sheet
        self.station.behind(self._saving(sheet))
        name = sheet.patient.name if sheet.patient else ""
        self.start_afresh()
        self.say(lambda: _("Held: {name}. F7 on an empty screen takes it up again.").format(name=name))

    async def _saving(self, sheet: WindowSheet) -> None:
        await self.desk.saving_draft(sheet.entry_id, sheet.form_name, sheet.as_draft(held=True))
        self.redraw()

    def take_up(self, draft: Draft | None) -> None:
        """Go on with a held form."""
        if draft is not None:
            self.sheet = self.sheet_of(draft)
        self.wait()

    def _row_words(self, draft: Draft) -> str:
        sheet = self.sheet_of(draft)
        name = sheet.patient.name if sheet.patient else ""
        amount = money(sheet.total_minor, self.desk.currency)
        return f"{draft.saved_at[11:16]}  {name[:20]}  {sheet.summary()}  {amount}"
