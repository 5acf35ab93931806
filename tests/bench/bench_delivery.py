"""How fast entries reach the staging tables, and what the cashier's commits notice of it."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, create_engine, insert

from downtime.clock import ManualClock
from downtime.store.journal import open_journal
from downtime.store.sqlite import writing
from sync.connectors import staging_ddl as ddl
from sync.connectors.sqlstaging import SqlStaging
from sync.connectors.staging_rows import rows_of
from sync.contract_entries import HOSPITAL
from sync.worker import deliver_once
from tests.sync.entries import MadeUpBook, charges

ENTRIES: Final = 10_000
BATCH: Final = 500
ROUNDS: Final = 5
WRITER_PAUSE_SECONDS: Final = 0.01
WRITER_COMMITS_ALONE: Final = 150


def run() -> dict[str, float | str]:
    """Deliver 10,000 entries to SQLite staging tables and insert the same rows bare; watch a writer meanwhile.

    Returns:
        seconds of both (best of five), the share of the bare speed (goal: at least 30 %), and the writer's
        commit times in milliseconds, alone and meanwhile (goal: p99 at most twice).
    """
    with tempfile.TemporaryDirectory() as folder:
        book = MadeUpBook(Path(folder))
        book.record(*charges(ENTRIES))
        gc.collect()
        gc.freeze()  # what this program holds of its own would be searched again and again
        bare, worker = [], []
        for n in range(ROUNDS):  # in turn, so that a busy machine is busy for both
            bare.append(_bare(book, Path(folder) / f"bare{n}.db"))
            worker.append(_worker(book, Path(folder) / f"his{n}.db"))
        alone, meanwhile = _writer_beside(book, Path(folder) / "watched.db")
        gc.unfreeze()
    return {
        "entries": ENTRIES,
        "bare insert s": round(min(bare), 2),
        "worker s": round(min(worker), 2),
        "share of bare speed % (goal >= 30)": round(100 * min(bare) / min(worker), 1),
        "journal commit p50 alone ms": _percentile(alone, 50),
        "journal commit p99 alone ms": _percentile(alone, 99),
        "journal commit p50 meanwhile ms": _percentile(meanwhile, 50),
        "journal commit p99 meanwhile ms": _percentile(meanwhile, 99),
        "p99 ratio (goal <= 2)": round(_percentile(meanwhile, 99) / _percentile(alone, 99), 2),
        "commits watched meanwhile": len(meanwhile),
    }


def _staging(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}")
    ddl.metadata.create_all(engine)
    return engine


def _bare(book: MadeUpBook, path: Path) -> float:
    staged = [rows_of(entry) for entry in book.entries]
    engine = _staging(path)
    begun = time.perf_counter()
    for at in range(0, len(staged), BATCH):
        part = staged[at : at + BATCH]
        with engine.begin() as his:
            his.execute(insert(ddl.header), [rows.header for rows in part])
            his.execute(insert(ddl.line), [row for rows in part for row in rows.lines])
            his.execute(insert(ddl.payment), [row for rows in part for row in rows.payments])
    seconds = time.perf_counter() - begun
    engine.dispose()
    return seconds


def _worker(book: MadeUpBook, path: Path) -> float:
    for file in (book.deliveries_path, book.head_path):
        file.unlink(missing_ok=True)
    engine = _staging(path)
    begun = time.perf_counter()
    done = deliver_once(book, SqlStaging(HOSPITAL, engine), clock=ManualClock())
    seconds = time.perf_counter() - begun
    assert done.sent == ENTRIES, done
    engine.dispose()
    return seconds


def _writer_beside(book: MadeUpBook, path: Path) -> tuple[list[float], list[float]]:
    """Return a writer process's commit times in ms: alone, then while the worker delivers."""
    command = [sys.executable, "-m", "tests.bench.bench_delivery", str(book.journal_path), book.key.hex()]
    writer = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert writer.stdin is not None
    assert writer.stdout is not None
    assert writer.stdout.readline() == "alone is done\n"
    _worker(book, path)
    writer.stdin.write("stop\n")
    writer.stdin.close()
    measured = json.loads(writer.stdout.read())
    writer.wait(30)
    return measured["alone"], measured["meanwhile"]


def _writer(journal: str, key: str) -> None:
    """Commit one row after another into the journal and time it, until a line arrives."""
    import select

    db = open_journal(Path(journal), bytes.fromhex(key))
    measured: dict[str, list[float]] = {"alone": [], "meanwhile": []}
    seq = 10 * ENTRIES
    while not select.select([sys.stdin], [], [], WRITER_PAUSE_SECONDS)[0]:
        seq += 1
        begun = time.perf_counter()
        with writing(db):
            db.execute(
                "INSERT INTO entry (seq, group_first, id, form, deliverable, body_hash, salt, sealed, hash, operator,"
                " recorded_at) VALUES (?, ?, ?, 'audit', 0, x'00', x'00', zeroblob(1500), ?, 'px01', '')",
                (seq, seq, f"px-{seq}", seq.to_bytes(8, "big")),
            )
        spent = (time.perf_counter() - begun) * 1000
        phase = "alone" if len(measured["alone"]) < WRITER_COMMITS_ALONE else "meanwhile"
        measured[phase].append(spent)
        if phase == "alone" and len(measured["alone"]) == WRITER_COMMITS_ALONE:
            sys.stdout.write("alone is done\n")
            sys.stdout.flush()
    json.dump(measured, sys.stdout)


def _percentile(values: list[float], percent: int) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, len(ordered) * percent // 100)], 2)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        _writer(*sys.argv[1:])
    else:
        json.dump(run(), sys.stdout, indent=1)
