"""What many tests start from."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from downtime.home import Home
from downtime.i18n import choose_language
from downtime.practice import prepare_practice
from tests.downtime.builders import make_home, open_current

if TYPE_CHECKING:
    from collections.abc import Iterator

    from downtime.book import OpenBook

_LISTS = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(autouse=True)
def _chinese_first() -> None:
    """Begin each test in the language the app begins with; a test may choose the other."""
    choose_language("zh")


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


@pytest.fixture(scope="session")
def practice_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the practice station once; tests copy it."""
    return prepare_practice(tmp_path_factory.mktemp("practice") / "home").path


@pytest.fixture
def practice_home(practice_template: Path, tmp_path: Path) -> Home:
    """Return a practice station of the test's own, with reference data and a declared outage."""
    return Home(shutil.copytree(practice_template, tmp_path / "practice"))
