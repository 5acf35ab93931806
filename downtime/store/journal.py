"""Reading and appending the journal: rows in, sealed rows out, never a changed one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from downtime.canonical import unseal
from downtime.entry import Entry
from downtime.store.journal_schema import migrate
from downtime.store.sqlite import open_database
from forms.postings import Posting

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from sqlite_utils import Database

_COLUMNS = "seq, sealed, body_hash, hash, patient, encounter, amount_minor"

_NOT_REVERSED = """
 AND e.id <> ? AND e.deliverable = 1 AND e.form <> 'reversal' AND NOT EXISTS (
  SELECT 1 FROM entry_reference r CROSS JOIN entry x ON x.seq = r.seq
  WHERE r.to_id = e.id AND x.form = 'reversal') LIMIT 1
"""
_HANGING = {
    "patient": f"SELECT 1 FROM entry e WHERE e.patient = ? {_NOT_REVERSED}",  # noqa: S608 (constant)
    "encounter": f"SELECT 1 FROM entry e WHERE e.encounter = ? {_NOT_REVERSED}",  # noqa: S608 (constant)
}
_LAST_OF_FORMS = """
SELECT coalesce(max((SELECT max(seq) FROM entry WHERE form = wanted.value)), 0) FROM json_each(?) wanted
"""
_INSERT_ENTRY = """
INSERT INTO entry (seq, group_first, id, form, deliverable, body_hash, salt, sealed, hash, number, counter,
                   patient, encounter, operator, recorded_at, amount_minor)
VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)
"""
_INSERT_REFERENCE = "INSERT OR IGNORE INTO entry_reference (seq, to_id) VALUES (?,?)"
_INSERT_POSTING = "INSERT INTO posting (seq, n, account, unit, amount) VALUES (?,?,?,?,?)"


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One row ready to be appended; see ``journal_schema`` for the meaning of each."""

    seq: int
    group_first: int
    id: str
    form: str
    deliverable: bool
    body_hash: bytes
    salt: bytes
    sealed: bytes
    hash: bytes
    number: str | None
    counter: int | None
    patient: str | None
    encounter: str | None
    operator: str
    recorded_at: str
    amount_minor: int | None
    refers_to: tuple[str, ...]
    postings: tuple[Posting, ...]


def open_journal(path: Path, key: bytes, *, create: bool = False, any_thread: bool = False) -> Database:
    """Open a journal for appending and bring its schema up to date."""
    db = open_database(path, key, create=create, any_thread=any_thread)
    migrate(db)
    return db


def append(db: Database, row: JournalRow) -> None:
    """Insert one row with its references and postings; the caller holds the write and commits."""
    db.execute(
        _INSERT_ENTRY,
        (
            row.seq, row.group_first, row.id, row.form, int(row.deliverable), row.body_hash, row.salt, row.sealed,
            row.hash, row.number, row.counter, row.patient, row.encounter, row.operator, row.recorded_at,
            row.amount_minor,
        ),
    )  # fmt: skip
    for to_id in row.refers_to:
        db.execute(_INSERT_REFERENCE, (row.seq, to_id))
    for n, leg in enumerate(row.postings):
        db.execute(_INSERT_POSTING, (row.seq, n, leg.account, leg.unit, leg.amount))


def head(db: Database) -> tuple[int, bytes | None, int]:
    """Return (seq, hash, group_first) of the last entry; (0, None, 0) for an empty book."""
    row = db.execute("SELECT seq, hash, group_first FROM entry ORDER BY seq DESC LIMIT 1").fetchone()
    return (row[0], row[1], row[2]) if row else (0, None, 0)


def entry_by_id(db: Database, entry_id: str) -> Entry | None:
    """Return the entry with ``entry_id``."""
    row = db.execute(f"SELECT {_COLUMNS} FROM entry WHERE id=?", (entry_id,)).fetchone()  # noqa: S608 (constant)
    return _entry(row) if row else None


def entry_by_number(db: Database, number: str) -> Entry | None:
    """Return the entry whose receipt carries ``number``."""
    row = db.execute(f"SELECT {_COLUMNS} FROM entry WHERE number=?", (number,)).fetchone()  # noqa: S608 (constant)
    return _entry(row) if row else None


def entry_by_seq(db: Database, seq: int) -> Entry | None:
    """Return entry ``seq``."""
    row = db.execute(f"SELECT {_COLUMNS} FROM entry WHERE seq=?", (seq,)).fetchone()  # noqa: S608 (constant)
    return _entry(row) if row else None


def entries(
    db: Database,
    *,
    forms: Sequence[str] = (),
    before: int | None = None,
    limit: int = -1,
    newest: bool = False,
) -> Iterator[Entry]:
    """Yield entries in order of seq, or newest first, of the named ``forms`` if any are given."""
    marks = ",".join("?" * len(forms))
    where = [f"form IN ({marks})"] if forms else []
    where += ["seq < ?"] if before is not None else []
    parameters = [*forms, *([before] if before is not None else []), limit]
    clause = "WHERE " + " AND ".join(where) if where else ""
    order = "DESC" if newest else "ASC"
    query = f"SELECT {_COLUMNS} FROM entry {clause} ORDER BY seq {order} LIMIT ?"  # noqa: S608 (placeholders only)
    for row in db.execute(query, parameters):
        yield _entry(row)


def last_of_form(db: Database, form: str) -> Entry | None:
    """Return the newest entry of ``form``."""
    return next(entries(db, forms=(form,), limit=1, newest=True), None)


def postings_of(db: Database, entry_id: str) -> list[Posting]:
    """Return the postings of the entry with ``entry_id``."""
    rows = db.execute(
        "SELECT p.account, p.unit, p.amount FROM posting p JOIN entry e ON e.seq = p.seq WHERE e.id=? ORDER BY p.n",
        (entry_id,),
    )
    return [Posting(*row) for row in rows]


