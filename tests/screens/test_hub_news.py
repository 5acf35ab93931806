"""What the hub says stands on the screen by itself: an outage that is over, a receipt in use at another window."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from downtime.canonical import seal
from downtime.hub_notice import PACKAGE_FILE, SIGNED, announced_bytes
from downtime.receipt_question import put_answer, questions
from downtime.screens.dispense import DispenseScreen
from downtime.screens.refund import RefundScreen
from downtime.signing import SigningKey
from tests.screens.made_back import made_paid

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.home import Home
    from tests.screens.story import Story

HUB = SigningKey(bytes(range(32)), "")


def joined(home: Home) -> None:
    """Let a station know its hub, as joining does."""
    (home.path / "hub.json").write_text(json.dumps({"v": 1, "signing": HUB.public.hex()}), "utf-8")


def announced(home: Home, name: str, state: str, at: str) -> None:
    """Put there what the hub announced, signed."""
    settings = home.settings
    told = announced_bytes(settings.hospital.id, name, state, at, "信息科")
    outage = {"name": name, "state": state, "at": at, "said_by": "信息科", "signature": HUB.sign(told).hex()}
    package: dict[str, Any] = {
        "v": 1, "version": 1, "hospital": settings.hospital.id, "station": settings.station.code,
        "files": [], "numbers": [], "station_keys": [], "outages": [outage],
    }  # fmt: skip
    file = home.path / PACKAGE_FILE
    file.parent.mkdir(exist_ok=True)
    signature = HUB.sign(SIGNED + seal(package)).hex()
    file.write_text(json.dumps({"package": package, "signature": signature}), "utf-8")


async def test_an_end_announced_at_the_hub_stands_on_every_screen(story: Callable[..., Story]) -> None:
    """While the outage is still in force here it says so in the top line, and at home what to do."""
    async with story(language="en") as s:
        joined(s.app.home)
        announced(s.app.home, s.desk.book.outage(), "ended", s.app.now()[:11] + "14:02:00+08:00")
        s.app.look()
        await s.until(lambda: "HUB: OVER 14:02" in s.screen)
        await s.until(lambda: "is over since 14:02. Serve in the HIS." in s.screen)
        s.app.go("charge")
        await s.until(lambda: "HUB: OVER 14:02" in s.screen)


async def test_an_announcement_nobody_signed_is_not_shown(story: Callable[..., Story]) -> None:
    """Whoever can write into the folder cannot tell the window to stop."""
    async with story(language="en") as s:
        joined(s.app.home)
        announced(s.app.home, s.desk.book.outage(), "ended", s.app.now()[:11] + "14:02:00+08:00")
        file = s.app.home.path / PACKAGE_FILE
        file.write_text(file.read_text("utf-8").replace("14:02", "14:03"), "utf-8")
        s.app.look()
        await s.rest()
        assert "HUB" not in s.screen


async def test_a_receipt_in_use_elsewhere_is_said_beside_the_form(story: Callable[..., Story]) -> None:
    """The screen asks and goes on; when the answer comes, a line says where and what; recording stays open."""
    async with story(language="en") as s:
        joined(s.app.home)
        paid = made_paid(s.desk)
        s.app.go("refund")
        await s.rest()
        await s.type(str(paid.number))
        await s.press("enter")
        screen = s.app.screen
        assert isinstance(screen, RefundScreen)
        assert screen.sheet is not None
        ((_file, number, using),) = questions(s.app.home)
        assert (number, using) == (paid.number, screen.sheet.entry_id)
        use = {"station": "W09", "form": "dispense", "at": "2026-01-05T14:02:00+08:00"}
        put_answer(s.app.home, number, using, {"used": [use]})
        await s.until(lambda: f"{paid.number} was used at window W09 already: Dispense, 14:02" in s.screen)
        await s.press("f9")
        assert "window W09" in s.screen, "it stays until the form is done"


async def test_the_pharmacy_is_told_as_well(story: Callable[..., Story]) -> None:
    """Another window has this receipt in hand at this very moment."""
    async with story(language="en", operator="3001") as s:
        joined(s.app.home)
        paid = made_paid(s.desk)
        s.app.go("dispense")
        await s.rest()
        screen = s.app.screen
        assert isinstance(screen, DispenseScreen)
        screen.bring_up(paid)
        ((_file, number, using),) = questions(s.app.home)
        told = [{"station": "W09", "entry_id": "x", "at": "2026-01-05T14:02:00+08:00"}]
        put_answer(s.app.home, number, using, {"about_to_be_used": told})
        await s.until(lambda: "is in hand at window W09 just now (14:02)" in s.screen)
