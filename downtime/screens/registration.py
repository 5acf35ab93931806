"""A new patient and why they come, in one go: name, sex, age; department, doctor, kind. F8 records both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from downtime.i18n import _
from downtime.problem_text import problem_words
from downtime.screens.registration_fields import ORDER, RegistrationFields
from downtime.screens.registration_flow import RegistrationFlow
from downtime.screens.registration_sheet import RegistrationSheet
from downtime.screens.side import recent_lines
from downtime.screens.text import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual.app import ComposeResult
    from textual.events import DescendantBlur

    from downtime.entry import Entry
    from downtime.screens.people import PatientCard
    from downtime.store.drafts import Draft
    from forms.base import Form, Problem

FORM = "registration"
REMEMBERED = "registration_place"
LEFT = "registration_left"
"""Where the app remembers the place of the patient before, and the draft that was left with Esc."""

TRIES_MAX = 3
_GUARDIAN_FIELDS = {
    "guardian.name": "guardian",
    "guardian.relation": "relation",
    "guardian.phone": "guardian_phone",
}


class RegistrationScreen(RegistrationFlow):
    """Gives the ``PatientCard`` of the new patient with their visit, or None.

    Args of the constructor:
        name: text to stand in the name field, for instance what was searched and not found.
        draft: a half-filled form to go on with.
        returning: leave with the card once recorded; otherwise the next patient is asked for.
    """

    CSS_PATH = "registration.tcss"
    acts: ClassVar[tuple[str, ...]] = ("patient", "unknown_person", "settle", "register", "department")
    rights: ClassVar[Mapping[str, str]] = {"settle": "register", "patient": "price"}

    def __init__(self, name: str = "", *, draft: Draft | None = None, returning: bool = False) -> None:
        super().__init__()
        self.sheet = RegistrationSheet(name=name)
        self._draft, self._returning = draft, returning
        self._saved: dict[str, Any] = {}
        self._card: PatientCard | None = None
        self._taken = False

    def body(self) -> ComposeResult:
        """Fields, same names in the list, and at wide screens the last receipts."""
        with Horizontal():
            with Vertical(id="registration-main"):
                yield RegistrationFields(self.desk, lambda: self.sheet)
                yield Static("", id="registration-same", markup=False)
            yield Static("", id="side", markup=False)

    def on_mount(self) -> None:
        """Begin, or go on where somebody left off."""
        left = self._draft or self._left_behind()
        if left is not None:
            self.sheet = RegistrationSheet.of_draft(left.content)
            self.say(lambda: _("Going on with what was left half filled. Ctrl+N starts afresh."))
        else:
            self._begin(RegistrationSheet(name=self.sheet.name))
        self.fields.fill(self.sheet)
        super().on_mount()
        self.fields.field("name").focus()

    def _left_behind(self) -> Draft | None:
        left = self.station.remembered.pop(LEFT, None)
        if left is None or self.sheet.name:
            return None
        return next((draft for draft in self.desk.drafts() if draft.id == left), None)

    def _begin(self, sheet: RegistrationSheet) -> None:
        self.sheet = sheet
        before = self.station.remembered.get(REMEMBERED)
        if isinstance(before, RegistrationSheet):
            sheet.keep_place(before)
        sheet.number = self.desk.next_temporary_patient()
        sheet.visit_number = self.desk.next_temporary_visit()
        self._saved = sheet.as_content()

    # -- what is shown ------------------------------------------------------------------------------

    def redraw(self) -> None:
        """Write everything in the language in use."""
        self.fields.redraw(self.today)
        self.draw_same()
        self.query_one("#side", Static).update(recent_lines(self.desk, 40, self.size.height - 6))
        self.keys_changed()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Put each problem beside its field, and the cursor into the first; take a free number if one is needed."""
        taken = [problem.field for problem in problems if problem.field.endswith(".number")]
        if taken:
            self._take_next_number(taken[0])
            return
        rest = []
        for problem in reversed(problems):
            name = _GUARDIAN_FIELDS.get(problem.field, problem.field.rsplit(".", 1)[-1])
            if name in ORDER:
                self.fields.beside(name, shown(problem_words(problem), "bold $accent"))
                self.fields.field(name).focus()
            else:
                rest.append(problem)
        super().show_problems(rest)

    def _take_next_number(self, field: str) -> None:
        self._taken = True
        if field == "patient.number":
            self.sheet.number = self.desk.next_temporary_patient()
        else:
            self.sheet.visit_number = self.desk.next_temporary_visit()
        self.redraw()

    # -- going through the fields -------------------------------------------------------------------

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "Enter goes from field to field, F8 records with what is there. Ctrl+U, then Enter: an unnamed person. "
            "The number is temporary; the HIS gives the real one later."
        )

    def label_of(self, act: str) -> str:
        """Return what finishing means here."""
        return {"settle": _("Record"), "patient": _("Charge"), "register": _("Start afresh")}.get(
            act
        ) or super().label_of(act)

    def why_not(self, act: str) -> str | None:
        """F2 takes the patient registered last to the charge."""
        if act == "patient" and self._card is None:
            return _("Record the new patient first.")
        return None

    def offers(self, act: str) -> bool:
        """A charge that asked for the patient gets them back by itself."""
        return super().offers(act) and not (act == "patient" and self._returning)

    # -- drafts -------------------------------------------------------------------------------------

    def on_descendant_blur(self, _event: DescendantBlur) -> None:
        """Keep what is there whenever a field is left."""
        self.keep()

    def keep(self) -> None:
        """Keep what is half filled, synced, behind."""
        if not self.is_attached or self.station.desk is None:
            return
        self.fields.read(self.sheet)
        content = self.sheet.as_content()
        if self.sheet.is_begun and content != self._saved:
            self._saved = content
            self.station.behind(self.desk.saving_draft(self.sheet.entry_id, FORM, content))

    def step_back(self) -> None:
        """Leave; what is half filled stays as a draft."""
        self.keep()
        if self.sheet.is_begun:
            self.station.remembered[LEFT] = self.sheet.entry_id
        super().step_back()

    # -- acts ---------------------------------------------------------------------------------------

    def act_unknown_person(self) -> None:
        """Nobody can name the person: one Enter more records them."""
        self.sheet.make_unknown()
        self.fields.fill(self.sheet)
        self.redraw()
        self.fields.field("kind").focus()
        self.say(lambda: _("Enter records the unnamed person; arrow up adds sex or age."))

    def act_department(self) -> None:
        """Ask for the department."""
        self.fields.field("department").focus()

    def act_patient(self) -> None:
        """Charge the patient registered last."""
        self.station.go("charge", patient=self._card)

    def act_register(self) -> None:
        """Begin with the next patient; this one stays as a draft."""
        self.keep()
        self._start_afresh()

    def _start_afresh(self) -> None:
        self._begin(RegistrationSheet())
        self.fields.fill(self.sheet)
        self.fields.clear_problems()
        self.redraw()
        self.fields.field("name").focus()

    async def act_settle(self) -> None:
        """Record the registration, then the visit; a second press records neither twice."""
        self.fields.read(self.sheet)
        self.fields.clear_problems()
        today = self.today
        registered = await self._recorded(lambda: self.sheet.registration(today), self.sheet.entry_id)
        if registered is None:
            return
        visited = await self._recorded(lambda: self.sheet.visit(today), self.sheet.visit_id)
        if visited is None:
            return
        self._card = card = self.sheet.card(today)
        self.station.remembered[REMEMBERED] = self.sheet
        self._saved = self.sheet.as_content()
        self.sheet = RegistrationSheet()
        if self._returning:
            self.dismiss(card)
        else:
            self._start_afresh()
        self.station.tell_recorded(registered)
        self.station.tell_recorded(visited)

    async def _recorded(self, form_now: Callable[[], Form | list[Problem]], entry_id: str) -> Entry | None:
        """Record one of the two; a temporary number that was taken meanwhile is replaced by the next."""
        for _try in range(TRIES_MAX):
            form = form_now()
            if isinstance(form, list):
                self.show_problems(form)
                return None
            self._taken = False
            recorded = await self.record(form, entry_id)
            if recorded is not None:
                return recorded.entry
            if not self._taken:
                return None
        return None
