"""Login and lock: a number and a password. Everything else loads while the password is typed."""

from __future__ import annotations

import asyncio
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from downtime.errors import AccessRefusedError, DowntimeError
from downtime.i18n import _, chosen_language
from downtime.screens.base import StationScreen
from downtime.screens.clearing import clear_seldom
from downtime.screens.keyline import Words
from downtime.screens.practice_words import practice_words
from downtime.screens.text import cell, cut, line, lines, shown
from downtime.screens.topline import mode_of
from downtime.screens.typed_fields import CodeField, Field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult

    from downtime.app import DowntimeApp
    from downtime.keys import Keyring

_NEEDED_LATER = (
    "downtime.account_opening",
    "downtime.accounts",
    "downtime.desk",
    "downtime.entrance",
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
    clear_seldom()  # else looking through all that is loaded holds up a key now and then


class LoginScreen(StationScreen):
    """Who is there? Locked, it hides what was on the screen; the same person goes on where they were."""

    CSS_PATH = "login.tcss"
    acts: ClassVar[tuple[str, ...]] = ("reverse", "back")

    def __init__(self, operator: str = "", *, locked: bool = False, problem: str = "") -> None:
        super().__init__()
        self._operator, self._locked, self._problem = operator, locked, problem
        self._asking = False
        self._shut: dict[str, int] = {}

    def offers(self, act: str) -> bool:
        """Before login there is little to do; from the password one step back is who it is."""
        if act == "back":
            return self.focused is not None and self.focused.id == "password"
        return act in {"reverse", "language", "quit", "help"}

    def right_of(self, act: str) -> str | None:
        """Nobody is asked here; whoever types number and password is."""
        return None if act == "reverse" else super().right_of(act)

    def why_not(self, act: str) -> str | None:
        """Only a locked account is opened."""
        return _("No account is locked here.") if act == "reverse" and not self._shut else None

    def label_of(self, act: str) -> str:
        """Return what the key is called here."""
        names = {"reverse": _("Open an account"), "back": _("Somebody else")}
        return names.get(act) or super().label_of(act)

    def help_words(self) -> str:
        """Return what to type here."""
        return _(
            "Type your staff number, Enter, your password, Enter. Forgotten: ask the shift supervisor. "
            "Locked after wrong passwords: a supervisor opens the account here with F9."
        )

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
        self._show_problem(self._problem)
        self.set_timer(0.05, self._load_behind)

    def _load_behind(self) -> None:
        # The method, not what it gives: an app that ends first leaves no coroutine behind that nobody awaited.
        self.station.run_worker(self._load, group="behind")  # type: ignore[arg-type]  # mypy cannot choose a kind of work

    async def _load(self) -> None:
        await asyncio.to_thread(load_the_rest)
        if self._locked:
            self._say_if_out()
        await self._look_for_shut()

    def _say_if_out(self) -> None:
        """Say why whoever was at work may not go on."""
        from downtime.accounts import why_out

        desk = self.station.desk
        out = (
            why_out(desk.book, desk.person.operator) if desk is not None and not self.station.roles else None
        )
        if out is not None:
            self._show_problem(f"{out.what}\n{out.then}")

    async def _look_for_shut(self) -> None:
        """Look which accounts wrong passwords have locked; only then their key stands in the bottom line."""
        from downtime.account_opening import locked_accounts

        app = self.station
        self._shut = await asyncio.to_thread(locked_accounts, app.home, app.clock)
        self.keys_changed()

    def act_back(self) -> None:
        """Go back to the number: somebody else sits down here."""
        self.query_one("#password", Field).take("")
        operator = self.query_one("#operator", Field)
        operator.focus()
        operator.select_all()

    def act_reverse(self) -> None:
        """Let a supervisor open an account; then it is the cashier's turn again."""
        from downtime.screens.opening import OpeningDialog

        dialog = OpeningDialog(self._shut, self.query_one("#operator", Field).value)
        self.station.push_screen(dialog, self._after_opening)

    def _after_opening(self, answers: Mapping[str, str] | None) -> None:
        self.query_one("#password", Field).take("")
        self.query_one("#password").focus()
        if answers is not None:
            account = answers["account"]
            self._show_problem("")
            self.say(lambda: _("{account} is open again.").format(account=account), "done")
            self.station.behind(self._look_for_shut())

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
        self.say(str)
        try:
            await asyncio.to_thread(load_the_rest)
            ring = await asyncio.to_thread(self._unlock, operator.value, password.value)
            await self._let_in(ring, password.value)
        except AccessRefusedError as error:
            self._show_problem(f"{error.what}\n{error.then}")
            password.take("")
            password.focus()
            await self._look_for_shut()
        except DowntimeError as error:
            self._show_problem(f"{error.what}\n{error.then}")
        finally:
            self._asking = False

    def _unlock(self, operator: str, password: str) -> Keyring:
        """Check the password, and before anybody is disturbed whether this person may come in at all."""
        from downtime.accounts import refuse_at_the_door
        from downtime.book import OpenBook
        from downtime.entrance import enter, enter_again

        app = self.station
        assert app.settings  # the whole file is checked before anybody is let in
        own = app.desk.book.ring if app.desk is not None and self._is_same(operator) else None
        if own is not None and own.slot is not None and own.slot.kind == "break_glass":
            enter_again(app.home, own, password, app.clock)
            return own
        ring = enter(app.home, operator, password, app.clock)
        if own is None:
            book = OpenBook(app.home, ring, app.home.current_book(), app.clock)
            try:
                refuse_at_the_door(book)
            finally:
                book.close()
        return ring

    def _is_same(self, operator: str) -> bool:
        """Whether ``operator`` is whoever locked this screen."""
        desk = self.station.desk
        return self._locked and desk is not None and desk.person.operator == operator

    async def _let_in(self, ring: Keyring, password: str) -> None:
        from downtime.accounts import why_out
        from downtime.screens.home import after_login

        app = self.station
        if app.desk is not None and self._is_same(ring.person.operator):
            out = why_out(app.desk.book, ring.person.operator) if not app.desk.book.person.roles else None
            if out is not None:
                raise out
            app.unlock()
            self.dismiss(None)
            return
        try:
            admission = await app.log_in(ring)
        except DowntimeError as error:
            if app.desk is None:  # whoever was here before is logged out already
                start_over(app, f"{error.what}\n{error.then}")
                return
            raise
        if admission.must_change and not await self._change(password):
            start_over(app, _("Logged out: the password has to be changed first."))
            return
        after_login(app)
        if admission.grace:
            app.screen.call_after_refresh(lambda: app.tell(_expired_words, "problem"))

    async def _change(self, password: str) -> bool:
        from downtime.screens.password import PasswordDialog

        return await self.station.push_screen_wait(PasswordDialog(self.desk, old=password)) is not None

    def _show_problem(self, text: str) -> None:
        self._problem = text
        self.query_one("#login-problem", Static).update(lines(text.split("\n")))


def _expired_words() -> str:
    return _("Your password has expired: change it when there is time (home screen).")


def start_over(app: DowntimeApp, problem: str) -> None:
    """Log out whoever is in and ask anew who is there, with a sentence that says why."""
    app.close_desk()
    while len(app.screen_stack) > 1:
        app.pop_screen()
    app.push_screen(LoginScreen(app.operator, problem=problem))
