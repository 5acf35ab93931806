"""Enrolling: the staff list fills in name and roles; somebody who is not on it gets them typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.account_words import role_words
from downtime.i18n import _
from downtime.rights import ROLES
from downtime.screens.fields_dialog import FieldsDialog, Line
from downtime.screens.password import rule_words, twice_problems
from downtime.screens.text import line, shown
from downtime.slots import Person
from forms.base import Problem
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from textual.content import Content

    from downtime.desk import Desk
    from downtime.reference_tables import StaffRow

_GIVEN = tuple(role for role in ROLES if role not in {"helper", "service", "break_glass"})
"""Roles one can be enrolled in, in the order of their digits."""
_HALF = 4


class EnrolDialog(FieldsDialog):
    """Gives the answers, or None.

    Args:
        desk: whose book.
        more: the lines below number, name and roles.
        finish: enrols.
    """

    def __init__(
        self,
        desk: Desk,
        more: Sequence[Line],
        finish: Callable[[Mapping[str, str]], Awaitable[Sequence[Problem]]],
    ) -> None:
        self._of = desk
        asked = (
            Line("operator", lambda: _("Staff number"), "code"),
            Line("name", lambda: _("Full name")),
            Line("roles", lambda: _("Roles, by digit"), "code"),
            *more,
        )
        super().__init__(lambda: _("Enrol somebody"), self._sentences, asked, finish, "second_password")

    def _sentences(self) -> list[Content | str]:
        return [
            _("The person types the password, twice; a second person agrees below with the own password."),
            shown(rule_words(self._of.home.settings), "$secondary"),
        ]

    def more(self) -> Sequence[Content | str]:
        """Which digit is which role."""
        parts = [
            line(shown(f"{digit} ", "bold $accent"), _(ROLES[role]), "  ")
            for digit, role in enumerate(_GIVEN, 1)
        ]
        return [line(*parts[:_HALF]), line(*parts[_HALF:])]

    def listed(self, operator: str) -> StaffRow | None:
        """Return the row of the staff list in force."""
        reference = self._of.reference
        return reference.staff(operator) if reference is not None and operator else None

    def person(self, answers: Mapping[str, str]) -> Person:
        """Return who is enrolled: as the staff list says, else as typed."""
        row = self.listed(answers["operator"])
        if row is not None:
            roles = tuple(role for role in row.role_names if role in _GIVEN)
            return Person(answers["operator"], row.name, roles)
        digits = (int(sign) for sign in answers["roles"] if sign.isdecimal())
        roles = tuple(_GIVEN[digit - 1] for digit in dict.fromkeys(digits) if 0 < digit <= len(_GIVEN))
        return Person(answers["operator"], answers["name"].strip(), roles)

    def go_on(self, name: str, typed: str) -> None:
        """Whoever is on the staff list needs no name and no roles typed."""
        row = self.listed(typed) if name == "operator" else None
        if row is None:
            super().go_on(name, typed)
            return
        if row.leaver:
            self.show_problems(
                [
                    Problem(
                        "operator", N_("The staff list says that {operator} has left."), {"operator": typed}
                    )
                ]
            )
            return
        self.field("name").take(row.name)
        held = [role for role in row.role_names if role in _GIVEN]
        self.field("roles").take("".join(str(_GIVEN.index(role) + 1) for role in held))
        self.say(lambda: _("On the staff list: {roles}").format(roles=role_words(held)))
        self.field("password").focus()

    def refused(self, answers: Mapping[str, str]) -> Sequence[Problem]:
        """Typed twice the same?"""
        return twice_problems(answers)
