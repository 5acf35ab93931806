"""What a site says of its HIS's extract: one TOML file, with the same column rules as the intake of reference data."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from downtime.errors import RefusedInputError
from downtime.i18n import _
from downtime.toml_file import read_toml
from sync.intake_manifest import Encoding
from sync.intake_mapping import ColumnRule
from sync.reading.fields import FIELD_NAMES, REQUIRED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from sync.intake_report import Reasons

COMPARED_FORMS = (
    *("charge", "itemisation", "bookkeeping", "deposit", "deposit_refund"),
    *("precollection", "payment", "refund", "reversal"),
)


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("an IANA zone, like Asia/Shanghai") from error
    return name


def _reads_only(query: str) -> str:
    if not query.lstrip().lower().startswith(("select", "with")) or ";" in query.rstrip().rstrip(";"):
        raise ValueError("one SELECT; the HIS is only read")
    return query.rstrip().rstrip(";")


class SqlTold(BaseModel):
    """Where to ask: a SQLAlchemy URL, and one SELECT."""

    model_config = ConfigDict(extra="forbid")
    url: str
    query: Annotated[str, AfterValidator(_reads_only)]


class FilesTold(BaseModel):
    """Which files: a folder (beside the TOML file) and a pattern; of two rows with one key the later file's counts."""

    model_config = ConfigDict(extra="forbid")
    folder: str = "."
    pattern: Annotated[str, Field(pattern=r"^[^/\\]+$")] = "*.csv"
    encoding: Encoding
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    quote: bool = True


class ExtractTold(BaseModel):
    """The whole file.

    Attributes:
        zone: IANA zone of times without an offset.
        window_hours: a row this long after an entry may still be its retyping.
        slack_minutes: how far the HIS's clock may be behind ours.
        operator: compare the operator, or leave it out (somebody else types it in).
        covers: forms that the extract shows at all.
        awaits_document: forms whose tick waits until the formal document stands in the extract.
        patients: CSV file of two columns, temporary number and HIS number, beside the TOML file.
    """

    model_config = ConfigDict(extra="forbid")
    zone: Annotated[str, AfterValidator(_known_zone)]
    window_hours: Annotated[int, Field(ge=1, le=24 * 31)] = 24
    slack_minutes: Annotated[int, Field(ge=0, le=24 * 60)] = 10
    operator: Literal["compare", "ignore"] = "compare"
    covers: tuple[str, ...] = ("charge", "itemisation", "bookkeeping", "refund", "reversal")
    awaits_document: tuple[str, ...] = ()
    patients: str = ""
    files: FilesTold | None = None
    sql: SqlTold | None = None
    columns: dict[str, ColumnRule]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.files is None) == (self.sql is None):
            raise ValueError("give exactly one of [files] and [sql]")
        unknown = [name for name in self.columns if name not in FIELD_NAMES]
        if unknown:
            raise ValueError(f"no field {', '.join(unknown)}; the fields are {', '.join(FIELD_NAMES)}")
        missing = [name for name in REQUIRED if name not in self.columns]
        if "amount" not in self.columns and "price" not in self.columns:
            missing.append("amount")
        if missing:
            raise ValueError(f"nothing gives {', '.join(missing)}")
        odd = [form for form in (*self.covers, *self.awaits_document) if form not in COMPARED_FORMS]
        if odd:
            raise ValueError(f"no form {', '.join(odd)}; these are compared: {', '.join(COMPARED_FORMS)}")
        return self

    def clock_zone(self) -> ZoneInfo:
        """Return the zone."""
        return ZoneInfo(self.zone)


def read_told(path: Path) -> ExtractTold:
    """Return what the TOML file ``path`` says.

    Raises:
        RefusedInputError: it cannot be read, or says something that does not fit; names line and remedy.
    """
    return read_toml(path, ExtractTold, "docs/tick-off.md")


def compile_columns(
    columns: dict[str, ColumnRule], headings: list[str], file: str, reasons: Reasons
) -> Callable[[Sequence[str]], dict[str, str]] | None:
    """Return the function from cells to named text, or None with reasons if a heading is missing or stands twice."""
    before = reasons.total
    place = {name: n for n, name in enumerate(headings)}
    wanted = {heading for rule in columns.values() for heading in rule.columns}
    for name in sorted(wanted):
        if name not in place:
            reasons.add(_("this heading is missing"), file=file, row=1, column=name)
        elif headings.count(name) > 1:
            reasons.add(_("this heading stands twice"), file=file, row=1, column=name)
    if reasons.total > before:
        return None
    compiled = [(name, rule.compiled(place)) for name, rule in columns.items()]
    return lambda cells: {name: read(cells) for name, read in compiled}


def read_patients(path: Path) -> dict[str, str]:
    """Return HIS numbers by temporary number, from a UTF-8 CSV file of two columns with headings.

    Raises:
        RefusedInputError: not readable, or one temporary number is matched to two patients.
    """
    matched: dict[str, str] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            rows = list(csv.reader(handle))[1:]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RefusedInputError(
            _("{file} cannot be read: {reason}.").format(file=path.name, reason=error),
            _("Write it as UTF-8 CSV: temporary number, HIS number."),
        ) from error
    for n, cells in enumerate(rows, start=2):
        two = [cell.strip() for cell in cells]
        if not any(two):
            continue
        if len(two) != 2 or not all(two) or matched.get(two[0], two[1]) != two[1]:  # noqa: PLR2004 (columns)
            raise RefusedInputError(
                _("{file} line {line} does not match one temporary number to one patient.").format(
                    file=path.name, line=n
                ),
                _("Mend that line; nothing else has been changed."),
            )
        matched[two[0]] = two[1]
    return matched
