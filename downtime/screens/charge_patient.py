"""The two rows about the patient at the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static

from downtime.i18n import _
from downtime.screens.charge_sheet import LineSheet
from downtime.screens.keymap import key_words
from downtime.screens.people import age_word, payer_word, sex_word, visit_word
from downtime.screens.search_field import SearchField
from downtime.screens.text import cut, line, shown

if TYPE_CHECKING:
    from textual.content import Content

    from downtime.screens.base import Acting
    from downtime.screens.window_sheet import WindowSheet

_NAME_CELLS = 24


def draw_patient(screen: Acting, sheet: WindowSheet, *, asking: bool) -> None:
    """Write who is at the window, or leave the room to the search."""
    key = key_words(screen.station.keys_in_force["patient"][0])
    label = shown(f" {key} {_('Patient')}  ", "bold $accent" if asking else "$text-muted")
    screen.query_one("#patient-key", Static).update(label)
    search, who = screen.query_one("#find-patient", SearchField), screen.query_one("#patient", Static)
    search.display, who.display = asking, not asking
    more = screen.query_one("#patient-more", Static)
    patient = sheet.patient
    if patient is None:
        more.update(line("   ", shown(_where(sheet), "$text-muted")))
        return
    today = screen.station.now()
    facts = [sex_word(patient.sex), age_word(patient.birth_date, today), patient.number]
    who.update(
        line(
            shown(cut(patient.name, _NAME_CELLS), "bold"),
            "  ",
            "  ".join(fact for fact in facts if fact),
            "  ",
            shown(payer_word(sheet.payer_kind), "$secondary"),
        )
    )
    more.update(line("   ", shown(_where(sheet), "$text-muted"), "   ", _allergy(patient.allergy)))


def _allergy(allergy: str) -> Content:
    text = _("Allergy: {what}").format(what=cut(allergy, 30))
    return shown(text, "bold $text-on-error on $error") if allergy else shown("")


def _where(sheet: WindowSheet) -> str:
    visit = sheet.patient.visit if sheet.patient else None
    if visit:
        named = [visit_word(visit["kind"]), visit["number"], visit["department_name"], visit["doctor_name"]]
        return "  ".join(cut(part, 20) for part in named if part)
    places = (sheet.department_name, sheet.doctor_name) if isinstance(sheet, LineSheet) else ()
    chosen = [part for part in places if part]
    if chosen:
        return _("No visit known; lines go to {where}").format(
            where=" / ".join(cut(part, 20) for part in chosen)
        )
    return _("No visit known") if sheet.patient else ""
