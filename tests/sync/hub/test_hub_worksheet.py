"""The worksheet printed at the IT PC: entries of all stations, decisions of all stations, reprints that say so."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pypdf
import pytest

from downtime.clock import ManualClock
from downtime.commands.common import run_command
from forms.his_decided import TypedIn
from sync.__main__ import sync
from sync.hub.worksheet_command import PRINTED
from tests.downtime.builders import stand
from tests.downtime.kept_books import opened
from tests.sync.hub.collected import Collected, made_hub, make_stations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from downtime.home import Home
    from downtime.keys import Keyring


@pytest.fixture
def collected(tmp_path: Path) -> Iterator[Collected]:
    """A hub."""
    with made_hub(tmp_path / "hub") as made:
        yield made


@pytest.fixture(scope="module")
def stations(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Home, Keyring]]:
    """Two stations with a few customers each."""
    return make_stations(tmp_path_factory.mktemp("worksheet"), ("W03", "W05"), 6)


def printed(capsys: pytest.CaptureFixture[str], made: Collected, file: Path, *more: str) -> tuple[int, str]:
    """Print a worksheet by the command; return its exit code and what it said."""
    words = ["hub", "worksheet", "--hub", str(made.place.path), "--pdf", str(file), "--language", "en", *more]
    code = run_command(sync, words)
    said = capsys.readouterr()
    return code, said.out + said.err


def text_of(file: Path) -> str:
    """Return the text of all pages."""
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(file.read_bytes())).pages)


def test_all_stations_on_one_sheet(
    collected: Collected,
    stations: list[tuple[Home, Keyring]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Everything that came up and is still open stands there once; one station's, on demand; again says so."""
    monkeypatch.setenv("DOWNTIME_LANGUAGE", "en")
    for home, ring in stations:
        assert not collected.bring(home, ring)
    code, said = printed(capsys, collected, tmp_path / "1.pdf")
    assert (code, "Sheet H-1" in said) == (0, True)
    text = text_of(tmp_path / "1.pdf")
    rows = collected.db.rows("SELECT number, station FROM entry WHERE deliverable = 1 AND verdict = ''")
    assert rows
    assert all(number in text for number, _station in rows if number)
    code, said = printed(capsys, collected, tmp_path / "2.pdf", "--station", "W05")
    own = [number for number, station in rows if station == "W05"]
    assert f"{len(own)} entries, {len(own)} of them printed before" in said
    text = text_of(tmp_path / "2.pdf")
    assert "REPRINT" in text
    assert "H-1" in text
    assert not any(number in text for number, station in rows if number and station == "W03")
    assert (collected.place.path / PRINTED).stat().st_mode & 0o077 == 0
    code, said = printed(capsys, collected, tmp_path / "3.pdf", "--station", "W99")
    assert (code, "W99" in said) == (2, True)
    assert not (tmp_path / "3.pdf").exists()


def test_what_was_typed_in_is_left_out(
    collected: Collected,
    stations: list[tuple[Home, Keyring]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Said at one station of its own entry: it is not on the sheet any more, but counted at the end."""
    monkeypatch.setenv("DOWNTIME_LANGUAGE", "en")
    home, ring = stations[0]
    collected.bring(home, ring)
    _code, before = printed(capsys, collected, tmp_path / "1.pdf")
    number, entry_id = collected.db.rows(
        "SELECT number, id FROM entry WHERE form = 'charge' AND verdict = '' ORDER BY n"
    )[0]
    book = opened(home, "1001", ManualClock())
    stand(book, TypedIn(entry_id=entry_id, number=number))
    book.close()
    assert not collected.bring(home, ring)
    _code, after = printed(capsys, collected, tmp_path / "2.pdf")
    assert _entries(after) == _entries(before) - 1
    text = text_of(tmp_path / "2.pdf")
    assert "And what is not on it" in text


def _entries(said: str) -> int:
    found = re.search(r"(\d+) entries", said)
    assert found is not None, said
    return int(found.group(1))
