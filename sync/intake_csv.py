"""Reading one CSV file of unknown quality: bounded, strict, and with the line of everything wrong."""

from __future__ import annotations

import csv
from contextlib import closing
from typing import TYPE_CHECKING

from downtime import os_calls
from downtime.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from sync.intake_report import Reasons

LINE_BYTES_MAX = 1 << 20
FIELD_CHARACTERS_MAX = 131_072
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_LOOKS_ENOUGH = 3


class UnreadableFileError(Exception):
    """The rest of the file makes no sense; the reason is translated already."""

    def __init__(self, reason: str, row: int, value: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.row = row
        self.value = value


def read_rows(
    path: Path, *, encoding: str, delimiter: str, quote: bool, reasons: Reasons
) -> Iterator[tuple[int, list[str]]]:
    """Yield line number and cells of every row, the headings first; what is wrong goes to ``reasons``.

    Rows that are too short or too long are noted and left out; a file that stops making sense (a NUL byte,
    an endless line, another encoding than declared) is noted and ends there.
    """
    try:
        with closing(os_calls.open_regular(path)) as handle:
            yield from _rows(handle, path.name, encoding, delimiter, quote=quote, reasons=reasons)
    except UnreadableFileError as error:
        reasons.add(error.reason, file=path.name, row=error.row, value=error.value)
    except OSError as error:
        reasons.add(_("cannot be read: {reason}").format(reason=error.strerror), file=path.name)


def _rows(
    handle: BinaryIO, name: str, encoding: str, delimiter: str, *, quote: bool, reasons: Reasons
) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(FIELD_CHARACTERS_MAX)
    lines = _lines(handle, encoding)
    reader = csv.reader(
        lines,
        delimiter=delimiter,
        quoting=3 if not quote else 0,
        strict=True,
        skipinitialspace=delimiter != "\t",
    )
    width = 0
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableFileError(
                _("not a row of a CSV file: {reason}").format(reason=error), reader.line_num
            ) from error
        if not row:
            continue
        if not width:
            width = len(row)
        elif len(row) != width:
            told = _("{found} cells, the headings are {expected}").format(found=len(row), expected=width)
            reasons.add(told, file=name, row=reader.line_num, value=row[0])
            continue
        yield reader.line_num, row


def _lines(handle: BinaryIO, encoding: str) -> Iterator[str]:
    """Yield decoded lines; a file declared gb18030 whose every Chinese line reads as UTF-8 is refused."""
    number, maybe_utf8, looks = 0, encoding == "gb18030", 0
    while line := handle.readline(LINE_BYTES_MAX + 1):
        number += 1
        if len(line) > LINE_BYTES_MAX:
            told = _("a line longer than {limit} bytes").format(limit=LINE_BYTES_MAX)
            raise UnreadableFileError(told, number)
        if number == 1 and line.startswith(_UTF_16):
            raise UnreadableFileError(_("UTF-16; save it as UTF-8 or GB18030"), number)
        if b"\0" in line:
            raise UnreadableFileError(_("a NUL byte"), number)
        if line.isascii():
            yield line.decode("ascii")
            continue
        if maybe_utf8:
            maybe_utf8 = _decodes(line, "utf-8")
            looks += maybe_utf8
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError as error:
            raise UnreadableFileError(_undecodable(line, encoding), number, _around(error)) from error
        yield text.removeprefix("\ufeff") if number == 1 else text
    if maybe_utf8 and looks >= _LOOKS_ENOUGH:
        raise UnreadableFileError(_("declared gb18030, but the text is utf-8"), 0)


def _decodes(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _undecodable(line: bytes, encoding: str) -> str:
    other = "gb18030" if encoding == "utf-8" else "utf-8"
    if _decodes(line, other):
        return _("not {declared}; it reads as {other}").format(declared=encoding, other=other)
    return _("not {declared}").format(declared=encoding)


def _around(error: UnicodeDecodeError) -> str:
    return error.object[error.start : error.start + 4].hex(" ")
