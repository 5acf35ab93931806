"""The app: composes screens, hands keys to them, and keeps who is logged in. What screens do is theirs."""

from __future__ import annotations

import os
import sys
import traceback
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
# With kitty keys some terminals send the number pad's point without its character: 1.5 would become 15.
os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")

from textual.app import App
from textual.events import InputEvent, Key

from downtime import os_calls
from downtime.clock import SystemClock
from downtime.errors import DowntimeError, StopRecordingError
from downtime.i18n import _, choose_language, chosen_language
from downtime.screens.base import Acting
from downtime.screens.clearing import HANDING_OUT_SECONDS, LOOK_SECONDS, clear, clear_if_quiet
from downtime.screens.desk_keeping import DeskKeeping
from downtime.screens.door import door_of
from downtime.screens.idle import IDLE_LOOK_SECONDS, Locking
from downtime.screens.key_order import KeyOrder
from downtime.screens.keymap import act_bindings, keys_of
from downtime.screens.look import THEMES
from downtime.screens.scanner import Scanner
from downtime.screens.text import choose_plain
from downtime.screens.topline import TopLine
from downtime.screens.typed_fields import NUMBER_PAD

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from textual.binding import BindingType
    from textual.events import Event
    from textual.pilot import Pilot
    from textual.worker import Worker

    from downtime.clock import Clock
    from downtime.entry import Entry
    from downtime.home import Home
    from downtime.screens.recorded import RecordedLine
    from downtime.screens.scans import Scan
    from downtime.settings import Settings

GLANCE_SECONDS = 5


