"""New rows of the work lists: a card is kept, a discharge is put off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.i18n import _
from downtime.screens.text import shown
from downtime.screens.worklist_dialog import ActDialog, Asked
from forms.base import read_form
from forms.card_held import CardHeld
from forms.discharge_postponed import DischargePostponed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from downtime.entry import Entry
    from downtime.screens.base import Acting
    from forms.base import Form, Problem

    Then = Callable[[Entry], None]


def keep_card(screen: Acting, then: Then) -> None:
    """Ask whose card is kept, who left it and where it lies."""

    def make(answers: Mapping[str, Any]) -> Form | list[Problem]:
        card = answers["patient"]
        content = {**answers, "patient": card.reference(), "visit": card.visit}
        content["left_by"] = answers["left_by"] or card.name
        return read_form(CardHeld, content)

    asked = (
        Asked("patient", lambda: _("Patient"), "patient"),
        Asked(
            "card_kind",
            lambda: _("Kind of card"),
            "choice",
            (
                ("insurance_card", lambda: _("insurance card")),
                ("identity_card", lambda: _("identity card")),
                ("other", lambda: _("other")),
            ),
        ),
        Asked("card_tail", lambda: _("Last digits"), "code"),
        Asked("left_by", lambda: _("Left by")),
        Asked("relation", lambda: _("Relation")),
        Asked("phone", lambda: _("Phone"), "phone"),
        Asked("kept_in", lambda: _("Kept in")),
    )
    _open(screen, ActDialog(lambda: _("Keep a card"), lambda: [_keep()], asked, make), then)


def postpone_discharge(screen: Acting, then: Then) -> None:
    """Ask whose discharge waits, and whom to call when the bill can be made."""

    def make(answers: Mapping[str, Any]) -> Form | list[Problem]:
        card = answers["patient"]
        return read_form(DischargePostponed, {**answers, "patient": card.reference(), "visit": card.visit})

    asked = (
        Asked("patient", lambda: _("Patient"), "patient"),
        Asked("ward", lambda: _("Ward")),
        Asked("bed", lambda: _("Bed")),
        Asked("contact", lambda: _("Whom to ask for")),
        Asked("phone", lambda: _("Phone"), "phone"),
        Asked("second_phone", lambda: _("Second phone"), "phone"),
        Asked("note", lambda: _("Note")),
    )
    dialog = ActDialog(lambda: _("Postpone a discharge"), lambda: [_put_off()], asked, make, right="register")
    _open(screen, dialog, then)


def _keep() -> Any:
    return shown(_("Empty means the patient left it. The slip says where to fetch it."), "$secondary")


def _put_off() -> Any:
    return shown(_("Whoever is called when the HIS is back: one phone at least."), "$secondary")


def _open(screen: Acting, dialog: ActDialog, then: Then) -> None:
    screen.station.push_screen(
        dialog, lambda recorded: then(recorded.entry) if recorded is not None else None
    )


NEW: dict[str, Callable[[Acting, Then], None]] = {"cards": keep_card, "discharges": postpone_discharge}
