"""The lock files say the same as pyproject.toml, and leave nothing to chance."""

from __future__ import annotations

import re

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.tidy.lock import FOLDER, LOCKS, asked_for, read_project
from tests.tidy.sources import listed

_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


def _locked(name: str) -> dict[str, tuple[Requirement, int]]:
    """Return the packages of one lock file by name: the requirement and how many hashes stand beside it."""
    text = (FOLDER / name).read_text("utf-8").replace("\\\n", " ")
    found: dict[str, tuple[Requirement, int]] = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            requirement = Requirement(line.split("--hash")[0])
            found[canonicalize_name(requirement.name)] = (requirement, len(_HASH.findall(line)))
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_what_is_pinned_is_locked(name: str) -> None:
    """Every pin of pyproject.toml stands in its lock file with the same version; else: make lock."""
    locked = _locked(name)
    differing = []
    for line in asked_for(name, read_project()):
        asked = Requirement(line)
        found = locked.get(canonicalize_name(asked.name))
        if found is None or str(found[0].specifier) != str(asked.specifier):
            differing.append(f"{line}: {found[0] if found else 'absent'}")
    assert not differing, listed(differing)


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_is_one_version_with_hashes(name: str) -> None:
    """No package comes without its SHA-256, from a place, or in a range of versions."""
    text = (FOLDER / name).read_text("utf-8")
    assert "://" not in text
    loose = [
        str(requirement)
        for requirement, hashes in _locked(name).values()
        if not hashes or [mark.operator for mark in requirement.specifier] != ["=="] or requirement.url
    ]
    assert not loose, listed(loose)


def test_the_lock_files_agree_on_every_version() -> None:
    """One environment may hold all of them."""
    versions: dict[str, set[str]] = {}
    for name in LOCKS:
        for package, (requirement, _hashes) in _locked(name).items():
            versions.setdefault(package, set()).add(str(requirement.specifier))
    differing = [f"{package}: {sorted(found)}" for package, found in versions.items() if len(found) > 1]
    assert not differing, listed(differing)
