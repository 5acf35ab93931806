"""The controls file belongs to the hospital: what it says counts, what it says wrongly is refused with the line."""

from __future__ import annotations

import itertools
import re
import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from downtime.errors import RefusedInputError
from downtime.inspection import CHECKS, Checked, Inspection, inspect_station
from downtime.inspection_controls import (
    FILE,
    Control,
    controls_of,
    newer_edition,
    read_controls,
    shipped_text,
)
from downtime.inspection_text import blank, clause_words, wording_words
from downtime.inspection_words import BLOCKS, EVIDENCE, MISSING, NOT_APPLICABLE, STATES, plain
from tests.downtime.builders import unlock
from tests.downtime.inspections import control

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.book import OpenBook
    from downtime.home import Home

_GOOD = """format = 1
[[control]]
id = "first"
block = "network"
title = "第一项"
mark = "B"
wording = "练习要求"
attach = true

[[control]]
id = "second"
block = "software"
title = "第二项"
mark = "P"
source = "某法"
clause = "第一条"
wording = "练习引文"
evidence = "audit_span"
"""


def _refusal(tmp_path: Path, text: str) -> RefusedInputError:
    path = tmp_path / FILE
    path.write_text(text, "utf-8")
    with pytest.raises(RefusedInputError) as caught:
        read_controls(path, CHECKS)
    assert caught.value.then
    return caught.value


