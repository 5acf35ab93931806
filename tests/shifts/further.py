"""What else happens in a day: drugs handed over, one line given back, advances settled, papers exchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.screens.exchange_dialog import ExchangeDialog
from downtime.screens.quantity import QuantityDialog
from downtime.screens.refund import RefundScreen
from downtime.screens.second_person import SecondPersonDialog
from downtime.screens.settle import SettleDialog
from downtime.screens.shift_count import CountDialog
from tests.shifts import closing
from tests.shifts.books import Open, Part
from tests.shifts.listed import Listed

if TYPE_CHECKING:
    from random import Random

    from tests.shifts.books import Books, Paid
    from tests.shifts.place import Place

PHARMACIST = "3001"
CASHIERS = ("1001", "1002")


class Further(Listed):
    """The part of the people behind the window that settles what began earlier."""

    def __init__(self, place: Place, books: Books, chance: Random) -> None:
        super().__init__(place, books, chance)
        self.kinds += (
            *[self.drugs_handed_over] * 5, *[self.line_back] * 5, *[self.lines_follow] * 5, *[self.exchanged] * 5,
            *[self.deposit_back] * 3, *[self.handed_over] * 1,
        )  # fmt: skip

    def _one_of(self, paid: list[Paid]) -> Paid | None:
        return self.chance.choice(paid) if paid else None

    # -- goods and lines ----------------------------------------------------------------------------

    async def drugs_handed_over(self) -> None:
        """A pharmacist logs in at this PC, scans a paid receipt and hands its drugs over."""
        drugs = self.place.drugs
        waiting = [one for one in self.books.paid if any(line and line.code in drugs for line in one.lines)]
        paid = self._one_of(waiting)
        if paid is None:
            await self.pays_cash()
            return
        session, cashier = self.session, self.operator
        charge = session.desk.find(paid.number)
        assert charge is not None
        await session.becomes(PHARMACIST)
        before = session.app.last
        await session.goes("dispense")
        for _time in range(2 if self.fault == "scanned twice" else 1):
            await session.fast(charge.qr[0])
        await session.keys(*self.last_enter())
        handed = await self.stands("dispense", before)
        codes = {line.code for line in paid.lines if line and line.code in drugs}
        assert {line["code"] for line in handed.content["lines"]} == codes
        self.books.paid.remove(paid)  # what was carried away does not come back at this window
        await session.becomes(cashier)

    async def line_back(self) -> None:
        """One line of a receipt goes back; the others stay."""
        paid = self._one_of([one for one in self.books.paid if any(one.lines)])
        if paid is None:
            await self.pays_cash()
            return
        session = self.session
        place = self.chance.choice([n for n, line in enumerate(paid.lines) if line])
        kept, back = paid.without(place)
        before = session.app.last
        await self.receipt_to_refund(paid.number)
        await session.keys(str(place + 1))
        if isinstance(session.app.screen, QuantityDialog):
            await session.keys("enter")  # all of it
        await self.given_back(paid.number)
        given = await self.stands("refund", before, minor=paid.minor - kept.minor)
        self.books.give_back(str(given.number), back)
        self.books.paid.remove(paid)
        if any(kept.lines):
            self.books.paid.append(kept)
        await session.home_screen()

    async def lines_follow(self) -> None:
        """The lines of an advance are known: what is over goes back, what is short is collected."""
        advance = self._one(self.books.advances)
        if advance is None:
            await self.in_advance()
            return
        session = self.session
        await self.at("itemisation")
        before = session.app.last
        await session.words(advance.number, "enter")
        total = await self.goods()
        await session.keys("f8")
        await self.stands("itemisation", before, minor=total)
        self.books.whole["advance"] -= min(total, advance.minor)
        if total > advance.minor:
            await self._collects(total - advance.minor)
        elif total < advance.minor:
            await self._gives_back(advance, advance.minor - total)
        await session.home_screen()

    async def _collects(self, short: int) -> None:
        session = self.session
        before = session.app.last
        await session.keys("f8")
        await session.shows(SettleDialog)
        parts = (Part("cash", short),)
        await self.money(parts, self._handed(short))
        await self.stands("payment", before, minor=short)
        self.books.take(parts)

    async def _gives_back(self, advance: Open, over: int) -> None:
        session = self.session
        before = session.app.last
        await session.keys("f8")
        await session.shows(RefundScreen)
        await self.given_back(advance.number)
        given = await self.stands("refund", before, minor=over)
        self.books.give_back(str(given.number), (Part("cash", over),))
        self.books.whole["advance"] -= over

    # -- papers and deposits ------------------------------------------------------------------------

    async def exchanged(self) -> None:
        """The HIS has issued the formal document: our slip is taken back for it. No money moves."""
        paid = self._one_of([one for one in self.books.paid if one.number not in self.books.exchanged])
        if paid is None:
            await self.pays_cash()
            return
        await self._row("not_exchanged", Open(paid.number, paid.minor))
        await self.session.shows(ExchangeDialog)
        before = self._newest("exchange")
        await self.session.keys("1", *f"{before:08}", "enter", "enter", "enter")
        await self.session.wait(lambda: self._newest("exchange") > before)
        self.books.exchanged.add(paid.number)
        await self.session.home_screen()

    async def deposit_back(self) -> None:
        """Somebody leaves the ward: the deposit goes back in cash, after a second person agreed where it is large."""
        deposit = self._one(self.books.deposits)
        if deposit is None:
            await self.deposits()
            return
        await self.at("deposit_refund")
        before = self.session.app.last
        await self.session.words(deposit.number, "enter", "1", *self.last_enter())
        await self.stands("deposit_refund", before, minor=deposit.minor)
        self.books.take((Part("cash", deposit.minor),), -1)
        await self.session.home_screen()

    # -- the drawer ---------------------------------------------------------------------------------

    async def handed_over(self) -> None:
        """The drawer goes to the other cashier: both count it, the taker signs and goes on at the same window."""
        session = self.session
        taker = next(one for one in CASHIERS if one != self.operator)
        await session.paper_is_out()
        await closing.to_the_shift(session)
        before = self._newest("shift_handed_over")
        await session.words("f7", taker, "enter")
        for _count in range(2):
            await session.shows(CountDialog)
            await closing.counted(session, max(0, self.books.drawer))
        await session.shows(SecondPersonDialog)
        await session.keys(*taker, "enter", *f"lianxi{taker}", "enter")
        await session.wait(lambda: self._newest("shift_handed_over") > before)
        self.operator = taker
        await session.becomes(taker)
