"""The auditor's screen: newest first, filtered, opened whole, exported exactly as listed."""

from __future__ import annotations

import csv
import io
import json
import stat
from typing import TYPE_CHECKING

from downtime.screens.audit import AuditScreen
from downtime.screens.audit_line import AuditLineScreen
from downtime.screens.home import HomeScreen
from tests.screens.made_up import made_charge
from tests.screens.test_rights import audited

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.entry import Entry
    from tests.screens.story import Story


async def _opened(s: Story) -> None:
    s.app.go("audit")
    await s.rest()
    assert isinstance(s.app.screen, AuditScreen)


def _listed(s: Story) -> list[Entry]:
    from downtime.screens.rows import Rows

    return list(s.app.screen.query_one(Rows).values)


async def test_newest_first_and_everything_in_both_languages(story: Callable[..., Story]) -> None:
    """Logins, printouts and changes stand in one list; the span is said, and the language changes it whole."""
    async with story(operator="4003") as s:
        s.desk.print_receipt(made_charge(s.desk))
        s.desk.audit("login", subject="1002")
        await _opened(s)
        seqs = [entry.seq for entry in _listed(s)]
        assert seqs == sorted(seqs, reverse=True)
        assert {"audit", "printed", "outage_declared"} <= {entry.form for entry in _listed(s)}
        assert "登录" in s.screen
        assert "183" in s.screen
        await s.press("f12")
        assert "Login" in s.screen


async def test_typing_searches_and_esc_goes_back_step_by_step(story: Callable[..., Story]) -> None:
    """Part of a number finds the line; Esc empties the field, then the filter, then leaves."""
    async with story(operator="4003") as s:
        s.desk.audit("patient_opened", subject="P900001")
        s.desk.audit("patient_opened", subject="P900002")
        await _opened(s)
        await s.type("p900002")
        assert [entry.content["subject"] for entry in _listed(s)] == ["P900002"]
        await s.press("escape")
        assert len(_listed(s)) > 2
        await s.press("ctrl+f", *"patient", "f8")
        assert [entry.content["event"] for entry in _listed(s)] == ["patient_opened"] * 2
        await s.press("escape", "escape")
        assert isinstance(s.app.screen, HomeScreen)


async def test_filters_by_person_result_and_days(story: Callable[..., Story]) -> None:
    """Each narrows the list; a day that is none, and an event nobody knows, are said beside the fields."""
    async with story(operator="4003") as s:
        s.desk.audit("right_refused", subject="export", success=False)
        await _opened(s)
        await s.press("ctrl+f", "enter", *"4003", "enter", "3")
        await s.press("f8")
        assert [entry.content["event"] for entry in _listed(s)] == ["right_refused"]
        today = s.app.now()[:10]
        await s.press("ctrl+f", "enter", "enter", "3", *today, "enter", *today, "enter", "enter")
        assert [entry.content["event"] for entry in _listed(s)] == ["right_refused"]
        await s.press("ctrl+f", "enter", "enter", "3", *(["backspace"] * 10), *"2026-13-40", "f8")
        assert "2026-13-40" in s.screen
        await s.press("escape", "escape", "ctrl+f", *"nosuch", "f8")
        assert "nosuch" in s.screen
        assert not isinstance(s.app.screen, AuditScreen)


async def test_a_line_is_opened_whole(story: Callable[..., Story]) -> None:
    """When, who, in which role, what on what, whether it succeeded, and where it stands in the chain."""
    async with story(operator="4003") as s:
        s.desk.audit("right_refused", subject="export", success=False, detail=json.dumps({"a": "b1"}))
        await _opened(s)
        await s.type("export")
        await s.press("enter")
        assert isinstance(s.app.screen, AuditLineScreen)
        for told in ("export", "4003", "a: b1", "right_refused", "否"):
            assert told in s.screen


async def test_exactly_what_is_listed_is_exported(story: Callable[..., Story]) -> None:
    """A table a spreadsheet opens, nobody else can read, with nothing it would calculate; recorded as an export."""
    async with story(operator="4003") as s:
        s.desk.audit("patient_opened", subject="=1+1", detail="\x1b[31m")
        s.desk.audit("login", subject="1002")
        await _opened(s)
        await s.type("=1+1")
        await s.press("ctrl+k")
        await s.until(lambda: s.home.path.joinpath("exports").exists() and "1 行" in s.screen)
        (file,) = (s.home.path / "exports").glob("*.csv")
        content = file.read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
        assert [(row["event"], row["subject"], row["detail"]) for row in rows] == [
            ("patient_opened", "'=1+1", "\\u001B[31m")
        ]
        (export,) = [entry for entry in _all(s) if entry.form == "exported"]
        assert (export.content["what"], export.content["entries"], export.content["file"]) == (
            "audit",
            1,
            file.name,
        )


def _all(s: Story) -> list[Entry]:
    from downtime.store import audit_queries

    return audit_queries.page(s.desk.looking(), audit_queries.AuditFilter())


async def test_patients_opened_are_audited_once(story: Callable[..., Story]) -> None:
    """Put on the charge screen: one line with the number; typing items adds none; the next patient adds one."""
    async with story() as s:
        await s.charged("zw", "xcg", "xcg")
        await s.until(lambda: audited(s, "patient_opened"))
        assert len(audited(s, "patient_opened")) == 1
        entry = made_charge(s.desk, patient="P900007")
        await s.press("escape", "escape")
        s.app.go("journal", entry=entry)
        await s.until(lambda: len(audited(s, "patient_opened")) == 2)
        assert audited(s, "patient_opened")[1] == ("patient_opened", "P900007", True)


async def test_hostile_text_is_only_text(story: Callable[..., Story]) -> None:
    """In the list and on the line nothing in it acts."""
    async with story(operator="4003", size=(160, 45)) as s:
        s.desk.audit("patient_opened", subject="[red]\x1b]52;c;aGk=\x07\u202e")
        await _opened(s)
        for keys in ((), ("enter",)):
            await s.press(*keys)
            assert "[red]" in s.screen
            assert "\x1b" not in s.screen
            assert "\u202e" not in s.screen
