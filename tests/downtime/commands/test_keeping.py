"""The commands at the end of a book: sign off, destroy, renew keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime.clock import ManualClock
from downtime.commands import downtime
from downtime.commands.common import run_command
from downtime.shelf import entries_since
from downtime.verify import verify_book
from tests.downtime.kept_books import finish_book, make_station, password_of, ring_of

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a station with a finished book."""
    clock = ManualClock()
    made = make_station(tmp_path / "home", clock)
    finish_book(made, clock)
    return made


def _run(home: Home, *arguments: str, first: str, second: str) -> int:
    options = []
    for option, operator in (("", first), ("second-", second)):
        file = home.path.parent / f"password-{operator}"
        file.write_text(password_of(operator) + "\n", "utf-8")
        options += [f"--{option}password-file", str(file)]
    options += ["--home", str(home.path), "--operator", first, "--second", second]
    return run_command(downtime, [*arguments, *options])


def test_two_people_sign_off_by_command(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    """What stands in the way is said, then nothing is signed."""
    assert _run(home, "book", "sign-off", "1", first="1006", second="1006") == 1
    assert _run(home, "book", "sign-off", "1", first="1006", second="4003") == 1  # wants a reason
    assert _run(home, "book", "sign-off", "1", "--reason", "手工补录", first="1006", second="4003") == 0
    assert _run(home, "book", "sign-off", "1", "--reason", "手工补录", first="1006", second="4003") == 1
    assert capsys.readouterr().out
    signed = list(entries_since(home, ring_of(home, "4003"), 2, ("signed_off",)))
    assert len(signed) == 1


def test_a_young_book_is_not_destroyed_by_command(home: Home) -> None:
    """Whoever asks, and signed off or not."""
    assert _run(home, "book", "sign-off", "1", "--reason", "手工补录", first="1006", second="4003") == 0
    assert _run(home, "book", "purge", "1", first="4002", second="4003") == 1
    assert ring_of(home, "4003").book_key(1)


def test_keys_are_renewed_by_two_and_that_is_recorded(home: Home) -> None:
    """Station, reference tables and every book."""
    before = ring_of(home, "4003")
    assert _run(home, "keys", "renew", first="1001", second="1006") == 2
    assert _run(home, "keys", "renew", first="4002", second="4002") == 2
    assert ring_of(home, "4003").data_key == before.data_key
    assert _run(home, "keys", "renew", "--book", "7", first="4002", second="1006") == 2
    assert _run(home, "keys", "renew", first="4002", second="1006") == 0
    after = ring_of(home, "4003")
    assert after.data_key != before.data_key
    renewed = list(entries_since(home, after, 1, ("keys_renewed",)))
    assert [entry.content["book"] for entry in renewed] == [1, 2, 0]
    assert {entry.second_person for entry in renewed} == {"1006"}
    assert all(verify_book(home, after, paths).whole for paths in home.books())
