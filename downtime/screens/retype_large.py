"""Codes as large as a screen of characters allows: figures five rows high, drawn with coloured cells only.

Seen from where the other screen's keyboard stands. No glyph is used, so every console draws it alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from downtime.screens.text import cells, line, shown

if TYPE_CHECKING:
    from textual.content import Content

ROWS: Final = 5
GROUP: Final = 4
"""Long numbers are read in groups; a little room stands between them."""

_SIGNS: Final = {
    "0": "###/# #/# #/# #/###",
    "1": " # /## / # / # /###",
    "2": "###/  #/###/#  /###",
    "3": "###/  #/ ##/  #/###",
    "4": "# #/# #/###/  #/  #",
    "5": "###/#  /###/  #/###",
    "6": "###/#  /###/# #/###",
    "7": "###/  #/  #/ # / # ",
    "8": "###/# #/###/# #/###",
    "9": "###/# #/###/  #/###",
    "A": " # /# #/###/# #/# #",
    "B": "## /# #/## /# #/## ",
    "C": " ##/#  /#  /#  / ##",
    "D": "## /# #/# #/# #/## ",
    "E": "###/#  /## /#  /###",
    "F": "###/#  /## /#  /#  ",
    "G": " ##/#  /# #/# #/ ##",
    "H": "# #/# #/###/# #/# #",
    "I": "###/ # / # / # /###",
    "J": "  #/  #/  #/# #/ # ",
    "K": "# #/# #/## /# #/# #",
    "L": "#  /#  /#  /#  /###",
    "M": "#   #/## ##/# # #/#   #/#   #",
    "N": "#  #/## #/# ##/#  #/#  #",
    "O": " # /# #/# #/# #/ # ",
    "P": "## /# #/## /#  /#  ",
    "Q": " ## /#  #/#  #/# ##/ ###",
    "R": "## /# #/## /# #/# #",
    "S": " ##/#  / # /  #/## ",
    "T": "###/ # / # / # / # ",
    "U": "# #/# #/# #/# #/###",
    "V": "# #/# #/# #/# #/ # ",
    "W": "#   #/#   #/# # #/## ##/#   #",
    "X": "# #/# #/ # /# #/# #",
    "Y": "# #/# #/ # / # / # ",
    "Z": "###/  #/ # /#  /###",
    ".": " / / / /#",
    "-": "   /   /###/   /   ",
    "/": "  #/  #/ # /#  /#  ",
    ":": " /#/ /#/ ",
    " ": "  /  /  /  /  ",
}


def large_lines(text: str, width: int, style: str) -> list[Content] | None:
    """Return ``text`` in five rows of coloured cells, or None where it has other signs or no room.

    Args:
        text: figures, capitals and ``. - / :``.
        width: cells there are.
        style: a background, for instance "on $accent".
    """
    signs = [_SIGNS.get(sign) for sign in text]
    if not text or any(sign is None for sign in signs):
        return None
    gaps = [_gap(text, n) for n in range(len(text))]
    shapes = [sign.split("/") for sign in signs if sign]
    if sum(len(shape[0]) for shape in shapes) + sum(gaps) > width:
        return None
    return [
        line(
            *(
                part
                for shape, gap in zip(shapes, gaps, strict=True)
                for part in (*_cells(shape[row], style), shown(" " * gap))
            )
        )
        for row in range(ROWS)
    ]


def _gap(text: str, n: int) -> int:
    """Return the room behind a sign: more where a group of figures ends."""
    left = len(text) - n - 1
    if text.isdigit() and len(text) > GROUP + 1 and left and left % GROUP == 0:
        return 3
    return 1


def _cells(shape: str, style: str) -> list[Content]:
    return [shown(" ", style if mark == "#" else "") for mark in shape]


def spaced_line(text: str, width: int, style: str) -> Content:
    """Return ``text`` in one row, with room between its signs where there is enough."""
    wide = " ".join(text) if text.isascii() else text
    return shown(f" {wide if cells(wide) + 2 <= width else text} ", style)
