"""Renewing the station's data key: everything opens as before, whatever happens on the way."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from downtime import os_calls
from downtime.data_key import renew_data_key
from downtime.envelopes import open_recovery, seal_recovery
from downtime.errors import AccessRefusedError
from downtime.verify import verify_book
from tests.downtime.builders import SECOND, SECOND_PASSWORD, charge, open_current, stand, unlock

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.home import Home


def _opens(home: Home) -> None:
    """Everybody's password opens the book, and the book is whole."""
    for ring in (unlock(home), home.keys.unlock(SECOND, SECOND_PASSWORD)):
        assert verify_book(home, ring, home.current_book()).whole
    book = open_current(home)
    stand(book, charge())
    book.close()


def test_everybody_gets_in_with_the_password_they_have(cheap_home: Home) -> None:
    """A new data key needs nobody's password: accounts, books, signatures stay."""
    before = unlock(cheap_home)
    code = seal_recovery(before)

    fresh = renew_data_key(before)

    assert fresh.data_key != before.data_key
    assert unlock(cheap_home).data_key == fresh.data_key
    assert open_recovery(cheap_home.keys, code).data_key == fresh.data_key
    _opens(cheap_home)


def test_a_copied_old_key_opens_nothing_any_more(cheap_home: Home) -> None:
    """Who kept the data key from before cannot unwrap what stands there now."""
    before = unlock(cheap_home)
    renew_data_key(before)

    with pytest.raises(AccessRefusedError):
        before.book_key(1)


@pytest.mark.parametrize("step", range(1, 24))
def test_a_crash_at_any_step_leaves_the_old_key_or_the_new(
    cheap_home: Home, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """The power goes at the n-th file: the next login finishes or finds all as it was."""
    ring = unlock(cheap_home)
    seal_recovery(ring)
    real, calls = os_calls.replace_durably, iter(range(1, 10_000))

    def cut(part: Path, final: Path) -> None:
        if next(calls) == step:
            raise KeyboardInterrupt
        real(part, final)

    monkeypatch.setattr(os_calls, "replace_durably", cut)
    try:
        renew_data_key(ring)
    except KeyboardInterrupt:
        crashed = True
    else:
        crashed = False
    monkeypatch.undo()

    _opens(cheap_home)
    assert crashed or step > 15
    shutil.rmtree(cheap_home.keys.folder / "next", ignore_errors=True)
    assert not (cheap_home.keys.folder / "ready").exists()
