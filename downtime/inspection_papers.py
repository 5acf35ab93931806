"""What an emergency leaves behind: outages and drills, and the papers the hospital attaches.

Files lie in ``inspection/`` of the home and are named by the control they prove: ``emergency-plan.pdf``,
``emergency-plan-2026-05-01.docx``. A date in the name counts before the date of the file.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from downtime import os_calls
from downtime.inspection_words import (
    EVIDENCE,
    MISSING,
    Evidence,
    Fact,
    Told,
    age_days,
    aged,
    day,
    in_entry,
    in_file,
    minute,
    moment,
    named,
)
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from downtime.entry import Entry
    from downtime.home import Home
    from downtime.inspection_controls import Control
    from downtime.inspection_look import Look

FOLDER = "inspection"
_CHUNK_BYTES = 1 << 20
_FILE_BYTES_MAX = 256 << 20
_YEAR_DAYS = 365
_DAY_IN_NAME = re.compile(r"(?<!\d)(20\d\d)-?([01]\d)-?([0-3]\d)(?!\d)")


def outages(look: Look, _days: int) -> Evidence:
    """Real outages: each declared and ended by two people."""
    declared = look.entries("outage_declared")
    if not declared:
        return Evidence(MISSING, Told(N_("no outage is recorded yet")), (), {"outages": 0, "minutes_year": 0})
    ended = {entry.content["outage"]: entry for entry in look.entries("outage_ended")}
    by_two = _by_two(look)
    facts, alone, minutes = [], [], 0
    for start in declared:
        name = str(start.content["outage"])
        end = ended.get(name)
        lasted = (
            int((_time(end) - _time(start)).total_seconds() // 60)
            if end is not None and _time(end) > _time(start)
            else 0
        )
        if end is not None and age_days(end.recorded_at, look.now) <= _YEAR_DAYS:
            minutes += lasted
        values = {"outage": name, "start": minute(start.happened_at), "end": minute(end.happened_at) if end else "-",
                  "minutes": lasted}  # fmt: skip
        facts.append(
            Fact(
                N_("Outage"),
                Told(N_("{outage}: {start} to {end}, {minutes} minutes"), values),
                in_entry(start),
            )
        )
        alone += [name] if any(one is not None and one.id not in by_two for one in (start, end)) else []
    figures = {
        "outages": len(declared),
        "ended": len(ended),
        "minutes_year": minutes,
        "not_by_two": len(alone),
    }
    if alone:
        line = Told(N_("not declared or ended by two people: {outages}"), {"outages": named(alone)})
        return Evidence(MISSING, line, tuple(facts), figures)
    values = {"count": len(declared), "going": len(declared) - len(ended), "minutes": minutes}
    line = Told(
        N_("outages: {count}, each by two people, going on: {going}; {minutes} minutes within a year"), values
    )
    return Evidence(EVIDENCE, line, tuple(facts), figures)


def _time(entry: Entry) -> datetime:
    return moment(entry.happened_at)


def _by_two(look: Look) -> set[str]:
    """Return the ids of entries that a second person approved or countersigned."""
    agreed = {
        entry.content["approval_id"] for entry in look.entries("countersigned") if entry.content["agreed"]
    }
    return {
        entry.content["entry_id"]
        for entry in look.entries("approval")
        if entry.content["way"] == "second_person" or entry.id in agreed
    }


def drills(_look: Look, _days: int) -> Evidence:
    """Drills: none is recorded by this program yet, so this is missing until papers of one are attached."""
    return Evidence(MISSING, Told(N_("no drill is recorded yet")), (), {"drills": 0})


# -- attached papers ----------------------------------------------------------------------------------


def attached(look: Look, control: Control, paths: Sequence[Path]) -> Evidence:
    """The newest file of the hospital that is named by a control, and how old it is."""
    found = sorted(((_dated(path), path) for path in paths), key=lambda one: one[0])
    if not found:
        example = {"folder": FOLDER, "name": f"{control.id}.pdf"}
        return Evidence(
            MISSING, Told(N_("no file; put it into {folder} as {name}"), example), (), {"files": 0}
        )
    facts, whole = [], []
    for at, path in reversed(found):
        try:
            size, digest = _hashed(path)
        except OSError as error:
            told = Told(N_("cannot be read ({reason})"), {"reason": error.strerror or str(error)})
            facts.append(Fact(N_("File"), told, in_file(f"{FOLDER}/{path.name}")))
            continue
        if size:
            whole.append(at)
        values = {"day": day(at), "bytes": f"{size:,}", "sha256": digest}
        facts.append(Fact(N_("File"), Told(N_("{day}, {bytes} bytes, SHA-256 {sha256}"), values),
                          in_file(f"{FOLDER}/{path.name}")))  # fmt: skip
    if not whole:
        return Evidence(MISSING, Told(N_("the file is empty or cannot be read")), tuple(facts), {"files": 0})
    line = Told(N_("files: {count}, the newest of {day}"), {"count": len(whole), "day": day(whole[0])})
    return Evidence(
        aged(whole[0], look.now, control.stale_after_days), line, tuple(facts), {"files": len(whole)}
    )


def files_by_control(home: Home, ids: Iterable[str]) -> dict[str, list[Path]]:
    """Return the files in ``inspection/`` by the control they are named by; "" holds what is named by none.

    Of two ids that begin alike the longer one takes the file.
    """
    longest_first = sorted(ids, key=len, reverse=True)
    found: dict[str, list[Path]] = {}
    folder = home.path / FOLDER
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name.startswith(".") or path.is_dir():
            continue
        stem = path.name.lower()
        owner = next((one for one in longest_first if re.match(rf"{re.escape(one)}(?![a-z0-9])", stem)), "")
        found.setdefault(owner, []).append(path)
    return found


def _dated(path: Path) -> str:
    """Return the date in a file's name, else when it was last written."""
    found = _DAY_IN_NAME.search(path.name)
    if found is not None:
        try:
            return date(*map(int, found.groups())).isoformat() + "T00:00:00+00:00"
        except ValueError:
            pass  # figures that are no day
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="milliseconds")


def _hashed(path: Path) -> tuple[int, str]:
    """Return size and SHA-256 of a plain file.

    Raises:
        OSError: a link, a pipe, or too large to be a document.
    """
    digest, size = hashlib.sha256(), 0
    with os_calls.open_regular(path) as stored:
        while chunk := stored.read(_CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
            if size > _FILE_BYTES_MAX:
                raise OSError(27, "larger than 256 MB")  # EFBIG on every system Python runs on
    return size, digest.hexdigest()
