"""Write the lock files in ``.ci``: ``make lock``, that is ``python -m tests.tidy.lock``.

Each names every package that is installed, transitive ones too, to one version and by the SHA-256 of its
files, for every system and Python that is promised. The pins come from pyproject.toml; the lock files add what
those pull in. Asks the package index; nothing is installed. Exit 0: written; else what the resolver says.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from tests.tidy.sources import ROOT

FOLDER = ROOT / ".ci"
PYTHON_MIN = "3.11"
LOCKS = {
    "locked.txt": "what the app needs",
    "locked-build.txt": "what builds the package",
    "locked-work.txt": "what tests and checks need besides",
    "locked-release.txt": "what writes the lock files and the bill of materials",
}
"""Each file may be installed on top of those above it: they agree on every version."""


def asked_for(name: str, project: dict[str, Any]) -> list[str]:
    """Return the requirements of pyproject.toml that one lock file answers."""
    extras = project["project"]["optional-dependencies"]
    asked: dict[str, list[str]] = {
        "locked.txt": project["project"]["dependencies"],
        "locked-build.txt": project["build-system"]["requires"],
        "locked-work.txt": [*extras["test"], *extras["lint"]],
        "locked-release.txt": extras["release"],
    }
    return asked[name]


def read_project() -> dict[str, Any]:
    """Return pyproject.toml."""
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    return project


def main() -> int:
    """Write all four files and return the exit code."""
    project = read_project()
    before: list[Path] = []
    for name, purpose in LOCKS.items():
        with tempfile.TemporaryDirectory() as folder:
            asked = Path(folder) / "asked.in"
            asked.write_text("\n".join(asked_for(name, project)) + "\n", "utf-8")
            command = [
                sys.executable,
                "-m",
                "uv",
                "pip",
                "compile",
                "--quiet",
                "--universal",
                "--generate-hashes",
            ]
            command += ["--no-header", "--no-annotate", "--python-version", PYTHON_MIN, str(asked)]
            command += [word for path in before for word in ("--constraint", str(path))]
            answer = subprocess.run(command, capture_output=True, text=True, check=False)
        if answer.returncode:
            print(answer.stderr, file=sys.stderr)  # noqa: T201 (the resolver's own words)
            return answer.returncode
        path = FOLDER / name
        path.write_text(f"# {purpose}; written by make lock from pyproject.toml\n{answer.stdout}", "utf-8")
        before.append(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
