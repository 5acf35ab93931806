"""Going through the fields of a registration: what each key and each field leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static

from downtime.i18n import _
from downtime.masking import mask_phone
from downtime.screens.base import StationScreen
from downtime.screens.people import age_word, sex_word
from downtime.screens.registration_fields import TYPED, RegistrationFields
from downtime.screens.registration_sheet import RegistrationSheet, told_by_id
from downtime.screens.search_field import SearchField
from downtime.screens.text import cell, line, lines, shown
from downtime.screens.typed_fields import PhoneField

if TYPE_CHECKING:
    from textual.content import Content
    from textual.events import Key

    from downtime.screens.choice import Choice
    from downtime.screens.typed_fields import Field
    from forms.base import Problem

SAME_NAMES_SHOWN = 3


class RegistrationFlow(StationScreen):
    """The part of the registration screen that leads from field to field.

    Attributes:
        sheet: the patient in hand.
    """

    sheet: RegistrationSheet

    @property
    def fields(self) -> RegistrationFields:
        """The fields."""
        return self.query_one(RegistrationFields)

    @property
    def today(self) -> str:
        """The time now (RFC 3339)."""
        return self.station.now()

    def draw_same(self) -> None:
        """Show who has the name in the list already: a second number for one person is trouble later."""
        asked = self.sheet.name.strip()
        hits = (
            self.desk.search.search_patients(asked)[:SAME_NAMES_SHOWN] if asked and self.desk.search else []
        )
        if self.sheet.is_unknown or not hits:
            self.query_one("#registration-same", Static).update("")
            return
        told: list[Content | str] = [
            shown(_("Already in the list? Esc, then take them there:"), "$secondary")
        ]
        for hit in hits:
            age = age_word(hit.birth_date, self.today)
            text = f"{sex_word(hit.sex)} {age}  {hit.number}  {mask_phone(hit.phone)}"
            told.append(line("  ", cell(hit.name, 14, "bold"), " ", cell(text, 46)))
        self.query_one("#registration-same", Static).update(lines(told))

    def on_input_changed(self, event: Field.Changed) -> None:
        """Take what is typed; a child needs a guardian, a name may be known already."""
        event.stop()
        name = event.input.id or ""
        if name not in TYPED or getattr(self.sheet, name) == event.value:
            return
        was_child = self.sheet.is_child(self.today)
        setattr(self.sheet, name, event.value)
        doubt = event.input.doubt() if isinstance(event.input, PhoneField) else ""
        self.fields.beside(name, shown(doubt, "bold $accent"))
        if name == "name":
            self.sheet.is_unknown = False
            self.draw_same()
        if name in {"age", "guardian"}:
            self.sheet.goes_alone = False
        if was_child != self.sheet.is_child(self.today):
            self.redraw()

    def on_input_submitted(self, event: Field.Submitted) -> None:
        """Enter goes on."""
        event.stop()
        name = event.input.id or ""
        if name == "id_number":
            self._take_from_id()
        if name == "guardian" and not event.value.strip() and not self.sheet.goes_alone:
            self.show_problems([problem for problem in self._problems() if problem.field == "guardian"])
            self.sheet.goes_alone = True
            return
        self._go_on(name)

    def _problems(self) -> list[Problem]:
        form = self.sheet.registration(self.today)
        return form if isinstance(form, list) else []

    def _take_from_id(self) -> None:
        told = told_by_id(self.sheet.id_number)
        if told is not None and not self.sheet.age:
            self.sheet.age, self.sheet.sex = told
            self.fields.fill(self.sheet)
            self.redraw()

    def _go_on(self, name: str) -> None:
        order = self.fields.in_use(self.today)
        self.fields.field(order[min(order.index(name) + 1, len(order) - 1)]).focus()

    async def on_choice_settled(self, event: Choice.Settled) -> None:
        """The last choice records."""
        event.stop()
        self.fields.read(self.sheet)
        if event.choice.id == "kind":
            await self.act("settle")
        else:
            self._go_on("sex")

    def on_search_field_picked(self, event: SearchField.Picked) -> None:
        """Take a department or a doctor."""
        event.stop()
        hit = event.value
        if event.search.id == "department":
            self._place("department", hit.code, hit.name)
        else:
            self._place("doctor", hit.number, hit.name)

    def on_search_field_missed(self, event: SearchField.Missed) -> None:
        """What is in no list is taken as it was typed; nothing typed keeps what is chosen."""
        event.stop()
        if event.text:
            self._place(event.search.id or "", "", event.text)
        else:
            self._go_on(event.search.id or "")

    def _place(self, what: str, code: str, name: str) -> None:
        setattr(self.sheet, what, code)
        setattr(self.sheet, f"{what}_name", name)
        self.query_one(f"#{what}", SearchField).clear()
        self.redraw()
        self._go_on(what)

    def on_key(self, event: Key) -> None:
        """Up and down go from field to field where no list is open."""
        name = next(
            (name for name in self.fields.in_use(self.today) if self.fields.field(name) is self.focused),
            None,
        )
        if name is None or event.key not in {"up", "down"}:
            return
        order = self.fields.in_use(self.today)
        place = order.index(name) + (1 if event.key == "down" else -1)
        if 0 <= place < len(order):
            event.stop()
            self.fields.field(order[place]).focus()
