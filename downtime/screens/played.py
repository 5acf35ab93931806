"""One outage played at the keys: what a cashier, pharmacists, a supervisor and IT press, nothing else.

The story goes through the real screens. It looks at the screen and the journal only to know when the next key
makes sense, as a person does.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

from textual.events import Key

from downtime import desk_queries
from downtime.awaiting import awaiting
from downtime.screens.second_person import SecondPersonDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot

    from downtime.app import DowntimeApp
    from downtime.desk import Desk
    from downtime.entry import Entry

CASHIER = ("1001", "lianxi1001")
PHARMACIST = ("3001", "lianxi3001")
SECOND_PHARMACIST = ("3002", "lianxi3002")
SUPERVISOR = ("1006", "lianxi1006")
IT = ("4001", "lianxi4001")
PATIENCE_SECONDS_MAX = 30
KEY_SECONDS = 0.04
"""Slower than any scanner, so that no typing is taken for a scan."""


class PlayStoppedError(Exception):
    """The story waited in vain; the text says for what."""


class Player:
    """Somebody at the keys.

    Attributes:
        recorded: receipt number of every entry recorded, in order.
        done: whether the story came to its end.
        stopped_at: what it waited for in vain, or "".
    """

    def __init__(self) -> None:
        self.recorded: list[str] = []
        self.done = False
        self.stopped_at = ""
        self._pilot: Pilot[Any]

    @property
    def _app(self) -> DowntimeApp:
        return cast("DowntimeApp", self._pilot.app)

    @property
    def _desk(self) -> Desk:
        assert self._app.desk is not None
        return self._app.desk

    async def play(self, pilot: Pilot[Any]) -> None:
        """Play the whole outage, then close the app."""
        self._pilot = pilot
        try:
            await self._log_in(*CASHIER)
            first = await self._charge_in_cash()
            await self._charge_by_two_methods()
            await self._charge_a_new_patient()
            await self._charge_unpaid()
            wrong = await self._charge_in_cash("ct")
            await self._reverse(wrong, second=SUPERVISOR)
            controlled = await self._charge_in_cash("yspt", tendered="50")
            await self._reverse(await self._charge_in_cash("ct"))
            await self._log_in(*PHARMACIST, locked=True)
            await self._dispense(first)
            await self._dispense(controlled, second=SECOND_PHARMACIST)
            await self._log_in(*SUPERVISOR, locked=True)
            await self._countersign(SUPERVISOR[1])
            await self._end_the_outage(second=IT)
            await self._deliver()
            self.done = True
        except PlayStoppedError as stopped:
            self.stopped_at = str(stopped)
        finally:
            self._app.exit()

    async def _keys(self, *keys: str) -> None:
        for key in keys:
            await self._pilot.press(key)
            await self._pilot.pause(KEY_SECONDS)

    async def _type(self, text: str) -> None:
        await self._keys(*text)

    async def _until(self, what: str, happened: Callable[[], object]) -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS_MAX):
                while not happened():
                    await self._pilot.pause(KEY_SECONDS)
        except TimeoutError:
            raise PlayStoppedError(what) from None

    async def _recorded(self, form: str, count: int) -> Entry:
        """Wait until the form stands ``count`` times in the journal and the screen has taken note."""
        await self._until(
            f"{form} {count}", lambda: len(self._entries(form)) >= count and not self._app.recording
        )
        entry = self._entries(form)[0]
        self.recorded.append(str(entry.number))
        await self._until("printing", lambda: not self._app.printing)
        return entry

    def _entries(self, form: str) -> list[Entry]:
        return [entry for entry in self._desk.find_entries("", 1000) if entry.form == form]

    async def _home(self) -> None:
        while not getattr(self._app.screen, "is_home", False):
            await self._keys("escape")

    async def _log_in(self, operator: str, password: str, *, locked: bool = False) -> None:
        if locked:
            await self._home()
            await self._keys("f11")
            await self._keys("shift+tab", "end", *["backspace"] * len(operator))
        await self._type(operator)
        await self._keys("enter")
        await self._type(password)
        await self._keys("enter")
        await self._until(
            "login",
            lambda: (
                self._app.desk is not None
                and self._desk.person.operator == operator
                and getattr(self._app.screen, "is_home", False)
            ),
        )

    async def _open_charge(self, patient: str, *items: str) -> None:
        await self._home()
        self._app.go("charge")
        await self._pilot.pause(KEY_SECONDS)
        await self._type(patient)
        await self._keys("enter")
        for item in items:
            await self._type(item)
            await self._keys("enter")

    async def _charge_in_cash(self, *items: str, tendered: str = "2000") -> Entry:
        before = len(self._entries("charge"))
        await self._open_charge("zw", *(items or ("xcg", "amxl", "ct")))
        await self._keys("enter")
        await self._type(tendered)
        await self._keys("enter")
        return await self._recorded("charge", before + 1)

    async def _charge_by_two_methods(self) -> None:
        before = len(self._entries("charge"))
        await self._open_charge("ls", "xcg", "xdt")
        await self._keys("enter")
        await self._type("10")
        await self._keys("enter", "enter")
        await self._recorded("charge", before + 1)

    async def _charge_a_new_patient(self) -> None:
        await self._home()
        self._app.go("charge")
        await self._keys("ctrl+n")
        await self._type("lianxi xin")
        await self._keys("enter", "2")
        await self._type("45")
        await self._keys("f8")
        await self._recorded("visit", 1)
        self.recorded.append(str(self._entries("registration")[0].number))
        before = len(self._entries("charge"))
        await self._type("shougongxiangmu")
        await self._keys("ctrl+t", "enter")
        await self._type("12.5")
        await self._keys("enter", "enter", "enter")
        await self._recorded("charge", before + 1)

    async def _charge_unpaid(self) -> None:
        before = len(self._entries("charge"))
        await self._open_charge("wf", "xcg")
        await self._keys("enter", "ctrl+o", "ctrl+o", "enter")
        await self._type("ldf")
        await self._keys("enter", "enter", "enter")
        await self._recorded("charge", before + 1)

    async def _reverse(self, entry: Entry, second: tuple[str, str] | None = None) -> None:
        """Give a dear charge back: a second person agrees, or it is done alone at night with a reason."""
        before = len(self._entries("reversal"))
        await self._home()
        self._app.go("journal")
        await self._type(str(entry.number))
        await self._keys("f9", "1", "enter", "enter")
        if second is not None:
            await self._agree(*second)
        else:
            await self._asked()
            await self._keys("ctrl+o")
            await self._type("yeban")
            await self._keys("enter")
        await self._recorded("reversal", before + 1)

    async def _asked(self) -> None:
        await self._until("second person", lambda: isinstance(self._app.screen, SecondPersonDialog))

    async def _agree(self, operator: str, password: str) -> None:
        """A second person types number and password at the same keyboard."""
        await self._asked()
        await self._type(operator)
        await self._keys("enter")
        await self._type(password)
        await self._keys("enter")

    async def _countersign(self, password: str) -> None:
        """In the morning the supervisor looks at what was done alone, and signs."""
        await self._home()
        self._app.go("countersign")
        await self._until("to countersign", self._waiting)
        await self._pilot.pause(KEY_SECONDS * 10)
        await self._keys("f8", "1")
        await self._type(password)
        await self._keys("enter")
        await self._until("countersigned", lambda: not self._waiting())

    def _waiting(self) -> bool:
        return bool(awaiting(self._desk.home, self._desk.book.ring))

    async def _dispense(self, charge: Entry, second: tuple[str, str] | None = None) -> None:
        before = len(self._entries("dispense"))
        await self._home()
        self._app.go("dispense")
        await self._pilot.pause(KEY_SECONDS * 5)
        for digit in charge.qr[0]:
            self._app.post_message(Key(digit, digit))
        self._app.post_message(Key("enter", "\r"))
        await self._until("scan", lambda: not self._app.has_keys_waiting)
        await self._pilot.pause(KEY_SECONDS * 5)
        await self._keys("enter")
        if second is not None:
            await self._agree(*second)
        await self._recorded("dispense", before + 1)

    async def _end_the_outage(self, second: tuple[str, str]) -> None:
        await self._home()
        self._app.go("outage")
        await self._keys("f8", "1", "enter", "enter")
        await self._agree(*second)
        await self._until("outage ended", lambda: desk_queries.outage_in_force(self._desk) is None)

    async def _deliver(self) -> None:
        await self._home()
        self._app.go("standing")
        await self._keys("ctrl+d")
        await self._until("delivery", lambda: self._desk.standing().waiting() == 0)
        await self._pilot.pause(KEY_SECONDS * 10)
