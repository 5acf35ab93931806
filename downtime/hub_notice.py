"""What the hub last sent down, as sync keeps it in the folder ``hub`` of the home, and what it said of an outage.

Nothing in it is believed without the signature of the hub this station joined. The end of an outage carries a
signature of its own, so that the entry which ends it here can bring it along for whoever verifies the book.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from downtime.canonical import UnsealableError, seal
from downtime.clean import visible
from downtime.i18n import _
from downtime.signing import key_id_of, signature_is_good

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.home import Home

PACKAGE_FILE: Final = "hub/package.json"
SIGNED: Final = b"downtime hub package 1\x00"
"""What stands before a package where the hub signs it."""
STARTED, ENDED = "started", "ended"
_MEMBERSHIP: Final = "hub.json"
_ANNOUNCED: Final = b"downtime hub outage 1\x00"


@dataclass(frozen=True, slots=True)
class Notice:
    """One announcement.

    Attributes:
        name: of the outage.
        state: "started" or "ended".
        at: RFC 3339, by the hub's clock.
        said_by: who said so there.
        signature: of the hub over ``announced_bytes``, hex.
    """

    name: str
    state: str
    at: str
    said_by: str
    signature: str

    def words(self) -> str:
        """Return it as a sentence."""
        if self.state == STARTED:
            told = _("{by} says at the hub: outage {name} has begun ({at}).")
        else:
            told = _("{by} says at the hub: outage {name} is over ({at}). Record nothing new under it.")
        moment = visible(self.at[:16].replace("T", " "))
        return told.format(by=visible(self.said_by, 40), name=visible(self.name, 60), at=moment)


def announced_bytes(hospital: str, name: str, state: str, at: str, said_by: str) -> bytes:
    """Return what the hub signs when it announces the start or the end of an outage."""
    told = {"hospital": hospital, "outage": name, "state": state, "at": at, "said_by": said_by}
    return _ANNOUNCED + seal(told)


def hub_key(home: Home) -> bytes | None:
    """Return the public key of the hub this station joined, or None."""
    try:
        return bytes.fromhex(json.loads((home.path / _MEMBERSHIP).read_text("utf-8"))["signing"])
    except (OSError, ValueError, KeyError, TypeError):
        return None  # it joined none, or what says which is damaged: then nothing from above counts


def genuine_package(told: Any, signing: bytes | None, hospital: str, station: str) -> dict[str, Any] | None:
    """Return the package in ``told`` if the hub made it for this very station, else None.

    Args:
        told: ``{"package": {..}, "signature": hex}``.
        signing: the hub's public key.
        hospital: of this station.
        station: its code.
    """
    try:
        package: dict[str, Any] = told["package"]
        good = signing is not None and signature_is_good(
            signing, bytes.fromhex(told["signature"]), SIGNED + seal(package)
        )
        good = good and (package["hospital"], package["station"]) == (hospital, station)
        for outage in package["outages"]:
            Notice(**outage)
    except (KeyError, TypeError, ValueError, UnsealableError):
        return None
    return package if good else None


class _Kept:
    """The package as last read, so that a scan or a look each second costs no signature."""

    def __init__(self) -> None:
        self.of: tuple[Path, int, int] | None = None
        self.package: dict[str, Any] = {}


_KEPT: Final = _Kept()


def kept_package(home: Home) -> dict[str, Any]:
    """Return what came down from the hub last; empty if nothing did, or it is not as the hub signed it."""
    file = home.path / PACKAGE_FILE
    try:
        stated = file.stat()
        key = (file, stated.st_size, stated.st_mtime_ns)
        if _KEPT.of != key:
            told = json.loads(file.read_text("utf-8"))
            settings = home.settings
            found = genuine_package(told, hub_key(home), settings.hospital.id, settings.station.code)
            _KEPT.package, _KEPT.of = found or {}, key
    except (OSError, ValueError):
        return {}  # nothing came down yet, or half of it was lost: it comes again
    return _KEPT.package


def notices(home: Home) -> list[Notice]:
    """Return what the hub last said of each outage, oldest first."""
    last: dict[str, Notice] = {}
    for outage in kept_package(home).get("outages") or []:
        last.pop(outage["name"], None)
        last[outage["name"]] = Notice(**outage)
    return list(last.values())


def hub_notice(home: Home) -> Notice | None:
    """Return the last announcement, or None."""
    return next(reversed(notices(home)), None)


def receipt_keys(home: Home) -> dict[bytes, bytes]:
    """Return the public keys that receipts are checked with, by key id: this station's and those the hub sent."""
    sent = [bytes.fromhex(key["public"]) for key in kept_package(home).get("station_keys") or ()]
    return {key_id_of(public): public for public in sent} | home.keys.public_keys()


@dataclass(frozen=True, slots=True)
class Told:
    """What the people here should see of an announcement.

    Attributes:
        short: for the top line; "" where the mode in force says it already.
        words: for the home screen.
        is_urgent: what is in force here differs from it.
    """

    short: str
    words: str
    is_urgent: bool


def told_here(notice: Notice | None, outage: str, today: str) -> Told | None:
    """Return what to show of the hub's last word, or None if it says nothing new here.

    Args:
        notice: the last announcement.
        outage: in force here, or "".
        today: begin of an RFC 3339 time: an end is shown on the day it was announced.
    """
    if notice is None:
        return None
    name, since = visible(notice.name, 40), visible(notice.at[11:16])
    over = _("Hub: {name} is over since {since}. Serve in the HIS.")
    begun = _("Hub: {name} began at {since}. If the HIS is down here, declare it.")
    if notice.state == ENDED and outage == notice.name:
        short, words, is_urgent = _("HUB: OVER {since}"), over, True
    elif notice.state == ENDED and not outage and notice.at[:10] == today[:10]:
        short, words, is_urgent = "", over, False
    elif notice.state == STARTED and not outage:
        short, words, is_urgent = _("HUB: OUTAGE {since}"), begun, True
    else:
        return None
    return Told(short.format(since=since), words.format(name=name, since=since), is_urgent)
