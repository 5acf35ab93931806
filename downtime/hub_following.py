"""Doing at this station what came down from its hub: an outage ends, numbers are added, files of the site change.

The hub's signature stands for the right to do so, whoever runs this: it is the very same at every station. Each
thing is done once, however often it is asked; what cannot be done is said once, with its reason.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from downtime import os_calls
from downtime.approvals import approve_by_hub
from downtime.clean import visible
from downtime.errors import DowntimeError, RefusedInputError
from downtime.hub_notice import ENDED, kept_package, notices
from downtime.i18n import _
from downtime.record import new_entry_id, record_as_station, record_station_form
from downtime.sealing import Filled
from downtime.settings_watch import SITE_FOLDER
from downtime.shelf import entries_since
from downtime.site_files import check_site_file
from downtime.store import number_queries
from downtime.whole_file import write_whole
from forms.station_book import Audit, NumberBlock, OutageEnded

if TYPE_CHECKING:
    from downtime.book import OpenBook
    from downtime.home import Home
    from downtime.hub_notice import Notice

FOLLOWED_FILE: Final = "hub/followed.json"
_NAMESPACE: Final = uuid.UUID("6d0c4f0e-8a0b-5a53-9a2e-3f5ac0de0001")
_BEFORE: Final = "before"


@dataclass
class Followed:
    """What one look at the package did.

    Attributes:
        done: what was done, in words.
        refused: what could not be done and why; not tried again until the hub sends something else.
    """

    done: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def must_follow(home: Home) -> bool:
    """Return whether something came down that was not followed yet."""
    return bool(kept_package(home)) and _followed(home).get("version") != kept_package(home)["version"]


def follow(book: OpenBook) -> Followed:
    """Do what the hub's package says and is not done yet; crash and do it again as often as you like.

    Args:
        book: the current book, opened by whoever runs this.

    Raises:
        StopRecordingError, JournalAlarmError: as recording; what is not done is done next time.
    """
    home, done = book.home, Followed()
    package = kept_package(home)
    if not package:
        return done
    kept = _followed(home)
    _end_outage(book, done)
    _add_numbers(book, package, done)
    applied = _place_files(book, package, dict(kept.get("files", {})), done)
    told = {"version": package["version"], "files": applied}
    write_whole(home.path / FOLLOWED_FILE, json.dumps(told, indent=1).encode())
    return done


def _followed(home: Home) -> dict[str, Any]:
    try:
        found = json.loads((home.path / FOLLOWED_FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}  # nothing yet, or lost: what was done is recognised by the entries
    return found if isinstance(found, dict) else {}


# -- the end of an outage -----------------------------------------------------------------------------


def _end_outage(book: OpenBook, done: Followed) -> None:
    outage = book.outage()
    notice = next((one for one in notices(book.home) if one.name == outage and one.state == ENDED), None)
    if notice is None:
        return
    entry_id = _once(book, f"outage {notice.signature}")
    # Declared again under its old name after that announcement: this one has done its work.
    if any(entry.id == entry_id for entry in entries_since(book.home, book.ring, 1, (OutageEnded.name,))):
        return
    filled = Filled(OutageEnded(outage=outage, declared_by=notice.said_by), entry_id)
    record_station_form(book, filled, approve_by_hub(book, filled, notice))
    done.done.append(_ended_words(notice))


def _ended_words(notice: Notice) -> str:
    return _("Outage {name} is ended here, as {by} announced at the hub.").format(
        name=visible(notice.name), by=visible(notice.said_by, 40)
    )


# -- numbers ------------------------------------------------------------------------------------------


def _add_numbers(book: OpenBook, package: dict[str, Any], done: Followed) -> None:
    own = [block for block in package["numbers"] if block["incarnation"] == book.identity.incarnation]
    if not own:
        return
    known = {entry.id for entry in entries_since(book.home, book.ring, 1, (NumberBlock.name,))}
    for block in own:
        first, last = int(block["first"]), int(block["last"])
        entry_id = _once(book, f"numbers {first} {last}")
        if entry_id in known:
            continue
        told = _("Numbers {first} to {last}").format(first=first, last=last)
        passed = _passed(book)
        if first <= passed:
            done.refused.append(
                _("{what}: refused, numbers up to {passed} were given to this station already.").format(
                    what=told, passed=passed
                )
            )
            continue
        audit = Audit(event="taken_from_hub", subject=f"numbers {first}-{last}", detail=_of(package))
        record_as_station(
            book, [Filled(NumberBlock(first=first, last=last), entry_id), Filled(audit, new_entry_id())]
        )
        done.done.append(_("{what}: added, given by the hub.").format(what=told))


def _passed(book: OpenBook) -> int:
    """Return the highest number that was used or given here: a block is used from its first number on."""
    return max(
        [number_queries.following(book.db) - 1, *(block.last for block in number_queries.blocks(book.db))]
    )


# -- files of the site --------------------------------------------------------------------------------


def _place_files(
    book: OpenBook, package: dict[str, Any], applied: dict[str, str], done: Followed
) -> dict[str, str]:
    """Put files into the site folder, each version once; return the hash of what was looked at, by name."""
    home = book.home
    for file in package["files"]:
        name = str(file["name"]).removeprefix("site/")
        if file["kind"] != "site" or applied.get(name) == file["sha256"]:
            continue
        told = _("File {name}").format(name=visible(name))
        source, target = home.path / "hub" / "site" / name, home.path / SITE_FOLDER / name
        try:
            content = source.read_bytes() if source.is_file() else b""
            if hashlib.sha256(content).hexdigest() != file["sha256"]:
                continue  # a newer one is on its way
            if not target.is_file() or target.read_bytes() != content:
                check_site_file(name, source)
                _replace(home, name, content)
                detail = f"{_of(package)} sha256 {file['sha256']}"
                audit = Audit(event="taken_from_hub", subject=f"site/{name}", detail=detail)
                record_as_station(book, [Filled(audit, new_entry_id())])
                done.done.append(_("{what}: in force, sent by the hub.").format(what=told))
        except RefusedInputError as wrong:
            done.refused.append(
                _("{what}: refused, the one before stays. {reason}").format(what=told, reason=wrong.what)
            )
        except OSError as error:
            raise _not_written(name, error) from error
        applied[name] = file["sha256"]
    return applied


def _replace(home: Home, name: str, content: bytes) -> None:
    """Put a file into the site folder whole; the one before it stays in ``hub/before``."""
    target, before = home.path / SITE_FOLDER / name, home.path / "hub" / _BEFORE
    for folder in (target.parent, before):
        os_calls.private_dir(folder)
    if target.is_file():
        write_whole(before / name, target.read_bytes())
    write_whole(target, content)


def _not_written(name: str, error: OSError) -> DowntimeError:
    return RefusedInputError(
        _("The file {name} cannot be put in place: {reason}.").format(
            name=visible(name), reason=error.strerror or type(error).__name__
        ),
        _("See that the disk is not full; it is tried again by itself."),
    )


def _of(package: dict[str, Any]) -> str:
    return f"package {package['version']}"


def _once(book: OpenBook, what: str) -> str:
    """Return the id of the entry that does ``what`` at this station: recorded once, however often it is asked."""
    return str(uuid.uuid5(_NAMESPACE, f"{book.identity.station}{book.identity.incarnation} {what}"))
