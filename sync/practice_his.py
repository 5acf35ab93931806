"""The practice HIS: staging tables, a small vendor job that posts them, and books of its own.

It stands in for a real HIS behind the same tables, in a SQLite file or any SQLAlchemy database.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

from sqlalchemy import Engine, create_engine, func, insert, select, tuple_
from sqlalchemy.exc import IntegrityError, OperationalError

from sync import practice_tables as px
from sync.connectors import staging_ddl as ddl
from sync.connectors.sqlstaging import CommitUnknownError, SqlStaging, one_commit
from sync.connectors.staging_read import whole_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlalchemy import Connection, Row, Table

    from downtime.entry import Entry
    from downtime.outcome import Outcome
    from sync.facts import Facts

BILL_CODE: Final = "PX-0601"
CHUNK: Final = 500
_TRIES: Final = 3


def open_practice_his(place: Path | str) -> Engine:
    """Open the practice HIS in a SQLite file (a path) or at a SQLAlchemy URL, creating its tables.

    The file keeps SQLite's rollback journal: it is read and written by the standard driver.
    """
    url = place if isinstance(place, str) else f"sqlite:///{place}"
    engine = create_engine(url, hide_parameters=True)
    ddl.metadata.create_all(engine)
    px.metadata.create_all(engine)
    return engine


class PracticeConnector(SqlStaging):
    """SQL staging at the practice HIS, whose vendor job runs whenever somebody asks."""

    name: ClassVar[str] = "practice"
    may_know_at_once = True

    @classmethod
    def configured(cls, hospital: str, settings: Mapping[str, str]) -> Self:
        """Make it from ``{"url": SQLAlchemy URL}``; the practice HIS is made where there is none."""
        return cls(hospital, open_practice_his(settings["url"]))

    def ask(self, batch: Sequence[Entry]) -> Iterator[tuple[str, Outcome]]:
        """Let the vendor job run, then ask."""
        with suppress(OperationalError, CommitUnknownError):  # the HIS is down: then there is no news
            post_staged(self.engine)
        yield from super().ask(batch)

    def _facts(self, his: Connection, ids: Sequence[str]) -> Iterable[tuple[str, Facts]]:
        """Yield what stands in the practice HIS's own books."""
        return _facts_of_books(his, ids)


@dataclass(slots=True)
class Posted:
    """What one run of the vendor job did, in entries."""

    posted: int = 0
    refused: int = 0
    waiting: int = 0


def post_staged(engine: Engine) -> Posted:
    """Post every staged entry without an outcome exactly once, in our order, a chunk per commit."""
    done = Posted()
    after: tuple[Any, ...] | None = None
    tries = 0
    while True:
        try:
            with one_commit(engine) as his:
                chunk = _undecided(his, after)
                if not chunk:
                    return done
                _Chunk(his, chunk).post(done)
        except IntegrityError:
            # Another run of the job posted some of these first; what it left is read again.
            tries += 1
            if tries == _TRIES:
                raise
            continue
        last = chunk[-1]
        after = (last.station, last.incarnation, last.book, last.seq)


def _undecided(his: Connection, after: tuple[Any, ...] | None) -> Sequence[Row[Any]]:
    head, told = ddl.header.c, ddl.outcome.c
    place = tuple_(head.station, head.incarnation, head.book, head.seq)
    decided = (
        select(told.entry_id).where(told.entry_id == head.entry_id, told.attempt == head.attempt).exists()
    )
    query = select(ddl.header).where(~decided).order_by(head.station, head.incarnation, head.book, head.seq)
    return his.execute((query if after is None else query.where(place > after)).limit(CHUNK)).all()


@dataclass(slots=True)
class _Rows:
    """Rows to be inserted at the end of a chunk, by table."""

    by_table: dict[Table, list[dict[str, Any]]] = field(default_factory=dict)

    def add(self, table: Table, **row: Any) -> None:
        self.by_table.setdefault(table, []).append(row)


