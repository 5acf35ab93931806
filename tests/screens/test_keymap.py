"""Keys mean the same everywhere, and a site may choose its own."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import downtime.screens
from downtime.errors import RefusedInputError
from downtime.screens.keymap import ACTS, act_bindings, key_words, keys_of
from downtime.screens.typed_fields import NUMBER_PAD

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story

TAKEN_BY_INPUT_METHODS = {"ctrl+space", "shift+space", "ctrl+full_stop", "ctrl+comma", "shift"}
TAKEN_BY_TERMINALS = {"f1", "f10", "f11"}


def test_every_key_has_one_meaning() -> None:
    """No key is given twice; those a terminal may keep have a second one; none is an input method's."""
    keys = [key for act in ACTS.values() for key in act.keys]
    assert len(keys) == len(set(keys))
    assert not TAKEN_BY_INPUT_METHODS & set(keys)
    assert all(len(act.keys) > 1 for act in ACTS.values() if TAKEN_BY_TERMINALS & set(act.keys))
    assert {binding.id for binding in act_bindings()} == set(ACTS)


def test_a_site_gives_an_act_another_key() -> None:
    """The settings file names the act; the others keep theirs."""
    keys = keys_of({"settle": ("alt+s",)})
    assert keys["settle"] == ("alt+s",)
    assert keys["help"] == ACTS["help"].keys


@pytest.mark.parametrize("site", [{"no_such": ("f2",)}, {"settle": ("f2",)}])
def test_a_keymap_that_cannot_be_is_refused(site: dict[str, tuple[str, ...]]) -> None:
    """An unknown act and a key given twice are named before the app starts."""
    with pytest.raises(RefusedInputError):
        keys_of(site)


def test_keys_are_written_as_on_the_keyboard() -> None:
    """The bottom line reads like the keys do."""
    assert [key_words(key) for key in ("f8", "escape", "ctrl+n")] == ["F8", "Esc", "Ctrl+N"]


def test_the_number_pad_is_whole() -> None:
    """Every key of it has its character."""
    assert set(NUMBER_PAD.values()) == set("0123456789.+-*/")


async def test_second_keys_work(story: Callable[..., Story]) -> None:
    """Where the terminal keeps F1, Ctrl+G helps."""
    async with story() as s:
        await s.press("ctrl+g")
        assert "帮助" in s.screen


def test_no_input_stands_on_the_bottom_row() -> None:
    """Screens put keys there, never a field: an input method's window would hide it."""
    folder = Path(downtime.screens.__file__).parent
    tree = ast.parse((folder / "base.py").read_text("utf-8"))
    assert any(isinstance(node, ast.Name) and node.id == "KeyLine" for node in ast.walk(tree))
