"""Copies and keys: verified backups that are still there, the last restore that was tried, how old the keys are."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from downtime.inspection_look import SHARE_SECONDS_MAX, within
from downtime.inspection_words import (
    EVIDENCE,
    MISSING,
    SETTINGS,
    Evidence,
    Fact,
    Told,
    age,
    age_days,
    aged,
    in_entry,
    minute,
    named,
    plain,
    worst,
)
from downtime.store.inspection_queries import is_encrypted
from forms.text import N_

if TYPE_CHECKING:
    from downtime.entry import Entry
    from downtime.inspection_look import Look
    from downtime.inspection_words import State

_FOLDER_CHARACTERS = 400
_MANIFEST = "manifest.json"
_HOUR_SECONDS = 3_600


def backups(look: Look, days: int) -> Evidence:
    """For every folder the newest verified backup that still lies there unchanged."""
    made = look.entries("backup_made")
    folders = [str(look.home.path / folder)[-_FOLDER_CHARACTERS:] for folder in look.settings.backup.folders]
    wanted = list(dict.fromkeys(folders or [str(entry.content["folder"]) for entry in made]))
    if not wanted:
        return Evidence(
            MISSING, Told(N_("no backup is recorded and no folder for them is set up")), (), {"copies": 0}
        )
    states: list[State] = []
    facts: list[Fact] = []
    hours, copies = 0, 0
    for folder in wanted:
        here = [entry for entry in made if entry.content["folder"] == folder]
        standing = _still_there(folder, here)
        copies += len(standing)
        source = SETTINGS if folder in folders else Told(N_("recorded backups"))
        facts.append(Fact(N_("Folder"), Told(N_("{folder}: {count} of {total} recorded copies are there"), {
            "folder": folder, "count": len(standing), "total": len(here)}), source))  # fmt: skip
        if not standing:
            states.append(MISSING)
            continue
        last = standing[-1]
        states.append(aged(last.recorded_at, look.now, days))
        hours = max(hours, int(age(last.recorded_at, look.now).total_seconds() // _HOUR_SECONDS))
        values = {
            "file": last.content["file"],
            "at": minute(last.recorded_at),
            "entries": last.content["entries"],
            "megabytes": -(-int(last.content["bytes"]) // (1 << 20)),
        }
        told = Told(N_("{at}, {file}, verified, {entries} entries, {megabytes} MB"), values)
        facts.append(Fact(N_("Last backup"), told, in_entry(last)))
    figures = {"folders": len(wanted), "copies": copies, "recorded": len(made), "hours": hours}
    state = worst(states)
    if state == MISSING:
        bare = [folder for folder, one in zip(wanted, states, strict=True) if one == MISSING]
        line = Told(N_("no verified backup lies in {folders}"), {"folders": named(bare)})
        return Evidence(MISSING, line, tuple(facts), figures)
    line = Told(N_("folders: {folders}, copies: {copies}; the last is {hours} hours old"), figures)
    return Evidence(state, line, tuple(facts), figures)


def _still_there(folder: str, made: list[Entry]) -> list[Entry]:
    """Return the recorded backups whose manifest lies there exactly as it was recorded, oldest first."""

    def look() -> list[Entry]:
        return [entry for entry in made if _digest(Path(folder) / entry.content["file"] / _MANIFEST)
                == entry.content["sha256"]]  # fmt: skip

    try:
        return within(SHARE_SECONDS_MAX, look)
    except OSError:
        return []


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def restore_test(look: Look, days: int) -> Evidence:
    """When a backup was last brought back to life elsewhere and verified there."""
    tested = look.entries("restore_tested")
    if not tested:
        return Evidence(MISSING, Told(N_("no restore was ever tried")), (), {"tests": 0})
    last = tested[-1]
    facts = tuple(
        Fact(
            N_("Restore tested"),
            Told(
                N_("{at}: backup {file} of {made_at}, {entries} entries, {seconds} s"),
                {
                    "at": minute(entry.recorded_at),
                    "file": entry.content["file"],
                    "made_at": minute(entry.content["made_at"]),
                    "entries": entry.content["entries"],
                    "seconds": entry.content["seconds"],
                },
            ),
            in_entry(entry),
        )
        for entry in reversed(tested[-5:])
    )
    since = age_days(last.recorded_at, look.now)
    figures = {"tests": len(tested), "days": since, "seconds": int(last.content["seconds"])}
    line = Told(N_("last on {at}, {days} days ago"), {"at": minute(last.recorded_at), "days": since})
    return Evidence(aged(last.recorded_at, look.now, days), line, facts, figures)


def keys_renewed(look: Look, days: int) -> Evidence:
    """How old the oldest key in use is: the station's, and that of every book that still opens."""
    if not look.books:
        return Evidence(MISSING, Told(N_("there is no book that can be read")))
    openings = {
        book.paths.number: next(e for e in book.entries if e.form == "opening") for book in look.books
    }
    since: dict[int, Entry] = {0: openings[min(openings)], **openings}
    renewals = look.entries("keys_renewed")
    for entry in renewals:
        number = 0 if entry.content["what"] == "station" else int(entry.content["book"])
        if number in since:
            since[number] = entry
    facts = []
    for number, entry in since.items():
        what = Told(N_("station")) if not number else Told(N_("book {book}"), {"book": f"{number:04d}"})
        how = Told(N_("renewed")) if entry.form == "keys_renewed" else Told(N_("made, never renewed"))
        values = {"what": what, "how": how, "at": minute(entry.recorded_at)}
        facts.append(Fact(N_("Key"), Told(N_("{what}: {how}, {at}"), values), in_entry(entry)))
    oldest = min(since.values(), key=lambda entry: entry.recorded_at)
    age_of = age_days(oldest.recorded_at, look.now)
    figures = {"keys": len(since), "renewals": len(renewals), "days": age_of}
    line = Told(N_("the oldest of {keys} keys is {days} days old; renewed {renewals} times"), figures)
    return Evidence(aged(oldest.recorded_at, look.now, days), line, tuple(facts), figures)


def encryption(look: Look, _days: int) -> Evidence:
    """Every database file is encrypted on the disk: its first bytes say so now."""
    found = sorted(
        path
        for below in ("books", "reference")
        for path in (look.home.path / below).rglob("*.db")
        if path.is_file() and path.stat().st_size
    )
    if not found:
        return Evidence(MISSING, Told(N_("there is no database file")), (), {"files": 0})
    open_ones = [path.relative_to(look.home.path).as_posix() for path in found if not is_encrypted(path)]
    facts = (
        Fact(N_("Database files"), plain(len(found)), Told(N_("first bytes of each file, now"))),
        Fact(N_("Cipher"), plain(f"SQLCipher {look.cipher}"), Told(N_("measured now"))),
        *(Fact(N_("Not encrypted"), plain(name), Told(N_("measured now"))) for name in open_ones),
    )
    figures = {"files": len(found), "not_encrypted": len(open_ones)}
    if open_ones:
        return Evidence(
            MISSING, Told(N_("not encrypted: {files}"), {"files": named(open_ones)}), facts, figures
        )
    return Evidence(
        EVIDENCE, Told(N_("all {count} database files are encrypted"), {"count": len(found)}), facts, figures
    )
