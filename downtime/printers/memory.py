"""Printers without paper: one that keeps what it was given, and one that is always dead."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from downtime.i18n import _
from downtime.printers.contract import API, NotPrinted, Printed, PrinterState

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.i18n import Language
    from downtime.printer_profile import PrinterSettings
    from downtime.printers.contract import PageName, PrintJob, PrintOutcome


class MemoryPrinter:
    """Keeps every job; for tests and for windows that have no printer.

    Attributes:
        jobs: what was printed, oldest first.
        answers: outcomes to give before printing works again, first one next.
    """

    kind: ClassVar[str] = "memory"
    api: ClassVar[int] = API

    def __init__(self) -> None:
        self.jobs: list[PrintJob] = []
        self.answers: list[PrintOutcome] = []

    @classmethod
    def of(cls, profile: PrinterSettings, folder: Path) -> Self:  # noqa: ARG003 (the contract's signature)
        """Return an empty one."""
        return cls()

    def print_receipt(self, job: PrintJob) -> PrintOutcome:
        """Keep the job, unless an answer was set."""
        if self.answers:
            return self.answers.pop(0)
        self.jobs.append(job)
        return Printed("memory")

    def print_page(self, page: PageName, language: Language) -> PrintOutcome:  # noqa: ARG002 (the contract's)
        """Say that it is there; there is nothing to look at."""
        return self.answers.pop(0) if self.answers else Printed("memory")

    def state(self) -> PrinterState:
        """Say that it is ready."""
        return PrinterState("ok")


class DeadPrinter:
    """Never prints; for drills and tests of the "not printed" list."""

    kind: ClassVar[str] = "dead"
    api: ClassVar[int] = API

    @classmethod
    def of(cls, profile: PrinterSettings, folder: Path) -> Self:  # noqa: ARG003 (the contract's signature)
        """Return one."""
        return cls()

    def print_receipt(self, job: PrintJob) -> PrintOutcome:  # noqa: ARG002 (the contract's signature)
        """Say that nothing came out."""
        return NotPrinted(_("The printer does not answer."))

    def print_page(self, page: PageName, language: Language) -> PrintOutcome:  # noqa: ARG002 (the contract's)
        """Say that nothing came out."""
        return NotPrinted(_("The printer does not answer."))

    def state(self) -> PrinterState:
        """Say that nobody is there."""
        return PrinterState("unreachable", _("The printer does not answer."))