@pytest.mark.parametrize(
    ("old", "new", "line", "named"),
    [
        ('evidence = "audit_span"', 'evidence = "audit_spam"', 18, "audit_spam"),
        ('evidence = "audit_span"', "", 11, "attach"),
        ('evidence = "audit_span"', 'evidence = "audit_span"\nattach = true', 18, "attach"),
        ('title = "第二项"', 'title = "第二项"\ncolour = "green"', 14, "colour"),
        ('block = "network"', 'block = "weather"', 4, "block"),
        ('mark = "P"', 'mark = "Q"', 14, "mark"),
        ('mark = "P"', 'mark = "P"\nstale_after_days = -1', 15, "stale_after_days"),
        ('mark = "P"', 'mark = "P"\nstale_after_days = "90"', 15, "stale_after_days"),
        ('id = "second"', 'id = "first"', 11, "first"),
        ('id = "second"', 'id = "../second"', 11, "id"),
        ('mark = "P"', 'mark = "P"\nnot_applicable_reason = "本院没有"', 15, "not_applicable"),
        ('mark = "P"', 'mark = "P"\nnot_applicable_by = "练习员"', 15, "not_applicable"),
        ("format = 1", "format = 2", 1, "format"),
        ("format = 1", "format = 1\nstate = 1", 2, "state"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, named: str
) -> None:
    """An unknown check, key or value, an id twice, half a reason: file, line and remedy, and nothing shown."""
    refusal = _refusal(tmp_path, _GOOD.replace(old, new))
    assert FILE in refusal.what
    found = re.search(r"第 (\d+) 行", refusal.what)
    assert found is not None, refusal.what
    assert int(found[1]) == line
    assert named in refusal.what


def test_broken_toml_is_refused(tmp_path: Path) -> None:
    """TOML's own words name the place."""
    assert "line 3" in _refusal(tmp_path, 'format = 1\n[[control]]\nid = "x\n').what


def test_the_shipped_file_is_a_good_one(tmp_path: Path) -> None:
    """It loads, covers every chapter, and uses every check at least once."""
    path = tmp_path / FILE
    path.write_text(shipped_text(), "utf-8")
    controls = read_controls(path, CHECKS)
    assert {one.block for one in controls.control} == set(BLOCKS)
    assert {one.evidence for one in controls.control} - {""} == set(CHECKS)
    assert len({one.id for one in controls.control}) == len(controls.control)


def test_the_shipped_file_quotes_only_what_was_read() -> None:
    """Recalled and unfound rows carry no wording at all; secondary ones are a usual request, never a quotation."""
    for one in (Control.model_validate(stored) for stored in tomllib.loads(shipped_text())["control"]):
        if one.mark in "RX":
            assert not one.wording
            assert wording_words(one, "zh") == "「待医院填写」"
        elif one.mark == "B":
            assert not wording_words(one, "zh").startswith("「")
        else:
            assert wording_words(one, "zh") == f"「{one.wording}」"
            assert one.clause
        assert clause_words(one, "zh").endswith(f"[{one.mark}]")


def test_clause_numbers_are_those_in_force() -> None:
    """The network security law by its numbers since 2026-01-01, disaster recovery by the standard of 2025."""
    text = shipped_text()
    assert "第二十三条" in text
    assert "第二十七条" in text
    assert "20988-2025" in text
    assert "20988-2007" not in text


def test_the_hospitals_edits_survive(cheap_home: Home) -> None:
    """First use copies the starting point; later looks, and a newer program, leave the hospital's file alone."""
    controls_of(cheap_home, CHECKS)
    path = cheap_home.path / FILE
    assert path.read_text("utf-8") == shipped_text()
    assert path.stat().st_mode & 0o077 == 0
    edited = shipped_text().replace('responsible = ""', 'responsible = "信息科 练习员"', 1)
    path.write_text(edited.replace("edition = 1", "edition = 1 # 本院", 1), "utf-8")
    kept = path.read_bytes()
    assert controls_of(cheap_home, CHECKS).control[0].responsible == "信息科 练习员"
    assert path.read_bytes() == kept


def test_a_newer_starting_point_is_only_mentioned(cheap_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says so on the page and changes nothing."""
    controls = controls_of(cheap_home, CHECKS)
    assert newer_edition(controls) == 0
    newer = shipped_text().replace("edition = 1", "edition = 2", 1)
    monkeypatch.setattr("downtime.inspection_controls.shipped_text", lambda: newer)
    assert newer_edition(controls_of(cheap_home, CHECKS)) == 2
    assert "edition = 1" in (cheap_home.path / FILE).read_text("utf-8")


def test_not_applicable_names_reason_and_person(open_book: OpenBook) -> None:
    """Both stand on the page; the state is not applicable whatever evidence there is."""
    text = _GOOD.replace(
        'mark = "B"', 'mark = "B"\nnot_applicable_reason = "本院无此设备"\nnot_applicable_by = "练习科长"'
    )
    (open_book.home.path / FILE).write_text(text, "utf-8")
    first = inspect_station(open_book.home, unlock(open_book.home), open_book.clock).checked[0]
    assert first.state == NOT_APPLICABLE
    assert first.line.words("zh") == "本院无此设备 (练习科长)"


_TEXT = st.text(max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mark=st.sampled_from("PCBRX"), source=_TEXT, clause=_TEXT, wording=_TEXT)
def test_what_was_not_verified_is_never_green(mark: str, source: str, clause: str, wording: str) -> None:
    """A requirement nobody has seen is to be filled in by the hospital, and nothing of it is printed as known."""
    more = {"mark": mark, "source": source, "clause": clause, "wording": wording, "evidence": "idle_lock"}
    one = Control.model_validate(control("only", **more))
    complete = all(text.strip() for text in (source, clause, wording))
    may_be_green = complete if mark in "PC" else bool(wording.strip()) if mark == "B" else False
    assert one.is_verified is may_be_green
    if not may_be_green:
        assert wording_words(one, "zh") == blank("zh") == "「待医院填写」"


@pytest.mark.parametrize("mark", ["R", "X"])
def test_unverified_stays_missing_with_evidence_at_hand(open_book: OpenBook, mark: str) -> None:
    """The lock is there to be seen, and still the control is not green until the hospital has read the clause."""
    text = _GOOD.replace('evidence = "audit_span"', 'evidence = "idle_lock"').replace(
        'mark = "P"', f'mark = "{mark}"'
    )
    (open_book.home.path / FILE).write_text(text, "utf-8")
    home, ring = open_book.home, unlock(open_book.home)
    second = inspect_station(home, ring, open_book.clock).checked[1]
    assert second.state == MISSING
    assert "待医院填写" in second.line.words("zh")
    (home.path / FILE).write_text(text.replace(f'mark = "{mark}"', 'mark = "P"'), "utf-8")
    assert inspect_station(home, ring, open_book.clock).checked[1].state == EVIDENCE


@given(st.lists(st.tuples(st.sampled_from(list(BLOCKS)), st.sampled_from(STATES)), max_size=60))
def test_counts_always_add_up(pairs: list[tuple[str, str]]) -> None:
    """Per chapter and in all: the states sum up to the controls, the chapters to the whole."""
    checked = tuple(
        Checked(Control.model_validate(control(f"c{n}", block=block)), state, plain(""), (), {})  # type: ignore[arg-type]  # drawn from STATES
        for n, (block, state) in enumerate(pairs)
    )
    found = Inspection("", "", "", "", "", "", "A", is_drill=False, checked=checked, notes=())
    assert sum(found.counts().values()) == found.total() == len(pairs)
    assert sum(found.total(block) for block in BLOCKS) == len(pairs)
    for block, state in itertools.product(BLOCKS, STATES):
        assert found.counts(block)[state] == pairs.count((block, state))
    assert all(sum(found.counts(block).values()) == found.total(block) for block in BLOCKS)
    urgent = [STATES.index(one.state) for one in found.urgent_first()]
    assert urgent == sorted(urgent)
