"""A made-up hub on either store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.screens.made_board import MadeHub, make_made_hub
from tests.sync.hub.hubs import empty_postgresql

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(params=["sqlite", "postgresql"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MadeHub]:
    """An empty hub, kept in its own file or in PostgreSQL."""
    url = "" if request.param == "sqlite" else empty_postgresql(request)
    hub = make_made_hub(tmp_path / "hub", store_url=url)
    yield hub
    hub.close()
