"""Every screen at both sizes in both languages, into docs/screens: ``make screens``.

A new screen is one line in ``SHOTS``: its name, what it shows, who is logged in, and the keys that lead there.
"""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from downtime.home import Home
from downtime.practice import prepare_practice
from tests.screens.board_shots import BOARD_SHOTS
from tests.screens.board_story import BoardStory
from tests.screens.drawing import draw_screen
from tests.screens.made_accounts import locked_cashier
from tests.screens.made_up import (
    audited_day,
    jumped_clock,
    made_day,
    made_dear_charge,
    made_night,
    made_registration,
)
from tests.screens.money_shots import MONEY_SHOTS
from tests.screens.retype_shots import RETYPE_SHOTS
from tests.screens.shot import WAITS, Shot
from tests.screens.staff_shots import STAFF_SHOTS
from tests.screens.story import Story

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.screens.made_board import MadeHub

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screens"
SIZES = ((80, 24), (160, 45))
LANGUAGES = ("zh", "en")

_PATIENT = ("1", *"zw", "enter")
_ITEMS = (*_PATIENT, *"xcg", "enter", *"amxl", "2")
_PAID = (*_ITEMS, "enter", *"50", "enter", "enter")

_FIRST = ("1", *"hwb", "enter", *"xcg", "enter")
_LOCKED = (*"1001", "enter", *"wrong", "enter", "answered")
_SHIFT = ("go:shift", "float")
_SHIFT_OPEN = (*_SHIFT, *"200", "enter")


SHOTS: list[Shot] = [
    Shot("login", "登录 Login", operator=""),
    Shot("login-locked", "登录:账户锁定 Login: locked", _LOCKED, operator="", closed=locked_cashier),
    Shot(
        "login-open",
        "登录:班长解锁 Login: a supervisor opens",
        (*_LOCKED, "f9"),
        operator="",
        closed=locked_cashier,
    ),
    Shot("home", "首页 Home"),
    Shot("charge-patient", "收费:找患者 Charge: finding the patient", ("1", *"zw")),
    Shot("charge-items", "收费:找项目 Charge: finding an item", (*_ITEMS, *"ct")),
    Shot("charge-lines", "收费:项目行 Charge: lines", _ITEMS),
    Shot("settle", "结算 Settle", (*_ITEMS, "enter", *"50")),
    Shot("settle-unpaid", "欠费 Authorised unpaid", (*_ITEMS, "enter", "ctrl+o")),
    Shot("recorded", "收费之后 After it: the cursor waits for the next patient", (*_PAID, "wait")),
    Shot("help", "帮助 Help", ("1", "f1")),
    Shot("help-home", "帮助:首页 Help: home", ("f1",)),
    Shot("first-lines", "第一张收据:项目 The first receipt: items", _FIRST),
    Shot("first-settle", "第一张收据:结算 The first receipt: settling", (*_FIRST, "enter", *"50")),
    Shot("first-receipt", "第一张收据 The first receipt", (*_FIRST, "enter", *"50", "enter", "wait")),
    Shot("locked", "锁定 Locked", (*_ITEMS, "f11")),
    Shot("plain-charge", "朴素外观 The plain look", (*_ITEMS, *"ct"), plain=True),
    Shot("plain-settle", "朴素外观:结算 The plain look: settling", (*_ITEMS, "enter", *"50"), plain=True),
    Shot("drill", "演练 A drill", _ITEMS, drill=True),
    Shot(
        "registration", "登记 Registration", ("go:registration", *"zhang san", "enter", "1", *"45", "enter")
    ),
    Shot(
        "registration-child",
        "登记:儿童 Registration: a child",
        ("go:registration", *"zhang bao", "enter", "2", *"3", "enter"),
    ),
    Shot("journal", "账册 Journal", ("go:journal", "down"), before=made_day),
    Shot(
        "journal-entry",
        "账册:一笔全文 Journal: one entry whole",
        ("go:journal", "down", "enter"),
        before=made_day,
    ),
    Shot(
        "reverse", "冲正 Reverse", ("go:journal", "down", "down", "down", "f9", "1", "enter"), before=made_day
    ),
    Shot("shift-open", "班次:开班 Shift: opening it", _SHIFT),
    Shot("shift", "班次:未了事项 Shift: what is unaccounted for", (*_SHIFT_OPEN, "opened"), before=made_day),
    Shot(
        "shift-count",
        "班次:盲点现金 Shift: the blind count",
        (*_SHIFT_OPEN, "opened", "f8", *"12", "enter", *"3", "enter"),
    ),
    Shot(
        "shift-close",
        "班次:结班 Shift: closing it",
        (*_SHIFT_OPEN, "opened", "f8", *"12", "enter", *["enter"] * 7, "counted", *"zhao cuo", "enter"),
        before=made_day,
    ),
    Shot("standing", "回传情况 Standing", ("go:standing",), before=made_day),
    Shot("outage", "停机事件 Outage", ("go:outage",), operator="1006"),
    Shot("home-supervisor", "首页:班长 Home of a supervisor", operator="1006"),
    Shot("home-nurse", "首页:护士 Home of a nurse", operator="2001"),
    Shot("home-pharmacist", "首页:药师 Home of a pharmacist", operator="3001"),
    Shot("home-it", "首页:信息科 Home of IT", operator="4001"),
    Shot("home-auditor", "首页:审计员 Home of an auditor", operator="4003"),
    Shot(
        "refused",
        "无权限 What one may not do is refused",
        ("go:charge", *"zw", "enter", *"xcg", "enter", "enter"),
        operator="2001",
    ),
    Shot("audit", "审计 Audit", ("1",), operator="4003", before=audited_day),
    Shot(
        "audit-filter",
        "审计:筛选 Audit: the filter",
        ("1", "ctrl+f", *"patient"),
        operator="4003",
        before=audited_day,
    ),
    Shot(
        "audit-line", "审计:一行 Audit: one line", ("1", "down", "enter"), operator="4003", before=audited_day
    ),
    Shot("clock-jumped", "时钟跳变 The clock jumped", ("ctrl+a",), before=jumped_clock),
    Shot(
        "registered",
        "登记后:号码隐去 A registration, numbers hidden",
        ("go:journal", "down", "enter"),
        before=made_registration,
    ),
    Shot(
        "second-person",
        "第二人签字 A second person signs",
        ("go:journal", "f9", "1", "enter", "enter", "asked", *"1006", "enter"),
        before=made_dear_charge,
    ),
    Shot(
        "second-person-code",
        "无第二人:一次性授权码 Nobody there: a one-time code",
        ("go:journal", "f9", "1", "enter", "enter", "asked", "ctrl+o", "ctrl+o"),
        before=made_dear_charge,
    ),
    Shot(
        "price",
        "改价 Another price than the list's",
        (*_ITEMS, "shift+f4", *["backspace"] * 8, *"10", "enter", *"you hui", "enter"),
    ),
    Shot(
        "countersign",
        "复核签字 Countersign",
        ("go:countersign", "listed"),
        operator="1006",
        before=made_night,
    ),
    Shot(
        "countersign-answer",
        "复核签字:意见 Countersign: the answer",
        ("go:countersign", "listed", "f8", "2"),
        operator="1006",
        before=made_night,
    ),
    Shot(
        "plain-second-person",
        "朴素外观:第二人签字 The plain look: a second person signs",
        ("go:journal", "f9", "1", "enter", "enter", "asked", *"1006", "enter"),
        plain=True,
        before=made_dear_charge,
    ),
    *STAFF_SHOTS,
    *MONEY_SHOTS,
    *RETYPE_SHOTS,
    *BOARD_SHOTS,
]


