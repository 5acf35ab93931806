"""From the lines of a file to rows of our tables, noting everything that cannot be taken."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from downtime import os_calls
from downtime.i18n import _
from downtime.reference_tables import TABLES, ReferenceRow, published_fields
from downtime.reference_values import REASONS
from sync.intake_csv import read_rows
from sync.intake_mapping import CodeNotInTableError, TableMapping, compile_row, own_columns

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from sync.intake_manifest import Manifest, ManifestFile
    from sync.intake_report import Reasons


_ABOUT_PEOPLE = {"patients", "visits", "inpatients", "staff"}
_BLOCK = 1 << 20
_REPEATED = REASONS["repeated"]


class TableReader:
    """Reads the files of one table in turn; keys are compared over all of them.

    Attributes:
        odd: what was taken although it is odd, counted by what.
    """

    def __init__(
        self, table: str, manifest: Manifest, mapping: TableMapping | None, currency: str, reasons: Reasons
    ) -> None:
        self._table = table
        self._manifest = manifest
        self._mapping = mapping
        self._context = {"currency": currency}
        self._reasons = reasons
        self._keys: set[Any] = set()
        fields = published_fields(table)
        self._names = {field.attribute: field.name for field in fields}
        self._lenient = [(field.name, field.attribute, field.default) for field in fields if field.lenient]

    def rows(self, path: Path, told: ManifestFile, odd: Counter[str]) -> Iterator[ReferenceRow]:
        """Yield the rows of one file; after the first reason no row is yielded, but all are looked at."""
        self._reasons.quoting = self._table not in _ABOUT_PEOPLE
        mapping = self._mapping
        encoding = (mapping and mapping.encoding) or self._manifest.encoding
        delimiter = (mapping and mapping.delimiter) or self._manifest.delimiter
        quote = mapping is None or mapping.quote
        lines = read_rows(path, encoding=encoding, delimiter=delimiter, quote=quote, reasons=self._reasons)
        first = next(lines, None)
        if first is None:
            if not self._reasons.total:
                self._reasons.add(_("empty; not even headings"), file=path.name)
            return
        headings = [heading.strip() for heading in first[1]]
        mapping = mapping or own_columns(self._table, headings)
        used = {heading for rule in mapping.columns.values() for heading in rule.columns}
        for heading in headings:
            if heading and heading not in used:
                odd[_("{file}: column {column} is not used").format(file=path.name, column=heading)] += 1
        read = compile_row(self._table, mapping, headings, path.name, self._reasons)
        if read is None:
            return
        count = 0
        for line, cells in lines:
            count += 1
            row = self._row(read, cells, path.name, line, odd)
            if row is not None and not self._reasons.total:
                yield row
        if count != told.rows and not self._reasons.total:
            differs = _("{found} rows, the manifest says {told}").format(found=count, told=told.rows)
            self._reasons.add(differs, file=path.name)

    def _row(
        self,
        read: Callable[[Sequence[str]], dict[str, str]],
        cells: list[str],
        file: str,
        line: int,
        odd: Counter[str],
    ) -> ReferenceRow | None:
        try:
            told = read(cells)
            row = TABLES[self._table].model_validate(told, context=self._context)
        except CodeNotInTableError as error:
            self._reasons.add(_("not in the mapping's table of codes"), file=file, row=line, value=error)
            return None
        except ValidationError as error:
            for wrong in error.errors(include_url=False):
                column = str(wrong["loc"][0]) if wrong["loc"] else ""
                self._reasons.add(
                    _reason(wrong),
                    file=file,
                    row=line,
                    column=self._names.get(column, column),
                    value=wrong["input"],
                )
            return None
        key = tuple(getattr(row, name) for name in row.key) if len(row.key) > 1 else getattr(row, row.key[0])
        if key in self._keys:
            shown = key if isinstance(key, str) else " / ".join(map(str, key))
            column = ", ".join(self._names[name] for name in row.key)
            self._reasons.add(_(_REPEATED), file=file, row=line, column=column, value=shown)
            return None
        self._keys.add(key)
        for name, attribute, default in self._lenient:
            if getattr(row, attribute) == default and told.get(name, "").strip().lower() not in {"", default}:
                odd[
                    _("{file}: {field} cannot be read and counts as not known").format(file=file, field=name)
                ] += 1
        return row


def _reason(wrong: Any) -> str:
    context = wrong.get("ctx") or {}
    msgid = context.get("msgid") or REASONS.get(wrong["type"])
    return _(msgid).format(**context) if msgid else str(wrong["msg"])


def differs_from(path: Path, told: ManifestFile) -> str | None:
    """Return why the file is not the one the manifest names, or None if it is.

    Raises:
        OSError: not there, not readable, or not a plain file.
    """
    digest = hashlib.sha256()
    with os_calls.open_regular(path) as handle:
        while block := handle.read(_BLOCK):
            digest.update(block)
    return (
        None
        if digest.hexdigest() == told.sha256.lower()
        else _("not the file the manifest names (SHA-256 differs)")
    )
