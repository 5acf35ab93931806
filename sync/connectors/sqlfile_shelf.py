"""The folder between us and the vendor's client: our scripts, its output files, and what both say of an entry.

    dt-0007-3f9c....sql         to be run
    dt-0007-3f9c....out         what the client wrote
    dt-0007-3f9c....problem.txt why that is not believed, in plain words; goes away by itself
    done/                       scripts whose every entry the HIS has decided, with their answers

Nothing but these files is remembered: what is known is read from them, in whatever order they came.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from downtime import os_calls
from downtime.i18n import _
from downtime.outcome import Accepted, HandedOver, Outcome, Rejected, Unreachable
from downtime.whole_file import write_whole
from sync.connectors.sqlfile_script import BATCH, Planned, Script, batch_named, script_of, written
from sync.connectors.sqlfile_spool import Held, SpoolRefusedError, answers_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sync.connectors.sqlfile_sql import Sql
    from sync.connectors.staging_rows import StagedEntry

_FILE: Final = re.compile(rf"dt-({BATCH.pattern})\.sql")
_DONE: Final = "done"


@dataclass(frozen=True, slots=True)
class _Stamp:
    """What tells that a file is still the one that was read."""

    size: int
    changed_ns: int


@dataclass(frozen=True, slots=True)
class _Known:
    """One script, and what its answer says if it can be believed."""

    name: str
    script: Script
    answers: dict[str, Held] | None


class OtherBodyError(Exception):
    """Other content stands under the entry's id, in a script of ours or at the HIS."""


class Shelf:
    """The scripts and answers in one folder.

    Raises:
        OSError: from any method, if the folder cannot be read or written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[Path, tuple[_Stamp, Script | None]] = {}
        self._heard: dict[Path, tuple[_Stamp, dict[str, Held] | None]] = {}
        self._known: list[_Known] = []
        self._of: dict[str, list[tuple[_Known, Planned]]] = {}

    def look(self) -> None:
        """Read what is new in the folder."""
        paths = [path for path in self.folder.iterdir() if _FILE.fullmatch(path.name)]
        done = self.folder / _DONE
        if done.is_dir():
            paths += [path for path in done.iterdir() if _FILE.fullmatch(path.name)]
        self._known, self._of = [], {}
        for path in sorted(paths, key=_place):
            script = self._script(path)
            if script is None:
                continue
            known = _Known(path.name, script, self._answers(path, script))
            self._known.append(known)
            for each in script.entries:
                self._of.setdefault(each.id, []).append((known, each))

    def _script(self, path: Path) -> Script | None:
        stamp = _stamp(path)
        if path not in self._read or self._read[path][0] != stamp:
            script = script_of(path.read_bytes())
            if script is not None and path.name != f"dt-{script.batch}.sql":
                script = None
            self._read[path] = (stamp, script)
            if script is None:
                _tell(path, _("This script was changed or cut short. Do not run it; it is written again."))
        return self._read[path][1]

    def _answers(self, path: Path, script: Script) -> dict[str, Held] | None:
        beside = path.with_suffix(".out")
        spool = next((each for each in (beside, self.folder / beside.name) if each.is_file()), None)
        if spool is None:
            return None
        stamp = _stamp(spool)
        if spool not in self._heard or self._heard[spool][0] != stamp:
            try:
                answers: dict[str, Held] | None = answers_of(spool.read_bytes(), script)
                problem = None
            except SpoolRefusedError as refused:
                answers, problem = None, str(refused)
            self._heard[spool] = (stamp, answers)
            _tell(path, problem)
        return self._heard[spool][1]

    def standing(self, entry_id: str, body_hash: str) -> tuple[Outcome | None, int]:
        """Return the answer about an entry, None if no script names it; and the attempt it is offered under.

        What stands at the HIS stands, whatever an older or a later file says; a refusal counts only for the
        attempt that was offered last; that nothing stands there counts only from the last script.

        Raises:
            OtherBodyError: other content stands under its id.
        """
        named = self._of.get(entry_id)
        if not named:
            return None, 1
        told = [known.answers[entry_id] for known, _each in named if known.answers is not None]
        there = [held for held in told if held.body_hash is not None]
        if any(each.body_hash != body_hash for _known, each in named) or any(
            held.body_hash != body_hash for held in there
        ):
            raise OtherBodyError
        attempt = max(each.attempt for _known, each in named)
        last = named[-1][0]
        posted = [held for held in there if held.state == "posted"]
        if posted:
            return Accepted(posted[-1].documents, posted[-1].reference), attempt
        refused = [held for held in there if held.state == "refused" and held.attempt >= attempt]
        if refused:
            reason = refused[-1].reason or _("The HIS gives no reason.")
            return Rejected(reason), max(held.attempt for held in refused)
        if not there and last.answers is not None:
            return self._left_out(last.answers[entry_id]), attempt
        return HandedOver(last.name), attempt

    @staticmethod
    def _left_out(held: Held) -> Outcome:
        if held.reason:
            return Rejected(held.reason)
        return Unreachable(_("What it builds on does not stand in the staging tables."))

    def body_hash(self, entry_id: str) -> str | None:
        """Return the body under which a script of ours names the entry, or None if none does."""
        named = self._of.get(entry_id)
        return named[0][1].body_hash if named else None

    def held(self, entry_id: str) -> Held | None:
        """Return what the last answer says stands there under the id, or None."""
        for known, _each in reversed(self._of.get(entry_id, [])):
            if known.answers is not None and known.answers[entry_id].body_hash is not None:
                return known.answers[entry_id]
        return None

    def is_uncertain(self, entry_id: str) -> bool:
        """Whether a script names the entry and no answer shows it there yet."""
        return entry_id in self._of and self.held(entry_id) is None

    def put(self, sql: Sql, plan: Sequence[Planned], rows: Sequence[StagedEntry]) -> str:
        """Write the next script, complete or not at all; return its file's name."""
        number = 1 + max((int(known.script.batch.split("-")[0]) for known in self._known), default=0)
        while list(self.folder.glob(f"dt-{number:04d}-*")):
            number += 1
        batch = batch_named(number, plan)
        write_whole(self.folder / f"dt-{batch}.sql", written(batch, sql, plan, rows))
        self.look()
        return f"dt-{batch}.sql"

    def tidy(self) -> None:
        """Put aside every script that need not run again, with its answer."""
        for known in self._known:
            path = self.folder / known.name
            if known.answers is None or not path.is_file():
                continue
            if all(held.body_hash is None or held.state for held in known.answers.values()):
                with suppress(OSError):  # somebody has it open; it is put aside the next time
                    os_calls.private_dir(self.folder / _DONE)
                    for part in (path, path.with_suffix(".out")):
                        part.replace(path.parent / _DONE / part.name)


def _place(path: Path) -> tuple[int, str]:
    number, _dash, rest = path.stem.removeprefix("dt-").partition("-")
    return int(number), rest


def _stamp(path: Path) -> _Stamp:
    found = path.stat()
    return _Stamp(found.st_size, found.st_mtime_ns)


def _tell(script: Path, problem: str | None) -> None:
    """Leave a sentence beside a script, or take it away."""
    note = script.with_suffix(".problem.txt")
    if problem is None:
        note.unlink(missing_ok=True)
    else:
        write_whole(note, f"{problem}\n".encode())
