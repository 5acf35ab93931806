"""A printer that writes one PDF per copy into a folder, whole or not at all."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, ClassVar, Self

from downtime.i18n import _
from downtime.printer_profile import PrinterSettings
from downtime.printers.contract import API, NotPrinted, Printed, PrinterState
from downtime.printers.pdf import pdf_of, trial_receipt
from downtime.printers.raw import nothing_to_adjust
from downtime.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.i18n import Language
    from downtime.printers.contract import PageName, PrintJob, PrintOutcome
    from downtime.receipt_rows import Receipt

_UNFIT = re.compile(r"[^A-Za-z0-9-]+")
_NAME_CHARACTERS_MAX = 80


class PdfFolderPrinter:
    """Writes ``W03A-000128-7-copy1.pdf``, mode 0600, by a synced temporary file and a rename.

    The same copy printed again replaces its file with the same bytes. The text of a receipt never becomes
    part of a path.
    """

    kind: ClassVar[str] = "pdf_folder"
    api: ClassVar[int] = API

    def __init__(self, folder: Path, profile: PrinterSettings | None = None) -> None:
        self._folder = folder
        self._profile = profile or PrinterSettings()

    @classmethod
    def of(cls, profile: PrinterSettings, folder: Path) -> Self:
        """Return a printer that writes into ``folder``, which is made if it is missing."""
        return cls(folder, profile)

    def print_receipt(self, job: PrintJob) -> PrintOutcome:
        """Write the file."""
        return self._write(job.receipt)

    def print_page(self, page: PageName, language: Language) -> PrintOutcome:
        """Write the test page."""
        return self._write(trial_receipt(language)) if page == "test" else nothing_to_adjust()

    def state(self) -> PrinterState:
        """Say whether the folder can be written to."""
        nearest = next(folder for folder in (self._folder, *self._folder.parents) if folder.exists())
        if nearest.is_dir() and os.access(nearest, os.W_OK):
            return PrinterState("ok")
        return PrinterState(
            "unreachable", _("The folder {folder} cannot be written to.").format(folder=nearest)
        )

    def _write(self, receipt: Receipt) -> PrintOutcome:
        number = _UNFIT.sub("_", receipt.number)[:_NAME_CHARACTERS_MAX]
        path = self._folder / f"{number}-copy{receipt.copy}.pdf"
        pdf = pdf_of(receipt, self._profile)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(path, pdf)
        except OSError as error:
            return NotPrinted(
                _("The receipt could not be written to {folder}: {reason}.").format(
                    folder=self._folder, reason=error.strerror
                )
            )
        return Printed(path.name)
