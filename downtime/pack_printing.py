"""Printing a pack: its numbers stand in the journal before there is any paper that carries them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime import os_calls
from downtime.errors import DowntimeError, WrongPlaceError
from downtime.i18n import _
from downtime.pack_number import PaperNumber
from downtime.pack_paper import pack_pdf
from downtime.packs import new_pack
from downtime.record import record_event

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.book import OpenBook
    from downtime.i18n import Language
    from forms.paper_pack import PaperKind


def print_pack(
    book: OpenBook, kind: PaperKind, count: int, out: Path, language: Language
) -> tuple[PaperNumber, PaperNumber]:
    """Record the next pack and write its forms; return the first and the last number.

    Args:
        book: the open book.
        kind: what is written on the forms.
        count: how many.
        out: the PDF, which must not exist yet; readable by the own account only.
        language: the larger one on the form.

    Raises:
        AccessRefusedError: the operator may not.
        RefusedInputError: none or too many.
        WrongPlaceError: there is no room for the file; nothing is recorded unless the message says so.
    """
    form = new_pack(book, kind, count)
    paper = pack_pdf(form, book.home.settings, language)
    first, last = (PaperNumber(form.series, n, book.identity.drill) for n in (form.first, form.last))
    _make_place(out)
    try:
        record_event(book, form)
    except DowntimeError:
        out.unlink(missing_ok=True)
        raise
    try:
        with out.open("r+b") as file:
            file.write(paper)
            file.flush()
            os_calls.fsync_file(file.fileno())
    except OSError as error:
        raise WrongPlaceError(
            _("{file} cannot be written: {reason}.").format(file=out.name, reason=error),
            _("Declare forms {first} to {last} void, then print another pack.").format(
                first=first, last=last
            ),
        ) from error
    return first, last


def _make_place(out: Path) -> None:
    try:
        if out.exists():
            raise FileExistsError(out.name)
        os_calls.private_file(out)
    except OSError as error:
        raise WrongPlaceError(
            _("{file} cannot be written: {reason}.").format(file=out.name, reason=error),
            _("Name another file; nothing was recorded."),
        ) from error
