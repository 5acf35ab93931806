"""One batch as a script for the vendor's own client, and the heading by which it is known again.

Each entry is written alone in its commit, guarded by what stands there, so a second run changes nothing. Then
one look at the tables answers, line by line, what they hold. A script that was changed or cut short is known by
its last line and nothing is believed of it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from downtime.i18n import _
from downtime.outcome import Rejected
from sync.connectors import staging_ddl as ddl
from sync.connectors.sqlfile_sql import REASON_CHARACTERS_MAX, Sql, pieces
from sync.connectors.sqlfile_vendors import CLIENTS
from sync.connectors.staging_rows import CODES_OF_HEADER, CODES_OF_LINE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Table

    from sync.connectors.staging_rows import Row, StagedEntry

BATCH: Final = re.compile(r"\d{4,8}-[0-9a-f]{12}")
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_QUANTITY_DIGITS: Final = (12, 6)
_FOR_PEOPLE: Final = """\
-- Hospital downtime: entries for the HIS staging tables. Running it again changes nothing.
-- In this folder run:
--   {run}
-- It leaves {spool} here, which is read back. Change neither.
"""
_HEAD: Final = re.compile(r"-- DT1 script (\S+) (\S+) (\d+)")
_ENTRY: Final = re.compile(r"-- DT1 entry (\d+) (\S+) ([0-9a-f]+) (\d+) (\d+) (\d+) (\S+)")
_SUM: Final = re.compile(rb"\n-- DT1 sum ([0-9a-f]{64})\n\Z")
_BY_NAME: Final = {sql.name: sql for sql in CLIENTS.values()}


@dataclass(frozen=True, slots=True)
class Planned:
    """One entry as a script names it.

    Attributes:
        id: the entry.
        body_hash: its body, hexadecimal.
        attempt: the attempt it is offered under; above 1 after a refusal that a person sends again.
        lines, payments: rows it has there.
        needs: entries that must stand there first; without them it is left out.
        name_pieces: how many lines of the answer tell its whole content, 0 unless the name's column cut it.
    """

    id: str
    body_hash: str
    attempt: int
    lines: int
    payments: int
    needs: tuple[str, ...] = ()
    name_pieces: int = 0


@dataclass(frozen=True, slots=True)
class Script:
    """The heading of a script."""

    batch: str
    sql: Sql
    entries: tuple[Planned, ...]


def problem_of(entry_id: str, rows: StagedEntry) -> Rejected | None:
    """Return why ``rows`` cannot be written as they are, or None: then the database decides."""
    if not _ID.fullmatch(entry_id) or "--" in entry_id:
        return Rejected(_("The id of the entry cannot be written into a script."))
    tables = [(ddl.header, [rows.header]), (ddl.line, rows.lines), (ddl.payment, rows.payments)]
    for table, found in tables:
        for row in found:
            for column in table.columns:
                if not _fits(column.type, row[column.name]):
                    return Rejected(
                        _("Column {column} of the staging tables cannot hold what was recorded.").format(
                            column=column.name
                        )
                    )
    return None


def _fits(kind: Any, value: Any) -> bool:
    if value is None:
        return True
    if isinstance(kind, ddl.Quantity):
        try:
            number = Decimal(value)
        except InvalidOperation:
            return False
        whole, parts = _QUANTITY_DIGITS
        return number.is_finite() and abs(number) < 10**whole and number == round(number, parts)
    if isinstance(value, int):
        return abs(value) < 2**63
    units = len(str(value).encode("utf-16-le")) // 2
    return "\0" not in value and (kind.length is None or units <= kind.length)


def planned(
    entry_id: str, body_hash: str, rows: StagedEntry, *, attempt: int = 1, needs: Sequence[str] = ()
) -> Planned:
    """Return how a script names an entry with ``rows``."""
    is_cut = "patient_name" in str(rows.header["cut_columns"] or "").split()
    return Planned(
        entry_id, body_hash, attempt, len(rows.lines), len(rows.payments), tuple(needs),
        len(pieces(rows.header["content_json"])) if is_cut else 0,
    )  # fmt: skip


def batch_named(number: int, plan: Sequence[Planned]) -> str:
    """Return the name of a batch: its number, and a fingerprint of what is in it."""
    told = "\n".join(f"{each.id} {each.body_hash} {each.attempt} {','.join(each.needs)}" for each in plan)
    return f"{number:04d}-{hashlib.sha256(told.encode()).hexdigest()[:12]}"


def written(batch: str, sql: Sql, plan: Sequence[Planned], rows: Sequence[StagedEntry]) -> bytes:
    """Return the script; the same bytes every time."""
    script, spool = f"dt-{batch}.sql", f"dt-{batch}.out"
    run = sql.command.format(script=script, spool=spool)
    parts = [f"-- DT1 script {batch} {sql.name} {len(plan)}\n", _FOR_PEOPLE.format(run=run, spool=spool)]
    for n, each in enumerate(plan, 1):
        counts = f"{each.attempt} {each.lines} {each.payments}"
        name = f"{','.join(each.needs) or '-'}:{each.name_pieces}"
        parts.append(f"-- DT1 entry {n} {each.id} {each.body_hash} {counts} {name}\n")
    parts += [sql.opening.format(spool=spool), f"{sql.answer(*_begin(batch, sql, plan))}\n"]
    if sql.name == "mssql":
        parts.append("GO\n")
    for n, (each, staged) in enumerate(zip(plan, rows, strict=True), 1):
        statements = "\n".join(_writing(sql, each, staged))
        parts.append(sql.block.replace("{n}", str(n)).replace("{statements}", statements))
    parts.append(sql.reading)
    for n, (each, staged) in enumerate(zip(plan, rows, strict=True), 1):
        parts += [f"{statement}\n" for statement in _reading(sql, n, each, staged)]
    parts.append(sql.closing.format(end=sql.answer("'end'", f"'{batch}'", f"'{len(plan)}'")))
    body = "".join(parts).encode("ascii")
    return body + f"-- DT1 sum {hashlib.sha256(body).hexdigest()}\n".encode()


def _begin(batch: str, sql: Sql, plan: Sequence[Planned]) -> tuple[str, ...]:
    return ("'begin'", f"'{batch}'", f"'{sql.name}'", f"'{len(plan)}'")


def script_of(content: bytes) -> Script | None:
    """Return the heading of a script of ours, or None if it is none, was changed or cut short."""
    summed = _SUM.search(content)
    if summed is None or hashlib.sha256(content[: summed.start() + 1]).hexdigest() != summed[1].decode():
        return None
    rows = content.decode("ascii").splitlines()
    head = _HEAD.fullmatch(rows[0])
    assert head is not None, "summed by us"
    entries = []
    for row in rows:
        found = _ENTRY.fullmatch(row)
        if found is not None:
            needs, _colon, name_pieces = found[7].partition(":")
            entries.append(
                Planned(
                    found[2], found[3], int(found[4]), int(found[5]), int(found[6]),
                    () if needs == "-" else tuple(needs.split(",")), int(name_pieces),
                )
            )  # fmt: skip
    return Script(head[1], _BY_NAME[head[2]], tuple(entries))


# Writing --------------------------------------------------------------------------------------------------


def _writing(sql: Sql, each: Planned, rows: StagedEntry) -> Iterator[str]:
    its_id, its_body = f"entry_id = '{each.id}'", f"body_hash = '{each.body_hash}'"
    needed = [_exists(ddl.header, f"entry_id = '{name}'") for name in each.needs]
    yield _insert(sql, ddl.header, rows.header, [f"NOT {_exists(ddl.header, its_id)}", *needed])
    ours = _exists(ddl.header, its_id, its_body)
    for table, number, found in (
        (ddl.line, "line_no", rows.lines),
        (ddl.payment, "payment_no", rows.payments),
    ):
        for row in found:
            absent = f"NOT {_exists(table, its_id, f'{number} = {row[number]}')}"
            yield _insert(sql, table, row, [ours, absent])
    if each.attempt > 1:
        before = f"attempt = {each.attempt - 1}"
        refused = _exists(ddl.outcome, its_id, before, "outcome_state = 'refused'")
        where = f"{its_id}\nAND {before}\nAND {its_body}\nAND {refused}"
        if rows.is_corrected:
            yield from _correcting(sql, rows, where)
        yield f"UPDATE dt_header SET attempt = {each.attempt}\nWHERE {where};"  # noqa: S608 (as in _exists)


def _correcting(sql: Sql, rows: StagedEntry, where: str) -> Iterator[str]:
    """Yield what puts the codes a person corrected into what stands there refused."""
    offered = f"EXISTS (SELECT 1 FROM dt_header h WHERE {where.replace('entry_id', 'h.entry_id', 1)})"  # noqa: S608 (as in _exists)
    for row in rows.lines:
        its_line = f"entry_id = '{row['entry_id']}'\nAND line_no = {row['line_no']}"
        yield f"UPDATE dt_line SET\n{_set(sql, row, CODES_OF_LINE)}\nWHERE {its_line}\nAND {offered};"
    yield f"UPDATE dt_header SET\n{_set(sql, rows.header, CODES_OF_HEADER)}\nWHERE {where};"


def _set(sql: Sql, row: Row, names: Sequence[str]) -> str:
    return ",\n".join(f"{name} = {sql.literal(row[name])}" for name in names)


def _exists(table: Table, *conditions: str) -> str:
    """Return the condition that a row stands there; ids are plain by :func:`problem_of`, hashes hexadecimal."""
    where = "\nAND ".join(conditions)
    return f"EXISTS (SELECT 1 FROM {table.name} WHERE {where})"  # noqa: S608 (see above)


def _insert(sql: Sql, table: Table, row: Row, guards: Sequence[str]) -> str:
    columns = ",\n".join(row)
    values = ",\n".join(
        sql.literal(value, is_number=isinstance(table.c[name].type, ddl.Quantity))
        for name, value in row.items()
    )
    guarded = "\nAND ".join(guards)
    return f"INSERT INTO {table.name} (\n{columns})\nSELECT\n{values}{sql.dual}\nWHERE {guarded};"


# Reading --------------------------------------------------------------------------------------------------


def _reading(sql: Sql, n: int, each: Planned, rows: StagedEntry) -> Iterator[str]:
    where = f"\nWHERE {{}}entry_id = '{each.id}'"
    counts = [
        sql.hex_of_number(f"(SELECT COUNT(*) FROM {table}{where.format('')})")  # noqa: S608 (as in _exists)
        for table in ("dt_header", "dt_line", "dt_payment", "dt_document")
    ]
    yield sql.answer("'entry'", f"'{n}'", f"'{each.id}'", *counts)
    yield sql.answer(
        "'held'",
        f"'{n}'",
        sql.hex_of("h.body_hash"),
        sql.hex_of_number("h.attempt"),
        *(sql.hex_of(f"o.{name}") for name in ("outcome_state", "his_reference")),
        sql.hex_of(sql.part.format("o.reason", 1, REASON_CHARACTERS_MAX)),
        source="\nFROM dt_header h LEFT JOIN dt_outcome o\n"
        f"ON o.entry_id = h.entry_id AND o.attempt = h.attempt{where.format('h.')}",
    )
    texts = ("form", "operator_code", "happened_at", "receipt_number", "patient_number", "visit_number")
    yield sql.answer(
        "'head'",
        f"'{n}'",
        *(sql.hex_of(name) for name in (*texts, "currency", "names_entry", "reverses_entry")),
        sql.hex_of_number("total_minor"),
        source=f" FROM dt_header{where.format('')}",
    )
    yield sql.answer(
        "'name'", f"'{n}'", sql.hex_of("patient_name"), source=f" FROM dt_header{where.format('')}"
    )
    if each.name_pieces:
        yield from _whole_content(sql, n, where.format(""), rows)
    yield sql.answer(
        "'line'",
        f"'{n}'",
        sql.hex_of_number("line_no"),
        sql.hex_of("item_code"),
        *(sql.hex_of_number(name) for name in ("quantity", "amount_minor")),
        sql.hex_of("batch_number"),
        source=f" FROM dt_line{where.format('')} ORDER BY line_no",
    )
    yield sql.answer(
        "'paid'",
        f"'{n}'",
        sql.hex_of_number("payment_no"),
        sql.hex_of("pay_method"),
        sql.hex_of_number("amount_minor"),
        source=f" FROM dt_payment{where.format('')} ORDER BY payment_no",
    )
    documents = ("document_kind", "bill_code", "document_number", "check_code", "issued_at")
    yield sql.answer(
        "'document'",
        f"'{n}'",
        *(sql.hex_of(name) for name in (*documents, "document_status", "his_reference")),
        source=f" FROM dt_document{where.format('')} ORDER BY document_no",
    )


def _whole_content(sql: Sql, n: int, where: str, rows: StagedEntry) -> Iterator[str]:
    """Yield the reading of ``content_json`` piece by piece, never through the middle of a character."""
    at = 1
    for piece in pieces(rows.header["content_json"]):
        size = len(piece.encode("utf-16-le")) // 2 if sql.counts_units else len(piece)
        part = sql.part_large.format("content_json", at, size)
        yield sql.answer("'whole'", f"'{n}'", sql.hex_of(part), source=f" FROM dt_header{where}")
        at += size
