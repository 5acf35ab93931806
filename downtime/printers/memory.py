"""Printers without paper: one that keeps what it was given, and one that is always dead."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from downtime.i18n import _
from downtime.printers.contract import NotPrinted, Printed

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.printers.contract import PrintJob, PrintOutcome


class MemoryPrinter:
    """Keeps every job; for tests and for windows that have no printer.

    Attributes:
        jobs: what was printed, oldest first.
        answers: outcomes to give before printing works again, first one next.
    """

    kind: ClassVar[str] = "memory"

    def __init__(self) -> None:
        self.jobs: list[PrintJob] = []
        self.answers: list[PrintOutcome] = []

    @classmethod
    def at(cls, folder: Path) -> Self:  # noqa: ARG003 (the contract's signature)
        """Return an empty one."""
        return cls()

    def print_receipt(self, job: PrintJob) -> PrintOutcome:
        """Keep the job, unless an answer was set."""
        if self.answers:
            return self.answers.pop(0)
        self.jobs.append(job)
        return Printed("memory")


class DeadPrinter:
    """Never prints; for drills and tests of the "not printed" list."""

    kind: ClassVar[str] = "dead"

    @classmethod
    def at(cls, folder: Path) -> Self:  # noqa: ARG003 (the contract's signature)
        """Return one."""
        return cls()

    def print_receipt(self, job: PrintJob) -> PrintOutcome:  # noqa: ARG002 (the contract's signature)
        """Say that nothing came out."""
        return NotPrinted(_("The printer does not answer."))
