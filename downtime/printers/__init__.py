"""Where receipts come out. A printer is one file here and one place in ``PRINTERS``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.errors import RefusedInputError
from downtime.i18n import _
from downtime.printers.contract import MaybePrinted, NotPrinted, Printed, Printer, PrintJob, PrintOutcome
from downtime.printers.memory import DeadPrinter, MemoryPrinter
from downtime.printers.pdf_folder import PdfFolderPrinter

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "PRINTERS",
    "DeadPrinter",
    "MaybePrinted",
    "MemoryPrinter",
    "NotPrinted",
    "PdfFolderPrinter",
    "PrintJob",
    "PrintOutcome",
    "Printed",
    "Printer",
    "printer_of",
]

PRINTERS: tuple[type[Printer], ...] = (PdfFolderPrinter, MemoryPrinter, DeadPrinter)
"""The kinds of printer a site can name in its settings."""


def printer_of(kind: str, folder: Path) -> Printer:
    """Return a printer of ``kind`` as the settings name it.

    Args:
        kind: "pdf_folder", "memory" or "dead".
        folder: where a printer that writes files puts them.

    Raises:
        RefusedInputError: there is no such kind.
    """
    for printer in PRINTERS:
        if printer.kind == kind:
            return printer.at(folder)
    raise RefusedInputError(
        _("The settings name a printer of kind {kind}; there is none.").format(kind=kind),
        _("Use one of: {kinds}.").format(kinds=", ".join(printer.kind for printer in PRINTERS)),
    )
