"""Damage anywhere in a backup is noticed before anything rests on it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from downtime.backup_copy import verify_copy
from downtime.backup_folder import backups_in
from downtime.backup_manifest import MANIFEST, is_safe_name, read_manifest
from downtime.errors import RefusedInputError
from tests.downtime.backups import backed_up, keep_draft, used_station
from tests.downtime.builders import unlock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from downtime.home import Home


@pytest.fixture
def station(tmp_path: Path) -> Home:
    """Return a used station."""
    return used_station(tmp_path / "home")


def _keys(home: Home) -> list[bytes]:
    ring = unlock(home)
    return [ring.public_key(path.stem) for path in (home.path / "keys" / "stations").glob("*.json")]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("books/0001/journal.db", True),
        ("keys/slots/王.json", True),
        ("../x", False),
        ("/etc/passwd", False),
        ("a//b", False),
        ("a/./b", False),
        ("a\\b", False),
        ("c:x", False),
        (".hidden", False),
        ("a/b.", False),
        ("a\nb", False),
        ("", False),
    ],
)
def test_a_manifest_names_nothing_outside_its_folder(name: str, *, safe: bool) -> None:
    """No path leads out, on any system."""
    assert is_safe_name(name) is safe


def _flip(path: Path, at: int) -> None:
    stored = bytearray(path.read_bytes())
    stored[at % len(stored)] ^= 1
    path.write_bytes(bytes(stored))


def _cut(path: Path, at: int) -> None:
    path.write_bytes(path.read_bytes()[: at % path.stat().st_size])


def _remove(path: Path, _at: int) -> None:
    path.unlink()


@pytest.mark.parametrize("harm", [_flip, _cut, _remove])
def test_damage_in_any_file_is_noticed_and_named(
    station: Home, tmp_path: Path, harm: Callable[[Path, int], None]
) -> None:
    """One byte, the end of a file, or the file: whichever it is, the backup is refused and the file named."""
    keep_draft(station, "draft-1")
    copy = backed_up(station, tmp_path / "out")
    ring = unlock(station)
    for n, name in enumerate([*(file.name for file in copy.manifest.files), MANIFEST]):
        damaged = tmp_path / f"damaged-{n}"
        shutil.copytree(copy.path, damaged)
        harm(damaged / name, 37 * n + 11)
        with pytest.raises(RefusedInputError) as refused:
            verify_copy(damaged, ring)
        assert name in str(refused.value)
        shutil.rmtree(damaged)


def test_another_stations_backup_is_refused(station: Home, tmp_path: Path) -> None:
    """Whoever signs with another key is a stranger, even under this station's name."""
    stranger = backed_up(used_station(tmp_path / "stranger"), tmp_path / "out")
    with pytest.raises(RefusedInputError):
        read_manifest(stranger.path, _keys(station))
    with pytest.raises(RefusedInputError):
        verify_copy(stranger.path, unlock(station))
    assert not backups_in(tmp_path / "out", _keys(station))
