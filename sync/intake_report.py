"""What an intake says: taken, refused with reasons, or still waiting for the rest of the set."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from downtime import os_calls
from downtime.clean import visible
from downtime.i18n import _
from downtime.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.store.reference import ReferenceFile

REASONS_KEPT = 200
_VALUE_SHOWN = 60

Status = Literal["taken", "refused", "waiting", "already"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing wrong.

    Attributes:
        file: name of the file, or "" where it is the set as a whole.
        row: line of the file, the headings being line 1; 0 where no one line is meant.
        field: column of the published list, or "".
        reason: what is wrong, in the language in use.
        value: what stood there, cleaned and cut; "" where it may be a person.
    """

    file: str
    row: int
    field: str
    reason: str
    value: str

    def line(self) -> str:
        """Return the reason as one line of the report."""
        place = (self.file, _("row {row}").format(row=self.row) if self.row else "", self.field)
        shown = f" [{self.value}]" if self.value else ""
        return f"{', '.join(filter(None, place))}: {self.reason}{shown}"


class Reasons:
    """Everything found wrong in one set: the first reasons are kept, all are counted.

    Attributes:
        quoting: whether what stood in a cell is told; not while rows about people are read, for the report
            is a plain file and goes to a console.
    """

    def __init__(self) -> None:
        self.kept: list[Reason] = []
        self.total = 0
        self.quoting = True

    def add(self, reason: str, *, file: str = "", row: int = 0, column: str = "", value: object = "") -> None:
        """Note one reason; ``value`` is cleaned here and nowhere else."""
        self.total += 1
        if len(self.kept) < REASONS_KEPT:
            told = self.quoting and value not in {"", None}
            shown = visible(str(value), _VALUE_SHOWN) if told else ""
            self.kept.append(
                Reason(visible(file, _VALUE_SHOWN), row, visible(column, _VALUE_SHOWN), reason, shown)
            )


@dataclass(frozen=True, slots=True)
class IntakeReport:
    """The outcome of one set of files in the inbox.

    Attributes:
        name: folder of the set, or "inbox" for a set that lies there flat.
        status: taken; refused (the old data stay in force); waiting for files that are not complete yet;
            already: this very set was taken before.
        version: number the manifest gives, or None if it cannot be read.
        file: the reference file made, if taken.
        reasons: the first 200 reasons of a refusal, or what a waiting set still lacks.
        reasons_total: all reasons.
        notes: odd things that were taken as they are.
        report_path: the written report of a refusal.
        fingerprint: changes when a file of the set changes.
    """

    name: str
    status: Status
    version: int | None = None
    file: ReferenceFile | None = None
    reasons: tuple[Reason, ...] = ()
    reasons_total: int = 0
    notes: tuple[str, ...] = ()
    report_path: Path | None = None
    fingerprint: str = field(default="", compare=False)

    def text(self) -> str:
        """Return the report as people read it."""
        lines = [_HEADINGS[self.status]().format(name=visible(self.name), version=self.version or "-")]
        if self.file is not None:
            counts = ", ".join(f"{table} {count}" for table, count in self.file.rows.items() if count)
            lines.append(_("Rows: {counts}").format(counts=counts))
        if self.reasons_total:
            lines.append(_("Reasons: {total}").format(total=self.reasons_total))
        lines += [reason.line() for reason in self.reasons]
        if self.reasons_total > len(self.reasons):
            lines.append(_("and {more} more").format(more=self.reasons_total - len(self.reasons)))
        return "\n".join([*lines, *self.notes]) + "\n"


_HEADINGS = {
    "taken": lambda: _("Taken in: reference set {name}, version {version}."),
    "refused": lambda: _("Refused: reference set {name}, version {version}. The old data stay in force."),
    "waiting": lambda: _("Waiting: reference set {name}, version {version} is not complete yet."),
    "already": lambda: _("Reference set {name}, version {version} was taken in before."),
}


def write_report(folder: Path, name: str, text: str) -> Path:
    """Write a refusal's report to ``folder``, readable for the own account only, and return where."""
    os_calls.private_dir(folder)
    plain = "".join(c if c.isalnum() or c in "-_." else "_" for c in name).lstrip(".")[:80] or "set"
    path = folder / f"{plain}.report.txt"
    write_whole(path, text.replace("\n", os.linesep).encode())
    return path
