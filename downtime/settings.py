"""``station.toml``: one versioned, commented file per station; unknown keys are refused with the line."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from downtime.errors import RefusedInputError
from downtime.i18n import _
from downtime.printer_profile import PrinterSettings

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HospitalSettings(_Section):
    """Whose station this is, and what the top of every receipt says."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,32}$")]
    name: Annotated[str, Field(min_length=1, max_length=80)]
    name_en: Annotated[str, Field(max_length=120)] = ""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "CNY"
    zone: str = "Asia/Shanghai"

    @field_validator("zone")
    @classmethod
    def _zone_is_known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"no time zone is called {zone}") from error
        return zone


class ReceiptSettings(_Section):
    """Wording of the provisional receipt; the site must approve it."""

    title: str = ""
    title_en: str = ""
    wording: tuple[str, ...] = ()
    wording_en: tuple[str, ...] = ()
    exchange_place: str = ""
    exchange_place_en: str = ""
    exchange_time: str = ""
    exchange_time_en: str = ""
    phone: str = ""
    language: Literal["zh", "en"] = "zh"


class StationSettings(_Section):
    """Which station this is."""

    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{1,3}$")]
    name: Annotated[str, Field(min_length=1, max_length=40)]
    department: str = ""
    drill: bool = False


class ScreenSettings(_Section):
    """How the screen looks."""

    language: Literal["zh", "en"] = "zh"
    theme: Literal["auto", "rich", "plain"] = "auto"


class AccessSettings(_Section):
    """Passwords and the lock that comes by itself; ``policy`` names a profile in ``downtime/policies``."""

    policy: Literal["cn-mlps3", "asvs5", "practice"] = "cn-mlps3"
    idle_seconds_cashier: Annotated[int, Field(ge=30, le=1800)] = 120
    idle_seconds: Annotated[int, Field(ge=30, le=1800)] = 300


class TwoPersonSettings(_Section):
    """From which amount on a second person is needed, and what may be done alone at night."""

    reversal_limit_minor: Annotated[int, Field(ge=0)] = 20_000
    solo_limit_minor: Annotated[int, Field(ge=0)] = 100_000
    code_minutes: Annotated[int, Field(ge=1, le=1440)] = 30
    single_pharmacist: bool = False


class JournalSettings(_Section):
    """Where a second copy of the head log is kept: another disk or a share, best effort."""

    head_mirror: str = ""


class BackupSettings(_Section):
    """Where backups go; each folder gets one."""

    folders: tuple[str, ...] = ()
    keep: Annotated[int, Field(ge=2, le=366)] = 14


class RetentionSettings(_Section):
    """How long a book is kept before its key may be destroyed; never under six months."""

    days: Annotated[int, Field(ge=183)] = 1_095


class Settings(_Section):
    """The whole file."""

    format: Literal[1] = 1
    hospital: HospitalSettings
    station: StationSettings
    receipt: ReceiptSettings = ReceiptSettings()
    screen: ScreenSettings = ScreenSettings()
    printer: PrinterSettings = PrinterSettings()
    access: AccessSettings = AccessSettings()
    two_person: TwoPersonSettings = TwoPersonSettings()
    journal: JournalSettings = JournalSettings()
    backup: BackupSettings = BackupSettings()
    retention: RetentionSettings = RetentionSettings()
    keymap: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    connectors: dict[str, dict[str, str]] = Field(default_factory=dict)


def read_settings(path: Path) -> Settings:
    """Return the settings in ``path``.

    Raises:
        RefusedInputError: not TOML, an unknown key or a value out of range; names file, line and remedy.
    """
    try:
        text = path.read_text("utf-8")
        return Settings.model_validate(tomllib.loads(text))
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedInputError(
            _("The settings file {file} cannot be read: {reason}.").format(file=path.name, reason=error),
            _("Restore it from a backup, or ask IT."),
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise RefusedInputError(
            _("The settings file {file} is not valid TOML: {reason}.").format(file=path.name, reason=error),
            _("Mend that line; nothing else has been changed."),
        ) from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = [str(step) for step in first["loc"]]
        raise RefusedInputError(
            _("{file} line {line}: {key}: {reason}.").format(
                file=path.name, line=_line_of(text, where), key=".".join(where), reason=first["msg"]
            ),
            _("Mend or remove that line; docs/settings.md lists every key."),
        ) from error


def _line_of(text: str, where: list[str]) -> int:
    """Return the line number where a key stands, or its section, or 1."""
    section = ""
    best = 1
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[([^\]]+)\]", line)
        if header:
            section = header.group(1).strip()
            if section == ".".join(where[:-1]) or section == ".".join(where):
                best = number
        key = re.match(r"\s*([A-Za-z0-9_-]+)\s*=", line)
        if key and [*(section.split(".") if section else []), key.group(1)] == where:
            return number
    return best


def settings_text(settings: dict[str, Any]) -> str:
    """Return plain nested settings as commented TOML text."""
    lines = ["# Settings of this station. docs/settings.md explains every key.", f"format = {FORMAT}"]
    for section, content in settings.items():
        subsections = {key: inner for key, inner in content.items() if isinstance(inner, dict)}
        plain = {key: inner for key, inner in content.items() if not isinstance(inner, dict)}
        if plain or not subsections:
            lines += ["", f"[{section}]", *_pairs(plain)]
        for name, inner in subsections.items():
            lines += ["", f"[{section}.{name}]", *_pairs(inner)]
    return "\n".join(lines) + "\n"


def _pairs(content: dict[str, Any]) -> list[str]:
    return [f"{key} = {_toml(inner)}" for key, inner in content.items()]


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_toml(inner) for inner in value) + "]"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
