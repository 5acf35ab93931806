"""Initials as people type them."""

from __future__ import annotations

import pytest

from downtime.pinyin import initials, name_initials, title_initials


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("重庆", "cq"),
        ("长春", "cc"),
        ("白术", "bz"),
        ("胸部CT平扫", "xbctps"),
        ("血常规(五分类)", "xcgwfl"),
        ("𠮷野", "𠮷y"),
    ],
)
def test_phrases_are_read_as_phrases(text: str, typed: str) -> None:
    """A place or a herb is read as everybody says it, not character by character."""
    assert initials(text) == typed


@pytest.mark.parametrize(
    ("name", "both"),
    [("单小明", "sd"), ("曾小明", "zc"), ("仇小明", "qc"), ("区小明", "oq"), ("解小明", "xj")],
)
def test_surnames_are_found_by_both_readings(name: str, both: str) -> None:
    """单 is shàn as a surname and dān elsewhere: a cashier may type either."""
    assert {f"{reading}xm" for reading in both} <= set(name_initials(name))


def test_a_strength_in_front_of_a_name_need_not_be_typed() -> None:
    """0.9%氯化钠注射液 begins with lhn for those who think of salt."""
    assert title_initials("0.9%氯化钠注射液") == ("09lhnzsy", "lhnzsy")


def test_for_injection_need_not_be_typed() -> None:
    """注射用头孢曲松钠 begins with tbqsn: hundreds of names begin with zsy, which tells nobody anything."""
    assert title_initials("注射用头孢曲松钠") == ("zsytbqsn", "tbqsn")
    assert title_initials("0.5g注射用头孢曲松钠")[1] == "tbqsn"
