"""The screen every form has at once, made from its fields: fill in, Enter goes on, Enter at the end records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Static

from downtime.i18n import _
from downtime.problem_text import problem_words
from downtime.record import new_entry_id
from downtime.screens.base import StationScreen
from downtime.screens.form_fields import KINDS, FormField, UnreadableNumberError, fields_of
from downtime.screens.keyline import Words
from downtime.screens.people import PatientCard, patient_card
from downtime.screens.search_field import SearchField
from downtime.screens.seeking import PATIENT_COLUMNS, seek_patients
from downtime.screens.text import cut, shown
from downtime.screens.typed_fields import PhoneField
from forms import people_form_named
from forms.base import Problem, read_form

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.widget import Widget

    from downtime.record import Recorded
    from downtime.screens.choice import Choice
    from downtime.screens.scans import Scan
    from downtime.screens.typed_fields import Field
    from downtime.store.drafts import Draft
    from forms.base import Form

_PATIENT = "patient"


class FormScreen(StationScreen):
    """One form.

    Args:
        form_name: which form, by name; or give ``form`` itself.
        patient: who it is about, if known.
        draft: a half-filled one to go on with.
        returning: give the recorded entry back to the screen below instead of starting afresh.
        given: values of fields by dotted path.
    """

    CSS_PATH = "form_screen.tcss"
    acts: ClassVar[tuple[str, ...]] = ("patient", "settle")

    def __init__(
        self,
        form_name: str = "",
        *,
        form: type[Form] | None = None,
        patient: PatientCard | None = None,
        draft: Draft | None = None,
        returning: bool = False,
        **given: Any,
    ) -> None:
        super().__init__()
        named = form or people_form_named(form_name)
        assert named is not None, form_name
        self._form, self._fields = named, fields_of(named)
        self._patient, self._draft, self._returning, self._given = patient, draft, returning, given
        self._entry_id = draft.id if draft else new_entry_id()
        self._sure = False

    # -- what is seen -------------------------------------------------------------------------------

    def body(self) -> ComposeResult:
        """A title and one row per field, what is wrong beside it."""
        yield Static("", id="form-title", markup=False)
        with VerticalScroll(id="form-rows", can_focus=False):
            for field in self._fields:
                if field.kind == "currency" or (field.kind == _PATIENT and field.path != _PATIENT):
                    continue
                with Horizontal(classes="form-row"):
                    yield Words(_labelled(field), classes="label form-label")
                    yield self._widget(field)
                    yield Static("", id=f"{field.id}-problem", classes="problem", markup=False)

    def _widget(self, field: FormField) -> Widget:
        if field.kind == _PATIENT:
            return SearchField(lambda typed: seek_patients(self.desk, typed), PATIENT_COLUMNS, id=field.id)
        return KINDS[field.kind].make(field.id, field)

    def on_mount(self) -> None:
        """Put back what a draft or another screen gave, and wait in the first empty field."""
        content = self._draft.content if self._draft else {}
        if content.get("card"):
            self._patient = PatientCard(**content["card"])
        values = {**self._given, **content.get("values", {})}
        for field in self._typed():
            if values.get(field.path) is not None:
                KINDS[field.kind].write(
                    self.query_one(f"#{field.id}"), values[field.path], self.desk.currency
                )
        super().on_mount()
        if self._patient is not None:
            self.opened_patient(self._patient.number, self._entry_id)
        self._show_patient()
        self._focus_on(self._shown()[1 if self._patient and self._needs_patient() else 0])

    def redraw(self) -> None:
        """Write the title."""
        self.query_one("#form-title", Static).update(shown(_(self._form.title), "bold $accent"))

    def label_of(self, act: str) -> str:
        """F8 records here."""
        return _("Record") if act == "settle" else super().label_of(act)

    def offers(self, act: str) -> bool:
        """Only a form about a patient looks for one."""
        return super().offers(act) and (act != _PATIENT or self._needs_patient())

    def right_of(self, act: str) -> str | None:
        """Recording it needs what the form needs."""
        return self._form.right if act == "settle" else super().right_of(act)

    def _needs_patient(self) -> bool:
        return any(field.path == _PATIENT for field in self._fields)

    def _typed(self) -> list[FormField]:
        return [field for field in self._fields if field.kind in KINDS]

    def _shown(self) -> list[FormField]:
        return [field for field in self._fields if field.kind in KINDS or field.path == _PATIENT]

    def _focus_on(self, field: FormField) -> None:
        widget = self.query_one(f"#{field.id}")
        (widget.input if isinstance(widget, SearchField) else widget).focus()
        widget.scroll_visible(animate=False)

    # -- going on -----------------------------------------------------------------------------------

    async def on_input_submitted(self, event: Field.Submitted) -> None:
        """Enter goes on to the next field; twice at the end records."""
        event.stop()
        await self._go_on(event.input.id or "")

    async def on_choice_settled(self, event: Choice.Settled) -> None:
        """A choice goes on too."""
        await self._go_on(event.choice.id or "")

    async def _go_on(self, id_of_widget: str) -> None:
        self.keep()
        shown_fields = self._shown()
        place = next(n for n, field in enumerate(shown_fields) if field.id == id_of_widget)
        if place + 1 < len(shown_fields):
            self._focus_on(shown_fields[place + 1])
        elif self._sure:
            await self.act("settle")
        else:
            self._sure = True
            self.say(lambda: _("Enter again records it."))

    def on_input_changed(self, event: Field.Changed) -> None:
        """Whoever types on is not done; what is no phone number is told beside it."""
        self._sure = False
        if isinstance(event.input, PhoneField):
            self.query_one(f"#{event.input.id}-problem", Static).update(shown(event.input.doubt()))

    def act_patient(self) -> None:
        """Find the patient."""
        self._focus_on(next(field for field in self._fields if field.path == _PATIENT))

    def on_search_field_picked(self, event: SearchField.Picked) -> None:
        """Take the patient and go on."""
        self._seat(patient_card(self.desk, event.value))

    async def on_search_field_missed(self, event: SearchField.Missed) -> None:
        """Enter on a patient that is there goes on."""
        if self._patient is not None:
            self._show_patient()
            await self._go_on(event.search.id or "")

    def _seat(self, patient: PatientCard) -> None:
        self._patient = patient
        self.opened_patient(patient.number, self._entry_id)
        self._show_patient()
        self.keep()
        shown_fields = self._shown()
        self._focus_on(shown_fields[min(1, len(shown_fields) - 1)])

    def _show_patient(self) -> None:
        if self._patient is not None and self._needs_patient():
            search = self.query_one(f"#field-{_PATIENT}", SearchField)
            search.input.take(f"{cut(self._patient.name, 40)} {self._patient.number}")
            search.close()

    def take_scan(self, scan: Scan) -> bool:
        """A card seats its patient."""
        if scan.kind != _PATIENT or not self._needs_patient():
            return False
        self._seat(scan.value)
        return True

    def keep(self) -> None:
        """Keep the half-filled form, synced, behind."""
        values: dict[str, Any] = {}
        for field in self._typed():
            try:
                values[field.path] = KINDS[field.kind].read(
                    self.query_one(f"#{field.id}"), self.desk.currency
                )
            except UnreadableNumberError:
                values[field.path] = str(getattr(self.query_one(f"#{field.id}"), "value", ""))
        card = self._patient.as_content() if self._patient else None
        content = {"values": values, "card": card, "patient": card}
        self.station.behind(self.desk.saving_draft(self._entry_id, self._form.name, content))

    # -- recording ----------------------------------------------------------------------------------

    def content(self) -> tuple[dict[str, Any], list[Problem]]:
        """Return the form's content as typed, and what cannot be read beside its field."""
        content: dict[str, Any] = {}
        problems: list[Problem] = []
        if self._needs_patient():
            content["patient"] = self._patient.reference() if self._patient else None
        for field in self._fields:
            if field.kind == "currency":
                content["currency"] = self.desk.currency
            elif field.kind == _PATIENT and field.path != _PATIENT:
                content[field.path] = self._patient.visit if self._patient else None
            elif field.kind in KINDS:
                try:
                    value = KINDS[field.kind].read(self.query_one(f"#{field.id}"), self.desk.currency)
                except UnreadableNumberError as error:
                    problems.append(Problem(field.path, error.msgid, error.fields))
                    value = None
                _put(content, field, None if field.may_be_none and value == "" else value)
        for part in {field.optional_part for field in self._fields if field.optional_part}:
            if not any(value for value in (content.get(part) or {}).values()):
                content[part] = None
        return content, problems

    async def act_settle(self) -> None:
        """Record it, or show what is wrong beside each field."""
        self._sure = False
        content, problems = self.content()
        for field in self._shown():
            self.query_one(f"#{field.id}-problem", Static).update(shown(""))
        form = read_form(self._form, content)
        if isinstance(form, list) or problems:
            self.show_problems(problems or (form if isinstance(form, list) else []))
            return
        await self.record(form, self._entry_id, self._stands)

    def _stands(self, recorded: Recorded) -> None:
        """It stands: back to the screen below, or on to the next one."""
        if self._returning:
            self.dismiss(recorded.entry)
        else:
            self.station.switch_screen(type(self)(form=self._form))
        self.station.tell_recorded(recorded.entry)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Put each problem beside its field; the cursor goes to the first."""
        placed = False
        for problem in problems:
            field = next((f for f in self._shown() if problem.field in {f.path, f"{f.path}."}), None)
            field = field or next((f for f in self._shown() if problem.field.startswith(f.path + ".")), None)
            if field is None:
                super().show_problems([problem])
                continue
            self.query_one(f"#{field.id}-problem", Static).update(shown(problem_words(problem)))
            if not placed:
                self._focus_on(field)
                placed = True


def _labelled(field: FormField) -> Callable[[], str]:
    return lambda: _(field.label)


def _put(content: dict[str, Any], field: FormField, value: Any) -> None:
    *parts, last = field.path.split(".")
    for part in parts:
        content = content.setdefault(part, {})
    content[last] = value
