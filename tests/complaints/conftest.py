"""Stories as in the tests of the screens."""

from __future__ import annotations

from tests.screens.conftest import story

__all__ = ["story"]
