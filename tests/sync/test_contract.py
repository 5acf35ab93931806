"""Every connector of ours passes the contract that is shipped for everybody's."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from sqlalchemy import create_engine, func, select

from sync.connector import Connector, Guarantee
from sync.connectors import staging_ddl as ddl
from sync.connectors.memory import MemoryConnector, MemoryHis
from sync.connectors.sqlstaging import SqlStaging
from sync.contract import ConnectorContract
from sync.contract_entries import HOSPITAL, charge, made_up_entry
from sync.practice_his import PracticeConnector

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from downtime.entry import Entry


class TestMemory(ConnectorContract):
    """The double with the scripted faults."""

    guarantee = Guarantee.RESEND

    def connector(self) -> Connector:
        """One whose HIS is empty."""
        return MemoryConnector(HOSPITAL, guarantee=self.guarantee)

    def unreachable(self) -> Connector:
        """One whose HIS is down."""
        return MemoryConnector(HOSPITAL, guarantee=self.guarantee, his=MemoryHis(is_down=True))

    def postings(self, connector: Connector, entry_id: str) -> int:
        """As the HIS counts."""
        return len(cast("MemoryConnector", connector).his.postings.get(entry_id, ()))


class TestMemoryQueried(TestMemory):
    """The same, with a HIS that can only be asked."""

    guarantee = Guarantee.QUERY


class TestMemoryOneAttempt(TestMemory):
    """The same, with a HIS that can do neither."""

    guarantee = Guarantee.ONE_ATTEMPT


class TestSqlStaging(ConnectorContract):
    """Staging tables, in SQLite and on PostgreSQL."""

    kind: type[SqlStaging] = SqlStaging
    his: Engine

    @pytest.fixture(autouse=True)
    def _empty_his(self, his: Engine) -> None:
        self.his = his

    def connector(self) -> Connector:
        """One on the empty HIS."""
        return self.kind(HOSPITAL, self.his)

    def unreachable(self) -> Connector:
        """One whose database is nowhere."""
        return self.kind(HOSPITAL, create_engine("sqlite:////nowhere/at/all.db"))

    def postings(self, connector: Connector, entry_id: str) -> int:  # noqa: ARG002 (the contract's signature)
        """As the HIS counts."""
        counted = select(func.count()).select_from(ddl.header).where(ddl.header.c.entry_id == entry_id)
        with self.his.connect() as connection:
            return connection.scalar(counted) or 0

    def poisoned(self, seq: int) -> Entry:
        """One that a rule in the HIS's own database refuses."""
        entry = made_up_entry(seq, "charge", charge(seq, code="PX-POISON"))
        refuse_poison(self.his)
        return entry


class TestPractice(TestSqlStaging):
    """The practice HIS behind its staging tables, read back from its own books."""

    kind = PracticeConnector


def refuse_poison(his: Engine) -> None:
    """Let the database itself refuse the item code PX-POISON."""
    scripts = {
        "sqlite": "CREATE TRIGGER px_poison BEFORE INSERT ON dt_line WHEN NEW.item_code = 'PX-POISON' "
        "BEGIN SELECT RAISE(ABORT, 'item PX-POISON is unknown'); END",
        "postgresql": "ALTER TABLE dt_line ADD CONSTRAINT px_poison CHECK (item_code <> 'PX-POISON')",
    }
    with his.begin() as connection:
        connection.exec_driver_sql(scripts[his.dialect.name])
