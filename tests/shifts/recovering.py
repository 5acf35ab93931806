"""After the app died: what was recorded is told about, what was half filled is gone on with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.screens.charge import ChargeScreen
from downtime.screens.home import HomeScreen
from downtime.screens.unconfirmed import UnconfirmedScreen
from tests.shifts.books import Part
from tests.shifts.further import Further

if TYPE_CHECKING:
    from tests.shifts.books import Line


class Recovering(Further):
    """The part of the person behind the window that comes back after a power cut."""

    async def go_on(self) -> None:
        """Confirm receipts nobody was told about, then finish the charge that lay half filled."""
        assert self.filled is not None
        lines, entry_id = self.filled
        self.filled, self.fault = None, ""
        desk = self.session.desk
        recorded = desk.find(entry_id)  # told before the app died, or nobody was told
        await self._settle_rows()
        self.taken = lines
        if recorded is not None:
            self.books.slips["charge"] += 1
            total = sum(line.minor for line in lines)
            self._book(recorded, total, (Part("cash", total),))
        elif isinstance(self.session.app.screen, ChargeScreen):
            await self._finish(lines)
        else:  # not even a draft: the customer is served from the beginning
            await self.session.home_screen()
            await self.pays_cash()
        self.books.customers["came back after a power cut"] += 1

    async def _settle_rows(self) -> None:
        session = self.session
        if not isinstance(session.app.screen, UnconfirmedScreen):
            return
        for _receipt in session.desk.unconfirmed():
            await session.keys("enter")
        if any(draft.form == "charge" for draft in session.desk.drafts()):
            await session.keys("enter")
        await session.keys()

    async def _finish(self, lines: tuple[Line, ...]) -> None:
        session = self.session
        sheet = session.app.screen.sheet  # type: ignore[attr-defined]  # the charge screen's
        if sheet.patient is None:
            await self.somebody()
        kept = [line.code for line in sheet.lines]
        assert kept == [line.code for line in lines][: len(kept)], (kept, lines)
        before = session.app.last
        for place, line in enumerate(lines):
            if place >= len(kept):
                await session.words(line.code, "enter")
            quantity = sheet.lines[place].quantity
            if quantity != line.quantity:
                assert place == len(sheet.lines) - 1, "only the last line was not counted yet"
                await session.words(f"*{line.quantity}", "enter")
        await self._rest_of_charge(sum(line.minor for line in lines), "cash", before)


async def at_home(counter: Recovering) -> None:
    """Begin a new run of the app at the home screen."""
    if not isinstance(counter.session.app.screen, HomeScreen):
        await counter.session.home_screen()
