"""What comes back and what is worked off lists: refunds, mistakes, money owed, not seen to arrive, to be sent back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime import worklists
from downtime.screens.ask import AskDialog
from downtime.screens.reason import ReasonDialog
from downtime.screens.settle import SettleDialog
from downtime.screens.worklist_dialog import ActDialog
from downtime.screens.worklists import WorklistsScreen
from tests.shifts.books import Part
from tests.shifts.customers import Cashier

if TYPE_CHECKING:
    from random import Random

    from tests.shifts.books import Books, Open, Paid
    from tests.shifts.place import Place

_KEY = {name: str(place) for place, name in enumerate(worklists.LISTS, 1)}
ARRIVES = 0.8


class Listed(Cashier):
    """The part of the person behind the window that gives back and works lists off."""

    def __init__(self, place: Place, books: Books, chance: Random) -> None:
        super().__init__(place, books, chance)
        self.kinds += (
            *[self.refund] * 5, *[self.mistake] * 4, *[self.pays_later] * 4, *[self.statement_says] * 5,
            *[self.sent_back] * 4,
        )  # fmt: skip

    def _pick(self) -> Paid | None:
        return self.books.paid.pop(self.chance.randrange(len(self.books.paid))) if self.books.paid else None

    async def refund(self) -> None:
        """A whole receipt, of any shift, goes back as it was paid."""
        paid = self._pick()
        if paid is None:
            await self.pays_cash()
            return
        session = self.session
        before = session.app.last
        await self.receipt_to_refund(paid.number)
        await session.keys("f9")
        await self.given_back(paid.number)
        given = await self.stands("refund", before, minor=paid.minor)
        self.books.give_back(str(given.number), paid.parts)
        await session.home_screen()

    async def receipt_to_refund(self, number: str) -> None:
        """Find a receipt at the refund screen, and look at it before any further key."""
        session = self.session
        await self.at("refund")
        await session.words(number, "enter")
        await session.wait(lambda: getattr(session.app.screen, "sheet", None) is not None)
        await session.keys()

    async def given_back(self, number: str) -> None:
        """F8: the formal paper is here where one was handed out; then why."""
        session = self.session
        await session.keys("f8")
        if number in self.books.exchanged:
            await session.shows(AskDialog)
            await session.keys("enter")
        await session.shows(ReasonDialog)
        await session.words("1", "enter", *self.last_enter())

    async def mistake(self) -> None:
        """A charge was wrong and is undone at once."""
        await self.charged(self.chance.choice(("cash", "card")))
        paid = self.books.paid.pop()
        session = self.session
        before = session.app.last
        await session.keys("f9")
        await session.shows(ReasonDialog)
        await session.words("1", "enter", *self.last_enter())
        await self.stands("reversal", before)
        self.books.take(paid.parts, -1)
        await session.home_screen()

    # -- lists -------------------------------------------------------------------------------------------

    async def pays_later(self) -> None:
        """Somebody comes back with the money."""
        waiting = self._one(self.books.owing)
        if waiting is None:
            await self.pays_cash()
            return
        await self._row("owing", waiting)
        await self.session.shows(SettleDialog)
        before = self.session.app.last
        parts = (Part("cash", waiting.minor),)
        await self.money(parts, self._handed(waiting.minor))
        await self.stands("payment", before, minor=waiting.minor)
        self.books.take(parts)
        self.books.whole["owed"] -= waiting.minor
        await self.session.home_screen()

    async def statement_says(self) -> None:
        """The money arrived, or it never came and is owed."""
        waiting = self._one(self.books.unseen)
        if waiting is None:
            await self.pays_unseen()
            return
        await self._row("unverified", waiting)
        await self.session.shows(ActDialog)
        before, arrived = self._newest("payment_verified"), self.chance.random() < ARRIVES
        await self.session.keys(*(("1", "2", "enter") if arrived else ("2", "1", "enter")))
        await self.session.wait(lambda: self._newest("payment_verified") > before)
        self.books.take((Part("unverified", waiting.minor),), -1)
        if arrived:
            self.books.take((Part("mobile", waiting.minor),))
        else:
            self.books.owes(waiting)
        await self.session.home_screen()

    async def sent_back(self) -> None:
        """The bank says that money went back the way it came."""
        waiting = self._one(self.books.returning)
        if waiting is None:
            await self.refund()
            return
        await self._row("to_be_returned", waiting)
        await self.session.shows(ActDialog)
        before = self._newest("refund_confirmed")
        await self.session.keys(*"4711", "enter")
        await self.session.wait(lambda: self._newest("refund_confirmed") > before)
        self.books.take(tuple(part for part in waiting.parts if part.method != "cash"), -1)
        self.books.whole["returning"] -= waiting.minor
        await self.session.home_screen()

    def _one(self, waiting: list[Open]) -> Open | None:
        return waiting.pop(self.chance.randrange(len(waiting))) if waiting else None

    def _newest(self, form: str) -> int:
        found = self.session.desk.looking().execute("SELECT max(seq) FROM entry WHERE form = ?", (form,))
        return next(iter(found))[0] or 0

    async def _row(self, name: str, waiting: Open) -> None:
        """Open one row of a list: its number is typed, Enter takes it."""
        session = self.session
        await session.goes("worklists")
        await session.shows(WorklistsScreen)
        await session.keys(_KEY[name])
        screen = session.app.screen
        assert isinstance(screen, WorklistsScreen)
        await screen.look_again()
        await session.words(waiting.number)
        assert [row.entry.number for row in screen.rows.values] == [waiting.number], session.screen
        await session.keys("enter")
