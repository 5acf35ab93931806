"""SQL staging tables: rows written into the HIS's database, posted by the HIS's own job. Class 1.

The entry id is the primary key there, so the same rows may go again freely. A batch is one commit; when
a record spoils it, the batch is halved until that record stands alone, and only what builds on it waits.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar, Final, Self

from sqlalchemy import Engine, create_engine, insert, select
from sqlalchemy.exc import (
    DBAPIError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
    SQLAlchemyError,
    StatementError,
)

from downtime.i18n import _
from downtime.outcome import (
    Accepted,
    HandedOver,
    InDoubt,
    Outcome,
    Rejected,
    Unreachable,
)
from sync.connector import Connector, Guarantee, NotReadBackError, Parcel, other_body, waits_for
from sync.connectors import staging_ddl as ddl
from sync.connectors.staging_again import offer_again
from sync.connectors.staging_read import documents_of, facts_of_staged
from sync.connectors.staging_rows import StagedEntry, rows_from, rows_of, sent_bytes
from sync.connectors.staging_void import void_reason, voided

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection

    from downtime.entry import Entry
    from sync.facts import Facts

REASON_CHARACTERS_MAX: Final = 300
_NOT_THE_RECORD = (OperationalError, InterfaceError, ProgrammingError)
"""The database, the line or the tables, not what one record holds."""
_MARIADB_RECORD_CODES: Final = frozenset({1366, 1644, 4025})
"""A text its column cannot hold, a trigger's refusal, a broken CHECK: MariaDB's drivers call them operational."""


class CommitUnknownError(Exception):
    """COMMIT was sent and failed: what was in it may be there or not."""


@contextmanager
def one_commit(engine: Engine) -> Iterator[Connection]:
    """Give a connection whose work is committed at the end, or not at all.

    A connection whose COMMIT failed is thrown away: SQLite may keep it open with the work still in it, and
    the pool would hand it to the next reader, who would see rows that nobody else has.

    Raises:
        CommitUnknownError: the COMMIT itself failed.
    """
    with engine.connect() as his:
        yield his
        try:
            his.commit()
        except SQLAlchemyError as error:
            his.invalidate()
            raise CommitUnknownError(_reason(error)) from error


class SqlStaging(Connector):
    """Writes entries into the published staging tables of ``staging_ddl``."""

    name: ClassVar[str] = "sqlstaging"
    guarantee = Guarantee.RESEND
    received_is_enough = True
    may_know_at_once = False
    takes_back = True
    asks_refused = True

    def __init__(self, hospital: str, engine: Engine) -> None:
        super().__init__(hospital)
        self.engine = engine
        self._composed: dict[bytes, StagedEntry] = {}

    @classmethod
    def configured(cls, hospital: str, settings: Mapping[str, str]) -> Self:
        """Make it from ``{"url": SQLAlchemy URL}``."""
        return cls(hospital, create_engine(settings["url"], hide_parameters=True, pool_pre_ping=True))

    def close(self) -> None:
        """Let go of connections."""
        self.engine.dispose()

    def reach(self) -> Unreachable | None:
        """Return None if the staging tables can be read."""
        try:
            with self.engine.connect() as his:
                his.execute(select(ddl.header.c.entry_id).limit(1)).first()
        except SQLAlchemyError as error:
            return Unreachable(_reason(error))
        return None

    def compose(self, entry: Entry) -> bytes | Rejected:
        """Return the rows of ``entry`` as canonical bytes."""
        rows = rows_of(entry)
        sent = sent_bytes(rows)
        self._composed[sent] = rows  # most are sent at once; that spares reading the bytes again
        return sent

    def _send(self, batch: Sequence[Parcel]) -> Iterator[tuple[str, Outcome]]:
        """Insert what is not there yet; what is there already counts as received."""
        answers: dict[str, Outcome] = {}
        try:
            with self.engine.connect() as his:
                there = _held(his, [parcel.entry.id for parcel in batch])
        except SQLAlchemyError as error:
            yield from ((parcel.entry.id, Unreachable(_reason(error))) for parcel in batch)
            return
        clash: Entry | None = None
        for parcel in batch:
            held = there.get(parcel.entry.id)
            if held is not None and held != parcel.entry.body_hash.hex():
                clash = parcel.entry
                answers[parcel.entry.id] = Rejected(other_body(parcel.entry).what)
        known = [
            parcel.entry for parcel in batch if parcel.entry.id in there and parcel.entry.id not in answers
        ]
        answers.update(self._again(known))
        self._insert([parcel for parcel in batch if parcel.entry.id not in there], answers, batch)
        self._composed.clear()
        yield from answers.items()
        if clash is not None:
            raise other_body(clash)

    def _insert(
        self, parcels: Sequence[Parcel], answers: dict[str, Outcome], batch: Sequence[Parcel]
    ) -> None:
        """Insert ``parcels`` in one commit; halve on a record that spoils it; write down each answer."""
        parcels = list(self._not_waiting(parcels, answers, batch))
        if not parcels:
            return
        staged = [
            self._composed.get(parcel.sent) or rows_from(parcel.sent, parcel.entry) for parcel in parcels
        ]
        try:
            with one_commit(self.engine) as his:
                his.execute(insert(ddl.header), [rows.header for rows in staged])
                if lines := [row for rows in staged for row in rows.lines]:
                    his.execute(insert(ddl.line), lines)
                if payments := [row for rows in staged for row in rows.payments]:
                    his.execute(insert(ddl.payment), payments)
        except CommitUnknownError as error:
            answers.update((parcel.entry.id, InDoubt(str(error))) for parcel in parcels)
            return
        except (SQLAlchemyError, UnicodeError, ValueError, OverflowError) as error:
            if not _is_of_the_record(error):
                answers.update((parcel.entry.id, Unreachable(_reason(error))) for parcel in parcels)
            elif len(parcels) == 1:
                answers[parcels[0].entry.id] = self._after_refusal(parcels[0].entry, error)
            else:
                middle = len(parcels) // 2
                self._insert(parcels[:middle], answers, batch)
                self._insert(parcels[middle:], answers, batch)
            return
        answers.update((parcel.entry.id, HandedOver(parcel.entry.id)) for parcel in parcels)

    @staticmethod
    def _not_waiting(
        parcels: Sequence[Parcel], answers: dict[str, Outcome], batch: Sequence[Parcel]
    ) -> Iterator[Parcel]:
        """Yield what builds on nothing refused or not received; answer the rest."""
        missing = {
            parcel.entry.id: parcel.entry
            for parcel in batch
            if isinstance(answers.get(parcel.entry.id), Rejected | Unreachable | InDoubt)
        }
        for parcel in parcels:
            waits = waits_for(parcel.entry, missing) if missing else None
            if waits is None:
                yield parcel
            else:
                missing[parcel.entry.id] = parcel.entry
                answers[parcel.entry.id] = waits

    def _after_refusal(self, entry: Entry, error: Exception) -> Outcome:
        """Return what a refused single record means: another sender was quicker, or it is the record."""
        try:
            with self.engine.connect() as his:
                held = _held(his, [entry.id]).get(entry.id)
        except SQLAlchemyError as lost:
            return Unreachable(_reason(lost))
        if held == entry.body_hash.hex():
            return HandedOver(entry.id)
        return Rejected(_reason(error))

    def _again(self, entries: Sequence[Entry]) -> dict[str, Outcome]:
        """Return where known entries stand; a refused one that is sent again is offered again."""
        if not entries:
            return {}
        found = dict(self.ask(entries))
        refused = [entry for entry in entries if isinstance(found.get(entry.id), Rejected)]
        try:
            if refused:
                with one_commit(self.engine) as his:
                    offer_again(his, refused)
        except (CommitUnknownError, SQLAlchemyError) as error:
            return {entry.id: InDoubt(_reason(error)) for entry in entries}
        found.update((entry.id, HandedOver(entry.id)) for entry in refused)
        return {entry.id: found.get(entry.id, HandedOver(entry.id)) for entry in entries}

    def ask(self, batch: Sequence[Entry]) -> Iterator[tuple[str, Outcome]]:
        """Yield what the outcome tables say; nothing if they cannot be read."""
        ids = [entry.id for entry in batch]
        told, head = ddl.outcome.c, ddl.header.c
        latest = (told.entry_id == head.entry_id) & (told.attempt == head.attempt)
        query = select(told.entry_id, told.outcome_state, told.reason, told.his_reference)
        try:
            with self.engine.connect() as his:
                there = _held(his, ids)
                decided = his.execute(query.join(ddl.header, latest).where(told.entry_id.in_(ids))).all()
                documents = documents_of(his, [row.entry_id for row in decided])
                void = voided(his)
        except SQLAlchemyError:
            return
        outcomes: dict[str, Outcome] = {
            row.entry_id: Accepted(tuple(documents.get(row.entry_id, ())), row.his_reference or "")
            if row.outcome_state == "posted"
            else Rejected(row.reason or _("The HIS gives no reason."))
            for row in decided
        }
        outcomes |= {name: Rejected(void_reason(void[name])) for name in outcomes.keys() & void.keys()}
        absent = Unreachable(_("It is not in the staging tables."))
        for entry in batch:
            held = there.get(entry.id)
            if held == entry.body_hash.hex():
                yield entry.id, outcomes.get(entry.id, HandedOver(entry.id))
            elif held is None:
                yield entry.id, absent
            else:
                yield entry.id, Rejected(other_body(entry).what)

    def taken_back(self, accepted: Iterable[tuple[str, Accepted]]) -> Iterator[tuple[str, Outcome]]:
        """Yield what lost its formal document there, other than by a reversal or refund of ours."""
        try:
            with self.engine.connect() as his:
                void = voided(his)
        except SQLAlchemyError:
            return
        if void:
            yield from ((name, Rejected(void_reason(void[name]))) for name, _told in accepted if name in void)

    def read_back(self, ids: Sequence[str]) -> Iterable[tuple[str, Facts]]:
        """Yield the staged rows as facts."""
        try:
            with self.engine.connect() as his:
                yield from self._facts(his, ids)
        except SQLAlchemyError as error:
            raise NotReadBackError(type(error).__name__) from error

    def _facts(self, his: Connection, ids: Sequence[str]) -> Iterable[tuple[str, Facts]]:
        return facts_of_staged(his, ids)


def _held(his: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Return the body hash of those of ``ids`` the staging tables hold."""
    query = select(ddl.header.c.entry_id, ddl.header.c.body_hash).where(ddl.header.c.entry_id.in_(ids))
    return {row.entry_id: row.body_hash for row in his.execute(query)}


def _is_of_the_record(error: Exception) -> bool:
    """Whether the record spoilt the batch, and not the database, the line or missing tables."""
    if isinstance(error, DBAPIError):
        code = next(iter(getattr(error.orig, "args", ())), None)
        is_elsewhere = isinstance(error, _NOT_THE_RECORD) and code not in _MARIADB_RECORD_CODES
        return not error.connection_invalidated and not is_elsewhere
    return isinstance(error, StatementError | UnicodeError | ValueError | OverflowError)


def _reason(error: Exception) -> str:
    """Return the database's own words, without the values that were bound."""
    said = str(getattr(error, "orig", None) or error)
    return " ".join(said.split())[:REASON_CHARACTERS_MAX]
