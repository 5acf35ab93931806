"""The rows a search finds, laid out in columns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from downtime.screens.text import cell, line, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.content import Content

_LOOSE_CELLS_MIN = 6


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the list: how many cells, and whether its text stands at the right.

    A ``width`` of 0 takes what the others leave.
    """

    width: int = 0
    right: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """One row of the list.

    Attributes:
        shows: a text per column.
        value: what picking it gives.
        style: how the row differs, or "".
    """

    shows: tuple[str, ...]
    value: Any = field(compare=False)
    style: str = ""


def widths_in(columns: Sequence[Column], width: int) -> list[int]:
    """Return the cells each column gets of ``width``."""
    fixed = sum(column.width for column in columns) + len(columns)
    loose = sum(not column.width for column in columns)
    return [column.width or max((width - fixed) // loose, _LOOSE_CELLS_MIN) for column in columns]


def row_of(
    found: Candidate, place: int, columns: Sequence[Column], widths: Sequence[int], *, chosen: bool
) -> Content:
    """Return one row: its digit, then its columns."""
    style = "$block-cursor-foreground on $block-cursor-background" if chosen else found.style
    texts = [
        cell(text, width, style, right=column.right)
        for text, width, column in zip(found.shows, widths, columns, strict=True)
    ]
    gap = shown(" ", style)
    parts: list[Content | str] = [cell(str(place + 1), 1, style if chosen else "bold $accent")]
    for text in texts:
        parts += [gap, text]
    return line(*parts)
