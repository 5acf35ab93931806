"""Check that Windows can install every pinned package without a compiler: ``python -m tests.tidy.wheels``.

Asks the package index through pip, for each Python that is promised; nothing is downloaded or installed but
what pip needs to read the packages' own requirements. Exit 0: all there; 1: a package has no wheel; 2: the
index did not answer.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.tidy.sources import ROOT

PYTHONS = ("3.11", "3.13")
PLATFORM = "win_amd64"
ROUNDS_MAX = 5

Report = list[dict[str, Any]]


def windows_wheel(filename: str) -> bool:
    """Return whether the file installs on 64-bit Windows as it is."""
    return filename.endswith((f"-{PLATFORM}.whl", "-none-any.whl"))


def missing_wheels(files_of: dict[str, str]) -> list[str]:
    """Return the packages whose chosen file does not install on Windows."""
    return sorted(name for name, filename in files_of.items() if not windows_wheel(filename))


def resolve(python: str, asked: list[str]) -> Report:
    """Return pip's report of what it would install on Windows for ``asked``.

    Raises:
        subprocess.CalledProcessError: pip found no set of wheels, or no index; its words are in ``stderr``.
    """
    command = [
        *(
            sys.executable,
            "-m",
            "pip",
            "install",
            "--dry-run",
            "--ignore-installed",
            "--quiet",
            "--report",
            "-",
        ),
        *("--disable-pip-version-check", "--only-binary", ":all:", "--target", "unused"),
        *("--platform", PLATFORM, "--implementation", "cp", "--python-version", python),
        *asked,
    ]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    report: Report = json.loads(answer.stdout)["install"]
    return report


def only_on_windows(python: str, report: Report) -> list[str]:
    """Return requirements that hold on Windows but that pip, running here, took to be not needed."""
    there = {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "python_version": python}
    found = {canonicalize_name(package["metadata"]["name"]) for package in report}
    wanted = set()
    for package in report:
        extras = package.get("requested_extras") or [""]
        for line in package["metadata"].get("requires_dist", []):
            requirement = Requirement(line)
            marker = requirement.marker
            needed = marker and any(marker.evaluate({**there, "extra": extra}) for extra in extras)
            if needed and canonicalize_name(requirement.name) not in found:
                requirement.marker = None
                wanted.add(str(requirement))
    return sorted(wanted)


def check(python: str, pinned: list[str]) -> list[str]:
    """Print the table for one Python and return the packages without a wheel."""
    asked = list(pinned)
    report: Report = []
    for _ in range(ROUNDS_MAX):
        report = resolve(python, asked)
        more = only_on_windows(python, report)
        if not more:
            break
        asked += more
    files_of = {
        f"{package['metadata']['name']} {package['metadata']['version']}": package["download_info"][
            "url"
        ].rsplit("/", 1)[1]
        for package in report
    }
    missing = missing_wheels(files_of)
    print(f"\nPython {python} on {PLATFORM}: {len(files_of)} packages")  # noqa: T201 (a table for people)
    for name in sorted(files_of, key=str.lower):
        print(f"  {'MISSING' if name in missing else 'ok':8}{name:32}{files_of[name]}")  # noqa: T201 (the same)
    return missing


def main() -> int:
    """Check every promised Python and return the exit code."""
    pinned = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    missing = []
    try:
        for python in PYTHONS:
            missing += check(python, pinned)
    except subprocess.CalledProcessError as error:
        print(error.stderr, file=sys.stderr)  # noqa: T201 (pip's own words)
        no_such_wheel = "No matching distribution" in error.stderr and "Temporary failure" not in error.stderr
        return 1 if no_such_wheel else 2
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
