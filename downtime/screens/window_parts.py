"""What the screens at the window share: the sheet in hand, the patient search, drafts, what a key still needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from downtime.i18n import _
from downtime.record import new_entry_id
from downtime.screens.base import StationScreen
from downtime.screens.keymap import key_words
from downtime.screens.search_field import SearchField
from downtime.screens.text import cut, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.content import Content

    from downtime.entry import Entry
    from downtime.screens.people import PatientCard
    from downtime.screens.window_sheet import WindowSheet
    from downtime.store.drafts import Draft

NEEDS: Mapping[str, tuple[str, ...]] = {
    "settle": ("nobody", "stopped"),
    "reprint": ("nothing yet",),
    "reverse": ("nothing yet", "busy"),
    "payer": ("nobody",),
    "hold": ("none held",),
}
"""What each act needs, the first thing missing is told."""


class WindowParts(StationScreen):
    """The sheet in hand and where its fields are.

    Args:
        patient: who is at the window already.
        draft: a half-filled form to go on with.

    Attributes:
        sheet_kind: what is filled in here.
        sheet: the one in hand.
        card_for: the entry recorded last, if its patient is insured: the card may be kept now.
    """

    sheet_kind: ClassVar[type[WindowSheet]]
    needs_of: ClassVar[Mapping[str, tuple[str, ...]]] = NEEDS
    sheet: WindowSheet
    card_for: Entry | None = None

    def __init__(self, patient: PatientCard | None = None, draft: Draft | None = None) -> None:
        super().__init__()
        self._patient_given, self._draft_given = patient, draft

    # -- sheets -------------------------------------------------------------------------------------

    def new_sheet(self) -> WindowSheet:
        """Return an empty sheet with an id of its own."""
        return self.sheet_kind(new_entry_id(), self.desk.currency)

    def sheet_of(self, draft: Draft) -> WindowSheet:
        """Return the sheet a draft holds."""
        return self.sheet_kind.from_draft(draft.id, self.desk.currency, draft.content)

    def take_given(self) -> None:
        """Go on with what the screen was opened with."""
        if self._draft_given is not None:
            self.sheet = self.sheet_of(self._draft_given)
        if self._patient_given is not None:
            self.sheet.seat(self._patient_given)
            self.seated()

    def seated(self) -> None:
        """Fill in what is known about the patient; for subclasses."""

    def held(self) -> list[Draft]:
        """Return the forms of this kind put aside or left unfinished, but for the one in hand."""
        return [
            draft
            for draft in self.desk.drafts()
            if draft.form == self.sheet.form_name and draft.id != self.sheet.entry_id
        ]

    def keep(self) -> None:
        """Keep the half-filled form, synced, behind."""
        if not self.sheet.is_empty:
            draft = self.sheet.as_draft(held=False)
            self.station.behind(self.desk.saving_draft(self.sheet.entry_id, self.sheet.form_name, draft))

    # -- the patient search -------------------------------------------------------------------------

    @property
    def patients(self) -> SearchField:
        """The patient search."""
        return self.query_one("#find-patient", SearchField)

    def asks_patient(self) -> bool:
        """Return whether the patient search stands in place of the patient."""
        return self.sheet.patient is None or self.patients.input.has_focus

    def tail_of_patients(self) -> str:
        """Return what helps if the patient is not in the list."""
        if not (self.offers("register") and self.is_allowed("register")):
            return _("Not there? Try the whole number, or part of the name.")
        key = key_words(self.station.keys_in_force["register"][0])
        return _("Not there? {key} registers a new patient.").format(key=key)

    # -- keys ---------------------------------------------------------------------------------------

    def why_not(self, act: str) -> str | None:
        """Say what is missing first."""
        if act == "payer" and self.offers_card():
            return None
        missing = self.missing()
        return next((missing[need][1] for need in self.needs_of.get(act, ()) if missing[need][0]), None)

    def missing(self) -> dict[str, tuple[bool, str]]:
        """Return per need whether it is missing, and what is said then."""
        sheet = self.sheet
        return {
            "nobody": (sheet.patient is None, _("Who is it for? F2 finds the patient.")),
            "stopped": (self.station.stopped, _("Recording is stopped; go on by paper and call IT.")),
            "nothing yet": (self.station.last is None, _("Nothing was recorded since the login.")),
            "busy": (not sheet.is_empty, _("Finish or hold this charge first.")),
            "none held": (sheet.is_empty and not self.held(), _("Nothing is held.")),
        }

    def offers_card(self) -> bool:
        """Return whether the card of the patient just served may be kept now."""
        return self.card_for is not None and self.sheet.patient is None and self.station.may("cash")

    def foot_parts(self) -> list[Content]:
        """Return what stands first in the row above the keys."""
        if self.card_for is None or not self.offers_card():
            return []
        told = {
            "key": key_words(self.station.keys_in_force["payer"][0]),
            "name": cut(str(self.card_for.content["patient"]["name"]), 12),
        }
        return [shown(_("{key} keeps the card of {name}").format(**told), "bold $accent")]

    def label_of(self, act: str) -> str:
        """Return what the payer's key is called while a card may be kept, and F7 where it takes a form up again."""
        if act == "hold" and self.sheet.is_empty:
            return _("Take up")
        return _("Keep card") if act == "payer" and self.offers_card() else super().label_of(act)

    def wait(self) -> None:
        """Put the cursor where the next key belongs."""
        raise NotImplementedError

    def start_afresh(self) -> None:
        """Wait for the next patient."""
        raise NotImplementedError
