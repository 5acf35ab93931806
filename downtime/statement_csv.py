"""Reading a statement: a CSV file with a declared encoding and declared columns, every odd row named.

Nothing is guessed: a wrong encoding or column stops the file with the reason, because half a statement would
call good payments missing.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from downtime.i18n import _
from forms.money import UnreadableNumberError, parse_amount

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

ENCODINGS = ("utf-8-sig", "gb18030", "utf-16")
ROWS_MAX = 200_000
_QUOTES = "`'\t \ufeff="
"""WeChat and Alipay put a back-tick or a tab before long numbers, so that spreadsheets keep them."""


@dataclass(frozen=True, slots=True)
class StatementLayout:
    """How one source writes its statements.

    Attributes:
        encoding: one of ``ENCODINGS``; declared, never guessed.
        header: first cell of the line of column names; lines before it are skipped.
        at: column of the time, read by ``time_format``; with ``day`` if the day has a column of its own.
        amount: column of the amount in yuan; negative, or with one of ``refund_words`` in ``kind``: money back.
        reference: column of the order or slip number.
    """

    source: str
    encoding: str
    header: str
    at: str
    amount: str
    reference: str
    day: str = ""
    kind: str = ""
    refund_words: tuple[str, ...] = ("退款", "撤销", "refund", "void")
    time_format: str = "%Y-%m-%d %H:%M:%S"
    delimiter: str = ","


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One row: line in the file, when, how much (negative: back), and the number."""

    line: int
    at: datetime
    amount_minor: int
    reference: str


@dataclass(slots=True)
class StatementRead:
    """What was read, and why rows were not.

    Attributes:
        below: (line, text) of what stands below the list: sums and remarks. A row after them is a problem.
    """

    rows: list[StatementRow] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    below: list[tuple[int, str]] = field(default_factory=list)


def read_statement(content: bytes, layout: StatementLayout, currency: str, zone: ZoneInfo) -> StatementRead:
    """Return the rows of a statement; with any problem it must not be matched.

    Args:
        content: the whole file.
        layout: how its source writes it.
        currency: of the amounts.
        zone: of the times.
    """
    read = StatementRead()
    try:
        text = content.decode(layout.encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        told = _("Row {row}: this file is not {encoding} text.").format(row=line, encoding=layout.encoding)
        read.problems.append(told)
        return read
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=layout.delimiter)
    columns: dict[str, int] = {}
    try:
        for cells in lines:
            clean = [cell.strip(_QUOTES) for cell in cells]
            if not columns:
                if clean and clean[0] == layout.header:
                    columns = {name: n for n, name in enumerate(clean)}
                    missing = [name for name in _wanted(layout) if name not in columns]
                    if missing:
                        read.problems.append(
                            _("The statement has no column {column}.").format(column=", ".join(missing))
                        )
                        return read
            elif any(clean):
                _take(read, clean, lines.line_num, layout, columns, currency, zone)
            if len(read.rows) > ROWS_MAX:
                read.problems.append(_("The statement has more than {most} rows.").format(most=ROWS_MAX))
                return read
    except csv.Error as error:
        read.problems.append(_("Row {row}: {reason}").format(row=lines.line_num, reason=error))
    if not columns:
        read.problems.append(
            _("No line begins with {header}: this is another kind of statement.").format(header=layout.header)
        )
    return read


def _wanted(layout: StatementLayout) -> list[str]:
    return [one for one in (layout.at, layout.amount, layout.reference, layout.day, layout.kind) if one]


def _take(
    read: StatementRead,
    cells: list[str],
    line: int,
    layout: StatementLayout,
    columns: dict[str, int],
    currency: str,
    zone: ZoneInfo,
) -> None:
    """Add one row, or say why not. A line with fewer cells than columns ends the list (sums follow below)."""
    if len(cells) < len(columns):
        if cells[0][:1].isdigit():
            read.problems.append(_("Row {row} is cut off.").format(row=line))
        else:
            read.below.append((line, layout.delimiter.join(cells)))
        return
    if read.below and cells[columns[layout.at]][:1].isdigit():
        told = _("Row {row} stands below the sums: the file was put together from several.").format(row=line)
        read.problems.append(told)
        return
    if read.below or not any(cells[columns[name]] for name in (layout.at, layout.reference)):
        read.below.append((line, layout.delimiter.join(cells)))  # sums that fill all columns
        return
    moment = cells[columns[layout.at]]
    if layout.day:
        moment = f"{cells[columns[layout.day]]} {moment}"
    written = cells[columns[layout.amount]]
    is_back = written.startswith("-")
    try:
        at = datetime.strptime(moment, layout.time_format).replace(tzinfo=zone)
        amount = parse_amount(written.lstrip("-+"), currency)
    except UnreadableNumberError as error:
        reason = _(error.msgid).format(**error.fields)
        read.problems.append(_("Row {row}: {reason}").format(row=line, reason=reason))
        return
    except ValueError:
        read.problems.append(_("Row {row}: {moment} is no time.").format(row=line, moment=moment))
        return
    if layout.kind:
        kind = cells[columns[layout.kind]].lower()
        is_back = is_back or any(word in kind for word in layout.refund_words)
    reference = cells[columns[layout.reference]]
    read.rows.append(StatementRow(line, at, -amount if is_back else amount, reference))
