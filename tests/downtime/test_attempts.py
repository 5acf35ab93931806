"""Wrong passwords are counted in a file: neither the clock, nor a restart, nor a kill in between helps."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from downtime.attempts import CODES, AccountLockedError, Attempts
from downtime.clock import ManualClock
from downtime.errors import AccessRefusedError
from downtime.keys import KeyFolder

if TYPE_CHECKING:
    from pathlib import Path

LIMIT = 5


@pytest.fixture
def keys(tmp_path: Path) -> KeyFolder:
    """Return a key folder."""
    folder = KeyFolder(tmp_path / "keys")
    folder.create()
    return folder


def fail(attempts: Attempts, times: int, operator: str = "1001", *, waits_only: bool = False) -> None:
    """Count failures."""
    for _n in range(times):
        attempts.begin(operator, limit=LIMIT, waits_only=waits_only)


def test_counted_before_the_password_is_looked_at(keys: KeyFolder) -> None:
    """Killing the program in the middle of a check gives no free guess."""
    fail(Attempts(keys, ManualClock()), 1)
    assert Attempts(keys, ManualClock()).count("1001") == 1


@given(jumps=st.lists(st.tuples(st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6)), max_size=8))
@settings(max_examples=25, deadline=None)
def test_no_clock_opens_a_locked_account(jumps: list[tuple[int, int]]) -> None:
    """Set back, set forward, started anew: the count stays."""
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as place:
        keys = KeyFolder(Path(place) / "keys")
        keys.create()
        clock = ManualClock()
        attempts = Attempts(keys, clock)
        fail(attempts, LIMIT)
        for wall, passed in jumps:
            clock.turn(wall_seconds=wall, passed_seconds=passed)
            with pytest.raises(AccountLockedError):
                attempts.begin("1001", limit=LIMIT, waits_only=False)
        assert attempts.count("1001") == LIMIT


def test_the_right_password_starts_anew(keys: KeyFolder) -> None:
    """Four wrong ones and a right one are forgotten, and only this account's."""
    attempts = Attempts(keys, ManualClock())
    fail(attempts, 4)
    fail(attempts, 2, "1002")
    attempts.forget("1001")
    assert (attempts.count("1001"), attempts.count("1002")) == (0, 2)


@pytest.mark.parametrize(("failures", "seconds"), [(5, 1), (6, 2), (8, 8), (11, 60), (40, 60)])
def test_who_opens_accounts_waits_a_minute_at_most(keys: KeyFolder, failures: int, seconds: int) -> None:
    """1, 2, 4 seconds and so on up to 60, by the time since the PC started."""
    clock = ManualClock()
    attempts = Attempts(keys, clock)
    for _n in range(failures):
        clock.turn(passed_seconds=60)
        fail(attempts, 1, "1006", waits_only=True)
    clock.turn(wall_seconds=10**6, passed_seconds=seconds - 1)
    with pytest.raises(AccessRefusedError) as refused:
        fail(attempts, 1, "1006", waits_only=True)
    assert not isinstance(refused.value, AccountLockedError)
    clock.turn(passed_seconds=1)
    fail(attempts, 1, "1006", waits_only=True)


def test_after_a_restart_the_wait_begins_with_the_start(keys: KeyFolder) -> None:
    """Switching the PC off and on is no way round it, and no reason to wait longer than a minute."""
    attempts = Attempts(keys, ManualClock(monotonic_ms=10**9))
    for _n in range(12):
        try:
            attempts.begin("1006", limit=LIMIT, waits_only=True)
        except AccessRefusedError:
            break
    clock = ManualClock(boot_id="next")
    again = Attempts(keys, clock)
    with pytest.raises(AccessRefusedError):
        again.begin("1006", limit=LIMIT, waits_only=True)
    clock.turn(passed_seconds=60)
    again.begin("1006", limit=LIMIT, waits_only=True)


def test_a_counter_edited_by_hand_is_noticed(keys: KeyFolder) -> None:
    """The file is authenticated with the PC's secret."""
    attempts = Attempts(keys, ManualClock())
    fail(attempts, 4)
    path = keys.folder / "attempts.json"
    stored = json.loads(path.read_text("utf-8"))
    stored["failures"]["1001"][0] = 0
    path.write_text(json.dumps(stored), "utf-8")
    attempts.count("1001")
    assert attempts.was_tampered


def test_counters_that_are_gone_are_noticed(keys: KeyFolder) -> None:
    """Deleting the file gives fresh guesses, and the audit says that it happened."""
    attempts = Attempts(keys, ManualClock())
    fail(attempts, 4)
    assert not attempts.was_tampered
    (keys.folder / "attempts.json").unlink()
    assert attempts.count("1001") == 0
    assert attempts.was_tampered


def test_codes_have_a_counter_of_their_own(keys: KeyFolder) -> None:
    """Wrong one-time codes lock the codes, nobody's account."""
    attempts = Attempts(keys, ManualClock())
    fail(attempts, LIMIT, CODES)
    with pytest.raises(AccountLockedError, match="一次性"):
        fail(attempts, 1, CODES)
    assert attempts.locked(LIMIT) == {CODES: LIMIT}
