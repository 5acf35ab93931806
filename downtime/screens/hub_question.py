"""Beside a form: is its receipt used at another window already? The screen never waits for the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.receipt_question import ask_about, uses_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.timer import Timer

    from downtime.screens.base import StationScreen

LOOK_SECONDS = 0.5
LOOKS_MAX = 40


def ask_hub(screen: StationScreen, number: str | None, entry_id: str, is_still: Callable[[], bool]) -> None:
    """Ask about a receipt, and say on ``screen`` what the hub knows once it answers.

    Args:
        screen: shows the form.
        number: of the receipt.
        entry_id: of the form being filled in on it.
        is_still: whether that form is still the one on the screen.
    """
    home = screen.station.home
    if screen.station.is_drill or not number or not ask_about(home, number, entry_id):
        return
    looks = 0
    timer: Timer | None = None

    def look() -> None:
        nonlocal looks
        looks += 1
        found = uses_of(home, number, entry_id) if is_still() else []
        if found:
            use = found[0]
            screen.say(lambda: use.words(number), "problem", lasting=True)
        if timer is not None and (found is not None or looks >= LOOKS_MAX):
            timer.stop()

    timer = screen.set_interval(LOOK_SECONDS, look)
