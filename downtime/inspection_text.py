"""How a control is put into words on screen and paper: what is asked for, where it is written, and how well known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from downtime.clean import visible
from downtime.i18n import in_language
from downtime.inspection_words import STATE_WORDS, TO_FILL_IN, USUAL_REQUEST
from downtime.masking import mask_numbers
from forms.text import N_

if TYPE_CHECKING:
    from downtime.i18n import Language
    from downtime.inspection import Checked, Inspection
    from downtime.inspection_controls import Control
    from downtime.inspection_words import State

TITLE: Final = N_("Security self-inspection")
NO_VERDICT: Final = N_(
    "This page lists what this station can show at the moment it was made, and in which state that is. "
    "It passes no judgement and replaces no assessment."
)


def blank(language: Language) -> str:
    """Return what stands where the hospital has to write: 「待医院填写」."""
    return (
        f"「{in_language(TO_FILL_IN, 'zh')}」" if language == "zh" else f"[{in_language(TO_FILL_IN, 'en')}]"
    )


def written(text: str, language: Language) -> str:
    """Return what the hospital wrote, harmless and masked, or the blank."""
    return mask_numbers(visible(text.strip())) or blank(language)


def clause_words(control: Control, language: Language) -> str:
    """Return source and clause with the mark of how well they are known, on one line."""
    where = " ".join(part for part in (control.source.strip(), control.clause.strip()) if part)
    if not where:
        where = in_language(USUAL_REQUEST, language) if control.is_verified else blank(language)
    elif not control.is_verified:
        where = f"{where} {blank(language)}"
    return f"{mask_numbers(visible(where))} [{control.mark}]"


def wording_words(control: Control, language: Language) -> str:
    """Return the requirement: quoted where it was read, else as a usual request, else the blank.

    What was only recalled is never printed, quoted or not.
    """
    if not control.is_verified:
        return blank(language)
    wording = mask_numbers(visible(control.wording_in(language).strip()))
    if control.is_quoted:
        return f"「{wording}」"
    if not (control.source.strip() or control.clause.strip()):
        return wording  # the line above says already that it is a usual request
    colon = ":" if language == "zh" else ": "
    return f"{in_language(USUAL_REQUEST, language)}{colon}{wording}"


def state_words(state: State, language: Language) -> str:
    """Return what a state is called."""
    return in_language(STATE_WORDS[state], language)


def place_words(inspection: Inspection, language: Language) -> str:
    """Return which station of which hospital it is."""
    name = inspection.hospital_en if language == "en" and inspection.hospital_en else inspection.hospital
    return f"{visible(name)}  {inspection.station}{inspection.incarnation} {visible(inspection.station_name)}"


def responsible_words(one: Checked, language: Language) -> str:
    """Return who answers for a control."""
    return written(one.control.responsible, language)
