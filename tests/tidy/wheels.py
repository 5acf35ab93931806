"""Check that Windows and Linux can install every locked package without a compiler: ``python -m tests.tidy.wheels``.

Asks the package index through pip, for each Python that is promised, for exactly the files whose SHA-256 stands
in ``.ci/locked.txt``; nothing is downloaded or installed but what pip needs to read the packages' own
requirements. Exit 0: all there; 1: a package has no such wheel; 2: the index did not answer.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from tests.tidy.lock import FOLDER
from tests.tidy.sources import ROOT

PYTHONS = ("3.11", "3.12", "3.13")
WINDOWS = "win_amd64"
PLATFORMS: dict[str, tuple[str, ...]] = {
    WINDOWS: (WINDOWS,),
    # what Debian 12 and everything newer takes
    "Linux": (
        "manylinux_2_28_x86_64",
        "manylinux_2_17_x86_64",
        "manylinux2014_x86_64",
        "manylinux_2_5_x86_64",
    ),
}

Report = list[dict[str, Any]]


def windows_wheel(filename: str) -> bool:
    """Return whether the file installs on 64-bit Windows as it is."""
    return filename.endswith((f"-{WINDOWS}.whl", "-none-any.whl"))


def missing_wheels(files_of: dict[str, str]) -> list[str]:
    """Return the packages whose chosen file does not install on Windows."""
    return sorted(name for name, filename in files_of.items() if not windows_wheel(filename))


def chosen(python: str, platforms: tuple[str, ...]) -> dict[str, str]:
    """Return the file pip would install of each locked package, by name and version.

    Raises:
        subprocess.CalledProcessError: a package has no wheel with a locked hash, or there is no index.
    """
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet"]
    command += [
        "--report",
        "-",
        "--disable-pip-version-check",
        "--only-binary",
        ":all:",
        "--target",
        "unused",
    ]
    command += [word for platform in platforms for word in ("--platform", platform)]
    command += ["--implementation", "cp", "--python-version", python]
    command += ["--no-deps", "--require-hashes", "-r", str(FOLDER / "locked.txt")]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    report: Report = json.loads(answer.stdout)["install"]
    return {
        f"{package['metadata']['name']} {package['metadata']['version']}": package["download_info"][
            "url"
        ].rsplit("/", 1)[1]
        for package in report
    }


def check(python: str, system: str) -> list[str]:
    """Print the table for one Python on one system and return the packages without a wheel."""
    files_of = chosen(python, PLATFORMS[system])
    missing = missing_wheels(files_of) if system == WINDOWS else []
    print(f"\nPython {python} on {system}: {len(files_of)} packages")  # noqa: T201 (a table for people)
    for name in sorted(files_of, key=str.lower):
        print(f"  {'MISSING' if name in missing else 'ok':8}{name:32}{files_of[name]}")  # noqa: T201 (the same)
    return missing


def main() -> int:
    """Check every promised Python on both systems and return the exit code."""
    missing = []
    try:
        for system in PLATFORMS:
            for python in PYTHONS:
                missing += check(python, system)
    except subprocess.CalledProcessError as error:
        print(error.stderr, file=sys.stderr)  # noqa: T201 (pip's own words)
        no_such_wheel = "No matching distribution" in error.stderr and "Temporary failure" not in error.stderr
        return 1 if no_such_wheel or "HASHES" in error.stderr else 2
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
