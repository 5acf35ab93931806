"""SQL of four vendors' own clients, written so that no foreign text can act.

Everything is ASCII. Text that is not plain goes as code points or hexadecimal, never as itself: there is no
quote, ampersand, backslash, dollar sign, line break or byte of another character set in any script. Lines stay
under the 2,499 characters of SQL*Plus, which also neither ends a line with ``;`` or ``-`` inside a text nor
begins one with ``/``, ``.``, ``@`` or ``#``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LINE_CHARACTERS_MAX: Final = 2_499
PIECE_CHARACTERS: Final = 200
"""Longer text is put together from pieces: at most ten characters of ASCII each, so a line holds one."""
REASON_CHARACTERS_MAX: Final = 300

_PLAIN: Final = re.compile(r"(?!.*--)[A-Za-z0-9 .:+_/-]*")
_AS_ITSELF: Final = frozenset(
    'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:+_/"{}[]()=|'
)


def pieces(text: str) -> list[str]:
    """Return ``text`` in pieces of at most ``PIECE_CHARACTERS``; one empty piece for no text."""
    return [text[at : at + PIECE_CHARACTERS] for at in range(0, len(text), PIECE_CHARACTERS)] or [""]


def escaped(text: str, escape: Callable[[str], str]) -> str:
    """Return ``text`` with every character escaped that a client could act on, or that is not ASCII."""
    return "".join(char if char in _AS_ITSELF else escape(char) for char in text)


def with_bars(parts: Sequence[str]) -> str:
    """Return ``parts`` joined as standard SQL does."""
    return " || ".join(parts)


@dataclass(frozen=True, slots=True)
class Sql:
    """How one database writes what the scripts need.

    Attributes:
        name: as in ``staging_ddl.DIALECTS``.
        dual: what follows a SELECT without a table.
        text: a text of at most ``PIECE_CHARACTERS``, as an expression.
        large: makes that expression one of the type for text of any length.
        joined: expressions of text, one after the other.
        hexed: an expression of text as hexadecimal text; its bytes are in ``codec``. NULL and "" give "".
        number: an expression of a number as text. NULL gives "".
        part: (expression, first character from 1, characters) of a short text.
        part_large: the same of a text of any length.
        line: makes the expression of one line of the answer.
        codec: character set of what ``hexed`` gives.
        counts_units: whether a character beyond the first 65,536 counts as two.
        opening: what stands before everything, ``{spool}`` being the answer's file.
        block: (number of the entry, statements) -> one entry's writing, alone in its commit.
        reading, closing: what stands before and after the reading.
        command: how a person runs ``{script}``.
    """

    name: str
    dual: str
    text: Callable[[str], str]
    large: str
    joined: Callable[[Sequence[str]], str]
    hexed: str
    number: str
    part: str
    part_large: str
    line: str
    codec: str
    counts_units: bool
    opening: str
    block: str
    reading: str
    closing: str
    command: str

    def literal(self, value: Any, *, is_number: bool = False) -> str:
        """Return ``value`` as an expression; long text on one line per piece.

        Raises:
            ValueError: a number that is none.
        """
        if value is None:
            return "NULL"
        if is_number or isinstance(value, int):
            number = Decimal(value)
            if not number.is_finite():
                raise ValueError(value)
            return f"{number:f}"
        text = str(value)
        if len(text) <= PIECE_CHARACTERS:
            return f"'{text}'" if _PLAIN.fullmatch(text) else self.text(text)
        return self.joined([self.large.format("\n" + self.text(piece)) for piece in pieces(text)])

    def hex_of(self, expression: str) -> str:
        """Return ``expression`` of text as hexadecimal."""
        return self.hexed.format(expression)

    def hex_of_number(self, expression: str) -> str:
        """Return ``expression`` of a number as plain text."""
        return self.number.format(expression)

    def answer(self, *parts: str, source: str | None = None) -> str:
        """Return the SELECT of one line of the answer, its ``parts`` parted by bars and closed by a full stop.

        Args:
            parts: expressions of text without a bar.
            source: FROM and what follows, else none.
        """
        spaced: list[str] = ["'DT1|'"]
        for part in parts:
            spaced += [part, "'|'"]
        spaced[-1] = "'|.'"
        lines = self.line.format(self.joined([f"\n{each}" for each in spaced]))
        return f"SELECT {lines} AS dt{self.dual if source is None else source};".replace(" \n", "\n")