def referring(db: Database, entry_id: str, form: str) -> list[str]:
    """Return ids of entries of ``form`` that name ``entry_id`` and are not reversed themselves."""
    rows = db.execute(
        # CROSS JOIN keeps the order: what names the entry first, not every entry of the form.
        "SELECT e.id FROM entry_reference r CROSS JOIN entry e ON e.seq = r.seq WHERE r.to_id=? AND e.form=? "
        "AND NOT EXISTS (SELECT 1 FROM entry_reference r2 CROSS JOIN entry e2 ON e2.seq = r2.seq "
        "                WHERE r2.to_id = e.id AND e2.form = 'reversal') ORDER BY e.seq",
        (entry_id, form),
    )
    return [row[0] for row in rows]


def is_registered(db: Database, form: str, *, patient: str = "", encounter: str = "") -> bool:
    """Return whether an entry of ``form`` carries this patient or visit number."""
    if patient:
        row = db.execute("SELECT 1 FROM entry WHERE patient=? AND form=? LIMIT 1", (patient, form)).fetchone()
    else:
        row = db.execute(
            "SELECT 1 FROM entry WHERE encounter=? AND form=? LIMIT 1", (encounter, form)
        ).fetchone()
    return row is not None


def hangs_on(db: Database, *, patient: str, encounter: str, besides: str) -> bool:
    """Return whether entries other than ``besides``, not reversed, carry this patient or visit number."""
    column, wanted = ("patient", patient) if patient else ("encounter", encounter)
    rows = db.execute(_HANGING[column], (wanted, besides))
    return rows.fetchone() is not None


def last_seq_of(db: Database, forms: Sequence[str]) -> int:
    """Return the seq of the newest entry of ``forms``, or 0."""
    return int(db.execute(_LAST_OF_FORMS, (json.dumps(forms),)).fetchone()[0])


def counter_max(db: Database) -> int:
    """Return the highest receipt counter used in this book, or 0."""
    return int(db.execute("SELECT coalesce(max(counter), 0) FROM entry").fetchone()[0])


def balances(db: Database) -> dict[tuple[str, str], int]:
    """Return the balance of every account that is not zero, by (account, unit)."""
    rows = db.execute("SELECT account, unit, sum(amount) s FROM posting GROUP BY account, unit HAVING s <> 0")
    return {(row[0], row[1]): row[2] for row in rows}


def body_hash_of(db: Database, entry_id: str) -> bytes | None:
    """Return the body hash under ``entry_id``, or None."""
    row = db.execute("SELECT body_hash FROM entry WHERE id=?", (entry_id,)).fetchone()
    return row[0] if row else None


def sealed_rows(db: Database) -> Iterator[dict[str, Any]]:
    """Yield every row as stored, for verification and export, in order of seq."""
    names = (
        "seq", "group_first", "id", "form", "deliverable", "body_hash", "salt", "sealed", "hash", "number", "counter",
        "patient", "encounter", "operator", "recorded_at", "amount_minor",
    )  # fmt: skip
    for row in db.execute(f"SELECT {', '.join(names)} FROM entry ORDER BY seq"):  # noqa: S608 (constant names)
        yield dict(zip(names, row, strict=True))


def _entry(row: tuple[Any, ...]) -> Entry:
    seq, sealed, body_hash, chain_hash, patient, encounter, amount_minor = row
    return entry_from_sealed(
        sealed,
        seq=seq,
        body_hash=body_hash,
        chain_hash=chain_hash,
        patient=patient,
        encounter=encounter,
        amount_minor=amount_minor,
    )


def entry_from_sealed(
    sealed: bytes,
    *,
    seq: int,
    body_hash: bytes,
    chain_hash: bytes,
    patient: str | None,
    encounter: str | None,
    amount_minor: int | None,
) -> Entry:
    """Return the entry that ``sealed`` holds."""
    content = unseal(sealed)
    body: Mapping[str, Any] = content["body"]
    envelope: Mapping[str, Any] = content["envelope"]
    return Entry(
        seq=seq,
        id=body["id"],
        form=body["form"],
        form_version=body["form_v"],
        content=body["content"],
        body_hash=body_hash,
        number=envelope["number"],
        qr=tuple(envelope["qr"]),
        hospital=envelope["hospital"],
        station=envelope["station"],
        incarnation=envelope["incarnation"],
        book=envelope["book"],
        outage=envelope["outage"],
        drill=envelope["drill"],
        happened_at=envelope["happened_at"],
        recorded_at=envelope["recorded_at"],
        operator=envelope["operator"],
        operator_name=envelope["operator_name"],
        role=envelope["role"],
        second_person=envelope["second_person"],
        reference_version=envelope["reference_version"],
        patient=patient,
        encounter=encounter,
        refers_to=tuple(envelope["refers_to"]),
        amount_minor=amount_minor,
        sealed=sealed,
        hash=chain_hash,
        previous_hash=bytes.fromhex(envelope["previous_hash"]),
    )


def seal_entry(body: bytes, envelope: bytes) -> bytes:
    """Return the canonical bytes of one entry, made of the canonical bytes of its two parts."""
    return b'{"body":' + body + b',"envelope":' + envelope + b"}"


def entry_of(row: JournalRow) -> Entry:
    """Return the entry a row holds."""
    return entry_from_sealed(
        row.sealed,
        seq=row.seq,
        body_hash=row.body_hash,
        chain_hash=row.hash,
        patient=row.patient,
        encounter=row.encounter,
        amount_minor=row.amount_minor,
    )
