"""Customers of every kind, each served at its real screen; what they paid is written into the books by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.screens.ask import AlarmDialog
from downtime.screens.charge import ChargeScreen
from downtime.screens.registration import RegistrationScreen
from downtime.screens.second_person import SecondPersonDialog
from tests.shifts import faults
from tests.shifts.books import Books, Line, Open, Paid, Part
from tests.shifts.session import OPERATOR, KilledError

if TYPE_CHECKING:
    from random import Random

    from downtime.entry import Entry
    from tests.shifts.place import Place
    from tests.shifts.session import Session

_YUAN = 100
TAIL = "8812"


class Cashier:
    """The person behind the window.

    Attributes:
        fault: what goes wrong with this customer, or "".
        asked_twice: how often a second person was asked for.
        operator: who it is now; the drawer may be handed over.
        taken: the lines typed last.
    """

    def __init__(self, place: Place, books: Books, chance: Random) -> None:
        self.place, self.books, self.chance = place, books, chance
        self.session: Session
        self.fault = ""
        self.asked_twice = 0
        self.operator = OPERATOR
        self.taken: tuple[Line, ...] = ()
        self.filled: tuple[tuple[Line, ...], str] | None = None
        self.kinds = (
            *[self.pays_cash] * 30, *[self.pays_card] * 10, *[self.pays_mobile] * 10, *[self.pays_unseen] * 8,
            *[self.pays_mixed] * 8, *[self.owes] * 5, *[self.is_new] * 6, *[self.in_advance] * 6,
            *[self.deposits] * 4, *[self.priced_slip] * 4,
        )  # fmt: skip

    # -- one after the other ------------------------------------------------------------------------

    async def serve(self) -> None:
        """Serve whoever is next."""
        self.fault = self.chance.choice(faults.FAULTS) if self.chance.random() < faults.FAULT_SHARE else ""
        kind = self.chance.choice(self.kinds)
        if self.fault.startswith("killed"):
            kind = self.pays_cash
        self.place.pass_time(36)
        faults.before_customer(self.place, self.fault)
        await kind()
        self.books.customers[kind.__name__] += 1
        if self.fault:
            self.books.customers[f"fault: {self.fault}"] += 1
        await faults.after_customer(self.session, self.place, self.fault, reprint=self.chance.random() < 0.5)

    async def at(self, place: str) -> None:
        """Be at a screen; the charge screen is where one is anyway."""
        if place != "charge" or not isinstance(self.session.app.screen, ChargeScreen):
            await self.session.goes(place)

    # -- parts of a charge --------------------------------------------------------------------------

    async def somebody(self, number: str | None = None) -> str:
        """Find a patient by number, or by a card scanned once or twice."""
        number = number or self.chance.choice(self.place.patients)
        if self.fault == "scanned twice":
            for _time in range(2):
                await self.session.fast(self.place.cards[number])
        else:
            await self.session.words(number, "enter")
        return number

    async def goods(self, lines: tuple[Line, ...] | None = None) -> int:
        """Type lines by their codes; return what they cost."""
        lines = self.taken = lines or self.place.lines(self.chance)
        for line in lines:
            await self.session.words(line.code, "enter")
            if line.quantity != "1":
                await self.session.words(f"*{line.quantity}", "enter")
            if line is lines[0]:
                await faults.midway(self.session, self.place, self.fault)
        return sum(line.minor for line in lines)

    async def money(self, parts: tuple[Part, ...], handed_minor: int | None = None) -> None:
        """Type how a total is paid; the last Enter records it."""
        keys: list[str] = []
        by = {part.method: part.minor for part in parts}
        if handed_minor is not None:
            keys += amount_keys(handed_minor)
        elif "cash" in by and len(by) > 1:
            keys += [*amount_keys(by["cash"]), "enter"]  # the rest is offered by card
        if "card" in by and len(by) == 1:
            keys += ["tab", *amount_keys(by["card"]), "tab", *TAIL]
        if "mobile" in by:
            keys += ["ctrl+e", "ctrl+e", *TAIL]
        if "unverified" in by:
            keys += ["ctrl+e", *(TAIL if self.chance.random() < 0.7 else "")]
        await self.session.keys(*keys, *self.last_enter())

    def last_enter(self) -> list[str]:
        """Return Enter, or what an impatient hand makes of it."""
        return ["enter"] * (10 if self.fault == "enter hammered" else 1)

    async def stands(self, form: str, before: object, *, minor: int | None = None) -> Entry:
        """Wait until it is recorded, whatever is asked before; hold form and amount against what was wanted.

        Args:
            form: what it must be.
            before: what was told before it.
            minor: its amount, if that is known.
        """
        session = self.session
        app = session.app
        while app.last is before:
            await session.wait(
                lambda: app.last is not before or isinstance(app.screen, SecondPersonDialog | AlarmDialog)
            )
            if not await faults.numbers_used_up(session, self.place) and await faults.second_person(session):
                self.asked_twice += 1
        entry = await session.told(before)
        assert entry.form == form, (entry.form, form, session.screen)
        if minor is not None:
            assert entry.amount_minor == minor, (form, entry.amount_minor, minor)
        self.books.slips[form] += 1
        if self.fault == "language switched":
            await session.keys("ctrl+b")
        return entry

    async def charged(self, parts_of: str) -> None:
        """Patient, lines, money by one of the ways."""
        await self.at("charge")
        before = self.session.app.last
        await self.somebody()
        await self._rest_of_charge(await self.goods(), parts_of, before)

    async def _rest_of_charge(self, total: int, parts_of: str, before: object) -> None:
        await self.session.keys("enter")
        parts = self._parts(total, parts_of)
        await self.money(parts, self._handed(total) if parts_of == "cash" else None)
        entry = await self.stands("charge", before, minor=total)
        self._book(entry, total, parts)

    def _book(self, entry: Entry, total: int, parts: tuple[Part, ...]) -> None:
        self.books.take(parts)
        if all(part.method != "unverified" for part in parts):
            self.books.paid.append(Paid(str(entry.number), total, parts, self.taken))
        else:
            self.books.unseen.append(Open(str(entry.number), total))

    def _parts(self, total: int, way: str) -> tuple[Part, ...]:
        if way == "mixed" and total > 1:
            cash = self.chance.randrange(1, total)
            return Part("cash", cash), Part("card", total - cash)
        return (Part("cash" if way == "mixed" else way, total),)

    def _handed(self, total: int) -> int | None:
        """Return what is handed over in cash: exactly it, or rounded up to what notes people have."""
        note = self.chance.choice((0, 1, _YUAN, 10 * _YUAN, 100 * _YUAN))
        return None if not note else -(-total // note) * note

    # -- kinds --------------------------------------------------------------------------------------

    async def pays_cash(self) -> None:
        """Lines and cash; sometimes the app dies in between."""
        if not self.fault.startswith("killed"):
            await self.charged("cash")
            return
        await self.at("charge")
        await self.somebody()
        lines = self.place.lines(self.chance)
        entry_id = self.session.app.screen.sheet.entry_id  # type: ignore[attr-defined]  # the charge screen's
        self.filled = (lines, entry_id)
        if self.fault == "killed half filled":
            await self.session.words(lines[0].code, "enter", lines[-1].code[:3])
        else:
            await self.goods(lines)
            await self.session.keys("enter", "enter")
        self.session.dies = True
        raise KilledError(self.fault)

    async def pays_card(self) -> None:
        """Lines and a card."""
        await self.charged("card")

    async def pays_mobile(self) -> None:
        """Lines and mobile pay that was seen to arrive."""
        await self.charged("mobile")

    async def pays_unseen(self) -> None:
        """Lines and mobile pay nobody can see arrive."""
        await self.charged("unverified")

    async def pays_mixed(self) -> None:
        """Part in cash, the rest by card."""
        await self.charged("mixed")

    async def owes(self) -> None:
        """Somebody vouches; nothing is paid."""
        await self.at("charge")
        before = self.session.app.last
        await self.somebody()
        total = await self.goods()
        await self.session.words("enter", "ctrl+o", "ldf", "enter", *self.last_enter())
        entry = await self.stands("charge", before, minor=total)
        self.books.owes(Open(str(entry.number), total))

    async def is_new(self) -> None:
        """Nobody knows them: registered first, then charged."""
        await self.at("charge")
        await self.session.words("ctrl+n")
        await self.session.shows(RegistrationScreen)
        app = self.session.app
        await self.session.words("lianxi", "enter", "1", "45", "f8")
        while not isinstance(app.screen, ChargeScreen):
            await self.session.wait(lambda: isinstance(app.screen, ChargeScreen | AlarmDialog))
            await faults.numbers_used_up(self.session, self.place)
        await self.session.shows(ChargeScreen)
        self.books.slips["registration"] += 1
        self.books.slips["visit"] += 1
        before = self.session.app.last
        await self._rest_of_charge(await self.goods(), "cash", before)

    async def in_advance(self) -> None:
        """An amount now, lines later."""
        await self.at("precollection")
        before = self.session.app.last
        await self.somebody()
        amount = self.chance.randrange(500, 50_000)
        await self.session.words(str(1 + amount % 5))
        await faults.midway(self.session, self.place, self.fault)
        await self.session.keys(*amount_keys(amount), "enter")
        await self.money((Part("cash", amount),), amount)
        entry = await self.stands("precollection", before, minor=amount)
        self.books.take((Part("cash", amount),))
        self.books.whole["advance"] += amount
        self.books.advances.append(Open(str(entry.number), amount))

    async def deposits(self) -> None:
        """Money for somebody in a bed."""
        await self.at("deposit")
        app = self.session.app
        before = app.last
        await self.somebody(self.chance.choice(self.place.in_bed))
        amount = self.chance.randrange(10_000, 200_000)
        await self.session.keys(*amount_keys(amount), "enter")
        while not app.screen.query("#cash"):  # the ward's phone nobody knows
            await self.session.keys("enter")
        await self.money((Part("cash", amount),), amount)
        entry = await self.stands("deposit", before, minor=amount)
        self.books.take((Part("cash", amount),))
        self.books.deposits.append(Open(str(entry.number), amount))

    async def priced_slip(self) -> None:
        """Somebody prices it and prints the slip; the cashier scans it, once or twice, and takes the money."""
        session = self.session
        await self.at("pricing")
        before = session.app.last
        await self.somebody()
        total = await self.goods()
        await session.keys("f8")
        slip = await self.stands("pricing", before)
        await self.at("charge")
        for _time in range(2 if self.fault == "scanned twice" else 1):
            await session.fast(slip.qr[0])
        before = session.app.last
        await session.keys("f8")
        parts = (Part("cash", total),)
        await self.money(parts, self._handed(total))
        entry = await self.stands("charge", before, minor=total)
        assert entry.content["priced_id"] == slip.id
        self._book(entry, total, parts)


def amount_keys(minor: int) -> str:
    """Return what is typed for an amount."""
    return f"{minor // _YUAN}.{minor % _YUAN:02}" if minor % _YUAN else str(minor // _YUAN)
