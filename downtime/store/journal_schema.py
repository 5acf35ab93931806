"""The journal's tables. Forward-only: a migration, once shipped, is never edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from downtime.errors import WrongPlaceError
from downtime.i18n import _
from downtime.store.sqlite import writing

if TYPE_CHECKING:
    from sqlite_utils import Database

_V1 = """
CREATE TABLE entry (
  seq INTEGER PRIMARY KEY,          -- from 1, without gaps
  group_first INTEGER NOT NULL,     -- first seq of its commit group
  id TEXT NOT NULL UNIQUE,          -- made when the form opened; idempotency key everywhere
  form TEXT NOT NULL,
  deliverable INTEGER NOT NULL,     -- 1: the HIS must get it
  body_hash BLOB NOT NULL,          -- SHA-256 of the canonical body
  salt BLOB NOT NULL,
  sealed BLOB NOT NULL,             -- the canonical bytes as chained, never re-serialised
  hash BLOB NOT NULL UNIQUE,        -- chain hash after this entry
  number TEXT UNIQUE,               -- receipt number, NULL without paper
  counter INTEGER,                  -- the digits of the receipt number
  patient TEXT, encounter TEXT,
  operator TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  amount_minor INTEGER
) STRICT;
CREATE INDEX entry_deliverable ON entry(deliverable, seq);
CREATE INDEX entry_form ON entry(form, seq);
CREATE INDEX entry_patient ON entry(patient, seq);
CREATE INDEX entry_encounter ON entry(encounter, seq);
CREATE INDEX entry_counter ON entry(counter);
CREATE TABLE entry_reference (  -- what an entry names
  seq INTEGER NOT NULL, to_id TEXT NOT NULL, PRIMARY KEY (to_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_reference_seq ON entry_reference(seq);
CREATE TABLE posting (
  seq INTEGER NOT NULL, n INTEGER NOT NULL,
  account TEXT NOT NULL, unit TEXT NOT NULL, amount INTEGER NOT NULL,
  PRIMARY KEY (seq, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX posting_account ON posting(account, unit);
"""

_CONTENT: Final = "json_extract(CAST(sealed AS TEXT), '$.body.content.{name}')"
AUDIT_EVENT: Final = f"coalesce({_CONTENT.format(name='event')}, form)"
AUDIT_SUCCESS: Final = (
    f"coalesce({_CONTENT.format(name='success')}, {_CONTENT.format(name='state')} IS NOT 'not_printed')"
)
AUDIT_TOLD: Final = (
    "concat_ws(' ', "
    + ", ".join(
        _CONTENT.format(name=name) for name in ("subject", "detail", "number", "reason", "operator", "file")
    )
    + ")"
)
"""What is asked about the station's own entries; a query that uses the index is written with these very words."""

_V2 = f"""
CREATE INDEX entry_audit ON entry(seq, {AUDIT_EVENT}, operator, recorded_at, {AUDIT_SUCCESS}, {AUDIT_TOLD})
  WHERE deliverable = 0;
"""

_MIGRATIONS = (_V1, _V2)
_TABLES = ("entry", "entry_reference", "posting")


def _append_only(table: str) -> str:
    return "".join(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;\n"
        for verb in ("UPDATE", "DELETE")
    )


def migrate(db: Database) -> None:
    """Bring a journal file to the newest schema.

    Raises:
        WrongPlaceError: the file was made by a newer version of the app.
    """
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if version > len(_MIGRATIONS):
        raise WrongPlaceError(
            _("This journal was written by a newer version of the app (schema {found}).").format(
                found=version
            ),
            _("Start the newer version; nothing has been changed."),
        )
    for number, script in enumerate(_MIGRATIONS[version:], start=version + 1):
        with writing(db):
            for statement in _statements(script):
                db.execute(statement)
            if number == 1:
                for table in _TABLES:
                    for statement in _append_only(table).splitlines():
                        db.execute(statement)
            db.execute(f"PRAGMA user_version={number}")


def _statements(script: str) -> list[str]:
    return [part for part in script.split(";\n") if part.strip()]
