"""Where receipts come out. A printer is one file here and one line in ``BUILT_IN``, or another package's."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, cast

from downtime.errors import RefusedInputError
from downtime.i18n import _
from downtime.printers.contract import (
    API,
    ENTRY_POINT_GROUP,
    MaybePrinted,
    NotPrinted,
    Printed,
    Printer,
    PrinterState,
    PrintJob,
    PrintOutcome,
)

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.printer_profile import PrinterSettings

__all__ = [
    "API",
    "BUILT_IN",
    "ENTRY_POINT_GROUP",
    "MaybePrinted",
    "NotPrinted",
    "PrintJob",
    "PrintOutcome",
    "Printed",
    "Printer",
    "PrinterState",
    "printer_class",
    "printer_kinds",
    "printer_of",
]

BUILT_IN: tuple[tuple[str, str], ...] = (
    ("pdf_folder", "downtime.printers.pdf_folder:PdfFolderPrinter"),
    ("escp", "downtime.printers.escp:EscpPrinter"),
    ("escpos", "downtime.printers.escpos:EscposPrinter"),
    ("cups", "downtime.printers.cups:CupsPrinter"),
    ("memory", "downtime.printers.memory:MemoryPrinter"),
    ("dead", "downtime.printers.memory:DeadPrinter"),
)
"""Each kind of printer and where it stands; loaded when it is asked for."""


def printer_kinds() -> tuple[str, ...]:
    """Return the names of all kinds there are, built-in ones first."""
    added = sorted(point.name for point in entry_points(group=ENTRY_POINT_GROUP))
    return (*(name for name, _place in BUILT_IN), *added)


def printer_class(kind: str) -> type[Printer]:
    """Return the printer class called ``kind``.

    Raises:
        RefusedInputError: there is none, or it was written for another version of the contract.
    """
    found: type[Printer] | None = None
    place = dict(BUILT_IN).get(kind)
    if place is not None:
        module, _colon, attribute = place.partition(":")
        found = cast("type[Printer]", getattr(import_module(module), attribute))
    else:
        for point in entry_points(group=ENTRY_POINT_GROUP, name=kind):
            found = cast("type[Printer]", point.load())
    if found is None:
        raise RefusedInputError(
            _("The settings name a printer of kind {kind}; there is none.").format(kind=kind),
            _("Use one of: {kinds}.").format(kinds=", ".join(printer_kinds())),
        )
    if found.api != API:
        raise RefusedInputError(
            _("Printer {kind} was written for contract {found}; this app has {ours}.").format(
                kind=kind, found=found.api, ours=API
            ),
            _("Install the printer's newer version."),
        )
    return found


def printer_of(profile: PrinterSettings, folder: Path) -> Printer:
    """Return the printer the settings describe.

    Args:
        profile: the section ``[printer]`` of the settings.
        folder: where a printer that writes files puts them.

    Raises:
        RefusedInputError: there is no such kind.
    """
    return printer_class(profile.kind).of(profile, folder)
