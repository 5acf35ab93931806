"""``make shifts``: ten shifts of 500 customers, as one JSON object; anything but agreement ends with code 1.

Settings by environment: SHIFTS (10), CUSTOMERS (a shift, 500), SEED (1), JOBS (stations side by side, 2).
"""

from __future__ import annotations

import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from tests.shifts.soak import station

PAINTINGS_A_SECOND = "10"
"""Nobody looks: what is typed is all handled, it is only painted less often."""


def main() -> int:
    """Share the shifts out among stations and print what became of them."""
    asked = os.environ
    asked.setdefault("TEXTUAL_FPS", PAINTINGS_A_SECOND)
    shifts, customers = int(asked.get("SHIFTS") or 10), int(asked.get("CUSTOMERS") or 500)
    seed, jobs = int(asked.get("SEED") or 1), min(int(asked.get("JOBS") or 2), shifts)
    shares = [shifts // jobs + (place < shifts % jobs) for place in range(jobs)]
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        running = [
            pool.submit(station, share, customers, seed + 1_000 * place) for place, share in enumerate(shares)
        ]
        stations = [one.result() for one in running]
    differences = [what for one in stations for what in one["differences"]]
    print(  # noqa: T201 (its output)
        json.dumps(
            {
                "shifts": shifts,
                "customers": shifts * customers,
                "receipts": sum(report["receipts"] for one in stations for report in one["shifts"]),
                "differences": differences,
                "stations": stations,
            },
            ensure_ascii=False,
            indent=1,
        )
    )
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
