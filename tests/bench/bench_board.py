"""The board at 100,000 entries: the first reading, a look that finds nothing new, one that does, and searching.

The entries are rows of the hub's own store, each with sealed bytes of the size of a charge of four lines; they are
not chained, because the board does not verify them. Searches are timed as the screen makes them, with every letter.
"""

from __future__ import annotations

import json
import random
import statistics
import time
import tracemalloc
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from downtime.board import Kept
from downtime.canonical import seal
from downtime.outcome import Accepted, Rejected, outcome_content
from tests.downtime.builders import cash, charge_content, line
from tests.screens.made_board import AT, CONNECTOR, make_made_hub

if TYPE_CHECKING:
    from sync.hub.database import Database

ENTRIES: Final = 100_000
SEARCHES: Final = 300
NAMES: Final = ("张三", "李四", "欧阳娜娜", "王伟", "赵敏", "司马青衫", "陈一", "孙晓")
_ENTRY: Final = """
INSERT INTO entry (station, incarnation, book, seq, id, form, deliverable, line, turn, number, amount_minor, outage,
  body_hash, salt, sealed, hash, digest, chained, verdict, why, arrived_at)
VALUES (?, 'A', 1, ?, ?, 'charge', 1, 'x', ?, ?, ?, '', ?, ?, ?, ?, ?, 1, '', '', ?)
"""
_FACT: Final = """
INSERT INTO delivery (connector, entry_n, step, state, outcome, at, wait_seconds, sent, decided_n, turn, hash)
VALUES (?, ?, ?, ?, ?, ?, 0, NULL, NULL, 0, ?)
"""


def run(entries: int = ENTRIES) -> dict[str, float | str]:
    """Return seconds of the readings, and p50, p99 and the slowest search in ms."""
    with TemporaryDirectory() as place:
        made = make_made_hub(Path(place) / "hub")
        _fill(made.db, 1, entries)
        board = made.source()
        found: dict[str, float | str] = {"search goal, ms": 100.0, "entries": float(entries)}
        found["first reading, s"] = _seconds(board.refresh)
        found["a look without news, ms"] = _seconds(board.refresh) * 1000
        _fill(made.db, entries + 1, 100)
        found["a look with 100 new entries, ms"] = _seconds(board.refresh) * 1000
        assert board.summary().difference().entries == 0
        took = []
        for text in _typed(entries):
            began = time.perf_counter()
            board.rows(Kept(text=text))
            took.append((time.perf_counter() - began) * 1000)
        took.sort()
        found["search p50, ms"] = round(statistics.median(took), 1)
        found["search p99, ms"] = round(took[len(took) * 99 // 100], 1)
        found["search slowest, ms"] = round(took[-1], 1)
        board.close()
        found["memory of the rows, MB"] = _memory(made.source)
        made.close()
    return {name: round(value, 2) if isinstance(value, float) else value for name, value in found.items()}


def _memory(source: object) -> float:
    tracemalloc.start()
    board = source()  # type: ignore[operator]  # the maker of a board
    board.refresh()
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    board.close()
    return held / 1e6


def _seconds(act: object) -> float:
    began = time.perf_counter()
    act()  # type: ignore[operator]  # something to be timed
    return time.perf_counter() - began


def _fill(db: Database, first: int, count: int) -> None:
    """Write entries with their deliveries straight into the store."""
    chance = random.Random(first)
    rows, facts = [], []
    accepted = seal(outcome_content(Accepted((), "HIS-1"))).decode()
    rejected = seal(outcome_content(Rejected("项目编码在 HIS 中已停用"))).decode()
    for n in range(first, first + count):
        prices = [chance.randrange(100, 30_000) for _line in range(4)]
        total = sum(prices)
        lines = [line(f"A{price:05d}", price, "1") for price in prices]
        patient = {
            "number": f"P{n // 3:06d}",
            "name": chance.choice(NAMES),
            "sex": "male",
            "birth_date": None,
        }
        content = charge_content(lines, patient=patient, payments=[cash(total)])
        station, number = f"W{n % 12 + 1:02d}", f"W{n % 12 + 1:02d}A-{n:06d}-{n % 10}"
        envelope = {
            "happened_at": AT,
            "recorded_at": AT,
            "operator": f"10{n % 15:02d}",
            "operator_name": "练习员",
        }
        sealed = json.dumps(
            {"body": {"content": content, "form": "charge"}, "envelope": envelope}, ensure_ascii=False
        ).encode()
        mark = n.to_bytes(32, "big")
        rows.append(
            (station, n, f"id-{n:08d}", n, number, total, mark, mark[:16], db.hidden(sealed), mark, mark, AT)
        )
        if n % 3:
            state, told = ("rejected", rejected) if n % 50 == 1 else ("accepted", accepted)
            facts += [
                (CONNECTOR, n, 1, "sending", "null", AT, mark),
                (CONNECTOR, n, 2, state, told, AT, mark),
            ]
    with db.writing():
        db.many(_ENTRY, rows)
        db.many(_FACT, facts)


def _typed(entries: int) -> list[str]:
    """Return what people type, cut at every length: slips, names, patient numbers, amounts."""
    chance = random.Random("typed")
    typed = []
    for _n in range(SEARCHES // 4):
        n = chance.randrange(1, entries)
        whole = (f"W{n % 12 + 1:02d}A-{n:06d}", chance.choice(NAMES), f"P{n:06d}", f"{n % 900}.{n % 100:02d}")
        typed += [text[: chance.randrange(1, len(text) + 1)] for text in whole]
    return typed
