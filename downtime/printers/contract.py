"""What every printer promises.

A printer gets the receipt as rows and draws it itself: a PDF, a raster for ESC/POS, or plain text for a dot
matrix printer. It answers with what it knows, never with an exception, so that a dead printer stops nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol, Self, runtime_checkable

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.receipt_rows import Receipt


@dataclass(frozen=True, slots=True)
class PrintJob:
    """One copy to be printed.

    Attributes:
        entry_id: entry the paper is about.
        receipt: what to print; ``receipt.copy`` says which copy it is.
    """

    entry_id: str
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Printed:
    """The paper, or its file, is there.

    Attributes:
        where: name of the file or the printer.
    """

    where: str


@dataclass(frozen=True, slots=True)
class NotPrinted:
    """Certainly nothing came out; print again.

    Attributes:
        reason: in the language in use, without patient data.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class MaybePrinted:
    """It may have come out: look, then decide. Another print is a further copy.

    Attributes:
        reason: in the language in use, without patient data.
    """

    reason: str


PrintOutcome = Printed | NotPrinted | MaybePrinted


@runtime_checkable
class Printer(Protocol):
    """Something receipts come out of.

    Class attributes:
        kind: its name in the settings.
    """

    kind: ClassVar[str]

    @classmethod
    def at(cls, folder: Path) -> Self:
        """Return a printer that keeps what it writes, if anything, in ``folder``."""
        ...

    def print_receipt(self, job: PrintJob) -> PrintOutcome:
        """Print one copy and say what is known of it. Never raises because of the surroundings."""
        ...
