"""A hub that really listens, on either store, and real stations that speak to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sync.hub.hubs import empty_postgresql, make_hub, stop_hub

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.sync.hub.hubs import RunningHub


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """Where the hub keeps its entries: "" for its own file, else PostgreSQL, empty."""
    if request.param == "sqlite":
        return ""
    return empty_postgresql(request)


@pytest.fixture
def hub(tmp_path: Path, store_url: str) -> Iterator[RunningHub]:
    """A hub of the practice hospital, listening on a free port."""
    running = make_hub(tmp_path / "hub", store_url=store_url)
    yield running
    stop_hub(running)


@pytest.fixture
def file_hub(tmp_path: Path) -> Iterator[RunningHub]:
    """The same with its own file, for what no store decides."""
    running = make_hub(tmp_path / "hub")
    yield running
    stop_hub(running)
