"""Late entry of paper slips with three lines: keys and seconds at the real screen."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from tests.queue.lists import loaded_home
from tests.queue.model import percentile
from tests.screens.late_keys import type_pile

if TYPE_CHECKING:
    from pathlib import Path

SLIPS = 100


def late_figures(place: Path, lists: Path | None, *, seed: int, slips: int = SLIPS) -> dict[str, Any]:
    """Type a pile of slips in and return what the model gives each.

    Args:
        place: an absent folder for the station.
        lists: as for ``loaded_home``.
        seed: of patients and items.
        slips: how many; number, time and writer of the first are inherited by the others.
    """
    home, _origin = loaded_home(place, lists)
    pile = asyncio.run(type_pile(home, slips, seed))
    cautious = [work.seconds() for work in pile]
    plain = [work.seconds(pessimist=False) for work in pile]
    return {
        "slips": len(pile),
        "keystrokes_p90": int(percentile([work.keys for work in pile], 90)),
        "pointing_acts": sum(work.points for work in pile),
        "seconds_median": round(percentile(cautious, 50), 1),
        "seconds_p90": round(percentile(cautious, 90), 1),
        "seconds_median_without_the_pessimist": round(percentile(plain, 50), 1),
        "seconds_p90_without_the_pessimist": round(percentile(plain, 90), 1),
    }
