"""``make bench``: every benchmark once, as JSON; ratios within one run, because the machine is noisy."""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
import time

import tests.bench


def main(names: list[str]) -> None:
    """Run the named benchmarks, or all of them, and print one JSON line each."""
    found = [
        module.name
        for module in pkgutil.iter_modules(tests.bench.__path__)
        if module.name.startswith("bench_")
    ]
    for name in sorted(found):
        if names and name.removeprefix("bench_") not in names:
            continue
        start = time.perf_counter()
        figures = importlib.import_module(f"tests.bench.{name}").run()
        took = round(time.perf_counter() - start, 1)
        print(  # noqa: T201 (its output)
            json.dumps(
                {"benchmark": name.removeprefix("bench_"), **figures, "seconds": took}, ensure_ascii=False
            )
        )


if __name__ == "__main__":
    main(sys.argv[1:])
