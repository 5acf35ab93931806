"""Paper for the safe: who made it with whom stands in the journal before the secret is in force."""

from __future__ import annotations

import io
import stat
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader

from downtime.clock import ManualClock
from downtime.envelopes import bare, codes_left, open_recovery, use_code
from downtime.enveloping import make_code_sheet, seal_emergency_envelope, seal_recovery_envelope
from downtime.errors import AccessRefusedError, RefusedInputError, WrongPlaceError
from downtime.store import journal
from downtime.verify import verify_book
from tests.downtime.kept_books import make_station, opened, password_of, ring_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from downtime.book import OpenBook
    from downtime.home import Home

_SECOND = ("1006", "practice-1006")


@pytest.fixture
def clock() -> ManualClock:
    """Return the station's clock."""
    return ManualClock()


@pytest.fixture
def home(tmp_path: Path, clock: ManualClock) -> Home:
    """Return a station with everybody."""
    return make_station(tmp_path / "home", clock)


@pytest.fixture
def book(home: Home, clock: ManualClock) -> Iterator[OpenBook]:
    """Return its book, opened by the administrator."""
    found = opened(home, "4002", clock)
    yield found
    found.close()


def _text(paper: Path) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.read_bytes())).pages)


def _sealed(book: OpenBook) -> list[tuple[str, str | None]]:
    return [
        (entry.content["operator"], entry.second_person)
        for entry in journal.entries(book.db, forms=("account_changed",))
        if entry.content["change"] == "envelope_sealed"
    ]


def test_the_recovery_envelope_on_paper_opens_the_station(book: OpenBook, home: Home, tmp_path: Path) -> None:
    """The figures on the paper open; one page, readable by the own account only; two names in the journal."""
    paper = seal_recovery_envelope(book, _SECOND, tmp_path)
    text = _text(paper)
    figures = bare("".join(line for line in text.splitlines() if bare(line) == line.replace(" ", "")))
    assert open_recovery(home.keys, figures[:44]).data_key == book.ring.data_key
    assert stat.S_IMODE(paper.stat().st_mode) == 0o600
    assert len(PdfReader(io.BytesIO(paper.read_bytes())).pages) == 1
    for told in ("W03A-R001", "练习医院", "练习管理员 4002", "练习班长 1006"):
        assert told in text
    assert _sealed(book) == [("recovery", "1006")]
    assert verify_book(home, ring_of(home, "4003"), home.current_book()).whole


def test_the_next_one_has_the_next_number_and_voids_the_one_before(
    book: OpenBook, home: Home, tmp_path: Path
) -> None:
    """Only the newest paper opens."""
    old = _figures(seal_recovery_envelope(book, _SECOND, tmp_path))
    new = seal_recovery_envelope(book, _SECOND, tmp_path)
    assert "R002" in new.name
    with pytest.raises(AccessRefusedError):
        open_recovery(home.keys, old)
    assert open_recovery(home.keys, _figures(new)).data_key == book.ring.data_key


def _figures(paper: Path) -> str:
    return bare("".join(line for line in _text(paper).splitlines() if bare(line) == line.replace(" ", "")))[
        :44
    ]


def test_the_emergency_envelope_logs_in(book: OpenBook, home: Home, tmp_path: Path) -> None:
    """Its twenty figures are the password of account 0000; a lost account file does not fall behind the journal."""
    (home.keys.folder / "slots" / "0000.json").unlink(missing_ok=True)
    paper = seal_emergency_envelope(book, _SECOND, tmp_path)
    assert home.keys.unlock("0000", _figures(paper)[:20]).person.roles == ("break_glass",)
    assert _sealed(book) == [("0000", "1006")]


def test_a_sheet_has_twenty_lines_to_tick(book: OpenBook, tmp_path: Path) -> None:
    """Every code stands on it and works; the keeper's name stands on it and in the journal."""
    paper = make_code_sheet(book, _SECOND, tmp_path, "练习总值班")
    text = _text(paper)
    assert codes_left(book.ring) == {"01": 20}
    assert "练习总值班" in text
    codes = [
        bare(line)[-8:]
        for line in text.replace("[  ]", "").splitlines()
        if len(bare(line)) >= 8 and bare(line) == line.replace(" ", "")
    ]
    assert use_code(book.ring, codes[0], "entry-1") == ("01", 1)
    with pytest.raises(RefusedInputError):
        make_code_sheet(book, _SECOND, tmp_path, " ")


@pytest.mark.parametrize("second", [("4002", "practice-4002"), ("1001", "practice-1001"), ("1006", "wrong")])
def test_nobody_makes_one_alone(book: OpenBook, home: Home, tmp_path: Path, second: tuple[str, str]) -> None:
    """Oneself, a cashier, a wrong password: nothing is made, recorded or left behind."""
    before = (home.keys.folder / "slots" / "0000.json").exists()
    with pytest.raises(AccessRefusedError):
        seal_emergency_envelope(book, second, tmp_path)
    assert not list(tmp_path.glob("*.pdf"))
    assert _sealed(book) == []
    assert (home.keys.folder / "slots" / "0000.json").exists() is before


def test_whoever_has_no_right_to_keys_makes_none(home: Home, clock: ManualClock, tmp_path: Path) -> None:
    """A supervisor alone with an administrator as the second one is the wrong way round."""
    book = opened(home, "1007", clock)
    with pytest.raises(AccessRefusedError):
        seal_recovery_envelope(book, ("4002", password_of("4002")), tmp_path)
    book.close()
    assert not list(tmp_path.glob("*.pdf"))
    assert not (home.keys.folder / "recovery.json").exists()


def test_a_folder_that_takes_no_file_voids_nothing(book: OpenBook, home: Home, tmp_path: Path) -> None:
    """First a place for the paper, then the secret."""
    code = _figures(seal_recovery_envelope(book, _SECOND, tmp_path))
    with pytest.raises(WrongPlaceError):
        seal_recovery_envelope(book, _SECOND, tmp_path / "nowhere")
    assert open_recovery(home.keys, code).data_key == book.ring.data_key
