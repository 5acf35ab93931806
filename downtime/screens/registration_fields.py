"""The fields of the registration screen, each with a place beside it for what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from downtime.i18n import _
from downtime.masking import mask_identity
from downtime.screens.choice import Choice
from downtime.screens.keyline import Words
from downtime.screens.people import sex_word, visit_word
from downtime.screens.search_field import Candidate, Column, SearchField
from downtime.screens.text import line, shown
from downtime.screens.typed_fields import Field, NumberOfPerson, PhoneField

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.content import Content
    from textual.widget import Widget

    from downtime.desk import Desk
    from downtime.screens.registration_sheet import RegistrationSheet

TYPED = ("name", "age", "guardian", "relation", "guardian_phone", "phone", "id_number")
GUARDIAN = ("guardian", "relation", "guardian_phone")
ORDER = ("name", "sex", "age", *GUARDIAN, "phone", "id_number", "department", "doctor", "kind")
SEARCHED = ("department", "doctor")

_COLUMNS = (Column(8), Column(14), Column(0))
_LIST_CELLS = 56


class RegistrationFields(Vertical):
    """All fields in the order one goes through them.

    Args:
        desk: whose departments and staff are searched.
        sheet: returns the sheet in hand; its department ranks the doctors.
    """

    def __init__(self, desk: Desk, sheet: Callable[[], RegistrationSheet]) -> None:
        super().__init__(id="registration-fields")
        self._desk, self._sheet = desk, sheet

    def compose(self) -> ComposeResult:
        """One row each; the visit's fields under a heading of their own."""
        yield Static("", id="registration-head", markup=False)
        yield _row("name", lambda: _("Full name"), Field(id="name"))
        yield _row(
            "sex",
            lambda: _("Sex"),
            Choice([(sex, _sex(sex)) for sex in ("male", "female", "unknown")], id="sex"),
        )
        yield _row("age", lambda: _("Age or birth"), Field(id="age"))
        yield _row("guardian", lambda: _("Guardian"), Field(id="guardian"))
        yield _row("relation", lambda: _("Relation"), Field(id="relation"))
        yield _row("guardian_phone", lambda: _("Their phone"), PhoneField(id="guardian_phone"))
        yield _row("phone", lambda: _("Phone"), PhoneField(id="phone"))
        yield _row("id_number", lambda: _("ID number"), NumberOfPerson(mask_identity, id="id_number"))
        yield Static("", id="registration-visit", markup=False)
        yield _row("department", lambda: _("Department"), self._departments())
        yield _row("doctor", lambda: _("Doctor"), self._doctors())
        yield _row(
            "kind",
            lambda: _("Kind"),
            Choice([(kind, _kind(kind)) for kind in ("outpatient", "emergency")], id="kind"),
        )

    def _departments(self) -> SearchField:
        def seek(asked: str) -> list[Candidate]:
            hits = self._desk.search.search_departments(asked) if self._desk.search else []
            return [Candidate((hit.code, hit.name, hit.location), hit) for hit in hits]

        return SearchField(seek, _COLUMNS, hint=_department_hint, width=_LIST_CELLS, id="department")

    def _doctors(self) -> SearchField:
        def seek(asked: str) -> list[Candidate]:
            search, own = self._desk.search, self._sheet().department
            hits = search.search_staff(asked, role="doctor", department=own) if search else []
            return [Candidate((hit.number, hit.name, hit.title), hit) for hit in hits]

        return SearchField(seek, _COLUMNS, hint=_doctor_hint, width=_LIST_CELLS, id="doctor")

    def field(self, name: str) -> Widget:
        """Return the widget of a field that takes the cursor."""
        found = self.query_one(f"#{name}")
        return found.input if isinstance(found, SearchField) else found

    def fill(self, sheet: RegistrationSheet) -> None:
        """Show the values of ``sheet``."""
        for name in TYPED:
            field = self.query_one(f"#{name}", Field)
            if field.value != getattr(sheet, name):
                field.take(getattr(sheet, name))
        self.query_one("#sex", Choice).choose(sheet.sex)
        self.query_one("#kind", Choice).choose(sheet.kind)

    def read(self, sheet: RegistrationSheet) -> None:
        """Put what is typed into ``sheet``."""
        for name in TYPED:
            setattr(sheet, name, self.query_one(f"#{name}", Field).value)
        sheet.sex = self.query_one("#sex", Choice).value
        sheet.kind = self.query_one("#kind", Choice).value

    def in_use(self, today: str) -> list[str]:
        """Return the fields in sight, in their order."""
        is_child = self._sheet().is_child(today)
        return [name for name in ORDER if is_child or name not in GUARDIAN]

    def beside(self, name: str, told: Content | str = "") -> None:
        """Write beside a field."""
        self.query_one(f"#beside-{name}", Static).update(line(told))

    def clear_problems(self) -> None:
        """Forget what was wrong."""
        for name in ORDER:
            if name not in SEARCHED:
                self.beside(name)

    def redraw(self, today: str) -> None:
        """Write numbers, hints and what is chosen, in the language in use."""
        sheet = self._sheet()
        for place, title, number in (
            ("head", _("New patient"), sheet.number),
            ("visit", _("Visit"), sheet.visit_number),
        ):
            heading = line(
                shown(f"{title}   ", "bold $secondary"), shown(number, "bold"), "   ", _("temporary number")
            )
            self.query_one(f"#registration-{place}", Static).update(heading)
        for choice in self.query(Choice):
            choice.draw()
        self.query_one("#name", Field).placeholder = _("pinyin will do")
        self.query_one("#age", Field).placeholder = "45  3m  10d  1980-01-31"
        in_use = self.in_use(today)
        for name in GUARDIAN:
            self.query_one(f"#row-{name}").display = name in in_use
        self.beside("department", _chosen(sheet.department_name, sheet.department))
        self.beside("doctor", _chosen(sheet.doctor_name, sheet.doctor))


def _row(name: str, label: Callable[[], str], field: Widget) -> Horizontal:
    return Horizontal(
        Words(label, classes="label registration-label"),
        field,
        Static("", id=f"beside-{name}", classes="beside", markup=False),
        id=f"row-{name}",
        classes="registration-row",
    )


def _chosen(name: str, code: str) -> Content:
    return shown(f"= {name}  {code}".rstrip(), "bold") if name or code else shown(_("none"), "$secondary")


def _sex(sex: str) -> Callable[[], str]:
    return lambda: sex_word(sex)


def _kind(kind: str) -> Callable[[], str]:
    return lambda: visit_word(kind)


def _department_hint() -> str:
    return _("letters or code")


def _doctor_hint() -> str:
    return _("letters or number")
