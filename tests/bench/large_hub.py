"""Whether the millionth entry costs what the first did: a store of a million entries beside an empty one, in turn."""

from __future__ import annotations

import re
import time
from contextlib import ExitStack, closing
from statistics import median
from typing import TYPE_CHECKING, Any, Final, LiteralString

import psycopg

from downtime.canonical import seal
from sync.hub.verifying import verifier_at
from tests.bench.made_chains import MadeChain
from tests.sync.hub.hubs import make_hub, stop_hub

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.sync.hub.hubs import RunningHub

COPIES: Final = 499
"""Of a station with 2,000 entries: with itself, 500 stations."""
TURNS: Final = 30
BATCH: Final = 200
_MULTIPLIED: Final[tuple[LiteralString, ...]] = (
    """
INSERT INTO entry (station, incarnation, book, seq, id, form, deliverable, line, turn, number, amount_minor, outage,
                   body_hash, salt, sealed, hash, digest, chained, verdict, why, arrived_at)
SELECT 'T' || lpad(to_hex(g), 3, '0'), incarnation, book, seq, g || '-' || id, form, deliverable,
  'visit ' || md5(g || line), turn + g * 100000, CASE WHEN number IS NULL THEN NULL ELSE 'T' || g || number END,
  amount_minor, outage, body_hash, salt, sealed, sha256((g || 'h')::bytea || hash),
  sha256((g || 'd')::bytea || digest), chained, verdict, why, arrived_at FROM entry, generate_series(1, %s) g""",
    "INSERT INTO gives SELECT 'id ' || id, n FROM entry WHERE deliverable = 1 AND %s > 0 ON CONFLICT DO NOTHING",
    """
INSERT INTO gives SELECT 'number ' || number, n FROM entry WHERE number IS NOT NULL AND %s > 0
ON CONFLICT DO NOTHING""",
    "INSERT INTO line (key) SELECT DISTINCT line FROM entry WHERE deliverable = 1 AND %s > 0 ON CONFLICT DO NOTHING",
    """
INSERT INTO head SELECT 'T' || lpad(to_hex(g), 3, '0'), incarnation, book, seq_from, seq_to, head, signature
FROM head, generate_series(1, %s) g""",
)


def large(
    root: Path, url: str, keep: Callable[[RunningHub, str, Sequence[bytes]], None]
) -> dict[str, float | str]:
    """Return what keeping and verifying cost in the large store against the empty one.

    Args:
        root: an empty folder.
        url: of a PostgreSQL server; two databases are made there.
        keep: does what the port does.
    """
    spent: dict[str, list[float]] = {
        name: [] for name in ("keep large", "keep empty", "verify large", "verify empty")
    }
    with ExitStack() as stack:
        hubs: dict[str, Any] = {}
        for name in ("large", "empty"):
            with closing(psycopg.connect(url, autocommit=True)) as server:
                server.execute(f"CREATE DATABASE hub_{name}".encode())
            hub = make_hub(root / name, store_url=re.sub(r"/postgres(\?|$)", rf"/hub_{name}\1", url))
            stack.callback(stop_hub, hub)
            hub.hub.close_verifier()
            db, verifier = verifier_at(hub.place, hub.hub.keys)
            stack.callback(db.close)
            hubs[name] = (hub, verifier)
        hub, verifier = hubs["large"]
        held = _fill(hub, verifier, keep)
        for turn in range(TURNS):
            for name in ("large", "empty") if turn % 2 else ("empty", "large"):
                hub, verifier = hubs[name]
                chain = MadeChain(f"Q{turn:02}{name[0].upper()}")
                hub.knows(chain.code, "A", chain.key.public)
                bodies = [seal(chain.batch(BATCH)) for _n in range(2)]
                begun = time.perf_counter()
                keep(hub, chain.code, bodies)
                kept = time.perf_counter()
                verifier.drain()
                spent[f"keep {name}"].append(kept - begun)
                spent[f"verify {name}"].append(time.perf_counter() - kept)
    half = {name: median(found) for name, found in spent.items()}
    return {
        "PostgreSQL entries held": held,
        "kept there against an empty store (goal about 1)": round(half["keep large"] / half["keep empty"], 2),
        "verified there against an empty store (goal about 1)": round(
            half["verify large"] / half["verify empty"], 2
        ),
    }


def _fill(hub: RunningHub, verifier: Any, keep: Callable[[RunningHub, str, Sequence[bytes]], None]) -> int:
    chain = MadeChain("S001")
    hub.knows(chain.code, "A", chain.key.public)
    keep(hub, chain.code, [seal(chain.batch(BATCH)) for _n in range(10)])
    verifier.drain()
    with closing(psycopg.connect(hub.place.settings.store.url, autocommit=True)) as server:
        for statement in _MULTIPLIED:
            server.execute(statement, (COPIES,))
        server.execute("ANALYZE")
        row = server.execute("SELECT count(*) FROM entry").fetchone()
    assert row is not None
    return int(row[0])
