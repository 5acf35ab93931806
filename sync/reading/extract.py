"""One extract: every row the HIS holds that can be read, and every line that cannot, with its reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from downtime.errors import RefusedInputError
from downtime.i18n import _
from forms.typed import as_code
from sync.intake_mapping import CodeNotInTableError
from sync.intake_report import Reasons
from sync.reading.fields import BadCellError, HisRow, RowReading
from sync.reading.lines import Line, read_lines
from sync.reading.told import compile_columns, read_patients, read_told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from sync.reading.told import ExtractTold

SETTLED_SECONDS = 5


@dataclass(slots=True)
class Extract:
    """What was read.

    Attributes:
        rows: in order of files and lines; of two with one key the later file's.
        reasons: what could not be read, by line; no cell is quoted, for they are about people.
        touched: cells of lines that could not be read; whom they name cannot be judged.
        files: names of the files read.
    """

    rows: list[HisRow] = field(default_factory=list)
    reasons: Reasons = field(default_factory=Reasons)
    touched: set[str] = field(default_factory=set)
    files: list[str] = field(default_factory=list)


class ExtractReading:
    """Collects the rows of several sources."""

    def __init__(self, told: ExtractTold, currency: str) -> None:
        self._told = told
        self._reading = RowReading(told.clock_zone(), currency)
        self._rows: dict[str, HisRow] = {}
        self._spoilt: set[str] = set()
        self._file = ""
        self.extract = Extract()
        self.extract.reasons.quoting = False

    def add(self, source: str, lines: Iterable[Line]) -> None:
        """Read the lines of one source, the headings first."""
        extract = self.extract
        extract.files.append(source)
        self._spoilt.clear()
        read: Callable[[Sequence[str]], dict[str, str]] | None = None
        width = 0
        for line in lines:
            if read is None:
                headings = [heading.strip() for heading in line.cells]
                width = len(headings)
                read = compile_columns(self._told.columns, headings, source, extract.reasons)
                if line.wrong or read is None:
                    raise RefusedInputError(
                        _("The headings of {file} are not the ones the mapping names.").format(file=source),
                        "; ".join(reason.line() for reason in extract.reasons.kept) or line.wrong,
                    )
                continue
            wrong = line.wrong
            if not wrong and len(line.cells) != width:
                wrong = _("{found} cells, the headings are {expected}").format(
                    found=len(line.cells), expected=width
                )
            if wrong:
                self._bad(source, line, "", wrong)
                continue
            try:
                self._take(self._reading.row(read(line.cells), source, line.number), line)
            except CodeNotInTableError:
                self._bad(source, line, "", _("not in the mapping's table of codes"))
            except BadCellError as error:
                self._bad(source, line, error.field, error.reason)

    def done(self) -> Extract:
        """Return the extract with all rows."""
        self.extract.rows = list(self._rows.values())
        self._rows = {}
        return self.extract

    def _take(self, row: HisRow, line: Line) -> None:
        known = self._rows.get(row.id)
        if row.id in self._spoilt or (known is not None and known.file == row.file):
            self._bad(row.file, line, "row", _("the same key stands in an earlier row"))
            if known is not None and known[:-1] != row[:-1]:
                # Two rows that differ under one key: neither can be relied on.
                del self._rows[row.id]
                self._spoilt.add(row.id)
                self.extract.touched.add(known.patient)
            return
        self._rows[row.id] = row

    def _bad(self, source: str, line: Line, column: str, reason: str) -> None:
        self.extract.reasons.add(reason, file=source, row=line.number, column=column)
        self.extract.touched.update(as_code(cell) for cell in line.cells)


def extract_files(told: ExtractTold, base: Path) -> list[Path]:
    """Return the files the extract consists of now, in order of their names.

    Args:
        told: the site's settings.
        base: folder of the TOML file.
    """
    assert told.files is not None
    folder = base / told.files.folder
    return sorted(path for path in folder.glob(told.files.pattern) if path.is_file())


def read_extract(path: Path, currency: str, *, files: Sequence[Path] | None = None) -> Extract:
    """Return the extract that the TOML file ``path`` describes.

    Args:
        path: the TOML file.
        currency: of the amounts.
        files: read exactly these; by default all that are there.

    Raises:
        RefusedInputError: the TOML file, a file's headings or its encoding do not fit, or nothing is there.
        WrongPlaceError: the HIS's database cannot be read.
    """
    told = read_told(path)
    reading = ExtractReading(told, currency)
    if told.sql is not None:
        from sync.connectors.extract_sql import read_query

        reading.add("sql", read_query(told.sql))
        return reading.done()
    assert told.files is not None
    wanted = extract_files(told, path.parent) if files is None else files
    if not wanted:
        raise RefusedInputError(
            _("There is no extract {pattern} in {folder}.").format(
                pattern=told.files.pattern, folder=told.files.folder
            ),
            _("Have the HIS write it there, or mend [files] in {file}.").format(file=path.name),
        )
    for file in wanted:
        reading.add(
            file.name,
            read_lines(
                file, encoding=told.files.encoding, delimiter=told.files.delimiter, quote=told.files.quote
            ),
        )
    return reading.done()


def matched_patients(path: Path, told: ExtractTold) -> dict[str, str]:
    """Return HIS numbers by temporary number, from the file the TOML file at ``path`` names; {} without one."""
    return read_patients(path.parent / told.patients) if told.patients else {}
