"""The practice HIS of the write route: its database fails by seed, its own job posts late, dies and refuses."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import event, func, insert, select
from sqlalchemy.exc import OperationalError

from sync import practice_tables as px
from sync.connectors import staging_ddl as ddl
from sync.connectors.sqlstaging import SqlStaging
from sync.practice_his import open_practice_his, post_staged
from tests.outage import dying
from tests.outage.stations import HOSPITAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.outage.faults import Faults, Place
    from tests.outage.people import Priced

AT_CONNECTING: Final = ("not reachable",)
AT_STATEMENT: Final = ("line broke before it", "line broke after it", "timed out")
AT_INSERT: Final = ("record refused",)
AT_COMMIT: Final = ("commit failed", "reply lost after commit")
SHARES: Final = (
    ("his connecting", AT_CONNECTING, 0.08, 0.05),
    ("his statement", AT_STATEMENT, 0.54, 0.14),
    ("his record", AT_INSERT, 0.08, 0.25),
    ("his commit", AT_COMMIT, 0.30, 0.65),
)
"""Places on the way into the HIS: name, kinds, share of all faults there, rate."""
JOB_KINDS: Final = ("posted late", "job died in the middle")
BATCH_MAX: Final = 3
"""Entries in one commit: many small ones."""
UNLISTED_SHARE: Final = 0.06
"""Of the items, so many are in the HIS's price list only after somebody looked."""


class JobDiedError(Exception):
    """The HIS's own job was stopped in the middle of a chunk."""


