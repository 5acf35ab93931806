"""What the parts of the charge screen share: the sheet, the two searches, the draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.i18n import _
from downtime.screens.base import StationScreen
from downtime.screens.keymap import key_words
from downtime.screens.search_field import SearchField

if TYPE_CHECKING:
    from downtime.screens.charge_sheet import Sheet
    from downtime.store.drafts import Draft


_NEEDS = {
    "quantity": ("no line",),
    "delete_line": ("no line",),
    "price": ("no line",),
    "settle": ("no line", "nobody", "stopped"),
    "reprint": ("nothing yet",),
    "reverse": ("nothing yet", "busy"),
    "payer": ("nobody",),
    "hold": ("none held",),
    "unlisted": ("full",),
}
"""What each act needs, the first thing missing is told."""


class ChargeParts(StationScreen):
    """The sheet in hand and where its fields are.

    Attributes:
        sheet: the charge being filled in.
        marked: row of the line that F4 and F5 act on, or None for the last.
    """

    sheet: Sheet
    marked: int | None = None

    def held(self) -> list[Draft]:
        """Return the charges put aside or left unfinished, but for the one in hand."""
        return [
            draft
            for draft in self.desk.drafts()
            if draft.form == "charge" and draft.id != self.sheet.entry_id
        ]

    @property
    def patients(self) -> SearchField:
        """The patient search."""
        return self.query_one("#find-patient", SearchField)

    @property
    def items(self) -> SearchField:
        """The item search."""
        return self.query_one("#find-item", SearchField)

    def asks_patient(self) -> bool:
        """Return whether the patient search stands in place of the patient."""
        return self.sheet.patient is None or self.patients.input.has_focus

    def keep(self) -> None:
        """Keep the half-filled charge, synced, behind."""
        if not self.sheet.is_empty:
            draft = self.sheet.as_draft(held=False)
            self.station.behind(self.desk.saving_draft(self.sheet.entry_id, "charge", draft))

    def tail_of_patients(self) -> str:
        """Return what helps if the patient is not in the list."""
        key = key_words(self.station.keys_in_force["register"][0])
        return _("Not there? {key} registers a new patient.").format(key=key)

    def tail_of_items(self) -> str:
        """Return what helps if the item is not in the list."""
        key = key_words(self.station.keys_in_force["unlisted"][0])
        return _("Not in the list? {key} charges it as unlisted.").format(key=key)

    def why_not(self, act: str) -> str | None:
        """Say what is missing first."""
        sheet = self.sheet
        missing = {
            "no line": (not sheet.lines, _("There is no line yet.")),
            "nobody": (sheet.patient is None, _("Who is it for? F2 finds the patient.")),
            "stopped": (self.station.stopped, _("Recording is stopped; go on by paper and call IT.")),
            "nothing yet": (self.station.last is None, _("Nothing was recorded since the login.")),
            "busy": (not sheet.is_empty, _("Finish or hold this charge first.")),
            "none held": (sheet.is_empty and not self.held(), _("Nothing is held.")),
            "full": (sheet.is_full, _("One receipt has at most 60 lines: settle, then go on.")),
        }
        return next((missing[need][1] for need in _NEEDS.get(act, ()) if missing[need][0]), None)

    def wait(self) -> None:
        """Put the cursor where the next key belongs."""
        raise NotImplementedError

    def start_afresh(self) -> None:
        """Wait for the next patient."""
        raise NotImplementedError
