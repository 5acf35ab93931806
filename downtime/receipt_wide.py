"""Where everything stands on wide paper: A5 across, and 241 mm forms of 93, 140 and 280 mm.

Text flows down a left column, short facts two in a row; codes, and where to exchange the paper, stand in a right
one. What does not fit goes on a further form that says the number again. All lengths are 1/180 inch, the step of
a dot-matrix printer; the same flow serves a PDF and the printer's own letters through a ``Face``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from downtime.receipt_column import GAP, Box, Code, Column, Form, String
from downtime.receipt_modules import QUIET, modules_of
from downtime.receipt_rows import Codes, Pair, Rule, Stamp, Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.receipt_column import Face, Piece
    from downtime.receipt_rows import Receipt, Row

_STAMP_HEIGHT_MIN, _STAMP_HEIGHT_MAX = 90.0, 200.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of form: its size and where may be printed.

    Attributes:
        height: from perforation to perforation, or of the sheet.
        left: left edge of what is printed.
        right: right edge.
        top: first row.
        bottom: nothing is printed from here on.
        side: width of the right column.
        modules: sides of a QR module to choose from, largest first.
    """

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    side: float
    modules: tuple[float, ...]


def forms(receipt: Receipt, sheet: Sheet, face: Face, foot: str = "") -> list[Form]:
    """Return the forms of ``receipt``, at least one.

    Args:
        receipt: what to print.
        sheet: the paper.
        face: the letters.
        foot: a line at the bottom of each form: the name of the part, or of all parts.
    """
    body, aside, codes, stamp = _sorted(receipt)
    column = Column(face, sheet.left, sheet.right - sheet.side - GAP)
    side = Column(face, sheet.right - sheet.side, sheet.right)
    bottom = sheet.bottom - (face.leading("small") if foot else 0.0)
    made = [_Codes(sheet, side, text, codes.caption) for text in codes.texts] if codes else []
    again = list(column.pieces([Pair("", receipt.number, "loud")]))
    left = _pages(list(column.pieces(body)), again, [sheet.top], bottom)
    tops = [sheet.top + code.height for code in made] or [sheet.top]
    right = _pages(list(side.pieces(aside)), [], [*tops, sheet.top], bottom)
    count = max(len(left), len(right), len(made))
    drawn = []
    for n in range(count):
        form = Form()
        reached = _fill(form, left[n] if n < len(left) else again, sheet.top)
        y = made[n].put(form, sheet.top) if n < len(made) else sheet.top
        y = _fill(form, right[n] if n < len(right) else [], y)
        if n == count - 1:
            _stamp(form, stamp, column, reached, side, y, bottom)
        _foot(form, sheet, face, foot, f"{n + 1} / {count}" if count > 1 else "")
        drawn.append(form)
    return drawn


def _fill(form: Form, pieces: Sequence[Piece], y: float) -> float:
    for piece in pieces:
        form.put(piece, y)
        y += piece.height
    return y


def _sorted(receipt: Receipt) -> tuple[list[Row], list[Row], Codes | None, Stamp | None]:
    """Return the body, what stands aside, the codes, and the place for the stamp."""
    rows = receipt.rows
    codes = next((row for row in rows if isinstance(row, Codes)), None)
    stamp = next((row for row in rows if isinstance(row, Stamp)), None)
    last_rule = max((n for n, row in enumerate(rows) if isinstance(row, Rule)), default=len(rows))
    aside = range(last_rule + 1, len(rows)) if receipt.beside is None else receipt.beside
    flowing = [(n in aside, row) for n, row in enumerate(rows) if not isinstance(row, Codes | Stamp)]
    body: list[Row] = [row for is_aside, row in flowing if not is_aside]
    while body and isinstance(body[-1], Rule):
        body.pop()
    beside: list[Row] = [row for is_aside, row in flowing if is_aside]
    return body, beside, codes, stamp


def _pages(
    pieces: Sequence[Piece], again: list[Piece], tops: Sequence[float], bottom: float
) -> list[list[Piece]]:
    """Return the pieces of each form; ``tops`` says where each begins, the last one for all that follow."""
    pages: list[list[Piece]] = [[]]
    y = tops[0]
    for piece in pieces:
        if y + piece.height > bottom:
            pages.append(list(again))
            y = tops[min(len(pages), len(tops)) - 1] + sum(one.height for one in again)
        pages[-1].append(piece)
        y += piece.height
    return pages


def _stamp(
    form: Form, stamp: Stamp | None, left: Column, left_y: float, right: Column, right_y: float, bottom: float
) -> None:
    """Frame the room for a stamp below everything at the right; where there is none, say at least which one."""
    if stamp is None:
        return
    label = right.face.shown(stamp.label)
    if bottom - right_y - 12 >= _STAMP_HEIGHT_MIN:
        height = min(bottom - right_y - 12, _STAMP_HEIGHT_MAX)
        top = max(right_y + 12, min(left_y, bottom) - height)  # ends where the left column ends
        form.boxes.append(Box(right.left, top, right.room, height, label))
        return
    label, line = f"( {label} )", right.face.leading("small")
    for column, reached in ((right, right_y), (left, left_y)):
        if bottom - reached >= line:
            x = column.right - column.face.width(label, "small")
            form.strings.append(String(x, bottom - line, label, "small"))
            return


def _foot(form: Form, sheet: Sheet, face: Face, foot: str, page: str) -> None:
    y = sheet.bottom - face.leading("small")
    if foot:
        form.strings.append(String(sheet.left, y, face.shown(foot), "small"))
    if page:
        form.strings.append(String(sheet.right - face.width(page, "small"), y, page, "small"))


class _Codes:
    """One QR code over its caption, in the right column."""

    def __init__(self, sheet: Sheet, side: Column, text: str, caption: str) -> None:
        self.matrix = modules_of(text)
        across = len(self.matrix) + 2 * QUIET
        tallest = sheet.bottom - sheet.top - 2 * side.face.leading("bold")
        room = min(sheet.side, tallest)
        self.module = next((one for one in sheet.modules if one * across <= room), sheet.modules[-1])
        self.side_length = across * self.module
        self.caption = side.piece_of_words(Words(caption, "strong", "centre"))
        self.x = side.left + (side.room - self.side_length) / 2
        self.height = self.side_length + self.caption.height

    def put(self, form: Form, y: float) -> float:
        form.codes.append(Code(self.x, y, self.module, self.matrix))
        form.put(self.caption, y + self.side_length)
        return y + self.height
