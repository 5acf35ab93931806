"""A scanner types like a keyboard, only faster: a burst is taken out of the field and sent where it belongs.

Speed alone tells it apart. Once a burst is sure, what it left in the field is taken back and the rest never
reaches the field; a burst nobody can place is given to the field after all, so nothing typed is ever lost.
A character that would pick or open something cannot be taken back: it waits until it is sure that no scanner
sent it, too short a time for its person to notice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

from downtime.i18n import _
from downtime.screens.text import cut
from downtime.screens.typed_fields import AskedField, Field

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.events import Key
    from textual.timer import Timer

    from downtime.app import DowntimeApp

GAP_SECONDS_MAX = 0.03
"""A person's fastest keys are about 0.06 s apart, a scanner's 0.001 to 0.02."""
HOLD_SECONDS = GAP_SECONDS_MAX
"""So long a character that would pick something waits for the next; it is looked at later than it came, so a
scanner's next one is here by then."""
BURST_CHARACTERS_MIN = 6
END_SECONDS = 0.15
"""A burst that goes on for so long without a character is over, Enter or not."""
LONG_CHARACTERS_MIN = 30
LONG_END_SECONDS = 1.0
"""Only a scanner types so many characters so fast; a busy PC may then hold back the rest of a long code."""
_CHARACTERS_TOLD_MAX = 32


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
        self._held: list[Key] = []
        self._timer: Timer | None = None
        self._is_fast = False
        self.is_reading = False

    @property
    def is_holding(self) -> bool:
        """Whether keys wait until it is sure who sent them."""
        return bool(self._held)

    def sees(self, event: Key) -> list[Key]:
        """Note when a key came; return the keys before it that waited and are a person's after all."""
        now = self._clock() if self._clock else event.time
        self._is_fast = now - self._last <= GAP_SECONDS_MAX
        self._last = now
        return [] if self._is_fast and _is_of_code(event) else self._let_go()

    def takes(self, event: Key) -> bool:
        """Look at a key before any field does; return whether it was a scanner's, or may turn out to be."""
        if self.is_reading and not self._is_fast and not self._is_long() and event.key != "enter":
            self._end()
        if _is_of_code(event):
            return self._character(event, event.character or "")
        if not self.is_reading:
            self._run = []
            return False
        return self._end() and event.key == "enter"

    def _character(self, event: Key, character: str) -> bool:
        if self.is_reading:
            self._run.append(character)
            self._wait(END_SECONDS, self._time_up)
            return True
        if not self._is_fast or not self._run:
            self._run = []
            focused = self._app.focused
            self._field = focused if isinstance(focused, Input) else None
            self._before = (self._field.value, self._field.cursor_position) if self._field else ("", 0)
        self._run.append(character)
        if len(self._run) >= BURST_CHARACTERS_MIN and len(set(self._run)) > 1 and not self._is_secret():
            self._begin()
            return True
        if self._held or self._acts(character):
            self._held.append(event)
            self._wait(HOLD_SECONDS, self._held_long_enough)
            return True
        return False

    def _is_long(self) -> bool:
        return len(self._run) >= LONG_CHARACTERS_MIN

    def _is_secret(self) -> bool:
        return self._field is not None and self._field.password

    def _acts(self, character: str) -> bool:
        """Whether the character would do something at once, rather than stand in a field."""
        focused = self._app.focused
        return focused.picks(character) if isinstance(focused, Field) else not isinstance(focused, Input)

    def _wait(self, seconds: float, then: Callable[[], None]) -> None:
        self._stop_waiting()
        self._timer = self._app.set_timer(seconds, then)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.stop()

    # -- keys that may be a scanner's ---------------------------------------------------------------

    def _held_long_enough(self) -> None:
        """No further character came; a PC too busy to look at those that did gets more time."""
        if self._app.key_order.is_busy:
            self._wait(HOLD_SECONDS, self._held_long_enough)
            return
        for key in self._let_go():
            self._app.key_order.take(key, is_persons=True)

    def _let_go(self) -> list[Key]:
        keys, self._held = self._held, []
        if keys:
            self._stop_waiting()
        return keys

    # -- a burst ------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self.is_reading = True
        self._held = []
        if self._field is not None:
            self._field.value, self._field.cursor_position = self._before
        self._wait(END_SECONDS, self._time_up)

    def _time_up(self) -> None:
        """No character came for a while; a PC too busy to look at those that did gets more time."""
        if self._app.key_order.is_busy:
            self._wait(END_SECONDS, self._time_up)
        else:
            self._end()

    def _end(self) -> bool:
        """Send the burst where it belongs, or give it back; return whether its Enter has no more to do."""
        self._stop_waiting()
        if not self.is_reading:
            return False
        self.is_reading = False
        text, self._run = "".join(self._run), []
        if self._app.place_scan(text):
            return True
        field = self._field
        if field is None:
            told = cut(text, _CHARACTERS_TOLD_MAX)
            self._app.tell(
                lambda: _("Nothing here answers to this scan: {text}").format(text=told), "problem"
            )
            return True
        if field.is_attached:
            field.insert_text_at_cursor(text)
        return isinstance(field, AskedField)  # its Enter would take a row, or the code for a word


def _is_of_code(event: Key) -> bool:
    """Whether a key may be part of a scanned code."""
    return bool(event.character and event.is_printable and not event.character.isspace())
