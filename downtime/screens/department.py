"""Which department and doctor the next lines belong to; kept until it is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal

from downtime.i18n import _
from downtime.screens.base import Dialog
from downtime.screens.keyline import Words
from downtime.screens.search_field import SearchField
from downtime.screens.seeking import DEPARTMENT_COLUMNS, STAFF_COLUMNS, seek_departments, seek_staff

if TYPE_CHECKING:
    from textual.app import ComposeResult


class DepartmentDialog(Dialog):
    """Gives a dict with department, department_name, doctor and doctor_name, or None."""

    CSS_PATH = "department.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._chosen: dict[str, str] = {
            "department": "",
            "department_name": "",
            "doctor": "",
            "doctor_name": "",
        }

    def body(self) -> ComposeResult:
        """Department, then doctor; a doctor brings the department along."""
        with Horizontal(classes="row"):
            yield Words(lambda: _("Department"), classes="label department-label")
            yield SearchField(
                lambda typed: seek_departments(self.desk, typed),
                DEPARTMENT_COLUMNS,
                width=46,
                id="department",
            )
        with Horizontal(classes="row"):
            yield Words(lambda: _("Doctor"), classes="label department-label")
            yield SearchField(
                lambda typed: seek_staff(self.desk, typed, "doctor"), STAFF_COLUMNS, width=56, id="doctor"
            )
        yield Words(
            lambda: _("Initials or a code; Enter on an empty field goes on."), classes="sentence muted"
        )

    def on_mount(self) -> None:
        """The cursor waits for the department."""
        super().on_mount()
        self.query_one("#department", SearchField).ask()

    def redraw(self) -> None:
        """Write the title."""
        self.entitle(_("Department and doctor"))

    def on_search_field_picked(self, event: SearchField.Picked) -> None:
        """Take the row and go on."""
        if event.search.id == "department":
            self._chosen.update(department=event.value.code, department_name=event.value.name)
            self._keep_text(event.search, event.value.name)
            self.query_one("#doctor", SearchField).ask()
            return
        self._chosen.update(doctor=event.value.number, doctor_name=event.value.name)
        if not self._chosen["department"] and self.desk.reference is not None:
            department = self.desk.reference.department(event.value.department)
            if department is not None:
                self._chosen.update(department=department.code, department_name=department.name)
        self.dismiss(self._chosen)

    def on_search_field_missed(self, event: SearchField.Missed) -> None:
        """An unknown text is kept as the name; empty means none."""
        name = event.search.id or ""
        if event.text and not self._chosen[name]:
            self._chosen.update({name: event.text[:64], f"{name}_name": event.text})
        if name == "department":
            self.query_one("#doctor", SearchField).ask()
        else:
            self.dismiss(self._chosen)

    @staticmethod
    def _keep_text(search: SearchField, text: str) -> None:
        search.input.take(text)
        search.close()