class _Chunk:
    """One commit of the vendor job."""

    def __init__(self, his: Connection, headers: Sequence[Row[Any]]) -> None:
        self._his = his
        self._headers = headers
        self._rows = _Rows()
        ids = [row.entry_id for row in headers]
        self._lines = _children(his, ddl.line, ids)
        self._payments = _children(his, ddl.payment, ids)
        named = {row.names_entry or row.reverses_entry for row in headers} - {None}
        self._staged = {row.entry_id: row for row in _by_id(his, ddl.header, named)}
        self._posted = {row.entry_id for row in _by_id(his, px.posting, named)}
        self._patients = set(his.scalars(select(px.patient.c.number)))
        self._visits = set(his.scalars(select(px.visit.c.number)))
        self._items = set(his.scalars(select(px.item.c.code)))
        self._numbers = his.scalar(select(func.count()).select_from(px.posting)) or 0
        self._documents = his.scalar(select(func.count()).select_from(px.document)) or 0

    def post(self, done: Posted) -> None:
        for row in self._headers:
            verdict = self._verdict(row)
            if verdict is None:
                self._post(row)
                done.posted += 1
            elif verdict == "":
                done.waiting += 1
            else:
                self._decide(row, "refused", verdict, None)
                done.refused += 1
        self._flush()

    def _flush(self) -> None:
        for table, rows in self._rows.by_table.items():
            self._his.execute(insert(table), rows)
        self._rows.by_table.clear()

    def _verdict(self, row: Row[Any]) -> str | None:
        """Return None to post, "" to wait for an earlier entry, else why it is refused."""
        named = row.names_entry or row.reverses_entry
        if named is not None and named not in self._posted:
            return "" if named in self._staged else f"Entry {named} is not known here."
        if row.patient_temporary and row.form != "registration" and row.patient_number not in self._patients:
            staged = self._is_staged("registration", ddl.header.c.patient_number == row.patient_number)
            return "" if staged else f"Temporary patient number {row.patient_number} was never registered."
        if row.visit_temporary and row.form != "visit" and row.visit_number not in self._visits:
            staged = self._is_staged("visit", ddl.header.c.visit_number == row.visit_number)
            return "" if staged else f"Temporary visit number {row.visit_number} was never opened."
        if self._items:
            for part in self._lines.get(row.entry_id, ()):
                if part.item_kind != "unlisted" and part.item_code not in self._items:
                    return f"Item {part.item_code} is not in the price list."
        return None

    def _is_staged(self, form: str, condition: Any) -> bool:
        query = select(ddl.header.c.entry_id).where(ddl.header.c.form == form, condition).limit(1)
        return self._his.execute(query).first() is not None

    def _post(self, row: Row[Any]) -> None:
        self._numbers += 1
        number = f"PX{self._numbers:08d}"
        name = whole_name(row.content_json) if row.cut_columns else row.patient_name
        self._rows.add(
            px.posting, px_number=number, entry_id=row.entry_id, form=row.form, operator=row.operator_code,
            happened_at=row.happened_at, receipt_number=row.receipt_number, patient=row.patient_number,
            patient_name=name, visit=row.visit_number, currency=row.currency, total_minor=row.total_minor,
            names=row.names_entry or row.reverses_entry,
        )  # fmt: skip
        for part in self._lines.get(row.entry_id, ()):
            self._rows.add(
                px.line, entry_id=row.entry_id, line_no=part.line_no, code=part.item_code, quantity=part.quantity,
                amount_minor=part.amount_minor, batch=part.batch_number,
            )  # fmt: skip
        for part in self._payments.get(row.entry_id, ()):
            self._rows.add(
                px.payment, entry_id=row.entry_id, payment_no=part.payment_no, method=part.pay_method,
                amount_minor=part.amount_minor,
            )  # fmt: skip
        if row.form == "registration":
            self._patients.add(row.patient_number)
            self._rows.add(px.patient, number=row.patient_number, name=name, entry_id=row.entry_id)
        if row.form == "visit":
            self._visits.add(row.visit_number)
            self._rows.add(
                px.visit, number=row.visit_number, patient_number=row.patient_number, entry_id=row.entry_id
            )
        self._posted.add(row.entry_id)
        self._decide(row, "posted", None, number)
        self._issue(row, number)

    def _issue(self, row: Row[Any], reference: str) -> None:
        """Issue formal documents for paid charges, or void those of a reversed one."""
        if row.form == "reversal":
            self._flush()
            issued = select(px.document).where(px.document.c.entry_id == row.reverses_entry)
            for n, document in enumerate(self._his.execute(issued).all(), 1):
                self._document(row, n, reference, document.kind, document.number, document.check_code, "void")
            return
        charged = self._staged.get(row.names_entry) if row.form == "payment" else row
        if charged is not None and charged.payer_kind == "insured_pending":
            return  # posted unsettled: a formal document follows when the insurance has settled
        if row.form == "payment":
            kinds = ["e_invoice"]
        elif row.form == "charge" and row.total_minor and row.paid_minor == row.total_minor:
            drugs = {part.item_kind == "drug" for part in self._lines.get(row.entry_id, ())}
            kinds = ["e_invoice"] * len(drugs)
        else:
            return
        for n, kind in enumerate(kinds, 1):
            self._documents += 1
            number = f"PX{self._documents:08d}"
            check = hashlib.sha256(number.encode()).hexdigest()[:6].upper()
            self._rows.add(
                px.document, number=number, entry_id=row.entry_id, kind=kind, check_code=check,
                issued_at=row.recorded_at,
            )  # fmt: skip
            self._document(row, n, reference, kind, number, check, "issued")

    def _document(
        self, row: Row[Any], n: int, reference: str, kind: str, number: str, check: str, status: str
    ) -> None:
        self._rows.add(
            ddl.document, entry_id=row.entry_id, document_no=n, document_kind=kind, bill_code=BILL_CODE,
            document_number=number, check_code=check, issued_at=row.recorded_at, document_status=status,
            his_reference=reference,
        )  # fmt: skip

    def _decide(self, row: Row[Any], state: str, reason: str | None, reference: str | None) -> None:
        self._rows.add(
            ddl.outcome, entry_id=row.entry_id, attempt=row.attempt, outcome_state=state, reason=reason,
            his_reference=reference, decided_at=row.recorded_at,
        )  # fmt: skip


