"""Help cards: every screen has one in both languages, and each key a card names is there when one presses it."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import downtime
from downtime.help_cards import BYTES_MAX
from downtime.rights import ROLES
from downtime.screens.home import HomeScreen
from downtime.screens.keymap import ACTS, ALWAYS
from downtime.screens.login import LoginScreen
from downtime.screens.places import places, screen_of
from downtime.screens.settle import SettleDialog
from tests.tidy.sources import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(downtime.__file__).parent / "help"
LANGUAGES = ("zh", "en")
LINES_MAX = 14
FACES = {
    "home": {*HomeScreen.acts, *ALWAYS} - {"back"},
    "login": {*LoginScreen.acts, *ALWAYS},
    "settle": {*SettleDialog.acts, "language", "lock", "help", "back"},
}
"""Screens that are no place, and their acts."""
_ACT = re.compile(r"\{([^{}]*)\}")
_KEY = re.compile(r"\bF\d{1,2}\b|\b(?:Ctrl|Alt|Shift)\+(?!Tab\b)\w+")


def _cards() -> Iterator[tuple[str, Path, str]]:
    for path in sorted(FOLDER.glob("*/*.md")):
        yield path.name.partition(".")[0], path, path.read_text("utf-8")


def _name(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_has_a_card(language: str) -> None:
    """F1 explains every place, the home screen, the login and settling, in both languages."""
    wanted = {place.name for place in places()} | FACES.keys()
    absent = sorted(name for name in wanted if not (FOLDER / language / f"{name}.md").is_file())
    assert not absent, listed(absent)


def test_both_languages_have_the_same_cards() -> None:
    """Who changes the language finds the same help, for the same roles."""
    zh, en = ({path.name for path in (FOLDER / language).iterdir()} for language in LANGUAGES)
    assert zh == en


def test_a_card_belongs_to_a_screen_and_a_role() -> None:
    """No card lies there that nobody can reach."""
    known = {place.name for place in places()} | FACES.keys()
    roles = {"", *ROLES}
    lost = [
        _name(path)
        for name, path, _text in _cards()
        if name not in known or path.name.removesuffix(".md").partition(".")[2] not in roles
    ]
    assert not lost, listed(lost)


def test_each_key_a_card_names_is_on_that_screen() -> None:
    """Cards name keys by what they do, so that a site's own keymap is right in them; the screen has each."""
    wrong = []
    for name, path, text in _cards():
        acts = FACES[name] if name in FACES else {*screen_of(name).acts, *ALWAYS}
        wrong += [f"{_name(path)}: {act}" for act in _ACT.findall(text) if act not in acts or act not in ACTS]
        wrong += [f"{_name(path)}: {key}, not by its act" for key in _KEY.findall(text)]
    assert not wrong, listed(wrong)


def test_a_card_is_short() -> None:
    """A title, what the screen is for, three steps, what to do if: it is read standing."""
    long = [_name(path) for _place, path, text in _cards() if len(text.strip().splitlines()) > LINES_MAX]
    long += [_name(path) for _place, path, text in _cards() if len(text.encode()) > BYTES_MAX]
    untitled = [_name(path) for _place, path, text in _cards() if not text.startswith("# ")]
    stepless = [_name(path) for _place, path, text in _cards() if "\n1. " not in text]
    assert not [*long, *untitled, *stepless], listed([*long, *untitled, *stepless])


def test_cards_have_one_width() -> None:
    """No character in them is one or two cells wide as the console pleases."""
    found = [
        f"{_name(path)}: {sign}"
        for _place, path, text in _cards()
        for sign in sorted(set(text))
        if unicodedata.east_asian_width(sign) == "A"
    ]
    assert not found, listed(found)
