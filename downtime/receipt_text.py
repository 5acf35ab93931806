"""A receipt on a grid of characters: for screens, plain printers and golden tests."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from downtime.receipt_rows import Banner, Codes, Item, Pair, Rule, Sign, Stamp, Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from downtime.receipt_rows import Receipt, Row

COLUMNS = 48
"""Columns of 80 mm paper in the usual printer font; a Chinese character takes two."""

_PRICE, _QUANTITY, _AMOUNT = 10, 9, 11
_BESIDE_STAMP = 4


def as_text(receipt: Receipt, columns: int = COLUMNS) -> str:
    """Return the receipt as lines of at most ``columns`` columns, each ended by a newline."""
    drawn = [line.rstrip() for row in receipt.rows for line in _row(row, columns)]
    if receipt.across:
        drawn = [_centred(f"/// {receipt.across} ///", columns), *drawn]
    return "".join(f"{line}\n" for line in drawn)


def columns_of(text: str) -> int:
    """Return the columns ``text`` takes; wide and full-width characters take two, combining ones none."""
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _row(row: Row, columns: int) -> Iterator[str]:
    match row:
        case Words():
            lines = wrapped(row.text, columns)
            yield from (_centred(line, columns) for line in lines) if row.align == "centre" else lines
        case Pair():
            yield from _pair(row.label, row.value, columns)
        case Item():
            yield from _item(row, columns)
        case Banner():
            yield from (_centred(f"*** {line} ***", columns) for line in wrapped(row.text, columns - 8))
        case Rule():
            yield "-" * columns
        case Sign():
            yield row.label + ":" + "_" * (columns - columns_of(row.label) - 1)
        case Stamp():
            yield from ("", "", _right(f"( {row.label} )", columns - _BESIDE_STAMP))
        case Codes():
            for n, text in enumerate(row.texts, start=1):
                yield _centred(f"[QR {n}/{len(row.texts)}, {len(text)} digits]", columns)
            yield _centred(row.caption, columns)


def _pair(label: str, value: str, columns: int) -> Iterator[str]:
    room = columns - columns_of(label) - 2
    if columns_of(value) <= room:
        yield label + " " * (columns - columns_of(label) - columns_of(value)) + value
        return
    first, *rest = wrapped(value, room)
    yield f"{label}  {first}"
    yield from wrapped("".join(rest), columns)


def _item(row: Item, columns: int) -> Iterator[str]:
    yield from wrapped(row.name, columns) if row.name else ()
    room = columns - _AMOUNT if not row.price and not row.quantity else columns - _PRICE - _QUANTITY - _AMOUNT
    details = wrapped(row.detail, room - 1) or [""]
    yield from details[:-1]
    figures = ((row.price, _PRICE), (row.quantity, _QUANTITY), (row.amount, _AMOUNT))
    if all(columns_of(text) < width for text, width in figures):
        columns_used = figures if room < columns - _AMOUNT else figures[2:]
        yield _left(details[-1], room) + "".join(_right(text, width) for text, width in columns_used)
    else:  # a unit or an amount that no column holds gets lines of its own
        yield details[-1]
        yield from wrapped("  ".join(text for text, _ in figures if text), columns)


def wrapped(text: str, columns: int) -> list[str]:
    """Break ``text`` into lines of at most ``columns`` columns: at a space or anywhere."""
    lines, line, taken, space = [], "", 0, 0
    for character in text:
        width = _columns(character)
        if taken + width > columns:
            kept, line = (line[:space].rstrip(), line[space:]) if 0 < space < len(line) else (line, "")
            lines.append(kept)
            taken, space = columns_of(line), 0
        line += character
        taken += width
        if character == " ":
            space = len(line)
    return [*lines, line] if line.strip() else lines


def _centred(text: str, columns: int) -> str:
    return " " * max(0, (columns - columns_of(text)) // 2) + text


def _left(text: str, columns: int) -> str:
    return text + " " * (columns - columns_of(text))


def _right(text: str, columns: int) -> str:
    return " " * (columns - columns_of(text)) + text
