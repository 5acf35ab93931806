"""``make queue``: how fast a window is, as one JSON object with the model it rests on.

Settings by environment: LISTS (folder of real lists; made-up rows of the same number without), SEED, CUSTOMERS
(triples of items, 100), TIMES (customers of every other kind), REPLICATIONS (queues drawn, 10,000).
"""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import Any

from tests.queue import charging, kinds, waiting
from tests.queue.hands import LETTERS_BEFORE_LOOKING, LETTERS_MAX
from tests.queue.late import late_figures
from tests.queue.lists import loaded_home
from tests.queue.model import percentile, told


def run(
    lists: Path | None, *, seed: int = 1, customers: int = 100, times: int = kinds.TIMES, replications: int
) -> dict[str, Any]:
    """Return every figure and what it rests on."""
    with TemporaryDirectory() as place:
        home, origin = loaded_home(Path(place) / "typed", lists)
        typed = asyncio.run(charging.charge_many(home, customers, seed))
        home, _origin = loaded_home(Path(place) / "kinds", lists)
        others = asyncio.run(kinds.served_by_kind(home, seed, times))
        late = late_figures(Path(place) / "late", lists, seed=seed, slips=customers)
    kinds_of = kinds.kinds_of(typed, others)
    queue = waiting.figures(kinds_of, seed, replications)
    keys = [float(one.work.keys) for one in typed]
    cautious = [one.work.seconds() for one in typed]
    plain = [one.work.seconds(pessimist=False) for one in typed]
    return {
        "keystrokes_p90": int(percentile(keys, 90)),
        "pointing_acts": sum(one.work.points for one in typed),
        "charge_seconds_p90": round(percentile(cautious, 90), 1),
        "queue_minutes": queue["newcomers_0_a_minute"]["mean_minutes"],
        "late_entry_seconds_p90": late["seconds_p90"],
        "charge": {
            "customers": len(typed),
            "keystrokes_p50": int(percentile(keys, 50)),
            "keystrokes_mean": round(fmean(keys), 1),
            "keystrokes_max": int(max(keys)),
            "seconds_p50": round(percentile(cautious, 50), 1),
            "seconds_p90_without_the_pessimist": round(percentile(plain, 90), 1),
        },
        "kinds": kinds.told(others),
        "queue": queue,
        "late_entry": late,
        "model": {
            **told(),
            "lists": origin,
            "seed": seed,
            "typist": charging.STRATEGY,
            "letters_before_looking": LETTERS_BEFORE_LOOKING,
            "letters_before_turning_the_page": LETTERS_MAX,
            "items_drawn": "all priced rows of the list alike, which is the worst case",
            "queue": waiting.assumptions(kinds_of, replications),
        },
    }


def main() -> None:
    """Print the figures as one JSON object."""
    asked = os.environ
    found = run(
        Path(asked["LISTS"]) if asked.get("LISTS") else None,
        seed=int(asked.get("SEED") or 1),
        customers=int(asked.get("CUSTOMERS") or 100),
        times=int(asked.get("TIMES") or kinds.TIMES),
        replications=int(asked.get("REPLICATIONS") or waiting.REPLICATIONS),
    )
    print(json.dumps(found, ensure_ascii=False, indent=1))  # noqa: T201 (its output)


if __name__ == "__main__":
    main()
