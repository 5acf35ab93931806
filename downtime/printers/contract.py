"""What every printer promises.

A printer gets the receipt as rows and draws it itself: a PDF, dots for a thermal head, or codes for a
dot-matrix printer. It answers with what it knows, never with an exception, so that a dead printer stops nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol, Self, runtime_checkable

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.i18n import Language
    from downtime.printer_profile import PrinterSettings
    from downtime.receipt_rows import Receipt

API = 1
"""Version of this contract. A printer from another package names the one it was written for."""

ENTRY_POINT_GROUP = "downtime.printers"


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
    """The paper, or its file, is there: the printer took all of it and, if it can, said so.

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
    """It may have come out, or a part of it: look, then decide. Another print is a further copy.

    Attributes:
        reason: in the language in use, without patient data.
    """

    reason: str


PrintOutcome = Printed | NotPrinted | MaybePrinted

State = Literal["ok", "busy", "no_paper", "unreachable", "unknown"]


@dataclass(frozen=True, slots=True)
class PrinterState:
    """What a printer says of itself when asked.

    Attributes:
        state: ok; busy (printing for somebody, stopped, or its cover is open); no_paper; unreachable; unknown
            (it takes what it is sent, and answers no question).
        reason: more in the language in use, or "".
    """

    state: State
    reason: str = ""


PageName = Literal["test", "nudge"]
"""The page that asks which line can be read, and the one that measures where the paper lies."""


@runtime_checkable
class Printer(Protocol):
    """Something receipts come out of.

    Class attributes:
        kind: its name in the settings.
        api: the version of this contract it was written for.
    """

    kind: ClassVar[str]
    api: ClassVar[int]

    @classmethod
    def of(cls, profile: PrinterSettings, folder: Path) -> Self:
        """Return a printer for ``profile`` that keeps what it writes, if anything, in ``folder``."""
        ...

    def print_receipt(self, job: PrintJob) -> PrintOutcome:
        """Print one copy and say what is known of it. Never raises because of the surroundings."""
        ...

    def print_page(self, page: PageName, language: Language) -> PrintOutcome:
        """Print a page about the printer itself."""
        ...

    def state(self) -> PrinterState:
        """Ask the printer how it is; answers within the profile's time."""
        ...
