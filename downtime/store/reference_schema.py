"""What a reference file holds: one STRICT table per reference table, and the search index beside them.

Search index: contentless FTS5 tables of 1-, 2- and 3-grams without positions (``detail=none``). The row
id is the order of popularity, so ``ORDER BY rowid LIMIT 20`` stops as soon as it has twenty. The ``ascii``
tokenizer takes every non-ASCII character as part of a word, whatever Unicode version it came with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.reference_tables import TABLES, published_fields

if TYPE_CHECKING:
    from collections.abc import Iterable

APPLICATION_ID = 0x44545246
WHOLE, PREFIX, DEPARTMENT, TAIL = "=", "^", "@", "~"
"""Marks in front of a gram: the whole part, the beginning of a part, a department, the end of a number."""

GRAM_MAX = 3
WHOLE_MAX = 24
CODE_PREFIX_MAX = 16
TAIL_LENGTHS = (4, 6)
_PART_INDEXED_MAX = 256

_SQL_TYPES = {"amount": "INTEGER", "count": "INTEGER", "yes/no": "INTEGER"}
_EXTRA = {
    "departments": ", terms TEXT NOT NULL DEFAULT ''",
    "staff": ", terms TEXT NOT NULL DEFAULT ''",
    "patients": ", number_key TEXT NOT NULL, terms TEXT NOT NULL, tails TEXT NOT NULL",
}
_CATALOGUE = """CREATE TABLE catalogue(
 id INTEGER PRIMARY KEY, kind TEXT NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL, spec TEXT NOT NULL,
 unit TEXT NOT NULL, price_minor INTEGER, department TEXT NOT NULL, stock TEXT, controlled TEXT NOT NULL,
 code_key TEXT NOT NULL, barcode_key TEXT NOT NULL, terms TEXT NOT NULL) STRICT"""
_GRAMS = (
    "CREATE VIRTUAL TABLE {}_grams USING fts5(g, content='', detail=none, columnsize=0,"
    " tokenize=\"ascii tokenchars '=^@~'\")"
)
_META = "CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT"
_TABLE_META = """CREATE TABLE table_meta(
 name TEXT PRIMARY KEY, row_count INTEGER NOT NULL, taken_at TEXT NOT NULL) STRICT"""
_INDEXES = (
    "CREATE INDEX package_line_of ON package_lines(code)",
    "CREATE INDEX visit_patient ON visits(patient)",
    "CREATE INDEX inpatient_patient ON inpatients(patient)",
    "CREATE INDEX patient_number_key ON patients(number_key)",
)
CATALOGUE_INDEXES = (
    "CREATE INDEX catalogue_code ON catalogue(code)",
    "CREATE INDEX catalogue_code_key ON catalogue(code_key)",
    "CREATE INDEX catalogue_barcode ON catalogue(barcode_key)",
)

FINISHING = (
    "INSERT INTO catalogue_grams(catalogue_grams) VALUES('optimize')",
    "INSERT INTO patient_grams(patient_grams) VALUES('optimize')",
    "ANALYZE",
)
LOOSE_ENDS = {
    "visits.patient": "SELECT count(*) FROM visits WHERE patient NOT IN (SELECT number FROM patients)",
    "inpatients.patient": "SELECT count(*) FROM inpatients"
    " WHERE patient NOT IN (SELECT number FROM patients)",
    "batches.drug": "SELECT count(*) FROM batches WHERE drug NOT IN (SELECT code FROM drugs)",
    "package_lines.code": "SELECT count(*) FROM package_lines WHERE code NOT IN (SELECT code FROM items)"
    " AND code NOT IN (SELECT code FROM drugs)",
    "package_lines.package": "SELECT count(*) FROM package_lines"
    " WHERE package NOT IN (SELECT code FROM packages)",
}
"""How many rows name something that is not in the lists, by what they name."""


def create_statements() -> list[str]:
    """Return the statements that make an empty reference file."""
    statements = [f"PRAGMA application_id={APPLICATION_ID}", _META, _TABLE_META, _CATALOGUE]
    for table in TABLES:
        columns = []
        for field in published_fields(table):
            kind = _SQL_TYPES.get(field.kind, "TEXT")
            required = field.required or field.default is not None
            columns.append(f"{field.attribute} {kind}{' NOT NULL' if required else ''}")
        extra = _EXTRA.get(table, "")
        statements.append(f"CREATE TABLE {table}(id INTEGER PRIMARY KEY, {', '.join(columns)}{extra}) STRICT")
    for name in ("catalogue", "patient"):
        statements.append(_GRAMS.format(name))
        # A larger write buffer and no merging on the way: one big merge at the end costs less.
        statements += [
            f"INSERT INTO {name}_grams({name}_grams, rank) VALUES('{setting}', {value})"
            for setting, value in (("hashsize", 32 << 20), ("automerge", 0), ("crisismerge", 1_000))
        ]
    return statements


def index_statements() -> list[str]:
    """Return the statements for the keys and indexes, run after the rows: sorting once is quicker."""
    keys = [
        f"CREATE UNIQUE INDEX {table}_key ON {table}({', '.join(model.key)})"
        for table, model in TABLES.items()
    ]
    return [*keys, *_INDEXES]


def insert_statement(table: str, extra: Iterable[str] = ()) -> str:
    """Return the INSERT for ``table``: id, the published fields in order, then the columns ``extra``."""
    names = ["id", *(field.attribute for field in published_fields(table)), *extra]
    return f"INSERT INTO {table}({', '.join(names)}) VALUES({', '.join('?' * len(names))})"


def grams(parts: Iterable[str]) -> set[str]:
    """Return the index words of folded parts: inner 1-3-grams, their beginnings, and themselves."""
    words: set[str] = set()
    add = words.add
    for part in parts:
        if len(part) > _PART_INDEXED_MAX:
            part = part[:_PART_INDEXED_MAX]  # noqa: PLW2901 (an absurd name is still found by its beginning)
        length = len(part)
        words.update(part)
        for start in range(length - 1):
            add(part[start : start + 2])
        for start in range(length - 2):
            add(part[start : start + 3])
        for end in range(1, min(GRAM_MAX, length) + 1):
            add(PREFIX + part[:end])
        if length <= WHOLE_MAX:
            add(WHOLE + part)
    return words


def code_words(code_key: str) -> set[str]:
    """Return the index words of a folded code: its beginnings and itself; a code is not searched inside."""
    return {PREFIX + code_key[:end] for end in range(1, min(CODE_PREFIX_MAX, len(code_key)) + 1)}


def tail_words(number_keys: Iterable[str]) -> set[str]:
    """Return the index words for the last digits of a card, phone or id number."""
    return {TAIL + key[-length:] for key in number_keys for length in TAIL_LENGTHS if len(key) >= length}


def terms_text(parts: Iterable[str]) -> str:
    """Return folded parts as the one text a hit is checked against: each between line ends."""
    return "\n" + "".join(f"{part}\n" for part in parts if part)
