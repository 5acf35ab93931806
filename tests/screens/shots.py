"""Every screen at both sizes in both languages, into docs/screens: ``make screens``.

A new screen is one line in ``SHOTS``: its name, what it shows, who is logged in, and the keys that lead there.
"""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from downtime.home import Home
from downtime.practice import prepare_practice
from tests.screens.drawing import draw_screen
from tests.screens.made_up import made_day
from tests.screens.story import Story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from downtime.desk import Desk

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screens"
SIZES = ((80, 24), (160, 45))
LANGUAGES = ("zh", "en")

_PATIENT = ("1", *"zw", "enter")
_ITEMS = (*_PATIENT, *"xcg", "enter", *"amxl", "2")
_PAID = (*_ITEMS, "enter", *"50", "enter", "enter")


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture.

    Attributes:
        name: name of the file.
        says: what it shows, for the page.
        keys: from the home screen; ``wait:WORD`` is not a key but waits until a receipt stands.
        operator: who is logged in; "" for the login screen.
        plain: the plain look.
        drill: on a drill's station.
        before: puts entries into the book before anybody looks.
    """

    name: str
    says: str
    keys: tuple[str, ...] = ()
    operator: str = "1001"
    plain: bool = False
    drill: bool = False
    before: Callable[[Desk], None] | None = None


SHOTS: list[Shot] = [
    Shot("login", "登录 Login", operator=""),
    Shot("home", "首页 Home"),
    Shot("charge-patient", "收费:找患者 Charge: finding the patient", ("1", *"zw")),
    Shot("charge-items", "收费:找项目 Charge: finding an item", (*_ITEMS, *"ct")),
    Shot("charge-lines", "收费:项目行 Charge: lines", _ITEMS),
    Shot("settle", "结算 Settle", (*_ITEMS, "enter", *"50")),
    Shot("settle-unpaid", "欠费 Authorised unpaid", (*_ITEMS, "enter", "ctrl+o")),
    Shot("recorded", "收费之后 After it: the cursor waits for the next patient", (*_PAID, "wait")),
    Shot("help", "帮助 Help", ("1", "f1")),
    Shot("locked", "锁定 Locked", (*_ITEMS, "f11")),
    Shot("plain-charge", "朴素外观 The plain look", (*_ITEMS, *"ct"), plain=True),
    Shot("plain-settle", "朴素外观:结算 The plain look: settling", (*_ITEMS, "enter", *"50"), plain=True),
    Shot("drill", "演练 A drill", _ITEMS, drill=True),
    Shot("registration", "登记 Registration", ("2", *"zhang san", "enter", "1", *"45", "enter")),
    Shot(
        "registration-child",
        "登记:儿童 Registration: a child",
        ("2", *"zhang bao", "enter", "2", *"3", "enter"),
    ),
    Shot("journal", "账册 Journal", ("3", "down"), before=made_day),
    Shot("journal-entry", "账册:一笔全文 Journal: one entry whole", ("3", "down", "enter"), before=made_day),
    Shot("reverse", "冲正 Reverse", ("3", "down", "down", "down", "f9", "1", "enter"), before=made_day),
    Shot("standing", "回传情况 Standing", ("4",), before=made_day),
    Shot("outage", "停机事件 Outage", ("6",)),
    Shot("dispense", "发药 Dispense", ("1", *"W03A-000001", "enter"), operator="3001", before=made_day),
    Shot(
        "dispense-vouched",
        "发药:欠费、管制药 Dispense: vouched for, controlled",
        ("1", *"W03A-000005", "enter", "enter"),
        operator="3001",
        before=made_day,
    ),
    Shot(
        "dispense-reversed",
        "发药:已冲正 Dispense: reversed",
        ("1", *"W03A-000002", "enter"),
        operator="3001",
        before=made_day,
    ),
    Shot("plain-standing", "朴素外观:回传情况 The plain look: standing", ("4",), plain=True, before=made_day),
    Shot(
        "plain-dispense",
        "朴素外观:发药 The plain look: dispense",
        ("1", *"W03A-000001", "enter"),
        operator="3001",
        plain=True,
        before=made_day,
    ),
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
                story = Story(home, size=size, language=language, plain=shot.plain, operator=shot.operator)
                async with story as s:
                    if shot.before is not None:
                        shot.before(s.desk)
                    await s.press(*(key for key in shot.keys if key != "wait"))
                    if "wait" in shot.keys:
                        await s.until(lambda s=s: s.entries("charge"))  # type: ignore[misc]  # bound in the loop
                        await s.until(lambda s=s: not s.app.printing and s.app.last)  # type: ignore[misc]  # as above
                    await s.rest()
                    draw_screen(s.app, folder / _file(shot, size, language))
                shutil.rmtree(place / "one")


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
