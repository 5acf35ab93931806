"""Tables of figures that go onto paper, into CSV and into JSON: one value, three ways of writing it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from downtime.clean import spreadsheet, visible
from downtime.i18n import in_language
from forms.money import format_amount
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from downtime.i18n import Language

Kind = Literal["text", "count", "money", "time", "moment", "word"]
"""How a value is written: minor units, RFC 3339 in full or without the year, a code that has words."""

Value = str | int | None
SUM = N_("Sum")
_NUMERIC = ("count", "money")


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: in JSON.
        title: msgid.
        width: its share of the paper.
        summed: whether its sum stands below, and is carried from page to page.
        words: msgids of the codes of a ``word``; a code without one stays as it is.
    """

    name: str
    title: str
    kind: Kind = "text"
    width: float = 1.0
    summed: bool = False
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_figure(self) -> bool:
        """Whether it stands to the right."""
        return self.kind in _NUMERIC


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a title.

    Attributes:
        name: of the file and in JSON.
        title, note: msgids; the note stands below the title.
        rows: a value for each column.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    note: str = ""

    def values(self, name: str) -> list[Value]:
        """Return one column."""
        at = [column.name for column in self.columns].index(name)
        return [row[at] for row in self.rows]

    def sums(self, rows: Sequence[tuple[Value, ...]] | None = None) -> dict[str, int]:
        """Return the sums of the summed columns, over ``rows`` or all of them."""
        counted = self.rows if rows is None else rows
        return {
            column.name: sum(row[n] for row in counted if isinstance(row[n], int))  # type: ignore[misc]  # ints only
            for n, column in enumerate(self.columns)
            if column.summed
        }

    def as_json(self) -> dict[str, Any]:
        """Return plain values; money in minor units, words as their codes."""
        names = [column.name for column in self.columns]
        rows = [dict(zip(names, row, strict=True)) for row in self.rows]
        return {"rows": rows, "sums": self.sums()}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the cover."""

    name: str
    title: str
    kind: Kind
    value: Value


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes values in one language and one currency."""

    language: Language
    currency: str

    def say(self, message: str, **named: object) -> str:
        """Return a msgid in the language, its named fields filled in."""
        told = in_language(message, self.language)
        return told.format(**named) if named else told

    def cell(self, column: Column | Figure, value: Value, *, plain: bool = False) -> str:
        """Return a value as people read it; ``plain`` for tables: no thousands, times with their year."""
        if value is None or value == "":
            return ""
        if isinstance(value, int):
            return self._figure(column, value, plain=plain)
        if column.kind == "moment" and not plain:
            return visible(f"{value[5:10]} {value[11:16]}")
        if column.kind in {"time", "moment"}:
            return visible(f"{value[:10]} {value[11:19]}".strip())
        if column.kind == "word" and isinstance(column, Column):
            return visible(self.say(column.words.get(value, value)))
        return visible(value)

    def _figure(self, column: Column | Figure, value: int, *, plain: bool) -> str:
        if column.kind == "money":
            return format_amount(value, self.currency, thousands=not plain)
        return str(value) if plain else f"{value:,}"

    def csv(self, table: Table) -> bytes:
        """Return a table as CSV with its sums below: UTF-8 with a byte order mark, nothing a sheet would calculate."""
        rows = [
            [self._safe(column, value) for column, value in zip(table.columns, row, strict=True)]
            for row in table.rows
        ]
        if sums := table.sums():
            last = [
                self._safe(column, sums[column.name]) if column.summed else "" for column in table.columns
            ]
            rows.append([self.say(SUM), *last[1:]])
        return _csv([[self.say(column.title) for column in table.columns], *rows])

    def figures_csv(self, figures: Sequence[Figure]) -> bytes:
        """Return the figures of the cover as CSV."""
        rows = [[one.name, self.say(one.title), self._safe(one, one.value)] for one in figures]
        return _csv([["name", self.say(N_("Figure")), self.say(N_("Value"))], *rows])

    def _safe(self, column: Column | Figure, value: Value) -> str:
        told = self.cell(column, value, plain=True)
        return told if column.kind in _NUMERIC else spreadsheet(told)


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    stored = io.StringIO()
    csv.writer(stored, lineterminator="\r\n").writerows(rows)
    return b"\xef\xbb\xbf" + stored.getvalue().encode("utf-8", errors="backslashreplace")
