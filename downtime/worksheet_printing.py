"""Printing a worksheet at a station: recorded before there is any paper, so that a reprint says so."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from downtime.errors import RefusedInputError, WrongPlaceError
from downtime.i18n import _, in_language
from downtime.record import record_event
from downtime.whole_file import write_whole
from downtime.worksheet import signed_minor, worksheet_entry
from downtime.worksheet_paper import Sheet, worksheet_pdf
from downtime.worksheet_reading import read_retyping
from downtime.worksheet_standing import counts_of, word_of
from downtime.worksheet_template import read_template, shipped_template, template_path
from forms.text import N_
from forms.worksheet_printed import WorksheetPrinted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from downtime.book import OpenBook
    from downtime.i18n import Language
    from downtime.worksheet_standing import RetypeRow, Retyping
    from downtime.worksheet_template import WorksheetTemplate

STILL_OPEN = N_("still to be typed in")
ALL = N_("all entries")
EVERYBODY = N_("everybody")
SEEN = N_("stood on sheet {numbers} already")
SET_ASIDE = N_("in quarantine at the hub: not typed in")
REVERSED = N_("reversed by {number}: type both, or neither")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be printed.

    Attributes:
        operator: whose entries, or "" for everybody's.
        outage: name of the outage, or "" for all.
        everything: those typed in and verified too.
    """

    operator: str = ""
    outage: str = ""
    everything: bool = False


@dataclass(frozen=True, slots=True)
class WorksheetMade:
    """A worksheet that was printed: its number, how many entries stand on it, how many of them a second time."""

    number: str
    entries: int
    again: int


def print_worksheet(book: OpenBook, asked: Asked, out: Path, language: Language) -> WorksheetMade | None:
    """Record a worksheet and write it; None if there is nothing to type in.

    Args:
        book: the open book of whoever prints.
        asked: what is to stand on it.
        out: the PDF, which must not exist yet; readable by the own account only.
        language: of titles and words.

    Raises:
        RefusedInputError: the site's template is wrong, or there is no such outage.
        AccessRefusedError: the operator may not.
        WrongPlaceError: there is no room for the file.
    """
    template = template_in_force(book.home.path)
    if out.exists():
        raise WrongPlaceError(
            _("{file} is there already.").format(file=out.name),
            _("Name another file; nothing was recorded."),
        )
    retyping = read_retyping(book.home, book.ring, asked.operator)
    rows = rows_asked(retyping, asked)
    if not rows:
        return None
    hospital, person = book.home.settings.hospital, book.person
    number = retyping.last_sheet.get(book.identity.station, 0) + 1
    sheet = sheet_of(
        retyping,
        asked,
        rows,
        language,
        hospital=hospital.name if language == "zh" else hospital.name_en or hospital.name,
        number=f"{book.identity.station}-{number}",
        made_at=book.clock.now().wall,
        made_by=f"{person.operator} {person.name}",
        drill=book.identity.drill,
    )
    paper = paper_of(sheet, retyping, rows, template, language, hospital.currency)
    record_event(
        book,
        WorksheetPrinted(
            sheet=number,
            operator=asked.operator,
            outage=asked.outage,
            entries=tuple(row.entry.id for row in rows),
            sha256=hashlib.sha256(paper).hexdigest(),
        ),
    )
    try:
        write_whole(out, paper)
    except OSError as error:
        raise WrongPlaceError(
            _("{file} cannot be written: {reason}.").format(file=out.name, reason=error),
            _("Name another place. The next sheet says that it is a reprint; no paper is out."),
        ) from error
    return WorksheetMade(sheet.number, len(rows), sum(bool(row.sheets) for row in rows))


def template_in_force(folder: Path) -> WorksheetTemplate:
    """Return the site's template of a station's or hub's folder, or the shipped one.

    Raises:
        RefusedInputError: the site's file is wrong; paper in a wrong order would be typed in wrongly.
    """
    path = template_path(folder)
    return read_template(path) if path.is_file() else shipped_template()


def rows_asked(retyping: Retyping, asked: Asked) -> list[RetypeRow]:
    """Return what is to stand on the sheet, in the order of the books.

    Raises:
        RefusedInputError: there is no such outage.
    """
    known = {row.entry.outage for row in retyping.rows}
    if asked.outage and asked.outage not in known:
        raise RefusedInputError(
            _("No entry here was made in an outage called {name}.").format(name=asked.outage),
            _("There are: {names}.").format(names=", ".join(sorted(known)) or "-"),
        )
    rows = retyping.only(outage=asked.outage, everything=asked.everything)
    return sorted(rows, key=lambda row: (row.entry.station, row.entry.book, row.entry.seq))


def paper_of(
    sheet: Sheet,
    retyping: Retyping,
    rows: Sequence[RetypeRow],
    template: WorksheetTemplate,
    language: Language,
    currency: str,
) -> bytes:
    """Return the PDF of these rows."""
    listed = [
        worksheet_entry(
            row.entry,
            template,
            language=language,
            currency=currency,
            patients=retyping.patients,
            bills=retyping.bills,
        )
        for row in rows
    ]
    return worksheet_pdf(sheet, listed, language, currency)


def sheet_of(
    retyping: Retyping,
    asked: Asked,
    rows: Sequence[RetypeRow],
    language: Language,
    *,
    hospital: str,
    number: str,
    made_at: str,
    made_by: str,
    drill: bool = False,
) -> Sheet:
    """Return what the sheet says beside its entries; see ``Sheet``."""

    def say(message: str) -> str:
        return in_language(message, language)

    on_it = {row.entry.id for row in rows}
    besides = [row for row in retyping.only(outage=asked.outage) if row.entry.id not in on_it]
    aside = [entry for entry in retyping.set_aside if asked.outage in ("", entry.outage)]
    left_out = [(say(word_of(one.state)), one.entries, one.amount_minor) for one in counts_of(besides)]
    if aside:
        left_out.append((say(SET_ASIDE), len(aside), sum(map(signed_minor, aside))))
    name = dict(retyping.people).get(asked.operator, "")
    return Sheet(
        hospital=hospital,
        whose=f"{asked.operator} {name}".strip() or say(EVERYBODY),
        outage=asked.outage,
        made_at=made_at,
        made_by=made_by,
        number=number,
        listed=say(ALL if asked.everything else STILL_OPEN),
        left_out=tuple(left_out),
        remarks={row.entry.id: told for row in rows if (told := _remark(row, say))},
        again=frozenset(row.entry.id for row in rows if row.sheets),
        drill=drill,
    )


def _remark(row: RetypeRow, say: Callable[[str], str]) -> str:
    told = []
    if row.sheets:
        told.append(say(SEEN).format(numbers=", ".join(row.sheets)))
    if row.reversed_by:
        told.append(say(REVERSED).format(number=row.reversed_by))
    return "    ".join(told)
