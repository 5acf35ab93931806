"""What a tick-off makes known of an entry that it did not tick: one word for whoever typed it in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from downtime.his_word import HisWord
from sync.tick_patient import VOID

if TYPE_CHECKING:
    from sync.tick_off import Judged

ROWS_MAX: Final = 20


def word_of(one: Judged, *, is_typed: bool) -> HisWord | None:
    """Return what is said of ``one``, or None where there is nothing to tell.

    Args:
        one: as judged.
        is_typed: somebody said, before the HIS was read, that it had been typed in.
    """
    rows = tuple(row.id for row in one.rows[:ROWS_MAX])
    amount = one.his_minor() if rows else None
    if one.outcome == "different":
        return HisWord("twice" if "twice" in one.what else "differs", one.what, one.reason, amount, rows)
    if one.outcome == "doubtful":
        return HisWord("doubtful", (), one.reason, amount, rows)
    if one.outcome == "missing_there" and one.reason == VOID:
        return HisWord("taken_back", (), "", amount, rows)
    if one.outcome == "missing_there" and is_typed:
        return HisWord("missing", (), one.reason, None, ())
    return None
