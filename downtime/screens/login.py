"""Login and lock: a number and a password. Everything else loads while the password is typed."""

from __future__ import annotations

import asyncio
import gc
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from downtime.errors import AccessRefusedError, DowntimeError
from downtime.i18n import _, chosen_language
from downtime.screens.base import StationScreen
from downtime.screens.keyline import Words
from downtime.screens.practice_words import practice_words
from downtime.screens.text import cell, cut, line, lines, shown
from downtime.screens.topline import mode_of
from downtime.screens.typed_fields import CodeField, Field

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from downtime.keys import Keyring

_NEEDED_LATER = (
    "downtime.desk",
    "downtime.gate",
    "downtime.standing",
    "downtime.screens.charge",
    "downtime.screens.settle",
    "downtime.screens.home",
    "downtime.screens.help",
    "downtime.screens.form_screen",
    "downtime.paper",
)


@cache
def load_the_rest() -> None:
    """Import what the first seconds do not need."""
    for module in _NEEDED_LATER:
        import_module(module)
    gc.collect()
    gc.freeze()  # else looking through all that is loaded holds up a key now and then


class LoginScreen(StationScreen):
    """Who is there? Locked, it hides what was on the screen; the same person goes on where they were."""

    CSS_PATH = "login.tcss"
    acts: ClassVar[tuple[str, ...]] = ()

    def __init__(self, operator: str = "", *, locked: bool = False) -> None:
        super().__init__()
        self._operator, self._locked = operator, locked
        self._asking = False

    def offers(self, act: str) -> bool:
        """Before login there is little to do."""
        return act in {"language", "quit", "help"}

    def help_words(self) -> str:
        """Return what to type here."""
        return _("Type your staff number, Enter, your password, Enter. Forgotten: ask the shift supervisor.")

    def body(self) -> ComposeResult:
        """Hospital and mode, two fields, a place for what is wrong."""
        with Vertical(id="login"):
            yield Static("", id="login-mode", markup=False)
            yield Static("", id="login-hospital", markup=False)
            with Horizontal(classes="row"):
                yield Words(lambda: _("Staff number"), classes="label login-label")
                yield CodeField(self._operator, id="operator")
            with Horizontal(classes="row"):
                yield Words(lambda: _("Password"), classes="label login-label")
                yield Field(password=True, id="password")
            yield Static("", id="login-problem", markup=False)
            yield Words(lambda: _("Enter goes on."), classes="muted")
            with Vertical(id="login-practice"):
                for words in practice_words(self.station.home.path):
                    yield Words(words, classes="muted")

    def on_mount(self) -> None:
        """Put the cursor where the next key belongs and load the rest meanwhile."""
        super().on_mount()
        self.query_one("#password" if self._operator else "#operator").focus()
        self.set_timer(0.05, lambda: self.station.behind(asyncio.to_thread(load_the_rest)))

    def redraw(self) -> None:
        """Write mode and hospital."""
        word, shape, style = mode_of(self.station)
        wide = 46
        title = _("locked") if self._locked else _("hospital downtime")
        banner = f"{shape} {word}  {title}"
        self.query_one("#login-mode", Static).update(
            cell(f" {banner}", wide, f"bold $text-on-{style} on ${style}")
        )
        door = self.station.door
        name = door.hospital if chosen_language() == "zh" else door.hospital_en or door.hospital
        self.query_one("#login-hospital", Static).update(
            line(shown(cut(name, 24), "bold"), "   ", door.station, " ", cut(door.station_name, 12))
        )

    def on_input_submitted(self, event: Field.Submitted) -> None:
        """From the number to the password, from the password in."""
        event.stop()
        if event.input.id == "operator":
            if event.value:
                self.query_one("#password").focus()
            return
        if not self._asking:
            self._asking = True
            self.station.behind(self._enter())

    async def _enter(self) -> None:
        operator, password = self.query_one("#operator", Field), self.query_one("#password", Field)
        self._show_problem("")
        try:
            await asyncio.to_thread(load_the_rest)
            ring = await asyncio.to_thread(self._unlock, operator.value, password.value)
            self._let_in(ring)
        except AccessRefusedError as error:
            self._show_problem(f"{error.what}\n{error.then}")
            password.take("")
            password.focus()
        except DowntimeError as error:
            self._show_problem(f"{error.what}\n{error.then}")
        finally:
            self._asking = False

    def _unlock(self, operator: str, password: str) -> Keyring:
        from downtime.gate import GateLog

        assert self.station.settings  # the whole file is checked before anybody is let in
        try:
            return self.station.home.keys.unlock(operator, password)
        except AccessRefusedError:
            GateLog(self.station.home, self.station.clock).note("login", operator, success=False)
            raise

    def _let_in(self, ring: Keyring) -> None:
        from downtime.gate import GateLog
        from downtime.screens.home import after_login

        app = self.station
        if self._locked and app.desk is not None and app.desk.person.operator == ring.person.operator:
            self.dismiss(None)
            return
        app.open_desk(ring)
        assert app.desk is not None
        GateLog(app.home, app.clock).drain(app.desk.book)
        app.desk.audit("login", subject=ring.person.operator)
        after_login(app)

    def _show_problem(self, text: str) -> None:
        self.query_one("#login-problem", Static).update(lines(text.split("\n")))
