"""A board over a made-up hub with entries in every state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.screens.board_story import BoardStory
from tests.screens.made_board import MadeHub, made_board

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from downtime.home import Home


@pytest.fixture(scope="session")
def board_template(tmp_path_factory: pytest.TempPathFactory) -> MadeHub:
    """A hub with entries in every state, made once; tests copy it."""
    hub = made_board(tmp_path_factory.mktemp("board"))
    hub.close()
    return hub


@pytest.fixture
def made(board_template: MadeHub, tmp_path: Path) -> Iterator[MadeHub]:
    """A hub of the test's own with entries in every state."""
    hub = board_template.copied(tmp_path / "hub")
    yield hub
    hub.close()


@pytest.fixture
def story(practice_home: Home, made: MadeHub) -> Callable[..., BoardStory]:
    """Return a maker of stories at this test's board."""

    def make(**named: object) -> BoardStory:
        return BoardStory(practice_home, made, **named)

    return make