def _by_id(his: Connection, table: Table, ids: Iterable[str]) -> Sequence[Row[Any]]:
    return his.execute(select(table).where(table.c.entry_id.in_(list(ids)))).all()


def _children(his: Connection, table: Table, ids: Sequence[str]) -> dict[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = {}
    key = next(column for column in table.c if column.name in {"line_no", "payment_no"})
    for row in his.execute(select(table).where(table.c.entry_id.in_(ids)).order_by(table.c.entry_id, key)):
        found.setdefault(row.entry_id, []).append(row)
    return found


def _facts_of_books(his: Connection, ids: Sequence[str]) -> Iterator[tuple[str, Facts]]:
    found: dict[str, Facts] = {}
    for row in _by_id(his, px.posting, ids):
        facts = dict(row._mapping)  # noqa: SLF001 (SQLAlchemy's public name for a row as a mapping)
        del facts["px_number"], facts["entry_id"]
        found[row.entry_id] = facts
    for entry_id, rows in _children(his, px.line, ids).items():
        for row in rows:
            for fact in ("code", "quantity", "amount_minor", "batch"):
                found[entry_id][f"line {row.line_no} {fact}"] = getattr(row, fact)
    for entry_id, rows in _children(his, px.payment, ids).items():
        for row in rows:
            found[entry_id][f"payment {row.payment_no} method"] = row.method
            found[entry_id][f"payment {row.payment_no} amount_minor"] = row.amount_minor
    yield from found.items()
