"""HIS staging tables, version 1: what the HIS's side creates once and its own job reads.

Published for SQLite, PostgreSQL, MariaDB, Oracle 11g and later, and SQL Server under docs/staging;
``python -m sync.connectors.staging_ddl docs/staging`` writes them. Names have at most 30 characters and
are no reserved word in any of the five. Money is whole minor units; times are RFC 3339 text with
offset; yes and no are 1 and 0. Oracle reads an empty text as NULL, so empty texts are stored as NULL.
"""

from __future__ import annotations

import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    TypeDecorator,
    Unicode,
    UnicodeText,
    UniqueConstraint,
)
from sqlalchemy.dialects import registry
from sqlalchemy.schema import CreateIndex, CreateTable, Index

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.types import TypeEngine

SCHEMA_VERSION: Final = 1
NAME_CHARACTERS_MAX: Final = 30
TEXT_CHARACTERS: Final = 200
"""Longer names are cut in their column, named in ``cut_columns``, and whole in ``content_json``."""


class Quantity(TypeDecorator[str]):
    """Canonical decimal text here ("1.5"), an exact number there; text in SQLite, which has no decimals."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the column type of ``dialect``."""
        return dialect.type_descriptor(String(20) if dialect.name == "sqlite" else Numeric(18, 6))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> Any:
        """Return what is sent for ``value``."""
        return value if value is None or dialect.name == "sqlite" else Decimal(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """Return the canonical text of what was stored."""
        if value is None or dialect.name == "sqlite":
            return None if value is None else str(value)
        return f"{Decimal(value).normalize():f}"


def code(name: str, characters: int = 64, *, required: bool = False) -> Column[str]:
    """Return a column for a code or a short word."""
    return Column(name, Unicode(characters), nullable=not required)


def text(name: str) -> Column[str]:
    """Return a column for people's text; see ``TEXT_CHARACTERS``."""
    return Column(name, Unicode(TEXT_CHARACTERS))


def minor(name: str) -> Column[int]:
    """Return a column for money in minor units."""
    return Column(name, BigInteger)


def flag(name: str) -> Column[int]:
    """Return a column for yes (1) and no (0)."""
    return Column(name, SmallInteger)


def entry_key() -> Column[str]:
    """Return the column that ties a row to its header."""
    return Column("entry_id", Unicode(64), ForeignKey("dt_header.entry_id"), nullable=False)


_MARIADB: Final[dict[str, Any]] = {
    "mysql_engine": "InnoDB",
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_bin",
}

metadata: Final = MetaData()

header: Final = Table(
    "dt_header",
    metadata,
    Column("schema_version", Integer, nullable=False),
    Column("entry_id", Unicode(64), nullable=False),
    code("body_hash", required=True),
    Column("attempt", Integer, nullable=False),
    code("hospital", required=True), code("station", required=True), code("incarnation", required=True),
    Column("seq", BigInteger, nullable=False), Column("book", Integer, nullable=False), code("outage"),
    code("form", 40, required=True), Column("form_version", Integer, nullable=False),
    code("happened_at", 40, required=True), code("recorded_at", 40, required=True),
    code("operator_code", required=True), text("operator_name"), code("operator_role"), code("second_person"),
    code("receipt_number", 40), Column("reference_version", Integer),
    code("paper_number"), code("written_by"), text("written_by_name"), code("written_at", 40), code("typed_at", 40),
    code("patient_number"), text("patient_name"), code("patient_sex", 10), code("patient_birth_date", 10),
    flag("patient_temporary"),
    code("visit_number"), code("visit_kind", 20), code("department_code"), code("doctor_code"),
    flag("visit_temporary"),
    code("payer_kind", 40), code("currency", 3), minor("total_minor"), minor("paid_minor"),
    code("names_entry"), code("reverses_entry"), text("reason"), text("pharmacy_window"), text("checked_by"),
    Column("cut_columns", Unicode(400)), Column("content_json", UnicodeText, nullable=False),
    PrimaryKeyConstraint("entry_id", name="dt_header_pk"),
    UniqueConstraint("station", "incarnation", "book", "seq", name="dt_header_seq_uq"),
    **_MARIADB,
)  # fmt: skip

line: Final = Table(
    "dt_line",
    metadata,
    entry_key(), Column("line_no", Integer, nullable=False),
    code("item_kind", 20), code("item_code", required=True), text("item_name"), text("item_spec"), text("item_unit"),
    minor("unit_price_minor"), Column("quantity", Quantity, nullable=False), minor("amount_minor"),
    text("department_code"), text("doctor_code"), code("batch_number"), code("expiry_date", 10),
    PrimaryKeyConstraint("entry_id", "line_no", name="dt_line_pk"),
    **_MARIADB,
)  # fmt: skip

payment: Final = Table(
    "dt_payment",
    metadata,
    entry_key(), Column("payment_no", Integer, nullable=False),
    code("direction", 10, required=True), code("pay_method", 20, required=True),
    Column("amount_minor", BigInteger, nullable=False), minor("tendered_minor"), minor("change_minor"),
    code("slip_tail", 10),
    PrimaryKeyConstraint("entry_id", "payment_no", name="dt_payment_pk"),
    **_MARIADB,
)  # fmt: skip

outcome: Final = Table(
    "dt_outcome",
    metadata,
    entry_key(), Column("attempt", Integer, nullable=False),
    code("outcome_state", 10, required=True), Column("reason", Unicode(1000)), code("his_reference"),
    code("decided_at", 40),
    PrimaryKeyConstraint("entry_id", "attempt", name="dt_outcome_pk"),
    **_MARIADB,
)  # fmt: skip

document: Final = Table(
    "dt_document",
    metadata,
    entry_key(), Column("document_no", Integer, nullable=False),
    code("document_kind", 20, required=True), code("bill_code"), code("document_number", required=True),
    code("check_code"), code("issued_at", 40), code("document_status", 10, required=True), code("his_reference"),
    PrimaryKeyConstraint("entry_id", "document_no", name="dt_document_pk"),
    **_MARIADB,
)  # fmt: skip

Index("dt_document_number_ix", document.c.document_number)

_NOTES: Final = """\
-- Hospital downtime: HIS staging tables, schema version 1, for {title}.
-- downtime inserts into dt_header, dt_line and dt_payment, all rows of an entry in one commit, in the order
-- in which things happened, and never deletes. It changes a row only when a person decided that a refused entry is
-- to be tried again: attempt goes up by one, and where the person corrected a code, patient_number, visit_number,
-- department_code, doctor_code, item_code and content_json hold what is offered now.
-- The HIS's own job takes each header without a dt_outcome row of the same attempt, in order of station,
-- incarnation, book, seq, and in one commit of its own books writes the outcome: outcome_state 'posted' with its
-- own his_reference and any number of dt_document rows ('paper_invoice' or 'e_invoice'; 'issued' or 'void'),
-- or 'refused' with a reason that a person can act on. A document that is voided later is set to 'void'; one that is
-- issued in its place is one more row.
-- entry_id is unique for ever: taking it twice is an error of the job.
-- payer_kind 'insured_pending': nothing is settled with the insurance, whatever was paid; post it unsettled and
-- issue no formal document before it is. What names such an entry (names_entry, reverses_entry) follows it.
-- happened_at is when it happened, recorded_at when it was entered; operator_code is who entered it. Where that was
-- from a paper form, paper_number is its number, written_by wrote it at written_at, and it was typed in at typed_at.
-- Money is whole minor units. Times are RFC 3339 with offset. content_json is the whole form;
-- cut_columns names columns that do not hold the whole text. Empty text is NULL.
"""

DIALECTS: Final[dict[str, tuple[str, Dialect]]] = {
    "sqlite": ("SQLite", registry.load("sqlite")()),
    "postgresql": ("PostgreSQL", registry.load("postgresql")()),
    "mariadb": ("MariaDB", registry.load("mysql")()),
    "oracle": ("Oracle 11g and later", registry.load("oracle")()),
    "mssql": ("SQL Server", registry.load("mssql")()),
}


def ddl(name: str) -> str:
    """Return the published script for the database called ``name`` in ``DIALECTS``."""
    title, dialect = DIALECTS[name]
    parts = [_NOTES.format(title=title)]
    for table in metadata.sorted_tables:
        statement = str(CreateTable(table).compile(dialect=dialect))
        parts.append("\n".join(row.rstrip() for row in statement.strip().splitlines()) + ";\n")
        parts += [
            f"{CreateIndex(index).compile(dialect=dialect)};\n" for index in sorted(table.indexes, key=str)
        ]
    return "\n".join(parts)


def main(folder: str) -> None:
    """Write the scripts of all databases into ``folder``."""
    for name in DIALECTS:
        (Path(folder) / f"{name}.sql").write_text(ddl(name), "utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1])
