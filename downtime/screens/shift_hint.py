"""One quiet line where money is taken: numbers run low, no shift is open, or one that nobody closed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from downtime.i18n import _
from downtime.number_words import low_words, running_low
from downtime.screens.home import KEYS, HomeScreen
from downtime.screens.keyline import QuietLine
from downtime.shift import shift_now

if TYPE_CHECKING:
    from downtime.screens.base import Acting
    from downtime.shift import ShiftNow


FORGOTTEN_HOURS = 24
"""Longer than any shift: whoever should have closed it has gone home."""


def tell_before_taking_money(screen: Acting) -> None:
    """Say what whoever takes money here should know beforehand; nothing waits for it."""
    if not all(quiet.is_empty for quiet in screen.query(QuietLine)):
        return  # what is wrong with the station was told already
    left, warn_below = screen.station.glance.numbers_left, screen.station.settings.numbers.warn_below
    if left is not None and running_low(left, warn_below):
        screen.say(lambda: low_words(left), "problem", lasting=True)
    elif screen.station.may("cash"):
        standing = shift_now(screen.desk.looking())
        if standing is None:
            screen.say(lambda: _no_shift_words(screen), lasting=True)
        elif _hours_since(standing.opened_at, screen.station.clock.now().wall) >= FORGOTTEN_HOURS:
            screen.say(lambda: _forgotten_words(standing), lasting=True)


def _hours_since(before: str, now: str) -> float:
    return (datetime.fromisoformat(now) - datetime.fromisoformat(before)).total_seconds() / 3600


def _forgotten_words(standing: ShiftNow) -> str:
    told = {"shift": standing.shift, "day": standing.business_day}
    return _("Shift {shift} of {day} was never closed. Charging works; count and close it.").format(**told)


def _no_shift_words(screen: Acting) -> str:
    home = next((one for one in screen.station.screen_stack if isinstance(one, HomeScreen)), None)
    names = [place.name for place in home.places_here()] if home is not None else []
    if "shift" not in names:
        return _("No shift is open at this station.")
    key = KEYS[names.index("shift")]
    keys = key if screen is home else _("Esc and then {key}").format(key=key)
    return _("No shift is open. Charging works; {keys} opens one.").format(keys=keys)
