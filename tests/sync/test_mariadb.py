"""The staging tables, and the practice HIS behind them, on a real MariaDB."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

from downtime.outcome import HandedOver
from sync import practice_tables as px
from sync.connector import Parcel
from sync.connectors import staging_ddl as ddl
from sync.connectors.sqlstaging import SqlStaging
from sync.connectors.staging_rows import rows_of, sent_bytes
from sync.contract_entries import HOSPITAL, charge, made_up_entry
from sync.practice_his import PracticeConnector, open_practice_his
from tests.sync import test_contract
from tests.sync.test_staging import PUBLISHED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from downtime.entry import Entry
    from tests.sync.mariadb_server import MariaDb


@pytest.fixture
def his(mariadb: MariaDb) -> Iterator[Engine]:
    """An empty practice HIS on MariaDB."""
    engine = open_practice_his(mariadb.url)
    yield engine
    for tables in (ddl.metadata, px.metadata):
        tables.drop_all(engine)
    engine.dispose()


class TestMariaDbStaging(test_contract.TestSqlStaging):
    """Staging tables on MariaDB."""

    def poisoned(self, seq: int) -> Entry:
        """One that a CHECK in the HIS's own database refuses, which the driver calls operational."""
        with self.his.begin() as connection:
            rule = "ALTER TABLE dt_line ADD CONSTRAINT px_poison CHECK (item_code <> 'PX-POISON')"
            connection.execute(text(rule))
        return made_up_entry(seq, "charge", charge(seq, code="PX-POISON"))


class TestMariaDbPractice(TestMariaDbStaging):
    """The practice HIS on MariaDB, read back from its own books."""

    kind = PracticeConnector


def test_the_published_script_makes_the_tables(mariadb: MariaDb) -> None:
    """The script under docs/staging runs as it stands and takes entries."""
    engine = create_engine(mariadb.url)
    body = re.sub(r"^--.*$", "", (PUBLISHED / "mariadb.sql").read_text("utf-8"), flags=re.MULTILINE)
    with engine.begin() as connection:
        for statement in body.split(";\n"):
            if statement.strip():
                connection.execute(text(statement))
    entry = made_up_entry(1, "charge", charge(1, name="𠮷"))
    parcel = Parcel(entry, sent_bytes(rows_of(entry)))
    assert dict(SqlStaging(HOSPITAL, engine).deliver([parcel])) == {entry.id: HandedOver(entry.id)}
    ddl.metadata.drop_all(engine)
    engine.dispose()
