"""Keep the card 留卡 of an insured patient: asked right after the charge, one key, and Enter to the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.i18n import _
from downtime.record import Refused, new_entry_id
from downtime.screens.fields_dialog import FieldsDialog, Line
from downtime.screens.text import shown
from forms.base import read_form
from forms.card_held import CardHeld

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from downtime.entry import Entry
    from downtime.screens.base import Acting
    from forms.base import Problem

_ASKED = ("card_tail", "left_by", "phone", "kept_in")


def hold_card(screen: Acting, entry: Entry, phone: str, then: Callable[[], None]) -> None:
    """Ask what stands on the slip, record that the card lies here, and print the slip.

    Args:
        screen: the screen in sight.
        entry: what waits for the insurer.
        phone: of the patient, or "".
        then: called once it lies here; Esc keeps the offer open.
    """
    station, desk = screen.station, screen.desk
    entry_id = new_entry_id()
    patient = entry.content["patient"]

    async def finish(answers: Mapping[str, str]) -> Sequence[Problem]:
        content: dict[str, Any] = {
            **{name: answers[name].strip() for name in _ASKED},
            "patient": {name: patient[name] for name in ("number", "name", "sex", "birth_date", "temporary")},
            "visit": entry.content.get("visit"),
            "charge_id": entry.id,
            "charge_number": entry.number or "",
        }
        form = read_form(CardHeld, content)
        if isinstance(form, list):
            return form
        outcome = await desk.recording(form, entry_id)
        if isinstance(outcome, Refused):
            return outcome.problems
        station.call_later(station.tell_recorded, outcome.entry)
        return []

    dialog = FieldsDialog(
        lambda: _("Keep the card"),
        lambda: [
            shown(f"{patient['name']}   {entry.number or ''}", "bold"),
            shown(_("The insurance is settled later; the slip gets the card back."), "$text-muted"),
        ],
        (
            Line("card_tail", lambda: _("Last digits"), "code"),
            Line("left_by", lambda: _("Left by"), value=str(patient["name"])),
            Line("phone", lambda: _("Phone"), "code", value=phone),
            Line("kept_in", lambda: _("Kept in")),
        ),
        finish,
    )
    station.push_screen(dialog, lambda answers: then() if answers is not None else None)
