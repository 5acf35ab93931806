"""Behind the screens: room on the disk, the head log's second copy, the day's backup; no key waits for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.store import journal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from downtime.home import Home
    from tests.screens.story import Story


def _add_settings(home: Home, text: str) -> None:
    path = home.path / "station.toml"
    path.write_text(path.read_text("utf-8") + text, "utf-8")


async def test_a_disk_that_fills_is_told(
    story: Callable[..., Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The top line keeps saying it; the quiet line says once what to do."""
    monkeypatch.setattr("downtime.room.os_calls.free_bytes", lambda _path: 87 << 20)
    async with story(size=(120, 30)) as s:
        await s.until(lambda: "磁盘剩 87 MB" in s.screen)
        await s.until(lambda: "请立即联系信息科" in s.screen)


async def test_the_reserve_in_use_stands_in_the_audit(
    practice_home: Home, story: Callable[..., Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nearly full while somebody works: the reserve goes, the person is told, the audit knows."""
    async with story() as s:
        (practice_home.path / "ballast").write_bytes(bytes(1 << 16))
        monkeypatch.setattr("downtime.room.os_calls.free_bytes", lambda _path: 9 << 20)
        s.app.look()
        await s.until(lambda: "已动用备用空间" in s.screen)
        await s.rest()
        assert (practice_home.path / "ballast").stat().st_size == 0
        events = [entry.content["event"] for entry in journal.entries(s.desk.book.db, forms=("audit",))]
        assert "ballast_freed" in events


async def test_a_missing_head_copy_is_a_banner(
    practice_home: Home, tmp_path: Path, story: Callable[..., Story]
) -> None:
    """Recording goes on; the banner goes when the folder is there again."""
    _add_settings(practice_home, f'\n[journal]\nhead_mirror = "{(tmp_path / "stick").as_posix()}"\n')
    async with story(size=(120, 30)) as s:
        await s.until(lambda: "链头副本中断" in s.screen)
        (tmp_path / "stick").mkdir()
        assert s.desk.kept.mirror is not None
        s.desk.kept.mirror.nudge()
        await s.until(lambda: s.desk.kept.mirror is not None and not s.desk.kept.mirror.state)
        s.app.look()
        await s.until(lambda: "链头副本中断" not in s.screen)


async def test_the_days_backup_comes_by_itself(
    practice_home: Home, tmp_path: Path, story: Callable[..., Story]
) -> None:
    """Whoever logs in; what failed is told, and the standing page shows when the last one was made."""
    _add_settings(practice_home, f'\n[backup]\nfolders = ["backup", "{(tmp_path / "gone").as_posix()}"]\n')
    async with story() as s:
        await s.until(lambda: "未能备份到" in s.screen)
        made = journal.last_of_form(s.desk.book.db, "backup_made")
        assert made is not None
        assert (practice_home.path / "backup" / made.content["file"] / "manifest.json").is_file()
        s.app.look()
        await s.rest()
        s.app.go("standing")
        await s.until(lambda: "恢复演练 从未" in s.screen)
        assert f"备份 {made.recorded_at[5:10]}" in s.screen
