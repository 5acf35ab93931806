"""What many tests start from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.downtime.builders import make_home, open_current

if TYPE_CHECKING:
    from collections.abc import Iterator

    from downtime.book import OpenBook
    from downtime.home import Home

_LISTS = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture
def shared_lists() -> Path:
    """Return the folder of real public lists beside the checkout, or skip."""
    if not _LISTS.is_dir():
        pytest.skip("no public lists beside this checkout")
    return _LISTS


@pytest.fixture
def cheap_home(tmp_path: Path) -> Home:
    """Return a fresh practice station whose passwords cost nothing to check."""
    return make_home(tmp_path / "home")


@pytest.fixture
def open_book(cheap_home: Home) -> Iterator[OpenBook]:
    """Return its book, open for recording."""
    book = open_current(cheap_home)
    yield book
    book.close()
