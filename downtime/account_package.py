"""Accounts on their way from one station to another: one file, signed with the hospital's key.

It holds the account files and nothing else: what opens them is the person's own password, and what they may
open at the other station is granted there. No patient is in it. The emergency account, the delivering account
and people drafted for an outage belong to one station and stay there.

Which of two files of one account counts: the higher version. But a closing that nobody took back stands
against any version, so that a leaver closed at one window does not live on by a password changed at another.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from downtime.accounts import changed, genuine_slot
from downtime.canonical import UnsealableError, seal, unseal
from downtime.errors import AccessRefusedError, RefusedInputError
from downtime.i18n import _
from downtime.record import record_event
from downtime.signing import signature_is_good
from downtime.slots import Slot, closed_slot, read_slot
from forms.station_book import Audit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from downtime.book import OpenBook
    from downtime.signing import SigningKey

PACKAGE_VERSION = 1
PACKAGE_BYTES_MAX = 64 << 20
_SIGNED = b"downtime account package 1"


@dataclass(frozen=True, slots=True)
class Package:
    """What a package says.

    Attributes:
        hospital: public key of the hospital, hex.
        station: code of the station that packed it.
        made_at: when, RFC 3339.
        slots: the accounts.
    """

    hospital: str
    station: str
    made_at: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one account of a package.

    Attributes:
        operator: whose.
        outcome: "new", "newer", "closed", "granted", "same", "older", "stays_closed" or "conflict".
    """

    operator: str
    outcome: str

    @property
    def changed_something(self) -> bool:
        """Whether this station's accounts are different now."""
        return self.outcome in {"new", "newer", "closed", "granted"}


# -- packing ------------------------------------------------------------------------------------------


def travelling(slots: Iterable[Slot]) -> list[Slot]:
    """Return the accounts that belong to the hospital and not to one station, closed ones too."""
    return [slot for slot in slots if slot.kind == "person"]


def packed(slots: Iterable[Slot], hospital: SigningKey, station: str, made_at: str) -> bytes:
    """Return the package of these accounts, signed."""
    content = {
        "v": PACKAGE_VERSION,
        "hospital": hospital.public.hex(),
        "station": station,
        "made_at": made_at,
        "slots": [json.loads(slot.sealed(hospital)) for slot in slots],
    }
    return seal({"package": content, "signature": hospital.sign(_SIGNED + seal(content)).hex()}) + b"\n"


def pack(book: OpenBook) -> bytes:
    """Return the package of this station's accounts; the audit says that it was made."""
    settings = book.home.settings
    slots = travelling(book.home.keys.slots())
    made = packed(slots, book.ring.hospital_key(), settings.station.code, book.clock.now().wall)
    record_event(book, Audit(event="accounts_packed", detail=str(len(slots))))
    return made


def read_package(content: bytes, hospital_public: bytes) -> Package:
    """Return what a package says.

    Raises:
        RefusedInputError: not a package, changed on the way, or of another hospital.
    """
    try:
        stored = unseal(content.rstrip(b"\n"))
        if seal(stored) + b"\n" != content:
            raise _unreadable()
        inside: dict[str, Any] = stored["package"]
        signature = bytes.fromhex(stored["signature"])
        if inside["v"] != PACKAGE_VERSION:
            raise _unreadable()
        named = bytes.fromhex(inside["hospital"])
        slots = [json.dumps(slot) for slot in inside["slots"]]
        station, made_at = str(inside["station"]), str(inside["made_at"])
    except (ValueError, KeyError, TypeError, AttributeError, UnsealableError) as error:
        raise _unreadable() from error
    if named != hospital_public:
        raise RefusedInputError(
            _("These accounts are of another hospital, or of another set of stations."),
            _("Nothing was taken. Pack them at a station that shares this one's hospital key."),
        )
    if not signature_is_good(hospital_public, signature, _SIGNED + seal(inside)):
        raise RefusedInputError(
            _("The accounts file was changed on its way: its signature does not fit."),
            _("Nothing was taken. Fetch it again; if it happens twice, tell the administrator."),
        )
    try:
        found = tuple(travelling(read_slot(text, hospital_public) for text in slots))
    except AccessRefusedError as error:
        raise _unreadable() from error
    return Package(named.hex(), station, made_at, found)


