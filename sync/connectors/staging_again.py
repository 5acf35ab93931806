"""Offering a refused entry again in the staging tables: one attempt more, and the codes a person corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, update

from sync.connectors import staging_ddl as ddl
from sync.connectors.staging_rows import CODES_OF_HEADER, CODES_OF_LINE, is_corrected, rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from downtime.entry import Entry


def offer_again(his: Connection, entries: Sequence[Entry]) -> None:
    """Raise the attempt of ``entries``, which stand there refused; the caller commits."""
    header = ddl.header
    raised = (
        update(header)
        .where(header.c.entry_id == bindparam("refused_id"))
        .values(attempt=header.c.attempt + 1)
    )
    his.execute(raised, [{"refused_id": entry.id} for entry in entries])
    for entry in entries:
        if is_corrected(entry):
            _correct(his, entry)


def _correct(his: Connection, entry: Entry) -> None:
    rows, header, line = rows_of(entry), ddl.header, ddl.line
    codes = {name: rows.header[name] for name in CODES_OF_HEADER}
    his.execute(update(header).where(header.c.entry_id == entry.id).values(codes))
    for row in rows.lines:
        codes = {name: row[name] for name in CODES_OF_LINE}
        where = (line.c.entry_id == entry.id) & (line.c.line_no == row["line_no"])
        his.execute(update(line).where(where).values(codes))
