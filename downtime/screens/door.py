"""What stands at the door: the few settings the login needs, read without the checks that come while one types.

Checking the whole file takes longer than drawing the first screen. It is done before anybody is let in.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from downtime.home import Home


@dataclass(frozen=True, slots=True)
class Door:
    """Settings of the first screen; defaults where the file says nothing or cannot be read."""

    station: str = "?"
    station_name: str = ""
    hospital: str = ""
    hospital_en: str = ""
    zone: str = "Asia/Shanghai"
    drill: bool = False
    language: str = "zh"
    theme: str = "auto"
    keymap: dict[str, tuple[str, ...]] = field(default_factory=dict)


def door_of(home: Home) -> Door:
    """Return what the settings file says, as far as it can be read."""
    try:
        found = tomllib.loads((home.path / "station.toml").read_text("utf-8"))
    except (OSError, ValueError):
        return Door()
    station, hospital, screen = (_section(found, name) for name in ("station", "hospital", "screen"))
    return Door(
        station=str(station.get("code", "?")),
        station_name=str(station.get("name", "")),
        hospital=str(hospital.get("name", "")),
        hospital_en=str(hospital.get("name_en", "")),
        zone=str(hospital.get("zone", "Asia/Shanghai")),
        drill=station.get("drill") is True,
        language="en" if screen.get("language") == "en" else "zh",
        theme=str(screen.get("theme", "auto")),
        keymap={act: tuple(map(str, keys)) for act, keys in _section(found, "keymap").items()},
    )


def _section(found: dict[str, Any], name: str) -> dict[str, Any]:
    section = found.get(name)
    return section if isinstance(section, dict) else {}
