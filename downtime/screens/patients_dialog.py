"""Are these two one person? Both beside each other, field by field; Enter records, Esc leaves all as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Static

from downtime.i18n import _
from downtime.screens.base import Dialog
from downtime.screens.patients_lines import beside_lines
from downtime.screens.text import lines, shown

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from downtime.patient_match import Candidate
    from downtime.patient_match_people import Person


class OnePersonDialog(Dialog):
    """Gives True or None.

    Args:
        person: the temporary patient.
        candidate: who it is said to be; None: nobody in the lists.
    """

    CSS_PATH = "patients.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "agree", show=False)]

    def __init__(self, person: Person, candidate: Candidate | None) -> None:
        super().__init__()
        self._person, self._candidate = person, candidate

    def body(self) -> ComposeResult:
        """The two, and what the keys mean."""
        yield Static("", id="one-person", markup=False)
        yield Static("", id="one-person-next", markup=False)

    def redraw(self) -> None:
        """Write everything in the language in use."""
        is_nobody = self._candidate is None
        self.entitle(_("Nobody in the lists?") if is_nobody else _("One and the same person?"))
        self.query_one("#one-person", Static).update(lines(beside_lines(self._person, self._candidate)))
        told = (
            _("Enter: the lists do not hold this person.  Esc: leave it open.")
            if is_nobody
            else _("Enter: they are one person.  Esc: leave it open.")
        )
        self.query_one("#one-person-next", Static).update(shown(told, "$secondary"))

    def action_agree(self) -> None:
        """Say yes."""
        self.dismiss(True)  # noqa: FBT003 (the answer itself)
