"""What the hub last said of an outage, as sync keeps it in the folder ``hub`` of the home; it starts or ends none."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from downtime.clean import visible
from downtime.i18n import _

if TYPE_CHECKING:
    from downtime.home import Home

PACKAGE_FILE = "hub/package.json"


@dataclass(frozen=True, slots=True)
class Notice:
    """One announcement.

    Attributes:
        name: of the outage.
        state: "started" or "ended".
        at: RFC 3339, by the hub's clock.
        said_by: who said so there.
    """

    name: str
    state: str
    at: str
    said_by: str

    def words(self) -> str:
        """Return it as a sentence."""
        if self.state == "started":
            told = _("{by} says at the hub: outage {name} has begun ({at}).")
        else:
            told = _("{by} says at the hub: outage {name} is over ({at}). Record nothing new under it.")
        moment = visible(self.at[:16].replace("T", " "))
        return told.format(by=visible(self.said_by, 40), name=visible(self.name, 60), at=moment)


def kept_package(home: Home) -> dict[str, Any]:
    """Return what came down from the hub last, as it was signed; empty if nothing did."""
    try:
        found = json.loads((home.path / PACKAGE_FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}  # nothing came down yet, or half of it was lost: it comes again
    return found if isinstance(found, dict) else {}


def hub_notice(home: Home) -> Notice | None:
    """Return the last announcement, or None."""
    outages = kept_package(home).get("outages") or []
    return Notice(**outages[-1]) if outages else None
