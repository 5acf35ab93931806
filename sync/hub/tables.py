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
CREATE TABLE station_withdrawn (    -- keys nothing is taken from any more: a stolen PC
  station TEXT NOT NULL, incarnation TEXT NOT NULL, at TEXT NOT NULL, said_by TEXT NOT NULL, why TEXT NOT NULL,
  PRIMARY KEY (station, incarnation)
);
CREATE TABLE invitation (           -- a code given out to one station, for one use
  station TEXT PRIMARY KEY, secret BYTES NOT NULL, failures BIG NOT NULL, made_at TEXT NOT NULL
);
CREATE TABLE seen (                 -- what a station last said of itself
  station TEXT PRIMARY KEY, incarnation TEXT NOT NULL, at TEXT NOT NULL, skew_seconds BIG NOT NULL,
  journals TEXT NOT NULL, package BIG NOT NULL,
  told BIG NOT NULL                 -- the newest announcement of an outage it has
);
CREATE TABLE arrived (              -- batches as they came, durable, until each entry in them is verified
  n SERIAL, station TEXT NOT NULL, incarnation TEXT NOT NULL, book BIG NOT NULL, entries BIG NOT NULL,
  seq_to BIG NOT NULL, head BYTES NOT NULL,
  linked BIG NOT NULL,              -- 1: each entry is chained to the one before and a signed head covers the last
  digest TEXT NOT NULL,             -- SHA-256 of the request: the same one is kept once
  ids TEXT NOT NULL,                -- JSON: body hash of each entry, by id, as far as that can be told at a glance
  bytes BIG NOT NULL, body BYTES NOT NULL, trouble TEXT NOT NULL, arrived_at TEXT NOT NULL
);
CREATE UNIQUE INDEX arrived_once ON arrived(station, digest);
CREATE INDEX arrived_place ON arrived(station, incarnation, book, n);
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
  outage TEXT NOT NULL,             -- under which it was recorded, or which it starts or ends; "" outside of any
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
CREATE INDEX entry_outage ON entry(station, turn) WHERE form IN ('outage_declared', 'outage_ended');
CREATE INDEX entry_said ON entry(form, turn) WHERE deliverable = 0 AND form <> 'audit' AND form <> 'printed';
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
  at TEXT NOT NULL, wait_seconds BIG NOT NULL, sent BYTES,
  decided_n BIG,                    -- the entry in which a person decided it; each decision is used once
  turn BIG NOT NULL,                -- how far entries had come: what decides about this fact comes after it
  hash BYTES NOT NULL               -- over this row and the hash before, with the hub's key
);
CREATE UNIQUE INDEX delivery_step ON delivery(entry_n, connector, step);
CREATE UNIQUE INDEX delivery_decided ON delivery(decided_n) WHERE decided_n IS NOT NULL;
CREATE INDEX delivery_state ON delivery(connector, state);
CREATE INDEX delivery_refused ON delivery(entry_n) WHERE state = 'rejected';
CREATE TABLE tick (                 -- what the last comparison with the HIS says: a view of its rows, no fact
  connector TEXT NOT NULL, entry_n BIG NOT NULL, outcome TEXT NOT NULL, what TEXT NOT NULL, reason TEXT NOT NULL,
  score BIG NOT NULL, his_amount_minor BIG, rows BYTES NOT NULL, word TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (connector, entry_n)
);
CREATE INDEX tick_entry ON tick(entry_n) WHERE word <> '';
CREATE TABLE tick_row (             -- rows of the HIS that no entry explains
  connector TEXT NOT NULL, place BIG NOT NULL, amount_minor BIG NOT NULL, told BYTES NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (connector, place)
);
CREATE TABLE tick_run (             -- when that comparison was made, of what, and when it was last found the same
  connector TEXT PRIMARY KEY, at TEXT NOT NULL, digest BYTES NOT NULL, entries BIG NOT NULL, his_rows BIG NOT NULL,
  lines_not_read BIG NOT NULL
);
CREATE TABLE receipt_use (          -- who asked about a receipt number because they are about to use it
  number TEXT NOT NULL, station TEXT NOT NULL, entry_id TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (number, entry_id)
);
CREATE TABLE outage (               -- starts and ends, in order
  n SERIAL, name TEXT NOT NULL, state TEXT NOT NULL, at TEXT NOT NULL, said_by TEXT NOT NULL
);
CREATE TABLE recovered (            -- receipts whose code was scanned off the paper, of a PC that may never come back
  n SERIAL, number TEXT NOT NULL UNIQUE, station TEXT NOT NULL, incarnation TEXT NOT NULL, counter BIG NOT NULL,
  form TEXT NOT NULL, amount_minor BIG NOT NULL, outage TEXT NOT NULL, happened_at TEXT NOT NULL,
  facts BYTES NOT NULL,             -- what the codes say, canonical JSON (on PostgreSQL encrypted), so the codes
  codes BYTES NOT NULL, scanned_by TEXT NOT NULL, scanned_at TEXT NOT NULL
);
CREATE INDEX recovered_place ON recovered(station, incarnation, counter);
CREATE TABLE number_block (         -- receipt numbers given out
  station TEXT NOT NULL, incarnation TEXT NOT NULL, first BIG NOT NULL, last BIG NOT NULL, made_at TEXT NOT NULL,
  PRIMARY KEY (station, incarnation, first)
);
CREATE TABLE package (              -- which version of what comes down each station was last offered
  station TEXT PRIMARY KEY, version BIG NOT NULL, digest BYTES NOT NULL
);
CREATE TABLE hub_schema (version BIG NOT NULL);
"""

_APPEND_ONLY: Final = {
    "sqlite": """
