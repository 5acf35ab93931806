"""How fast a hundred thousand entries are ticked off against an extract, and in how much memory."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Final

from sync.tick_books import entries_of
from tests.sync.entries import MadeUpBook, charge

ENTRIES: Final = 100_000
AT_ONCE: Final = 5_000
TOLD: Final = """
zone = "Asia/Shanghai"
[files]
encoding = "gb18030"
[columns]
row = "FEE_ID"
kind = { constant = "charge" }
patient = "PAT_NO"
name = "NAME"
item = "ITEM"
quantity = "QTY"
amount = "AMT"
operator = "OPER"
time = "TIME"
bill = "BILL"
document_kind = { constant = "e_invoice" }
document_number = "INV"
"""


def run() -> dict[str, float | str]:
    """Tick off 100,000 charges of two lines, read from their journal, against a GB18030 file of 196,000 rows and more.

    Every 50th entry was not typed in, every 100th twice, every 77th with another amount.

    Returns:
        seconds in all (goal: at most 15), of the processor, its parts, and the peak memory of its process (goal: at
        most 500 MB).
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        book = MadeUpBook(root)
        for first in range(1, ENTRIES + 1, AT_ONCE):
            book.record(*(("charge", charge(n)) for n in range(first, first + AT_ONCE)))

        rows = write_extract(root)
        (root / "extract.toml").write_text(TOLD, "utf-8")
        command = [sys.executable, "-m", "tests.bench.bench_tick", folder]
        measured = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {"entries": ENTRIES, "rows of the HIS": rows, **measured}


def write_extract(root: Path) -> int:
    """Write what a HIS holds of the entries, in the order of its keys, and return the number of rows."""
    chance = Random(5)
    lines = ["FEE_ID,PAT_NO,NAME,ITEM,QTY,AMT,OPER,TIME,BILL,INV"]
    for n in chance.sample(range(1, ENTRIES + 1), ENTRIES):
        times = 0 if n % 50 == 0 else 2 if n % 100 == 1 else 1
        for time_typed in range(times):
            bill = f"B{n}.{time_typed}"
            amount = "7.51" if n % 77 == 0 else "7.50"
            shown = f"2026-01-05 1{time_typed}:20:00,{bill},E{bill}"
            lines.append(f"F{len(lines)},PX{n:06d},练习患者{n},PX-GLU,1,{amount},px01,{shown}")
            lines.append(f"F{len(lines)},PX{n:06d},练习患者{n},PX-AMX,2.5,11.75,px01,{shown}")
    (root / "his.csv").write_bytes("\r\n".join(lines).encode("gb18030") + b"\r\n")
    return len(lines) - 1


def _measured(root: Path) -> dict[str, float]:
    from sync.connectors.retype import rules_of
    from sync.reading.extract import read_extract
    from sync.reading.told import read_told
    from sync.tick_claims import ClaimReading
    from sync.tick_off import tick_off
    from sync.tick_report import as_csv, entry_counts, row_counts

    told_path = root / "extract.toml"
    told = read_told(told_path)
    begun, spent = time.perf_counter(), time.process_time()
    reading = ClaimReading(told.covers, {})
    claims = [reading.add(entry) for entry in entries_of([MadeUpBook(root)])]
    read_entries = time.perf_counter()
    extract = read_extract(told_path, "CNY")
    read_rows = time.perf_counter()
    ticked = tick_off(claims, extract, rules_of(told))
    done, spent = time.perf_counter(), time.process_time() - spent
    table = as_csv(ticked, "CNY", told.clock_zone())
    written = time.perf_counter()
    assert sum(line.count for line in entry_counts(ticked)) == ENTRIES
    assert sum(line.count for line in row_counts(ticked, extract)) == len(extract.rows)
    counts = {f"entries {line.state}": line.count for line in entry_counts(ticked)}
    return {
        "s (goal <= 15)": round(done - begun, 2),
        "processor s of it": round(spent, 2),
        "reading the journal s": round(read_entries - begun, 2),
        "reading the extract s": round(read_rows - read_entries, 2),
        "ticking off s": round(done - read_rows, 2),
        "table for a spreadsheet s": round(written - done, 2),
        "table MB": round(len(table) / 1e6, 1),
        "peak memory MB (goal <= 500)": _peak_mb(),
        **counts,
    }


def _peak_mb() -> float:
    """Return this process's own peak; ``ru_maxrss`` would be its parent's, which survives the start."""
    status = Path("/proc/self/status").read_text("ascii")
    return round(int(status.partition("VmHWM:")[2].split()[0]) / 1024, 1)


if __name__ == "__main__":
    json.dump(_measured(Path(sys.argv[1])), sys.stdout)
