"""From an entry to paper: the site's letterhead, the printer, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from downtime.letterhead import Letterhead
from downtime.printers import MaybePrinted, PrintJob, printer_of
from downtime.printers import Printed as PaperOut
from downtime.receipt import FormalNumber, receipt_lines
from forms.station_book import Printed
from forms.text import N_

if TYPE_CHECKING:
    from downtime.desk import Desk
    from downtime.entry import Entry
    from downtime.i18n import Language
    from downtime.printers import PrintOutcome
    from downtime.receipt_rows import Receipt
    from downtime.settings import Settings

_DOCUMENT_KINDS = {"paper_invoice": N_("Paper invoice"), "e_invoice": N_("Electronic invoice")}


def letterhead_of(settings: Settings, language: Language) -> Letterhead:
    """Return what the site has printed around every receipt, in ``language``."""
    hospital, words = settings.hospital, settings.receipt
    chinese = language == "zh"
    return Letterhead(
        hospital_name=hospital.name if chinese else hospital.name_en or hospital.name,
        title=words.title if chinese else words.title_en,
        wording=words.wording if chinese else words.wording_en or words.wording,
        exchange_place=words.exchange_place if chinese else words.exchange_place_en or words.exchange_place,
        exchange_time=words.exchange_time if chinese else words.exchange_time_en or words.exchange_time,
        exchange_phone=words.phone,
        currency=hospital.currency,
        language=language,
    )


def receipt_of(desk: Desk, entry: Entry, copy: int, language: Language | None = None) -> Receipt:
    """Return the receipt of ``entry`` as it is printed here."""
    settings = desk.home.settings
    language = language or settings.receipt.language
    formal = [
        FormalNumber(
            _DOCUMENT_KINDS[document.kind], document.bill_code, document.number, document.status == "void"
        )
        for document in desk.formal_documents(entry.id)
    ]
    return receipt_lines(
        entry,
        letterhead_of(settings, language),
        language=language,
        copy=copy,
        formal=formal,
        prices_as_of=desk.reference.taken_at if desk.reference else None,
    )


def print_entry(desk: Desk, entry: Entry, copy: int, reason: str = "") -> Printed:
    """Print one copy and return what became of it, ready to be recorded.

    Args:
        desk: whose printer and language.
        entry: what to print; it is in the journal already.
        copy: 1 for the first print.
        reason: why a further copy is wanted.
    """
    settings = desk.home.settings.printer
    folder = desk.home.path / settings.folder if settings.folder else desk.book.paths.paper
    job = PrintJob(entry.id, receipt_of(desk, entry, copy))
    printer = printer_of(settings, folder)
    outcome: PrintOutcome
    try:
        outcome = printer.print_receipt(job)
    except Exception as error:  # noqa: BLE001 (another package's printer may do anything; the entry stands)
        outcome = MaybePrinted(type(error).__name__)
    state: Literal["printed", "not_printed", "maybe_printed"] = "printed"
    why = reason
    if not isinstance(outcome, PaperOut):
        state = "maybe_printed" if isinstance(outcome, MaybePrinted) else "not_printed"
        why = outcome.reason
    return Printed(
        entry_id=entry.id,
        number=entry.number or "",
        copy_number=copy,
        state=state,
        printer=settings.kind,
        reason=why,
    )
