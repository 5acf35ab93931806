"""From two measured lengths to where the printing must begin: print ten forms, divide by ten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from downtime.printers.matrix_pages import LINE_AT, NUDGE_FORMS

if TYPE_CHECKING:
    from downtime.printer_profile import PrinterSettings

_MM = 25.4 / 180
_REACH = 30
_LINE = 30


@dataclass(frozen=True, slots=True)
class Register:
    """Where the paper lies, in 1/180 inch; see the settings of the same names."""

    nudge: int
    creep: int


def settled(profile: PrinterSettings, first_mm: float, last_mm: float) -> Register | None:
    """Return the settings that put the line of the nudge page where it belongs on every form.

    Args:
        profile: with which the page was printed.
        first_mm: from the perforation to the line on form 0.
        last_mm: the same on form 10.

    Returns:
        None if it is further off than the settings reach.
    """
    nudge = profile.nudge + round(LINE_AT - first_mm / _MM)
    creep = profile.creep + round((first_mm - last_mm) / _MM / NUDGE_FORMS)
    if abs(nudge) > _REACH or abs(creep) > _REACH:
        return None
    return Register(nudge, creep)


def moved_by_lines(profile: PrinterSettings, too_low: int) -> Register | None:
    """Return the settings for paper on which everything stands some lines too low; fewer than none: too high.

    Returns:
        None if it is further off than the settings reach.
    """
    nudge = profile.nudge - too_low * _LINE
    return Register(nudge, profile.creep) if abs(nudge) <= _REACH else None
