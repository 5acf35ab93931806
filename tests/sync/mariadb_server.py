"""A MariaDB server of our own on a socket in a folder of its own; needs Debian's mariadb-server."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

DATABASE = "px"
WAIT_TIMES = 60


@dataclass(frozen=True)
class MariaDb:
    """The running server.

    Attributes:
        socket: where it listens; there is no port.
    """

    socket: Path

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of its database."""
        return f"mysql+pymysql://root@localhost/{DATABASE}?unix_socket={self.socket}&charset=utf8mb4"

    def client(self, *options: str) -> list[str]:
        """Return the command of the vendor's own client."""
        return ["mysql", "--no-defaults", f"--socket={self.socket}", "--user=root", *options]


@pytest.fixture(scope="session")
def mariadb() -> Iterator[MariaDb]:
    """A server that stops with the tests; nothing in it need be saved."""
    wanted = ("mariadbd", "mariadb-install-db", "mysql", "mysqladmin")
    places = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"])
    missing = [program for program in wanted if shutil.which(program, path=places) is None]
    if missing:
        pytest.skip(f"no MariaDB here ({', '.join(missing)}): apt-get install mariadb-server")
    pytest.importorskip("pymysql", reason="no driver for MariaDB")
    folder = Path(tempfile.mkdtemp(prefix="pxm"))  # short: socket names have at most 107 characters
    as_root = ["--user=root"] if os.geteuid() == 0 else []
    installed = [
        "mariadb-install-db",
        "--no-defaults",
        f"--datadir={folder / 'd'}",
        "--skip-test-db",
        *as_root,
    ]
    subprocess.run([*installed, "--auth-root-authentication-method=normal"], check=True, capture_output=True)
    command = [
        shutil.which("mariadbd", path=places) or "mariadbd", "--no-defaults", f"--datadir={folder / 'd'}",
        f"--socket={folder / 's'}", f"--pid-file={folder / 'pid'}", "--skip-networking", "--skip-grant-tables",
        "--innodb-buffer-pool-size=32M", "--innodb-flush-log-at-trx-commit=0", *as_root,
    ]  # fmt: skip
    said = (folder / "log").open("wb")
    server = subprocess.Popen(command, stdout=said, stderr=said)
    try:
        found = MariaDb(folder / "s")
        _await(found, folder / "log")
        yield found
    finally:
        server.kill()
        server.wait()
        said.close()
        shutil.rmtree(folder, ignore_errors=True)


def _await(found: MariaDb, log: Path) -> None:
    """Return once the server answers and its database is made."""
    asked = [
        "mysqladmin",
        "--no-defaults",
        f"--socket={found.socket}",
        "--user=root",
        f"--wait={WAIT_TIMES}",
        "ping",
    ]
    answered = subprocess.run(asked, check=False, capture_output=True)
    assert answered.returncode == 0, log.read_text("utf-8", "replace")[-2000:]
    make = f"CREATE DATABASE {DATABASE} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
    subprocess.run(found.client("-e", make), check=True, capture_output=True)