def take_all(folder: Path = FOLDER, shots: Iterable[Shot] = ()) -> int:
    """Draw every screen into ``folder`` and write its page; return how many pictures there are."""
    wanted = list(shots) or SHOTS
    with TemporaryDirectory() as place:
        homes = {
            drill: prepare_practice(Path(place) / f"drill-{drill}", drill=drill).path
            for drill in (False, True)
        }
        asyncio.run(_take(wanted, homes, Path(place), folder))
    _write_page(wanted, folder)
    return len(wanted) * len(SIZES) * len(LANGUAGES)


async def _take(shots: Iterable[Shot], homes: dict[bool, Path], place: Path, folder: Path) -> None:
    for shot in shots:
        for size in SIZES:
            for language in LANGUAGES:
                home = Home(shutil.copytree(homes[shot.drill], place / "one"))
                if shot.closed is not None:
                    shot.closed(home)
                async with _story(shot, home, place / "hub", size=size, language=language) as s:
                    if shot.before is not None:
                        shot.before(s.desk)
                    if shot.operator:
                        await s.look()
                    await _press(s, shot.keys)
                    draw_screen(s.app, folder / _file(shot, size, language))
                shutil.rmtree(place / "one")
                shutil.rmtree(place / "hub", ignore_errors=True)


def _story(shot: Shot, home: Home, hub: Path, **named: Any) -> Story:
    named |= {"plain": shot.plain, "operator": shot.operator}
    if shot.hub is None:
        return Story(home, **named)
    if not (kept := hub.with_name("hub-kept")).exists():
        _kept[kept] = shot.hub(kept)
        _kept[kept].close()
    return BoardStory(home, _kept[kept].copied(hub), **named)


_kept: dict[Path, MadeHub] = {}
"""Hubs made once; every picture has a copy of its own."""


async def _press(s: Story, keys: tuple[str, ...]) -> None:
    """Press keys one after the other; a wait stands for itself."""
    typed: list[str] = []
    for key in keys:
        if key not in WAITS and not key.startswith("go:"):
            typed.append(key)
            continue
        await s.press(*typed)
        typed = []
        if key not in WAITS:
            s.app.go(key.removeprefix("go:"))
            await s.until(lambda: s.app.screen.is_mounted)
            continue
        await s.until(lambda key=key: WAITS[key](s))  # type: ignore[misc]  # bound in the loop
    await s.press(*typed)
    await s.rest()


def _file(shot: Shot, size: tuple[int, int], language: str) -> str:
    return f"{shot.name}-{size[0]}x{size[1]}-{language}.png"


def _write_page(shots: Iterable[Shot], folder: Path) -> None:
    lines = [
        "# Screens 界面",
        "",
        "Drawn by `make screens` from the app itself on the practice hospital: every screen at 80 by 24 and at 160 by",
        "45, in both languages. 由 `make screens` 从应用本身生成:每个界面两种尺寸、两种语言。",
    ]
    for shot in shots:
        lines += ["", f"## {shot.says}", ""]
        lines += [
            f"![{shot.says}, {size[0]} by {size[1]}, {language}]({_file(shot, size, language)})"
            for size in SIZES
            for language in LANGUAGES
        ]
    (folder / "README.md").write_text("\n".join(lines) + "\n", "utf-8")