def _unreadable() -> RefusedInputError:
    return RefusedInputError(
        _("This is no accounts file, or it is damaged."),
        _("Nothing was taken. Make it anew: downtime accounts pack FILE."),
    )


# -- taking -------------------------------------------------------------------------------------------


def take(book: OpenBook, package: Package) -> list[Taken]:
    """Merge a package into this station's accounts; each change is recorded. Return what became of each."""
    found = [_taken(book, slot) for slot in package.slots]
    counts = f"{sum(one.changed_something for one in found)}/{len(found)}"
    clean = not any(one.outcome == "conflict" for one in found)
    detail = f"{package.station} {package.made_at} {counts}"
    record_event(book, Audit(event="accounts_taken", subject=package.station, success=clean, detail=detail))
    return found


def _taken(book: OpenBook, theirs: Slot) -> Taken:
    keys, operator = book.home.keys, theirs.operator
    ours = genuine_slot(book, operator)
    mark = book.state().accounts.get(operator)
    version = max(ours.version if ours is not None else 0, mark.version if mark is not None else 0)
    closed_here = (ours is not None and ours.closed) or (mark is not None and mark.closed)
    if theirs.closed:
        return _take_closing(book, theirs, ours, version, closed_here=closed_here)
    if closed_here and theirs.lifted < version:
        if theirs.version >= version:
            _close(book, theirs)
        return Taken(operator, "stays_closed")
    if theirs.version < version:
        return Taken(operator, "older")
    if theirs.version == version:
        return Taken(operator, _take_same(book, theirs, ours, version))
    # The file first: a crash in between leaves an account that opens, and the next login records it.
    keys.keep_slot(book.ring, theirs)
    record_event(book, changed(theirs, "taken_over"))
    return Taken(operator, "new" if ours is None else "newer")


def _take_same(book: OpenBook, theirs: Slot, ours: Slot | None, version: int) -> str:
    """Compare two files of one version; let the person in where only the grant or the right file is missing."""
    mark = book.state().accounts.get(theirs.operator)
    known = mark.sha256 if mark is not None and mark.version == version else ""
    held = ours.fingerprint() if ours is not None else ""
    if theirs.fingerprint() != (known or held):
        return "conflict"
    if held == theirs.fingerprint() and _is_granted(book, theirs.operator):
        return "same"
    book.home.keys.keep_slot(book.ring, theirs)
    return "granted"


def _take_closing(
    book: OpenBook, theirs: Slot, ours: Slot | None, version: int, *, closed_here: bool
) -> Taken:
    if closed_here:
        if theirs.version > version:
            _keep_closing(book, theirs)
        return Taken(theirs.operator, "same")
    if ours is None and version == 0:
        _keep_closing(book, theirs)  # somebody this station never knew: an older file of theirs stays out
        return Taken(theirs.operator, "closed")
    if theirs.version > version:
        _keep_closing(book, theirs)
        return Taken(theirs.operator, "closed")
    if ours is not None and ours.lifted >= theirs.version:
        return Taken(theirs.operator, "older")  # two people took that closing back
    _close(book, ours if ours is not None else replace(theirs, version=version))
    return Taken(theirs.operator, "closed")


def _close(book: OpenBook, slot: Slot) -> None:
    """Close under a version above every one known, so that it holds wherever it travels next."""
    _keep_closing(book, closed_slot(slot))


def _keep_closing(book: OpenBook, closed: Slot) -> None:
    """Keep a closed account; recorded first, so that no older file put back revives it."""
    reason = _("closed at another station")
    record_event(book, changed(closed, "closed", reason), as_station=True)
    book.home.keys.keep_slot(book.ring, closed)


def _is_granted(book: OpenBook, operator: str) -> bool:
    return (book.home.keys.folder / "grants" / f"{operator}.json").is_file()
