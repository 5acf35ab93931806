"""The practice HIS's own books: visibly made up, every number starts with PX."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table, Text, UniqueConstraint

from sync.connectors.staging_ddl import Quantity

metadata: Final = MetaData()

item: Final = Table("px_item", metadata, Column("code", String(64), primary_key=True))
"""Items it knows; while empty it takes any."""

patient: Final = Table(
    "px_patient",
    metadata,
    Column("number", String(64), primary_key=True),
    Column("name", Text),
    Column("entry_id", String(64), unique=True),
)
visit: Final = Table(
    "px_visit",
    metadata,
    Column("number", String(64), primary_key=True),
    Column("patient_number", String(64)),
    Column("entry_id", String(64), unique=True),
)
posting: Final = Table(
    "px_posting",
    metadata,
    Column("px_number", String(20), primary_key=True),
    Column("entry_id", String(64), nullable=False),
    Column("form", String(40)),
    Column("operator", String(64)),
    Column("happened_at", String(40)),
    Column("receipt_number", String(40)),
    Column("patient", String(64)),
    Column("patient_name", Text),
    Column("visit", String(64)),
    Column("currency", String(3)),
    Column("total_minor", BigInteger),
    Column("names", String(64)),
    UniqueConstraint("entry_id", name="px_posting_entry_uq"),
)
"""Charges, payments, dispenses and reversals as it booked them, one row each, exactly once."""

line: Final = Table(
    "px_line",
    metadata,
    Column("entry_id", String(64), primary_key=True),
    Column("line_no", Integer, primary_key=True),
    Column("code", String(64)),
    Column("quantity", Quantity),
    Column("amount_minor", BigInteger),
    Column("batch", String(64)),
)
payment: Final = Table(
    "px_payment",
    metadata,
    Column("entry_id", String(64), primary_key=True),
    Column("payment_no", Integer, primary_key=True),
    Column("method", String(20)),
    Column("amount_minor", BigInteger),
)
document: Final = Table(
    "px_document",
    metadata,
    Column("number", String(20), primary_key=True),
    Column("entry_id", String(64), index=True),
    Column("kind", String(20)),
    Column("check_code", String(20)),
    Column("issued_at", String(40)),
)
