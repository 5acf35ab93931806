"""How long the end of an outage takes at the hub: twelve stations read, certified, packed."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from downtime.closing_pack import pack_files
from downtime.closing_pdf import certificate_pdf
from sync.hub.closing import read_outage
from sync.hub.mirror import Mirror
from tests.downtime.closings import OUTAGE
from tests.sync.hub.collected import NOW, made_hub, make_stations

if TYPE_CHECKING:
    from collections.abc import Callable

STATIONS: Final = tuple(f"W{n:02d}" for n in range(1, 13))
CUSTOMERS: Final = 100


def run() -> dict[str, float | str]:
    """Bring twelve stations with a hundred customers each to a hub, and end their outage there.

    Returns:
        seconds of the processor for each step (goal: the pack in at most 10 s, all steps before it included).
    """
    figures: dict[str, float | str] = {}

    def timed(name: str, work: Callable[[], object]) -> None:
        begun = time.process_time()
        work()
        figures[name] = round(time.process_time() - begun, 2)

    with tempfile.TemporaryDirectory() as folder, made_hub(Path(folder) / "hub") as hub:
        for home, ring in make_stations(Path(folder), STATIONS, CUSTOMERS):
            hub.bring(home, ring)
        hub.deliver()
        hub.ended()
        rows = hub.db.rows("SELECT count(*), count(number) FROM entry WHERE chained = 1")
        figures["entries"], figures["receipts"] = rows[0]
        with Mirror(hub.db) as mirror:
            timed("all books as one s", mirror.everything)
            whole = read_outage(hub.db, mirror, hub.settings, OUTAGE, "zh", NOW)
            timed("read s", lambda: read_outage(hub.db, mirror, hub.settings, OUTAGE, "zh", NOW))
            timed("certificate s", lambda: certificate_pdf(whole.closing, "zh"))
            timed("pack s (goal <= 10 with all before it)", lambda: pack_files(whole.closing, "zh"))
        timed("mirror s", lambda: Mirror(hub.db).__enter__().close())
    return figures
