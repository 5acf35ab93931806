"""From one error to the next, and where one stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from downtime.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.board import BoardRow

STEPS: Final = {"j": 1, "n": 1, "k": -1, "p": -1}
"""Which way a letter goes."""


def next_error(rows: Sequence[BoardRow], place: int, step: int) -> int | None:
    """Return where the next error stands, going round; None if there is none."""
    for away in range(1, len(rows) + 1):
        n = (place + step * away) % len(rows)
        if rows[n].is_error:
            return n
    return None


def place_words(rows: Sequence[BoardRow], place: int) -> str:
    """Return "3 of 57": which of the errors is marked, or which of the rows where that is none."""
    if not rows:
        return ""
    if rows[place].is_error:
        before = sum(1 for row in rows[: place + 1] if row.is_error)
        return _("error {place} of {count}").format(place=before, count=sum(row.is_error for row in rows))
    return _("{place} of {count}").format(place=f"{place + 1:,}", count=f"{len(rows):,}")
