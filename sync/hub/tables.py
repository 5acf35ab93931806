"""The hub's tables, the same in SQLite and PostgreSQL.

What came up is only ever added. Of an entry three things may still change, once what was missing has come:
whether it stands in the verified chain of its book (``chained``), its ``verdict``, and with that its ``turn``.
What became of it at the HIS is not written beside it: that is the last row of ``delivery``.
"""

from __future__ import annotations

from typing import Final

SCHEMA_VERSION: Final = 1

_TABLES: Final = """
CREATE TABLE station_key (          -- who may speak: the public key of each incarnation
  station TEXT NOT NULL, incarnation TEXT NOT NULL, public BYTES NOT NULL, added_at TEXT NOT NULL,
  PRIMARY KEY (station, incarnation)
);
CREATE TABLE invitation (           -- a code given out to one station, for one use
  station TEXT PRIMARY KEY, secret BYTES NOT NULL, failures BIG NOT NULL, made_at TEXT NOT NULL
);
CREATE TABLE seen (                 -- what a station last said of itself
  station TEXT PRIMARY KEY, incarnation TEXT NOT NULL, at TEXT NOT NULL, skew_seconds BIG NOT NULL,
  journals TEXT NOT NULL, package BIG NOT NULL
);
CREATE TABLE chain (                -- how far a book is verified, and what the next entry is judged by
  station TEXT NOT NULL, incarnation TEXT NOT NULL, book BIG NOT NULL, seq BIG NOT NULL, head BYTES NOT NULL,
  walk TEXT NOT NULL, PRIMARY KEY (station, incarnation, book)
);
CREATE TABLE entry (
  n SERIAL,                         -- in the order of arrival
  station TEXT NOT NULL, incarnation TEXT NOT NULL, book BIG NOT NULL, seq BIG NOT NULL,
  id TEXT NOT NULL, form TEXT NOT NULL, deliverable BIG NOT NULL,
  line TEXT NOT NULL,               -- the queue it stands in: a keyed hash of its visit, else its patient
  turn BIG,                         -- order towards the HIS, given when it is found good; as sequence numbers rise
  number TEXT, amount_minor BIG,
  body_hash BYTES NOT NULL, salt BYTES NOT NULL,
  sealed BYTES NOT NULL,            -- the canonical bytes as chained (on PostgreSQL encrypted once more)
  hash BYTES NOT NULL, digest BYTES NOT NULL,
  chained BIG NOT NULL,             -- 1: it stands in the verified chain
  verdict TEXT NOT NULL,            -- '' good, 'gap' or 'unsigned' not yet, else why it is in quarantine
  why TEXT NOT NULL, arrived_at TEXT NOT NULL
);
CREATE UNIQUE INDEX entry_once ON entry(station, incarnation, book, seq, digest);
CREATE UNIQUE INDEX entry_place ON entry(station, incarnation, book, seq) WHERE chained = 1;
CREATE UNIQUE INDEX entry_id_good ON entry(id) WHERE verdict = '';
CREATE INDEX entry_id ON entry(id);
CREATE INDEX entry_number ON entry(number);
CREATE INDEX entry_line ON entry(line, turn);
CREATE UNIQUE INDEX entry_turn ON entry(turn);
CREATE INDEX entry_verdict ON entry(verdict, station) WHERE verdict <> '';
CREATE TABLE line (                 -- the queues: a worker takes whole ones
  n SERIAL, key TEXT NOT NULL UNIQUE
);
CREATE TABLE gives (                -- what others may wait for: an id, a receipt number, a patient, a visit
  key TEXT NOT NULL, n BIG NOT NULL, PRIMARY KEY (key, n)
);
CREATE TABLE needs (n BIG NOT NULL, key TEXT NOT NULL, PRIMARY KEY (n, key));
CREATE INDEX needs_key ON needs(key);
CREATE TABLE head (                 -- signed heads of commit groups, as the station wrote them
  station TEXT NOT NULL, incarnation TEXT NOT NULL, book BIG NOT NULL, seq_from BIG NOT NULL, seq_to BIG NOT NULL,
  head BYTES NOT NULL, signature BYTES NOT NULL, PRIMARY KEY (station, incarnation, book, seq_to, head)
);
CREATE TABLE delivery (             -- what was tried with a HIS and what it answered; the last one counts
  n SERIAL, connector TEXT NOT NULL, entry_n BIG, step BIG NOT NULL, state TEXT NOT NULL, outcome TEXT NOT NULL,
  at TEXT NOT NULL, wait_seconds BIG NOT NULL, sent BYTES
);
CREATE UNIQUE INDEX delivery_step ON delivery(entry_n, connector, step);
CREATE UNIQUE INDEX delivery_final ON delivery(entry_n, connector) WHERE state = 'accepted';
CREATE INDEX delivery_state ON delivery(connector, state);
CREATE TABLE receipt_use (          -- who asked about a receipt number because they are about to use it
  number TEXT NOT NULL, station TEXT NOT NULL, entry_id TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (number, entry_id)
);
CREATE TABLE outage (               -- starts and ends, in order
  n SERIAL, name TEXT NOT NULL, state TEXT NOT NULL, at TEXT NOT NULL, said_by TEXT NOT NULL
);
CREATE TABLE number_block (         -- receipt numbers given out
  station TEXT NOT NULL, incarnation TEXT NOT NULL, first BIG NOT NULL, last BIG NOT NULL, made_at TEXT NOT NULL,
  PRIMARY KEY (station, incarnation, first)
);
CREATE TABLE package (              -- which version of what comes down each station was last offered
  station TEXT PRIMARY KEY, version BIG NOT NULL, digest BYTES NOT NULL
);
CREATE TABLE hub_schema (version BIG NOT NULL);
"""

_WORDS: Final = {
    "sqlite": {"SERIAL": "INTEGER PRIMARY KEY", "BIG": "INTEGER", "BYTES": "BLOB"},
    "postgresql": {"SERIAL": "BIGSERIAL PRIMARY KEY", "BIG": "BIGINT", "BYTES": "BYTEA"},
}


def statements(dialect: str) -> list[str]:
    """Return the statements that make the tables, in order; SQLite's tables are STRICT."""
    lines = [line.partition("--")[0] for line in _TABLES.splitlines()]
    made = []
    for statement in "\n".join(lines).split(";"):
        words = statement
        for word, kind in _WORDS[dialect].items():
            words = words.replace(f" {word},", f" {kind},").replace(f" {word} ", f" {kind} ")
            words = words.replace(f" {word}\n", f" {kind}\n")
        if words.strip():
            strict = dialect == "sqlite" and words.strip().startswith("CREATE TABLE")
            made.append(words.strip() + (" STRICT" if strict else ""))
    return made
