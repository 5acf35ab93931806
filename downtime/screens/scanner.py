"""A scanner types like a keyboard, only faster: a burst is taken out of the field and sent where it belongs.

Speed alone tells it apart. Once a burst is sure, what it left in the field is taken back and the rest never
reaches the field; a burst nobody can place is given to the field after all, so nothing typed is ever lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.widgets import Input

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.events import Key
    from textual.screen import Screen
    from textual.timer import Timer

    from downtime.app import DowntimeApp

GAP_SECONDS_MAX = 0.03
"""A person's fastest keys are about 0.06 s apart, a scanner's 0.001 to 0.02."""
BURST_CHARACTERS_MIN = 6
END_SECONDS = 0.15
"""A burst that goes on for so long without a character is over, Enter or not."""
LONG_CHARACTERS_MIN = 30
LONG_END_SECONDS = 1.0
"""Only a scanner types so many characters so fast; a busy PC may then hold back the rest of a long code."""


class Scanner:
    """Watches all keys of the app.

    Args:
        app: whose keys.
        clock: seconds at each key; by default the time the key arrived.
    """

    def __init__(self, app: DowntimeApp, clock: Callable[[], float] | None = None) -> None:
        self._app, self._clock = app, clock
        self._last = float("-inf")
        self._run: list[str] = []
        self._field: Input | None = None
        self._before = ("", 0)
        self._screen: Screen[Any] | None = None
        self._ends: Timer | None = None
        self.is_fast = False
        self.is_reading = False

    def takes(self, event: Key) -> bool:
        """Look at a key before any field does; return whether it was a scanner's."""
        now = self._clock() if self._clock else event.time
        self.is_fast = now - self._last <= GAP_SECONDS_MAX
        self._last = now
        if self.is_reading and not self.is_fast and not self._is_long() and event.key != "enter":
            self._end()
        if event.character and event.is_printable and not event.character.isspace():
            return self._character(event.character)
        if not self.is_reading:
            self._run = []
            return False
        return self._end() and event.key == "enter"

    def _character(self, character: str) -> bool:
        if self.is_reading:
            self._run.append(character)
            self._wait()
            return True
        if not self.is_fast or not self._run:
            self._run = []
            focused = self._app.focused
            self._field = focused if isinstance(focused, Input) else None
            self._before = (self._field.value, self._field.cursor_position) if self._field else ("", 0)
            self._screen = self._app.screen
        self._run.append(character)
        if len(self._run) < BURST_CHARACTERS_MIN or len(set(self._run)) == 1 or self._typed_in_secret():
            return False
        self._begin()
        return True

    def _is_long(self) -> bool:
        return len(self._run) >= LONG_CHARACTERS_MIN

    def _typed_in_secret(self) -> bool:
        return self._field is not None and self._field.password

    def _begin(self) -> None:
        self.is_reading = True
        while self._screen in self._app.screen_stack[:-1]:  # its first digit opened something: not meant
            self._app.pop_screen()
        if self._field is not None:
            owner = self._field.parent
            if owner is not None and hasattr(owner, "forget_digit"):
                owner.forget_digit()
            self._field.value, self._field.cursor_position = self._before
        self._wait()

    def _wait(self) -> None:
        if self._ends is not None:
            self._ends.stop()
        self._ends = self._app.set_timer(END_SECONDS, self._time_up)

    def _time_up(self) -> None:
        """No character came for a while; a PC too busy to look at those that did gets more time."""
        if self._app.has_keys_waiting:
            self._wait()
        else:
            self._end()

    def _end(self) -> bool:
        """Send the burst where it belongs, or give it back; return whether it found its place."""
        if self._ends is not None:
            self._ends.stop()
        if not self.is_reading:
            return False
        self.is_reading = False
        text, self._run = "".join(self._run), []
        if self._app.place_scan(text):
            return True
        field = self._field
        if field is not None and field.is_attached:
            field.insert_text_at_cursor(text)
        return False
