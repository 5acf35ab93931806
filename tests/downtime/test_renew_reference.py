"""Renewing the keys of reference tables and station: everybody comes in as before."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from downtime import os_calls
from downtime.clock import ManualClock
from downtime.home import Home
from downtime.practice_set import ORIGIN, practice_rows
from downtime.renew import (
    alone_at_the_station,
    renew_reference_key,
    renew_station_key,
)
from downtime.store.reference import Reference, build_reference, reference_path
from downtime.store.search import Search
from tests.downtime.builders import charge, stand
from tests.downtime.kept_books import all_whole, finish_book, make_station, opened, ring_of

if TYPE_CHECKING:
    from pathlib import Path


class PowerCutError(OSError):
    """The power went."""


@pytest.fixture
def clock() -> ManualClock:
    """Return the station's clock."""
    return ManualClock()


@pytest.fixture
def home(tmp_path: Path, clock: ManualClock) -> Home:
    """Return a station in use."""
    made = make_station(tmp_path / "home", clock)
    finish_book(made, clock)
    return made


def test_reference_tables_and_station_get_new_keys(home: Home, clock: ManualClock) -> None:
    """Everybody logs in as before; prices and search are as before."""
    ring = ring_of(home, "4002")
    taken_at = clock.now().wall
    build_reference(
        home.path / "reference",
        1,
        practice_rows(taken_at),
        ring.reference_key(),
        taken_at=taken_at,
        origin=ORIGIN,
    )
    old_reference, old_station = ring.reference_key(), ring.data_key
    with alone_at_the_station(home, clock):
        fresh = renew_station_key(home, ring)
    assert fresh.data_key != old_station
    again = ring_of(Home(home.path), "1001")
    assert again.data_key == fresh.data_key
    assert again.reference_key() != old_reference
    with Reference(reference_path(home.path / "reference", 1), again.reference_key()) as found:
        assert found.counts["patients"] > 1_000
        drug = next(iter(found.rows("drugs")))
        assert found.get_drug(drug.code) == drug  # type: ignore[attr-defined]  # the table decides the row's class
        hits = Search(found).search_catalogue(drug.name[:2])
        assert drug.code in [hit.code for hit in hits]
    book = opened(home, "1001", clock)
    stand(book, charge())
    book.close()
    assert all_whole(home)


@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_reference_tables_survive_a_power_cut(
    home: Home, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Old or new key, the tables open."""
    ring = ring_of(home, "4002")
    taken_at = clock.now().wall
    build_reference(
        home.path / "reference",
        1,
        practice_rows(taken_at),
        ring.reference_key(),
        taken_at=taken_at,
        origin=ORIGIN,
    )
    real, calls = os_calls.replace_durably, 0

    def cut(part: Path, final: Path) -> None:
        nonlocal calls
        calls += 1
        if calls == step:
            raise PowerCutError
        real(part, final)

    with monkeypatch.context() as patch, alone_at_the_station(home, clock):
        patch.setattr(os_calls, "replace_durably", cut)
        with suppress(PowerCutError):
            renew_reference_key(home, ring)
    again = Home(home.path)
    with Reference(
        reference_path(home.path / "reference", 1), ring_of(again, "1001").reference_key()
    ) as found:
        assert found.counts["patients"] > 1_000
