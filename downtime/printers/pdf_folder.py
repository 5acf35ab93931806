"""A printer that writes one PDF per copy into a folder, whole or not at all."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, ClassVar, Self

from downtime.i18n import _
from downtime.printers.contract import NotPrinted, Printed
from downtime.receipt_pdf import receipt_pdf

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.printers.contract import PrintJob, PrintOutcome

_OWNER_ONLY = 0o600
_UNFIT = re.compile(r"[^A-Za-z0-9-]+")
_NAME_CHARACTERS_MAX = 80


class PdfFolderPrinter:
    """Writes ``W03A-000128-7-copy1.pdf``, mode 0600, by a synced temporary file and a rename.

    The same copy printed again replaces its file with the same bytes. The text of a receipt never becomes
    part of a path.
    """

    kind: ClassVar[str] = "pdf_folder"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def at(cls, folder: Path) -> Self:
        """Return a printer that writes into ``folder``, which is made if it is missing."""
        return cls(folder)

    def print_receipt(self, job: PrintJob) -> PrintOutcome:
        """Write the file."""
        number = _UNFIT.sub("_", job.receipt.number)[:_NAME_CHARACTERS_MAX]
        path = self._folder / f"{number}-copy{job.receipt.copy}.pdf"
        unfinished = path.with_suffix(".part")
        pdf = receipt_pdf(job.receipt)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            unfinished.unlink(missing_ok=True)
            _write_whole(unfinished, pdf)
            unfinished.replace(path)
        except OSError as error:
            _remove_if_possible(unfinished)
            return NotPrinted(
                _("The receipt could not be written to {folder}: {reason}.").format(
                    folder=self._folder, reason=error.strerror
                )
            )
        return Printed(path.name)


def _write_whole(path: Path, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, _OWNER_ONLY), "wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())


def _remove_if_possible(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        # The folder is as unreachable as it was; what is left there is marked .part and never read.
        return
