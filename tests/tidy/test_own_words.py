"""The project speaks of itself alone: no path of one machine, no host, no word about how it was written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.tidy.sources import files, listed, name_of

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = {
    *(".cfg", ".css", ".csv", ".ini", ".json", ".md", ".po", ".py", ".sh", ".sql", ".tcss", ".toml", ".txt"),
    *(".yaml", ".yml", ""),
}

# Written with a class where the plain word would find itself here.
FOREIGN = {
    "a path of one machine": r"(?<![\w.])/(wor[k]|far[m]|root|home/[a-z]+|Users/[a-z]+)/\w",
    "a host packages come from": (
        r"pypi[.]org|pythonhosted[.]org|npmjs[.](org|com)|conda[.]anaconda|crates[.]io|proxy[.]golang|deb[.]debian"
    ),
    "how it was written": (
        r"(?i)\b(this|last|next|previous|an earlier|a later) sessio[n]\b|\bsub-?agent[s]?\b|\bAGENTS[.]md\b"
        r"|\blanguage mode[l]s?\b|\b(AI|coding) (agen[t]|assistan[t])s?\b"
    ),
    "a number in somebody's list of work": r"(?i)\bissue[s]? (#\s?\d|show\b|\d)",
    "a plan that is not part of the project": (
        r"\b(DESIGN|FORMATS|PLAN)[.]md\b|\b(screens|stack|humans|reliability|domain|interop|regs|styles|gnuhealth)[.]md\b"
    ),
}
BESIDE_THE_CHECKOUT = re.compile(r"[.][.]/share[d]|[\"']share[d][\"']")

# file -> why it may look beside the checkout; it must skip with a reason where nothing is there
LOOKS_BESIDE = {
    "tests/conftest.py": "the fixture that finds the real public lists, or skips with a reason",
}
# (file, kind) -> why
ELSEWHERE = {
    ("LICENSE", "a path of one machine"): "the text of the licence",
}


def _texts() -> list[Path]:
    return [
        path for path in files(suffix="") if path.suffix in TEXTS and b"\0" not in path.read_bytes()[:4096]
    ]


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8", errors="replace").splitlines()


def test_the_project_speaks_of_itself_alone() -> None:
    """A reader who knows nothing but this checkout understands every sentence in it."""
    found = [
        f"{name_of(path)}:{number}: {kind}: {line.strip()[:90]}"
        for path in _texts()
        for number, line in enumerate(_lines(path), 1)
        for kind, pattern in FOREIGN.items()
        if re.search(pattern, line) and (name_of(path), kind) not in ELSEWHERE
    ]
    assert not found, listed(found)


def test_only_the_opt_in_tests_look_beside_the_checkout() -> None:
    """A fresh clone with nothing beside it passes."""
    found = [
        f"{name_of(path)}:{number}: {line.strip()[:90]}"
        for path in _texts()
        if name_of(path) not in LOOKS_BESIDE
        and "pytest.mark.lists" not in path.read_text("utf-8", errors="replace")
        for number, line in enumerate(_lines(path), 1)
        if BESIDE_THE_CHECKOUT.search(line)
    ]
    assert not found, listed(found)
