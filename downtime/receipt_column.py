"""Rows of a receipt flowing down a column of wide paper, in any letters.

All lengths are 1/180 inch, the step of a dot-matrix printer.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, Protocol

from downtime.receipt_rows import Banner, Codes, Item, Pair, Rule, Sign, Stamp, Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from downtime.receipt_rows import Row

Style = Literal["small", "body", "bold", "big"]

GAP = 30.0
_PRICE, _QUANTITY, _AMOUNT = 0.15, 0.14, 0.17
_BESIDE_BANNER = 60.0
_LABEL_SHARE_MAX = 0.6


class Face(Protocol):
    """The letters of a printer: how much room they take."""

    titles: Style
    """How titles are written; loud figures stand alone on their line where titles are big."""

    def shown(self, text: str) -> str:
        """Return ``text`` with what cannot be drawn spelled out."""
        ...

    def width(self, text: str, style: Style) -> float:
        """Return the width of shown text."""
        ...

    def broken(self, text: str, style: Style, room: float) -> list[str]:
        """Break shown text into lines of ``room`` at most."""
        ...

    def leading(self, style: Style) -> float:
        """Return the height of a line."""
        ...


@dataclass(frozen=True, slots=True)
class String:
    """One string: left edge and upper edge of its line."""

    x: float
    y: float
    text: str
    style: Style


@dataclass(frozen=True, slots=True)
class Line:
    """A line across; ``written_on`` leaves room above it for a hand."""

    x: float
    to: float
    y: float
    written_on: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A frame to stamp into."""

    x: float
    y: float
    width: float
    height: float
    label: str


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code with its quiet zone: upper left corner, side of a module, rows of modules."""

    x: float
    y: float
    module: float
    matrix: Sequence[Sequence[int]]


@dataclass(slots=True)
class Form:
    """One form as it is printed; ``banners`` are strings nobody may miss."""

    strings: list[String] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)
    banners: list[String] = field(default_factory=list)

    def put(self, piece: Form, y: float) -> None:
        """Add everything on ``piece``, shifted down by ``y``."""
        self.strings += [replace(one, y=one.y + y) for one in piece.strings]
        self.banners += [replace(one, y=one.y + y) for one in piece.banners]
        self.lines += [replace(one, y=one.y + y) for one in piece.lines]


@dataclass(slots=True)
class Piece(Form):
    """What belongs together and is never parted between two forms."""

    height: float = 0.0


class Column:
    """A column that rows flow down."""

    def __init__(self, face: Face, left: float, right: float) -> None:
        self.face, self.left, self.right = face, left, right
        self.room = right - left

    def pieces(self, rows: Sequence[Row]) -> Iterator[Piece]:
        """Return each row, or two short facts side by side, as a piece."""
        waiting: Pair | None = None
        for row in rows:
            if isinstance(row, Pair) and not self._stands_alone(row):
                if waiting is not None and self._fit_beside(waiting, row):
                    yield self._pairs(waiting, row)
                    waiting = None
                    continue
                if waiting is not None:
                    yield self._pairs(waiting)
                waiting = row
                continue
            if waiting is not None:
                yield self._pairs(waiting)
                waiting = None
            yield self._piece(row)
        if waiting is not None:
            yield self._pairs(waiting)

    def _piece(self, row: Row) -> Piece:
        match row:
            case Words():
                return self.piece_of_words(row)
            case Pair():
                return self._pairs(row)
            case Item():
                return self._item(row)
            case Banner():
                room = self.room - 2 * _BESIDE_BANNER
                piece = self._written(
                    self.face.shown(row.text), "bold", self.left + _BESIDE_BANNER, room, "centre"
                )
                piece.banners, piece.strings = piece.strings, []
                return piece
            case Rule():
                return Piece(height=14, lines=[Line(self.left, self.right, 7)])
            case Sign():
                return self._sign(row)
            case Codes() | Stamp():
                raise AssertionError("codes and stamps stand aside")

    def piece_of_words(self, row: Words) -> Piece:
        """Return a paragraph."""
        styles: dict[str, Style] = {
            "title": self.face.titles,
            "name": "bold",
            "strong": "bold",
            "small": "small",
        }
        style = styles.get(row.style, "body")
        return self._written(self.face.shown(row.text), style, self.left, self.room, row.align)

    def _sign(self, row: Sign) -> Piece:
        high = self.face.leading("body")
        piece = self._written(self.face.shown(row.label), "body", self.left, self.room * 0.5, "left")
        taken = max(self.face.width(one.text, one.style) for one in piece.strings)
        for n, one in enumerate(piece.strings):  # room above for a hand
            piece.strings[n] = replace(one, y=one.y + high * 0.6)
        piece.height += high * 0.6
        line = Line(self.left + taken + 15, self.left + self.room * 0.8, piece.height - 4, written_on=True)
        piece.lines.append(line)
        return piece

    def _label(self, row: Pair) -> str:
        return f"{self.face.shown(row.label)}: " if row.label else ""

    def _style(self, row: Pair) -> Style:
        styles: dict[str, Style] = {"loud": "big", "strong": "bold", "small": "small"}
        return styles.get(row.weight, "body")

    def _stands_alone(self, row: Pair) -> bool:
        return row.weight == "loud" and self.face.titles == "big"

    def _fit_beside(self, first: Pair, second: Pair) -> bool:
        """Tell whether two facts fit on one line: each in its half, on short forms also past the middle."""
        widths = [self._width(first), self._width(second)]
        if max(widths) <= (self.room - GAP) / 2:
            return True
        return self.face.titles != "big" and sum(widths) + GAP <= self.room

    def _width(self, row: Pair) -> float:
        style = self._style(row)
        label = self.face.width(self._label(row), "small" if style == "small" else "body")
        return label + self.face.width(self.face.shown(row.value), style)

    def _pairs(self, *rows: Pair) -> Piece:
        label_width = self.face.width(self._label(rows[0]), "body")
        whole = self.face.width(self.face.shown(rows[0].value), self._style(rows[0]))
        if label_width > self.room * _LABEL_SHARE_MAX or self.room - label_width < whole <= self.room:
            return self._below(rows[0])  # what fits on one line is not broken
        piece = Piece()
        tallest = max(self.face.leading(self._style(row)) for row in rows)
        for n, row in enumerate(rows):
            style = self._style(row)
            lower = (tallest - self.face.leading(style)) * 0.75  # all stand on one line
            label, left = self._label(row), self.left
            if n:  # in the middle, unless one of the two needs more than its half
                middle = min(left + (self.room + GAP) / 2, self.right - self._width(row))
                left = max(left + self._width(rows[0]) + GAP, middle)
            label_style: Style = "small" if style == "small" else "body"
            taken = self.face.width(label, label_style)
            value = self._written(
                self.face.shown(row.value), style, left + taken, self.right - left - taken, "left"
            )
            beside = max(0.0, tallest - self.face.leading(label_style)) * 0.75
            if label:
                piece.strings.append(String(left, beside, label, label_style))
            piece.strings += [replace(one, y=one.y + lower) for one in value.strings]
            piece.height = max(piece.height, value.height, tallest)
        return piece

    def _below(self, row: Pair) -> Piece:
        """Return a fact whose value stands below its label, because that is so long."""
        piece = self._written(self._label(row), "body", self.left, self.room, "left")
        value = self._written(self.face.shown(row.value), self._style(row), self.left, self.room, "left")
        piece.strings += [replace(one, y=one.y + piece.height) for one in value.strings]
        piece.height += value.height
        return piece

    def _item(self, row: Item) -> Piece:
        words = self.face.shown("  ".join(part for part in (row.name, row.detail) if part))
        figures = [
            (self.face.shown(text), share * self.room)
            for text, share in ((row.price, _PRICE), (row.quantity, _QUANTITY), (row.amount, _AMOUNT))
        ]
        if not row.price and not row.quantity:
            figures = figures[2:]
        fit = all(self.face.width(text, "body") <= width for text, width in figures)
        taken = sum(width for _text, width in figures) if fit else 0.0
        piece = self._written(words, "body", self.left, self.room - taken - 8, "left")
        if not fit:  # a unit or an amount that no column holds: the figures stand on lines of their own
            below = "   ".join(text for text, _width in figures if text)
            for line in self.face.broken(below, "body", self.room):
                x = self.right - self.face.width(line, "body")
                piece.strings.append(String(x, piece.height, line, "body"))
                piece.height += self.face.leading("body")
            return piece
        right = self.right
        for text, width in reversed(figures):
            if text:
                piece.strings.append(String(right - self.face.width(text, "body"), 0.0, text, "body"))
            right -= width
        return piece

    def _written(self, text: str, style: Style, left: float, room: float, align: str) -> Piece:
        piece = Piece()
        for line in self.face.broken(text, style, room):
            spare = room - self.face.width(line, style)
            x = left + (max(0.0, spare / 2) if align == "centre" else 0.0)
            piece.strings.append(String(x, piece.height, line, style))
            piece.height += self.face.leading(style)
        return piece
