"""How long the reference data of a large hospital take to get in."""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory

from downtime.store.reference import build_reference  # noqa: F401 (imported before the clock starts)
from sync.intake import take_inbox
from tests.bench.large_hospital import write_large_set

PATIENTS, ITEMS = 100_000, 20_000


def run() -> dict[str, float | str]:
    """Return seconds from a complete set in the inbox to the named, synced file, and what it weighs."""
    with TemporaryDirectory() as place:
        home = Path(place)
        write_large_set(home / "inbox", version=1, patients=PATIENTS, items=ITEMS)
        began = time.perf_counter()
        (report,) = take_inbox(
            home / "inbox", home / "reference", bytes(32), currency="CNY", in_force_version=None
        )
        seconds = time.perf_counter() - began
        if report.file is None:
            return {"import refused": report.text()}
        size = report.file.path.stat().st_size
    return {
        "import of 100,000 patients and 20,000 items, s": round(seconds, 2),
        "import goal, s": 10.0,
        "reference file, MB": round(size / 1e6, 1),
    }


if __name__ == "__main__":
    print(run())  # noqa: T201 (started by hand)
