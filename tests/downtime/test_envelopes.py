"""Sealed envelopes: recovery, emergency account, one-time codes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from downtime.envelopes import (
    CODES_ON_A_SHEET,
    bare,
    burnt_for,
    codes_left,
    grouped,
    new_code_sheet,
    open_recovery,
    seal_emergency,
    seal_recovery,
    use_code,
)
from downtime.errors import AccessRefusedError, RefusedInputError
from downtime.home import Home  # noqa: TC001 (pytest reads the annotation)
from tests.downtime.builders import unlock

EMERGENCY = "0000"


def test_the_recovery_envelope_opens_without_password_and_without_this_pc(cheap_home: Home) -> None:
    """The disk was replaced, everybody forgot: the paper is enough, together with a copy of the keys."""
    ring = unlock(cheap_home)
    code = seal_recovery(ring)
    (cheap_home.keys.folder / "device.key").unlink()

    assert open_recovery(cheap_home.keys, grouped(code)).data_key == ring.data_key


def test_moving_in_lets_everybody_log_in_as_before(cheap_home: Home) -> None:
    """On the new PC people keep their passwords; only the PC's own secret is another one."""
    ring = unlock(cheap_home)
    code = seal_recovery(ring)
    before = cheap_home.keys.device_secret()
    cheap_home.keys.move_in(open_recovery(cheap_home.keys, code))

    assert cheap_home.keys.device_secret() != before
    assert unlock(cheap_home).data_key == ring.data_key


def test_an_older_recovery_envelope_is_void(cheap_home: Home) -> None:
    """Only the newest paper opens."""
    ring = unlock(cheap_home)
    old = seal_recovery(ring)
    seal_recovery(ring)

    with pytest.raises(AccessRefusedError):
        open_recovery(cheap_home.keys, old)


@given(place=st.integers(0, 43), other=st.integers(1, 9))
def test_a_slip_in_typing_is_told_apart_from_a_wrong_envelope(place: int, other: int) -> None:
    """One wrong figure: compare it group by group, nothing is tried with it."""
    import downtime.envelopes as paper  # the figures alone; no station is needed

    code = "0123456789" * 4
    whole = code + paper._check(code)
    slipped = whole[:place] + str((int(whole[place]) + other) % 10) + whole[place + 1 :]

    assert paper._check(bare(slipped)[:-4]) != bare(slipped)[-4:]


def test_full_width_figures_and_spaces_are_figures(cheap_home: Home) -> None:
    """An input method that makes full-width figures spoils nothing."""
    ring = unlock(cheap_home)
    code = seal_recovery(ring)
    wide = "".join(chr(0xFF10 + int(figure)) for figure in code)

    assert open_recovery(cheap_home.keys, " ".join(wide)).data_key == ring.data_key


@pytest.mark.parametrize("typed", ["", "1234", "x" * 44, "12 " * 100])
def test_half_a_code_is_refused_in_words(cheap_home: Home, typed: str) -> None:
    """Something is missing: the message says how many groups there are."""
    seal_recovery(unlock(cheap_home))

    with pytest.raises(RefusedInputError, match="11"):
        open_recovery(cheap_home.keys, typed)


def test_each_code_works_for_one_entry_only(cheap_home: Home) -> None:
    """The same line again for something else is refused; for the same entry it is the same approval."""
    ring = unlock(cheap_home)
    sheet, codes = new_code_sheet(ring, "总值班")

    assert use_code(ring, codes[4], "entry-1") == (sheet, 5)
    assert use_code(ring, codes[4], "entry-1") == (sheet, 5)
    assert use_code(ring, codes[4], "entry-2") is None
    assert burnt_for(ring, sheet, 5) == "entry-1"
    assert codes_left(ring) == {sheet: CODES_ON_A_SHEET - 1}


def test_codes_are_not_readable_on_the_disk(cheap_home: Home) -> None:
    """The sheet's file shows no code to whoever has the disk only."""
    _sheet, codes = new_code_sheet(unlock(cheap_home), "总值班")
    stored = b"".join(path.read_bytes() for path in cheap_home.path.rglob("*") if path.is_file())

    assert not [code for code in codes if code.encode() in stored]


def test_the_emergency_account_opens_with_its_code(cheap_home: Home) -> None:
    """The figures on the paper are the password of account 0000, whose role says what it is for."""
    code, slot = seal_emergency(unlock(cheap_home), "2026-01-05T08:20:00.000+08:00")

    ring = cheap_home.keys.unlock(EMERGENCY, code)

    assert (slot.kind, ring.person.roles) == ("break_glass", ("break_glass",))
