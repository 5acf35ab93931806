r"""Reading another system's columns as ours, told by a TOML file and never by code.

```
[tables.drugs]
encoding = "gb18030"            # optional; else as the manifest says
delimiter = "\t"                # optional
quote = false                   # optional: a quotation mark is an ordinary character
[tables.drugs.columns]
code = "id"                                              # rename
name = { join = ["given_name", "surname"], with = " ", otherwise = "-" }
controlled = { column = "kind", codes = { 1 = "麻醉药品" }, otherwise = "" }
price = { column = "cents", scale = "0.01", decimals = 2 }   # multiplied, then rounded half up
unit = { constant = "次" }
```
Fields that are not named stay empty. There are no expressions.
"""

from __future__ import annotations

import tomllib
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from downtime import os_calls
from downtime.clean import visible
from downtime.i18n import _
from downtime.reference_tables import published_fields
from forms.typed import as_number
from sync.intake_manifest import Encoding, TableName

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sync.intake_report import Reasons

_MAPPING_BYTES_MAX = 1 << 20


class CodeNotInTableError(ValueError):
    """A cell holds a code that the mapping's table does not name, and there is no ``otherwise``."""


class ColumnRule(BaseModel):
    """Where one field comes from: a column, several joined, or a constant; then codes, scale, rounding."""

    model_config = ConfigDict(extra="forbid")
    column: str | None = None
    join: Annotated[list[str], Field(min_length=1)] | None = None
    with_: Annotated[str, Field(alias="with")] = ""
    constant: str | None = None
    codes: dict[str, str] | None = None
    otherwise: str | None = None
    scale: Decimal | None = None
    decimals: Annotated[int, Field(ge=0, le=6)] | None = None

    @model_validator(mode="before")
    @classmethod
    def _rename(cls, told: Any) -> Any:
        return {"column": told} if isinstance(told, str) else told

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if sum(source is not None for source in (self.column, self.join, self.constant)) != 1:
            raise ValueError("give exactly one of column, join, constant")
        return self

    @property
    def columns(self) -> list[str]:
        """Headings this field is read from."""
        return self.join or ([self.column] if self.column is not None else [])

    def compiled(self, place: dict[str, int]) -> Callable[[Sequence[str]], str]:
        """Return the function from a row's cells to this field's text.

        The function raises CodeNotInTableError for a code that is not in the table.
        """
        if self.constant is not None:
            constant = self.constant
            return lambda _cells: constant
        places = [place[name] for name in self.columns]
        plain = self.codes is None and self.otherwise is None and self.scale is None and self.decimals is None
        if plain and len(places) == 1:
            only = places[0]
            return lambda cells: cells[only]
        return lambda cells: self._value([cells[n].strip() for n in places])

    def _value(self, parts: list[str]) -> str:
        text = self.with_.join(part for part in parts if part)
        if self.codes is not None and text in self.codes:
            return self.codes[text]
        if self.otherwise is not None and (not text or self.codes is not None):
            return self.otherwise
        if self.codes is not None and text:
            raise CodeNotInTableError(text)
        return self._scaled(text) if text and (self.scale is not None or self.decimals is not None) else text

    def _scaled(self, text: str) -> str:
        try:
            number = Decimal(as_number(text)) * (self.scale if self.scale is not None else 1)
            if self.decimals is not None:
                number = number.quantize(Decimal(1).scaleb(-self.decimals), ROUND_HALF_UP)
        except InvalidOperation:
            return text  # the field's own reading refuses it, with the value as it stood
        return f"{number:f}" if number.is_finite() else text


class TableMapping(BaseModel):
    """How one table is read."""

    model_config = ConfigDict(extra="forbid")
    encoding: Encoding | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    quote: bool = True
    columns: dict[str, ColumnRule]


class Mapping(BaseModel):
    """A mapping file: one section per table."""

    model_config = ConfigDict(extra="forbid")
    tables: dict[TableName, TableMapping]

    @model_validator(mode="after")
    def _known_fields(self) -> Self:
        for table, told in self.tables.items():
            known = {field.name for field in published_fields(table)}
            unknown = [name for name in told.columns if name not in known]
            if unknown:
                raise ValueError(
                    f"{table} has no field {', '.join(unknown)}; it has {', '.join(sorted(known))}"
                )
        return self


def own_columns(table: str, headings: list[str]) -> TableMapping:
    """Return the mapping of a file whose headings are the published names; other headings are left out."""
    rules = {
        field.name: ColumnRule(column=field.name)
        for field in published_fields(table)
        if field.name in headings
    }
    return TableMapping(columns=rules)


def read_mapping(path: Path, reasons: Reasons) -> Mapping | None:
    """Return the mapping in the TOML file ``path``, or None with reasons."""
    try:
        with os_calls.open_regular(path) as handle:
            content = handle.read(_MAPPING_BYTES_MAX)
        return Mapping.model_validate(tomllib.loads(content.decode("utf-8-sig")))
    except ValidationError as error:
        for wrong in error.errors(include_url=False, include_context=False):
            reasons.add(wrong["msg"], file=path.name, column=".".join(str(part) for part in wrong["loc"]))
    except OSError as error:
        reasons.add(_("cannot be read: {reason}").format(reason=error.strerror), file=path.name)
    except ValueError as error:
        told = _("not a mapping: {reason}").format(reason=visible(str(error), 200))
        reasons.add(told, file=path.name)
    return None


def compile_row(
    table: str, mapping: TableMapping, headings: list[str], file: str, reasons: Reasons
) -> Callable[[Sequence[str]], dict[str, str]] | None:
    """Return the function from cells to named text, or None with reasons if a heading is missing."""
    before = reasons.total
    place = {name: n for n, name in enumerate(headings)}
    repeated = sorted({name for name in headings if name and headings.count(name) > 1})
    for name in repeated:
        reasons.add(_("this heading stands twice"), file=file, row=1, column=name)
    wanted = {heading for rule in mapping.columns.values() for heading in rule.columns}
    for name in sorted(wanted - place.keys()):
        reasons.add(_("this heading is missing"), file=file, row=1, column=name)
    for field in published_fields(table):
        if field.required and field.name not in mapping.columns:
            reasons.add(_("this field is required and nothing gives it"), file=file, row=1, column=field.name)
    if reasons.total > before:
        return None
    compiled = [(name, rule.compiled(place)) for name, rule in mapping.columns.items()]
    return lambda cells: {name: read(cells) for name, read in compiled}
