"""Two languages, both complete, switched while the app runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story

HAN = re.compile("[一-鿿]")
_FOREIGN = ("收费三窗", "练习员王敏", "中文/English", "练习医院")


async def test_switching_keeps_what_is_typed(story: Callable[..., Story]) -> None:
    """F12 shows every word in the other language; patient, lines and the half-typed item stay."""
    async with story() as s:
        await s.charged("zw", "xcg")
        await s.type("am")
        await s.press("f12")
        assert "Patient" in s.screen
        assert "Total" in s.screen
        assert s.app.screen.items.text == "am"  # type: ignore[attr-defined]  # the charge screen's
        await s.press("f12")
        assert "合计" in s.screen


@pytest.mark.parametrize("keys", [(), ("1",), ("1", "f1"), ("ctrl+q",), ("f11",)])
async def test_english_screens_hold_no_chinese_of_ours(
    story: Callable[..., Story], keys: tuple[str, ...]
) -> None:
    """Only names from the hospital's own data are Chinese on an English screen."""
    async with story(language="en") as s:
        await s.press(*keys)
        text = s.screen
        for foreign in _FOREIGN:
            text = text.replace(foreign, "")
        assert not HAN.findall(text), text


@pytest.mark.parametrize("keys", [(), ("1",), ("1", "f10"), ("1", "f1"), ("ctrl+q",), ("f11",)])
async def test_chinese_screens_hold_no_english_sentence(
    story: Callable[..., Story], keys: tuple[str, ...]
) -> None:
    """Apart from keys and codes no English word is left on a Chinese screen."""
    async with story(language="zh") as s:
        await s.press(*keys)
        text = s.screen.replace("中文/English", "").replace("lianxi", "")  # made-up passwords
        text = text.replace("hwb Enter", "").replace("xcg Enter", "")  # what one types for a first receipt
        words = set(re.findall(r"[A-Za-z]{3,}", text))
        assert words <= {"Enter", "Esc", "Ctrl", "HIS", "PgDn", "Shift"}, words
