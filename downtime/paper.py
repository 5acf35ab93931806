"""From an entry to paper: the site's letterhead, the printer, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from downtime.letterhead import Letterhead
from downtime.paper_template import PaperTemplate, found_template, said_in
from downtime.printers import MaybePrinted, PrintJob, printer_of
from downtime.printers import Printed as PaperOut
from downtime.receipt import FormalNumber, receipt_lines
from forms.shift import ShiftClosed
from forms.station_book import Printed
from forms.text import N_

if TYPE_CHECKING:
    from pydantic import BaseModel

    from downtime.desk import Desk
    from downtime.entry import Entry
    from downtime.i18n import Language
    from downtime.printers import PrintOutcome
    from downtime.receipt_rows import Receipt
    from downtime.settings import Settings

_DOCUMENT_KINDS = {"paper_invoice": N_("Paper invoice"), "e_invoice": N_("Electronic invoice")}


def letterhead_of(
    settings: Settings, language: Language, template: PaperTemplate | None = None, form: str = ""
) -> Letterhead:
    """Return what the site has printed around every receipt, in ``language``.

    Args:
        settings: the station's; what the template says wins over them.
        language: of the paper.
        template: the site's, or none.
        form: whose paper it is.
    """
    hospital, words = settings.hospital, settings.receipt
    template = template or PaperTemplate()
    own = template.of(form)

    def said(name: str) -> Any:
        return said_in(language, template.words, name) or said_in(language, words, name)

    return Letterhead(
        hospital_name=said_in(language, hospital, "name"),
        title=_title(language, template.words) or _title(language, words),
        own_title=_title(language, own),
        wording=said_in(language, own, "wording") or said("wording"),
        exchange_place=said("exchange_place"),
        exchange_time=said("exchange_time"),
        exchange_phone=template.words.phone or words.phone,
        currency=hospital.currency,
        language=language,
        insured=said_in(language, template.words, "insured"),
        stamp=said_in(language, template.words, "stamp"),
        parts=said_in(language, own, "parts"),
        order=own.order,
    )


def _title(language: Language, words: BaseModel) -> str:
    """Return a title; English does without the site's Chinese one, for the app has its own."""
    return str(getattr(words, "title" if language == "zh" else "title_en"))


def receipt_of(desk: Desk, entry: Entry, copy: int, language: Language | None = None) -> Receipt:
    """Return the receipt of ``entry`` as it is printed here."""
    settings = desk.home.settings
    language = language or settings.receipt.language
    if entry.form == ShiftClosed.name:
        from downtime.shift_report import shift_report

        return shift_report(entry, letterhead_of(settings, language), copy=copy)
    formal = [
        FormalNumber(
            _DOCUMENT_KINDS[document.kind], document.bill_code, document.number, document.status == "void"
        )
        for document in desk.formal_documents(entry.id)
    ]
    return receipt_lines(
        entry,
        letterhead_of(settings, language, found_template(desk.home.path).template, entry.form),
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
