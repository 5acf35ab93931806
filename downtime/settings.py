"""``station.toml``: one versioned, commented file per station; unknown keys are refused with the line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator

from downtime.printer_profile import PrinterSettings
from downtime.toml_file import read_toml

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


class PaperSettings(_Section):
    """Packs of paper forms for when there is no power at the window, and typing them in afterwards."""

    layout: Literal["a4", "a5"] = "a4"
    parts: Annotated[int, Field(ge=1, le=3)] = 2
    part_names: Annotated[tuple[str, ...], Field(max_length=3)] = ()
    part_names_en: Annotated[tuple[str, ...], Field(max_length=3)] = ()
    keyed_twice: bool = False


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


class NumbersSettings(_Section):
    """From how few receipt numbers on the app says that they run low."""

    warn_below: Annotated[int, Field(ge=0, le=100_000)] = 200


class HisSettings(_Section):
    """What the hospital has ruled about its HIS; told to people, never acted on.

    ``closed_day``: on which day an entry is booked there whose own day is closed already: the day it is
    brought in, or the day it happened, which finance opens again.
    """

    closed_day: Literal["entry_day", "happened_day"] = "entry_day"


class WindowSettings(_Section):
    """What is chosen from at the window; no list of its own gives the categories of the price list."""

    categories: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=64)], ...], Field(max_length=20)
    ] = ()


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
    paper: PaperSettings = PaperSettings()
    journal: JournalSettings = JournalSettings()
    backup: BackupSettings = BackupSettings()
    retention: RetentionSettings = RetentionSettings()
    numbers: NumbersSettings = NumbersSettings()
    window: WindowSettings = WindowSettings()
    his: HisSettings = HisSettings()
    keymap: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    connectors: dict[str, dict[str, str]] = Field(default_factory=dict)


def read_settings(path: Path) -> Settings:
    """Return the settings in ``path``.

    Raises:
        RefusedInputError: not TOML, an unknown key or a value out of range; names file, line and remedy.
    """
    return read_toml(path, Settings, "docs/settings.md")


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
