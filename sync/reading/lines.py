"""Lines of an extract: each stands for itself, so that one that cannot be read takes no other along."""

from __future__ import annotations

import csv
from contextlib import closing
from typing import TYPE_CHECKING, Final, NamedTuple

from downtime import os_calls
from downtime.errors import RefusedInputError
from downtime.i18n import _
from sync.intake_csv import LINE_BYTES_MAX

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOOKED_AT: Final = 500
_LOOKS_ENOUGH: Final = 3
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")


class Line(NamedTuple):
    """One line: its number, its cells, and why they cannot be used, or ""."""

    number: int
    cells: list[str]
    wrong: str


def read_lines(path: Path, *, encoding: str, delimiter: str, quote: bool) -> Iterator[Line]:
    """Yield every line of the file, the headings first.

    A line that cannot be decoded or split is yielded with the reason, and with whatever of its cells can be
    made out: they tell whom it may be about. A line break within quotation marks is not taken: both halves are
    told.

    Raises:
        RefusedInputError: not readable, UTF-16, or visibly another encoding than declared.
    """
    try:
        with closing(os_calls.open_regular(path)) as handle:
            _require_declared(handle.read(1 << 16), path, encoding)
            handle.seek(0)
            number = 0
            while raw := handle.readline(LINE_BYTES_MAX + 1):
                number += 1
                if len(raw) > LINE_BYTES_MAX:
                    rest = raw
                    while rest and not rest.endswith(b"\n"):
                        rest = handle.readline(LINE_BYTES_MAX + 1)
                    yield Line(number, [], _("a line longer than {limit} bytes").format(limit=LINE_BYTES_MAX))
                    continue
                raw = raw.rstrip(b"\r\n")
                if number == 1:
                    raw = raw.removeprefix(b"\xef\xbb\xbf")
                if raw:
                    yield _line(number, raw, encoding, delimiter, quote=quote)
    except OSError as error:
        raise RefusedInputError(
            _("{file} cannot be read: {reason}.").format(file=path.name, reason=error.strerror),
            _("Have the extract written again."),
        ) from error


def _line(number: int, raw: bytes, encoding: str, delimiter: str, *, quote: bool) -> Line:
    wrong = _("a NUL byte") if b"\0" in raw else ""
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        text = raw.decode(encoding, errors="replace")
        wrong = _("not {declared}").format(declared=encoding)
    if wrong:
        return Line(number, [cell.strip('" ') for cell in text.split(delimiter)], wrong)
    if not quote or '"' not in text:
        return Line(number, text.split(delimiter), "")
    try:
        cells = next(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error as error:
        loose = [cell.strip('" ') for cell in text.split(delimiter)]
        return Line(number, loose, _("not a row of a CSV file: {reason}").format(reason=error))
    return Line(number, cells, "")


def _require_declared(beginning: bytes, path: Path, encoding: str) -> None:
    """Refuse a file whose beginning is visibly something else: UTF-8 read as GB18030 gives wrong names silently."""
    told = ""
    if beginning.startswith(_UTF_16):
        told = "UTF-16"
    elif encoding == "gb18030":
        lines = [line for line in beginning.split(b"\n")[:-1] if not line.isascii()]
        if len(lines) >= _LOOKS_ENOUGH and all(_is_utf8(line) for line in lines[:_LOOKED_AT]):
            told = "UTF-8"
    if told:
        raise RefusedInputError(
            _("{file} is declared {declared}, but it is {found}.").format(
                file=path.name, declared=encoding, found=told
            ),
            _("Declare the encoding it has, or save it as UTF-8 or GB18030."),
        )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
