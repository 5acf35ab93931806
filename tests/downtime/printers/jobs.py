"""Small made-up jobs for the tests of printers."""

from __future__ import annotations

from downtime.printers import PrintJob
from downtime.receipt_rows import Receipt, Words


def job(number: str = "W03A-000128-7", copy: int = 1, lines: int = 1) -> PrintJob:
    """Return a job of so many lines."""
    return PrintJob("an-entry", Receipt(number, "en", copy, "", (Words("practice"),) * lines))
