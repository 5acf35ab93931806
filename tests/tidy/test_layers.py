"""Imports point left only: forms, downtime, sync. Screen, database and network each have one home."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.tidy.sources import PACKAGES, ROOT, files, imported, is_within, listed, name_of, tree_of

# module -> where alone it may be imported (path prefixes)
HOMES = {
    "textual": ("downtime/app.py", "downtime/screens/"),
    "rich": ("downtime/app.py", "downtime/screens/"),
    "sqlcipher3": ("downtime/store/",),
    "sqlite_utils": ("downtime/store/",),
    "sqlite3": (),
    "sqlalchemy": ("sync/connectors/", "sync/practice_"),  # the practice HIS is a foreign database too
    "psycopg": ("sync/connectors/", "sync/hub/postgresql.py"),
    "aiohttp": ("downtime/serve", "sync/hub/"),  # a desk that has only a browser; stations that ask a hub
    "textual_serve": ("downtime/serve",),
    "socket": ("sync/connectors/", "downtime/printers/channel.py"),  # a printer on port 9100
    "http": ("sync/connectors/",),
    "urllib.request": ("sync/connectors/",),
    "PIL": ("downtime/printers/",),
    "reportlab": (
        *("downtime/printers/", "downtime/receipt"),
        *(
            "downtime/certificate_pdf",
            "downtime/closing_pdf",
            "downtime/inspection_pdf",
            "downtime/envelope_paper",
            "downtime/pack_paper",
            "downtime/worksheet_",
        ),
    ),
    "watchdog": ("sync/intake",),
    "sync": ("sync/",),
}

# (file, module) -> why there too
ELSEWHERE: dict[tuple[str, str], str] = {}

HEADLESS = ("downtime.record", "downtime.receipt", "sync.worker")


def test_contracts_hold() -> None:
    """The import contracts of pyproject.toml are kept, over the whole import graph."""
    run = subprocess.run(
        [
            *(sys.executable, "-c"),
            "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-2000:]


def test_each_foreign_library_has_one_home() -> None:
    """A library is imported only where the layout says, by function-level imports too."""
    found = []
    for path in files(*PACKAGES):
        for line, module in imported(tree_of(path)):
            for library, homes in HOMES.items():
                at_home = not is_within(module, library) or name_of(path).startswith(homes)
                if not at_home and (name_of(path), library) not in ELSEWHERE:
                    found.append(f"{name_of(path)}:{line}: {module}")
    assert not found, listed(sorted(set(found)))


@pytest.mark.parametrize("module", HEADLESS)
def test_recording_printing_and_delivering_need_no_screen(module: str) -> None:
    """What works beside the app loads no screen library, not even through something it imports."""
    run = subprocess.run(
        [sys.executable, "-c", f"import sys, {module}; print('textual' in sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout.strip()) == (0, "False"), run.stderr[-2000:]
