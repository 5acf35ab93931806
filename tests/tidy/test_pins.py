"""What is installed is exactly what was tested."""

from __future__ import annotations

import tomllib
from typing import Any

from packaging.requirements import Requirement

from tests.tidy.sources import ROOT, files, imported, listed, tree_of
from tests.tidy.wheels import missing_wheels, windows_wheel


def _project() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return project


def test_every_dependency_is_pinned_to_one_version() -> None:
    """The app, its tests, its checks and its build each name exact versions."""
    project = _project()
    asked = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *(one for extra in project["project"]["optional-dependencies"].values() for one in extra),
    ]
    loose = [one for one in asked if [mark.operator for mark in Requirement(one).specifier] != ["=="]]
    loose += [one for one in asked if "*" in str(Requirement(one).specifier)]
    assert not loose, listed(loose)


def test_no_dependency_stands_there_unused() -> None:
    """Every package the app asks for is imported by it, under its own name or the one below."""
    import_names = {
        "pillow": "PIL",
        "argon2-cffi": "argon2",
        "sqlite-utils": "sqlite_utils",
        "python-docx": "docx",
        "textual-serve": "textual_serve",
    }
    named = {module.split(".")[0].lower() for path in files() for _, module in imported(tree_of(path))}
    loaded_by_others = {"psycopg"}  # SQLAlchemy's driver for PostgreSQL, named in the connector's URL
    asked = {Requirement(one).name for one in _project()["project"]["dependencies"]}
    unused = {one for one in asked if import_names.get(one, one).lower() not in named} - loaded_by_others
    assert not unused, listed(sorted(unused))


def test_a_package_without_a_windows_wheel_is_noticed() -> None:
    """Only a wheel for Windows or for every system counts; a source archive does not."""
    files_of = {
        "everywhere": "everywhere-1-py3-none-any.whl",
        "windows": "windows-1-cp311-cp311-win_amd64.whl",
        "stable": "stable-1-cp39-abi3-win_amd64.whl",
        "linux": "linux-1-cp311-cp311-manylinux_2_28_x86_64.whl",
        "source": "source-1.tar.gz",
    }
    assert missing_wheels(files_of) == ["linux", "source"]
    assert windows_wheel(files_of["stable"])
