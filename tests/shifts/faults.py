"""What goes wrong at a window: each customer may meet one of these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.screens.ask import AlarmDialog
from downtime.screens.second_person import SecondPersonDialog

if TYPE_CHECKING:
    from tests.shifts.place import Place
    from tests.shifts.session import Session

FAULTS = (
    *(
        "printer dies",
        "no paper",
        "language switched",
        "locked",
        "idle lock",
        "enter hammered",
        "scanned twice",
    ),
    *("killed half filled", "killed while recording", "clock set back"),
)
FAULT_SHARE = 0.12
"""Of all customers; wrong passwords and used-up numbers come by themselves."""
SECOND = {"3001": "3002"}
"""Who comes as a second person to whom; to everybody else the supervisor."""
SUPERVISOR = "1006"
IDLE_SECONDS = 130
A_JOB_IS_UNDER_WAY = 120
"""Bytes after which a printer has begun with a receipt and has not ended it."""


def before_customer(place: Place, fault: str) -> None:
    """Let the printer be ready to fail."""
    if fault == "printer dies":
        place.printer.closes_after = len(place.printer.taken) + A_JOB_IS_UNDER_WAY
    elif fault == "no paper":
        place.printer.paper = False
    elif fault == "clock set back":
        place.clock.turn(wall_seconds=-3_600)


async def after_customer(session: Session, place: Place, fault: str, *, reprint: bool) -> None:
    """Somebody sees to the printer; the cashier prints the receipt again now, or at the end of the shift."""
    if fault in {"printer dies", "no paper"}:
        await session.paper_is_out()
        place.printer.closes_after, place.printer.paper = None, True
        last = session.app.last
        if reprint and last is not None and last.paper == "not_printed":
            await session.keys("f6")
            await session.paper_is_out()


async def midway(session: Session, place: Place, fault: str) -> None:
    """Something happens while a form is half filled; afterwards all is as it was."""
    app = session.app
    if fault == "language switched":
        await session.keys("ctrl+b")
    elif fault in {"locked", "idle lock"}:
        if fault == "locked":
            await session.keys("f11")
        else:
            place.pass_time(IDLE_SECONDS)
            app.lock_if_idle()
        await session.wait(lambda: app.is_locked)
        await session.keys(*"not this", "enter")
        await session.wait(lambda: not getattr(app.screen, "_asking", False))
        await session.keys(*session.password, "enter")
        await session.wait(lambda: not app.is_locked)
        await session.keys()


async def second_person(session: Session) -> bool:
    """If a second person is asked for, they mistype their password first; return whether they were asked."""
    app = session.app
    if not isinstance(app.screen, SecondPersonDialog):
        return False
    dialog = app.screen
    second = SECOND.get(session.operator, SUPERVISOR)
    await session.keys(*second, "enter", *"wrong", "enter")
    await session.wait(lambda: not dialog._checking and dialog._problem())
    await session.keys(*f"lianxi{second}", "enter")
    await session.wait(lambda: session.app.screen is not dialog)
    return True


async def numbers_used_up(session: Session, place: Place) -> bool:
    """If no number is left, IT adds a block and Enter goes on; return whether it had to."""
    if not isinstance(session.app.screen, AlarmDialog):
        return False
    place.more_numbers()
    await session.keys("enter")
    await session.wait(lambda: not isinstance(session.app.screen, AlarmDialog))
    return True
