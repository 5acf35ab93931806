"""``make screens``: draw docs/screens."""

from __future__ import annotations

from tests.screens.shots import take_all

if __name__ == "__main__":
    print(take_all(), "pictures")  # noqa: T201 (its output)