class DowntimeApp(Locking, DeskKeeping, App[None], inherit_bindings=False):
    """The app on screen at one station.

    Args:
        home: where the station lives.
        plain: use the plain look whatever the settings and the console say.
        language: "zh" or "en"; the settings' by default.
        operator: number to stand in the login field.
        clock: where times come from.
        key_clock: seconds at each key, for telling a scanner by its speed; the arrival time by default.
    """

    CSS_PATH = "screens/app.tcss"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [*act_bindings()]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 (Textual's own name and type)

    def __init__(
        self,
        home: Home,
        *,
        plain: bool = False,
        language: str | None = None,
        operator: str = "",
        clock: Clock | None = None,
        key_clock: Callable[[], float] | None = None,
    ) -> None:
        self.home, self.door, self.operator = home, door_of(home), operator
        self.plain = plain or _is_plain(self.door.theme)
        choose_plain(self.plain)
        choose_language(language or self.door.language)
        super().__init__()
        self.set_class(self.plain, "plain")
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "downtime-plain" if self.plain else "downtime"
        self.clock: Clock = clock or SystemClock(ZoneInfo(self.door.zone))
        self.keys_in_force = keys_of(self.door.keymap)
        if self.door.keymap:  # Textual applies a keymap anew with every key
            self.set_keymap({act: ",".join(self.keys_in_force[act]) for act in self.door.keymap})
        self.scanner, self.key_order = Scanner(self, key_clock), KeyOrder(self)
        self.last: RecordedLine | None = None
        self.remembered: dict[str, Any] = {}
        self.printing = 0
        self.recording = self.stopped = False

    @property
    def settings(self) -> Settings:
        """The station's settings, all of them checked."""
        return self.home.settings

    @property
    def is_drill(self) -> bool:
        """Whether everything here is a drill."""
        return self.door.drill

    def now(self) -> str:
        """Return the time (RFC 3339)."""
        return self.clock.now().wall

    def on_mount(self) -> None:
        """Start with the login."""
        self.show_login()
        self.set_interval(GLANCE_SECONDS, self.look)
        self.set_interval(IDLE_LOOK_SECONDS, self.lock_if_idle)
        self.set_interval(LOOK_SECONDS, lambda: clear_if_quiet(self.quiet_ms))

    # -- keys ---------------------------------------------------------------------------------------

    async def on_event(self, event: Event) -> None:
        """Keys wait for their turn; everything else is handled at once."""
        if isinstance(event, InputEvent):
            self.touch()
        if isinstance(event, Key) and not event.is_forwarded:
            if event.key in NUMBER_PAD and not event.character:
                event.character = NUMBER_PAD[event.key]
            self.key_order.take(event)
        else:
            await super().on_event(event)

    async def handle_key(self, event: Key, *, is_persons: bool) -> None:
        """Let the scanner look first, unless it knows that a person pressed the key; then the screen."""
        if event.key == "enter" and isinstance(self.screen, Acting):
            self.screen.forget()
        if is_persons or self.desk is None or not self.scanner.takes(event):
            await super().on_event(event)

    @property
    def has_keys_waiting(self) -> bool:
        """Whether keys have arrived that are not handled yet."""
        return self.key_order.is_busy or self.scanner.is_holding

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the acts of the screen in sight only."""
        if action == "act":
            return isinstance(self.screen, Acting) and self.screen.offers(str(parameters[0]))
        return True

    async def action_act(self, act: str) -> None:
        """Let the screen act on a key."""
        if isinstance(self.screen, Acting):
            await self.screen.act(act)

    def place_scan(self, text: str) -> bool:
        """Send what was scanned where it belongs; return False if nobody knows it."""
        from downtime.screens.scans import understand

        screen = self.screen
        scan = understand(self.desk, text) if self.desk and isinstance(screen, Acting) else None
        if scan is None or not isinstance(screen, Acting):
            return False
        return screen.take_scan(scan) or self._take_scan_elsewhere(scan)

    def _take_scan_elsewhere(self, scan: Scan) -> bool:
        wanted = scan.elsewhere(self.may)
        if wanted is not None:
            self.go(wanted[0], **wanted[1])
        return wanted is not None

    # -- acts every screen has ----------------------------------------------------------------------

    def act_language(self) -> None:
        """Show everything in the other language."""
        choose_language("en" if chosen_language() == "zh" else "zh")
        for screen in self.screen_stack:
            if isinstance(screen, Acting):
                screen.retranslate()

    def act_quit(self) -> None:
        """Ask before leaving."""
        from downtime.screens.ask import AskDialog

        question = AskDialog(lambda: _("Close the app? Everything recorded is on disk; drafts are kept."))
        self.push_screen(question, lambda sure: self.exit() if sure else None)

    def copy_text(self, text: str) -> None:
        """Copy, or show the text so that it can be marked by hand."""
        from downtime.screens.clipboard import copy_and_tell

        self.tell(copy_and_tell(text, super().copy_to_clipboard))

    def copy_to_clipboard(self, text: str) -> None:
        """Copy without the terminal's escape sequence."""
        self.copy_text(text)

    def tell(self, words: Callable[[], str], kind: str = "hint") -> None:
        """Put a line of news on the screen in sight."""
        if self.screen_stack and isinstance(self.screen, Acting):  # no screen: the app is closing
            self.screen.say(words, kind, lasting=True)

    def alarm(self, error: DowntimeError, again: Callable[[], Any] | None = None) -> None:
        """Show what went wrong in the surroundings and what to do next; Enter then does it ``again``, if given."""
        from downtime.screens.ask import AlarmDialog

        self.stopped = self.stopped or isinstance(error, StopRecordingError)
        dialog = AlarmDialog(error, may_try_again=again is not None)
        self.push_screen(dialog, None if again is None else lambda wanted: again() if wanted else None)

    # -- places -------------------------------------------------------------------------------------

    def go(self, place: str, **given: Any) -> None:
        """Open the screen of a place over the home screen; what was open is kept as a draft by itself."""
        from downtime.screens.places import place_named, screen_of

        if isinstance(self.screen, Acting) and not self.screen.allows(place_named(place).right):
            return
        while len(self.screen_stack) > 2 and not getattr(self.screen, "is_home", False):  # noqa: PLR2004 (default, home)
            self.pop_screen()
        self.push_screen(screen_of(place, **given))

    # -- behind the screens -------------------------------------------------------------------------

    def behind(self, work: Coroutine[Any, Any, Any]) -> Worker[Any]:
        """Do something without anybody waiting for it."""
        return self.run_worker(work, group="behind", exit_on_error=True)

    def draw_top(self) -> None:
        """Write the top line again."""
        if not self.screen_stack:
            return  # the last look came back when the app was already closing
        for drawn in self.screen.query(TopLine):
            drawn.draw()
        if (
            isinstance(self.screen, Acting)
            and getattr(self.screen, "is_home", False)
            and self.screen.is_mounted
        ):
            self.screen.redraw()  # it says the mode in full words

    def tell_recorded(self, entry: Entry, *, change_minor: int = 0, print_it: bool = True) -> None:
        """Say that an entry stands, remember that it was said, and print behind."""
        from downtime.screens.recorded import RecordedLine

        self.last = RecordedLine(self, entry, change_minor)
        self.last.tell()
        self.behind(self.last.confirm_and_print(print_it=print_it))
        self.set_timer(HANDING_OUT_SECONDS, clear)

    def _fatal_error(self) -> None:
        """Say where it went wrong, without values: they could be patients."""
        from rich.text import Text

        kind, _value, frames = sys.exc_info()
        said = "".join(traceback.format_tb(frames)) + (kind.__name__ if kind else "")
        self._exit_renderables.append(Text(said))
        self._close_messages_no_wait()

    async def action_quit(self) -> None:
        """Leave through the question."""
        self.act_quit()


def _is_plain(theme: str) -> bool:
    return theme == "plain" or (theme == "auto" and os_calls.console_is_classic_chinese())


def run(
    home: Home,
    *,
    plain: bool = False,
    language: str | None = None,
    operator: str | None = None,
    headless_play: Callable[[Pilot[object]], Coroutine[Any, Any, None]] | None = None,
) -> None:
    """Open the app and return when it is closed.

    Args:
        home: where the station lives.
        plain: plain frames whatever the console.
        language: "zh" or "en".
        operator: number to stand in the login field.
        headless_play: plays the app by itself; visible where there is a terminal, without one otherwise.

    Raises:
        InUseError: another app has this station.
    """
    from downtime.holding import StationHold

    os_calls.set_private_umask()
    os_calls.no_core_dumps()
    app = DowntimeApp(home, plain=plain, language=language, operator=operator or "")
    with StationHold(home, app.clock) as app.hold:
        try:
            headless = headless_play is not None and not sys.stdout.isatty()
            app.run(headless=headless, size=(80, 24) if headless else None, auto_pilot=headless_play)
        finally:
            app.close_desk()