@dataclass
class StagingHis:
    """A HIS behind staging tables.

    Attributes:
        engine: of its database, SQLite or MariaDB.
        lines: what happens on the way there: connecting, statement, record, commit.
        job: what happens to the HIS's own job.
        refusing: entries its tables do not take until somebody has looked at them.
    """

    engine: Engine
    lines: Sequence[Place]
    job: Place
    refusing: set[str] = field(default_factory=set)
    looked_at: set[str] = field(default_factory=set)
    bomb: dying.Bomb | None = None
    _is_armed: bool = False
    _dies_in: int = 0
    _home: int = field(default_factory=os.getpid)

    @classmethod
    def made(
        cls, place: Path | str, faults: Faults, prices: Sequence[Priced], *, budget: int, job_budget: int
    ) -> StagingHis:
        """Open it, with a price list that lacks some items, and so many faults to come."""
        lines = [
            faults.place(name, kinds, budget=round(share * budget), rate=rate)
            for name, kinds, share, rate in SHARES
        ]
        job = faults.place("his job", JOB_KINDS, budget=job_budget, rate=0.4)
        his = cls(open_practice_his(place), lines, job)
        chance = faults.chance("unlisted")
        known = [{"code": one.code} for one in prices if chance.random() >= UNLISTED_SHARE]
        with his.engine.begin() as books:
            books.execute(insert(px.item), known)
        his._listen()
        return his

    def connector(self) -> SqlStaging:
        """Return the connector; a fork lets its parent's connections alone."""
        if os.getpid() != self._home:
            self._home = os.getpid()
            self.engine.dispose(close=False)
        made = SqlStaging(HOSPITAL, self.engine)
        made.batch_max = BATCH_MAX
        return made

    def dies_at_commit(self, when: str, number: int) -> None:
        """Let this process die at its n-th commit here."""
        self.bomb = dying.Bomb(self._committing, when, number)

    # -- the line ---------------------------------------------------------------------------------------

    @property
    def left(self) -> int:
        """How many faults are still to hit on the way there."""
        return sum(line.left for line in self.lines)

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Let things go wrong on the line meanwhile."""
        self._is_armed = True
        try:
            yield
        finally:
            self._is_armed = False

    def _listen(self) -> None:
        dialect: Any = self.engine.dialect
        committing = dialect.do_commit

        def do_commit(connection: Any) -> None:
            at, kind = self._drawn(3)
            if kind == "commit failed":
                connection.rollback()
            else:
                (self.bomb or committing)(connection)
            if kind is not None:
                at.hit(kind)
                raise self._lost()

        dialect.do_commit = do_commit
        self._committing = committing
        event.listen(self.engine, "engine_connect", self._connecting)
        event.listen(self.engine, "do_execute", self._executing)
        event.listen(self.engine, "do_executemany", self._executing_many)

    def _drawn(self, n: int) -> tuple[Place, str | None]:
        at = self.lines[n]
        return at, at.draw() if self._is_armed else None

    def _lost(self) -> Exception:
        """Return the driver's own error for a lost line: 2013 is MariaDB's."""
        dbapi: Any = self.engine.dialect.loaded_dbapi
        error: Exception = dbapi.OperationalError(2013, "练习: Lost connection to server")
        return error

    def _refused(self) -> Exception:
        dbapi: Any = self.engine.dialect.loaded_dbapi
        error: Exception = dbapi.IntegrityError(4025, "练习: CONSTRAINT failed")
        return error

    def _connecting(self, _connection: Any) -> None:
        at, kind = self._drawn(0)
        if kind is not None:
            at.hit(kind)
            raise OperationalError("connect", {}, self._lost())

    def _executing(self, cursor: Any, statement: str, parameters: Any, _context: Any) -> bool:
        return self._execute(cursor.execute, statement, parameters, [parameters])

    def _executing_many(self, cursor: Any, statement: str, parameters: Any, _context: Any) -> bool:
        return self._execute(cursor.executemany, statement, parameters, parameters)

    def _execute(self, act: Any, statement: str, parameters: Any, rows: Sequence[Any]) -> bool:
        if self._dies_in:
            self._dies_in -= 1
            if not self._dies_in:
                raise JobDiedError
        is_header = statement.lstrip().upper().startswith(f"INSERT INTO {ddl.header.name.upper()}")
        ids = self._ids_of(rows) if is_header else []
        if self.refusing.intersection(ids):
            raise self._refused()
        fresh = [name for name in ids if name not in self.looked_at]
        if fresh:
            at, kind = self._drawn(2)
            if kind is not None:
                self.refusing.add(at.chance().choice(fresh))
                at.hit(kind)
                raise self._refused()
        at, kind = self._drawn(1)
        if kind is None:
            return False
        if kind == "line broke after it":
            act(statement, parameters)
        at.hit(kind)
        raise self._lost()

    @staticmethod
    def _ids_of(rows: Sequence[Any]) -> list[str]:
        """Return the entry ids of header rows, which some drivers bind by name."""
        place = list(ddl.header.c.keys()).index("entry_id")
        return [str(row["entry_id"] if isinstance(row, dict) else row[place]) for row in rows]

    # -- the HIS's own job ------------------------------------------------------------------------------

    def run_job(self) -> int:
        """Let the HIS's own job run, unless it is late or dies; return what it refused."""
        waiting = self.undecided()
        kind = self.job.draw() if waiting else None
        if kind == "posted late":
            self.job.hit(kind, f"{waiting} waiting")
            return 0
        if kind is not None:
            before = self.posted()
            self._dies_in = self.job.chance().randrange(8, 14)
            with suppress(JobDiedError):
                post_staged(self.engine)
            has_died, self._dies_in = not self._dies_in, 0
            if has_died:
                assert self.posted() == before, "a chunk is one commit"
                self.job.hit(kind, f"{waiting} waiting")
                return 0
        return post_staged(self.engine).refused

    def undecided(self) -> int:
        """Return how many staged entries have no outcome yet."""
        told, head = ddl.outcome.c, ddl.header.c
        decided = select(told.entry_id).where(told.entry_id == head.entry_id, told.attempt == head.attempt)
        with self.engine.connect() as his:
            counted = his.scalar(select(func.count()).select_from(ddl.header).where(~decided.exists()))
        return counted or 0

    def posted(self) -> int:
        """Return how many entries stand in its books."""
        with self.engine.connect() as his:
            return his.scalar(select(func.count()).select_from(px.posting)) or 0

    def looked(self, entry_id: str, codes: Sequence[str]) -> None:
        """Somebody looked at a refused entry: the table takes it now, and its items are in the price list."""
        self.refusing.discard(entry_id)
        self.looked_at.add(entry_id)
        with self.engine.begin() as books:
            known = set(books.scalars(select(px.item.c.code)))
            new = [{"code": code} for code in dict.fromkeys(codes) if code not in known]
            if new:
                books.execute(insert(px.item), new)

    def close(self) -> None:
        """Let go of it."""
        self.engine.dispose()