CREATE TRIGGER delivery_no_update BEFORE UPDATE ON delivery
BEGIN SELECT RAISE(ABORT, 'deliveries are append-only'); END

CREATE TRIGGER delivery_no_delete BEFORE DELETE ON delivery
BEGIN SELECT RAISE(ABORT, 'deliveries are append-only'); END

CREATE TRIGGER delivery_accepted_once BEFORE INSERT ON delivery WHEN NEW.state = 'accepted' AND EXISTS (
  SELECT 1 FROM delivery l WHERE l.entry_n = NEW.entry_n AND l.connector = NEW.connector
    AND l.step = NEW.step - 1 AND l.state = 'accepted')
BEGIN SELECT RAISE(ABORT, 'it is accepted already'); END
""",
    "postgresql": """
CREATE FUNCTION delivery_stays() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'deliveries are append-only'; END $$ LANGUAGE plpgsql

CREATE FUNCTION delivery_once() RETURNS trigger AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM delivery l WHERE l.entry_n = NEW.entry_n AND l.connector = NEW.connector
      AND l.step = NEW.step - 1 AND l.state = 'accepted') THEN
    RAISE EXCEPTION 'it is accepted already';
  END IF;
  RETURN NEW;
END $$ LANGUAGE plpgsql

CREATE TRIGGER delivery_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON delivery
  FOR EACH STATEMENT EXECUTE FUNCTION delivery_stays()

CREATE TRIGGER delivery_accepted_once BEFORE INSERT ON delivery
  FOR EACH ROW WHEN (NEW.state = 'accepted') EXECUTE FUNCTION delivery_once()
""",
}
"""What was tried stays as written; only what was taken back may be accepted again."""

_STORED: Final[dict[str, list[str]]] = {
    "sqlite": [],
    # Encrypted bytes do not get smaller: trying costs as much as all the rest of keeping a batch.
    "postgresql": [
        f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE EXTERNAL"
        for table, column in (("arrived", "body"), ("entry", "sealed"))
    ],
}

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
    return made + _APPEND_ONLY[dialect].strip().split("\n\n") + _STORED[dialect]
