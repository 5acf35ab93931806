"""``make outage``: a simulated outage of twelve stations, as one JSON object; anything but agreement ends with code 1.

Settings by environment: SEED (1), STATIONS (12), FAULTS (10000), ENTRIES (a station, 110), STORE (sqlite, or
postgresql: the hub's), HIS (sqlite, or mariadb: that of the write route), ROUTES (both, or read, or write), KEEP (a
folder to leave everything in), CONTROL (a carelessness that must be noticed; see ``controls``).
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.outage.controls import CONTROLS
from tests.outage.plan import READ, WRITE, Plan
from tests.outage.run import Outcome, Run
from tests.outage.servers import mariadb_url, postgresql_urls

if TYPE_CHECKING:
    from collections.abc import Callable

SHOWN = 20
ROUTES = {"both": (WRITE, READ), WRITE: (WRITE,), READ: (READ,)}


def told(run: Run, outcomes: list[Outcome], seconds: float) -> dict[str, Any]:
    """Return what came of a run."""
    plan = run.plan
    return {
        "entries": len(run.truth),
        "doubles": sum(len(one.doubles) for one in outcomes),
        "lost": sum(len(one.lost) for one in outcomes),
        "falsely_ticked": sum(len(one.falsely) for one in outcomes),
        "faults": len(run.faults.log),
        "unexplained": sum(len(one.unexplained) for one in outcomes),
        "crashes": sum(one.crashes for one in outcomes),
        "seed": plan.seed,
        "stations": plan.stations,
        "store": plan.store,
        "his": plan.his,
        "seconds": round(seconds, 1),
        "minor": sum(one.total_minor or 0 for one in run.truth),
        "by_form": run.truth.by_form(),
        "faults_by_kind": run.faults.by_kind(),
        "faults_sha256": run.faults.digest(),
        "routes": {one.route: _route(one) for one in outcomes},
    }


def _route(one: Outcome) -> dict[str, Any]:
    found = asdict(one)
    del found["route"]
    for name in ("doubles", "lost", "falsely"):
        found[name] = dict(list(found[name].items())[:SHOWN])
    return found


def is_clean(report: dict[str, Any]) -> bool:
    """Whether nothing is double, lost, ticked falsely or left unexplained."""
    return not any(report[name] for name in ("doubles", "lost", "falsely_ticked", "unexplained", "crashes"))


def simulate(plan: Plan, folder: Path, tell: Callable[[str], None]) -> dict[str, Any]:
    """Run one outage in an empty folder; return the report."""
    began = time.perf_counter()
    with ExitStack() as servers:
        urls: dict[str, str] = {}
        if plan.store == "postgresql":
            urls |= servers.enter_context(postgresql_urls(f"hub {WRITE}", f"hub {READ}"))
        if plan.his == "mariadb":
            urls["his"] = servers.enter_context(mariadb_url())
        run = Run(plan, folder, urls, tell)
        stations = run.night()
        tell(f"{len(run.truth)} entries at {len(stations)} stations")
        outcomes = [getattr(run, route)(stations) for route in plan.routes]
    return told(run, outcomes, time.perf_counter() - began)


def main() -> int:
    """Read the settings, simulate, print."""
    asked = os.environ
    plan = Plan(
        seed=int(asked.get("SEED") or 1),
        stations=int(asked.get("STATIONS") or 12),
        entries=int(asked.get("ENTRIES") or 110),
        faults=int(asked.get("FAULTS") or 10_000),
        store=asked.get("STORE") or "sqlite",
        his=asked.get("HIS") or "sqlite",
        routes=ROUTES[asked.get("ROUTES") or "both"],
    )
    if asked.get("CONTROL"):
        CONTROLS[asked["CONTROL"]]()
    with ExitStack() as stack:
        kept = asked.get("KEEP") or stack.enter_context(tempfile.TemporaryDirectory(prefix="outage"))
        folder = Path(kept)
        folder.mkdir(exist_ok=True)
        report = simulate(plan, folder, lambda line: print(line, file=sys.stderr, flush=True))  # noqa: T201 (news of a long run)
    print(json.dumps(report, ensure_ascii=False, indent=1))  # noqa: T201 (its output)
    return 0 if is_clean(report) else 1


if __name__ == "__main__":
    sys.exit(main())
