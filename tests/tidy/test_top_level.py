"""The top level is fixed: one glance tells where everything is."""

from __future__ import annotations

from fnmatch import fnmatch

from tests.tidy.sources import PACKAGES, ROOT, listed

ALLOWED = {
    *("forms", "downtime", "sync", "tests", "docs"),
    *(
        "README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "LICENSE",
        "Makefile",
        "pyproject.toml",
        "hatch_build.py",
    ),
}


def test_the_top_level_holds_what_it_always_holds() -> None:
    """Nothing else lies at the top, hidden settings and what git ignores aside."""
    ignored = [
        line.strip("/ ") for line in (ROOT / ".gitignore").read_text("utf-8").splitlines() if line.strip()
    ]
    strange = [
        path.name
        for path in ROOT.iterdir()
        if path.name not in ALLOWED
        and not path.name.startswith(".")
        and not any(fnmatch(path.name, pattern) for pattern in ignored)
    ]
    assert not strange, listed(strange)


def test_everything_promised_is_there() -> None:
    """A newcomer finds the licence, the change log and how to contribute."""
    absent = [name for name in sorted(ALLOWED) if not (ROOT / name).exists()]
    assert not absent, listed(absent)


def test_packages_are_packages() -> None:
    """Each import package says what it is."""
    absent = [name for name in (*PACKAGES, "tests") if not (ROOT / name / "__init__.py").is_file()]
    assert not absent, listed(absent)
