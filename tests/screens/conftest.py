"""Stories: a person at the keys, the app on a made-up screen, and the journal to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.screens.story import Story

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.home import Home


@pytest.fixture
def story(practice_home: Home) -> Callable[..., Story]:
    """Return a maker of stories, each on the practice station of this test."""

    def make(**named: object) -> Story:
        return Story(practice_home, **named)  # type: ignore[arg-type]  # passed on as they came

    return make
