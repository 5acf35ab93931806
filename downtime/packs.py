"""What is done with packs of paper forms: printed, issued, returned, declared void or lost. Each is an entry.

The ledger is asked before anything is recorded, so that whoever types a wrong number is told at once; the entry
itself only states what was done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from downtime import os_calls
from downtime.book import JournalView
from downtime.errors import RefusedInputError
from downtime.i18n import _
from downtime.pack_ledger import ledger_in
from downtime.pack_number import looks_like_paper, parse_paper
from forms.paper_pack import (
    COUNT_MAX,
    PACK_MAX,
    PAPER_STATES,
    PackIssued,
    PackPrinted,
    PackReturned,
    PaperVoided,
    next_count,
)

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.book import OpenBook
    from downtime.pack_ledger import Ledger
    from downtime.pack_number import PaperNumber
    from forms.paper_pack import Holder, PaperKind


@dataclass(frozen=True, slots=True)
class Run:
    """Forms of one series, both ends included."""

    series: str
    first: int
    last: int

    def __len__(self) -> int:
        """How many they are."""
        return self.last - self.first + 1


def series_of(book: OpenBook) -> str:
    """Return the series this station prints now: a new incarnation begins a new one."""
    return book.identity.station + book.identity.incarnation


def ledger_of_book(book: OpenBook, *, packs_only: bool = False) -> Ledger:
    """Return the ledger of the open book."""
    return ledger_in(book.db, drill=book.identity.drill, packs_only=packs_only)


def new_pack(book: OpenBook, kind: PaperKind, count: int) -> PackPrinted:
    """Return the form that brings the next pack into being.

    Raises:
        RefusedInputError: none, too many, or the series has no numbers left.
    """
    if not 1 <= count <= PACK_MAX:
        raise RefusedInputError(
            _("A pack has 1 to {most} forms.").format(most=PACK_MAX), _("Print several packs.")
        )
    settings = book.home.settings.paper
    first = next_count(JournalView(book.db), series_of(book))
    if first + count - 1 > COUNT_MAX:
        raise RefusedInputError(_("This series has no numbers left."), _("Ask IT."))
    return PackPrinted(
        series=series_of(book),
        first=first,
        last=first + count - 1,
        kind=kind,
        parts=settings.parts,
        layout=settings.layout,
    )


def read_number(book: OpenBook, typed: str) -> PaperNumber:
    """Return the form somebody named, by its whole number, its code, or counter and check digit.

    Raises:
        RefusedInputError: it is no number of a form, its check digit is wrong, or a drill's does not belong here.
    """
    drill = book.identity.drill
    number = parse_paper(typed, series=series_of(book), drill=drill)
    if number is None:
        what = (
            _("{number}: the check digit does not fit.")
            if looks_like_paper(typed) or typed.strip().isdigit()
            else _("{number} is no number of a paper form.")
        )
        raise RefusedInputError(
            what.format(number=typed.strip()[:40]), _("Read it again from the form, or scan its code.")
        )
    if number.drill != drill:
        raise RefusedInputError(
            _("{number}: a drill's form and a real one do not go together.").format(number=number),
            _("Take it to where it belongs."),
        )
    return number


def read_run(book: OpenBook, first: str, last: str = "") -> Run:
    """Return the forms from one number to another; ``last`` empty is one form.

    Raises:
        RefusedInputError: see ``read_number``; or they are of different series, or in the wrong order.
    """
    begins, ends = read_number(book, first), read_number(book, last or first)
    if begins.series != ends.series or begins.count > ends.count:
        raise RefusedInputError(
            _("{first} to {last} is no run of forms.").format(first=begins, last=ends),
            _("Both belong to one series; the smaller number comes first."),
        )
    if ends.count - begins.count >= PACK_MAX:
        raise RefusedInputError(
            _("At most {most} forms at a time.").format(most=PACK_MAX), _("Do it in several steps.")
        )
    return Run(begins.series, begins.count, ends.count)


def issue(book: OpenBook, run: Run, kind: Holder, holder: str, name: str) -> PackIssued:
    """Return the form that gives forms into somebody's hands.

    Raises:
        RefusedInputError: nobody printed them, or they cannot be issued any more.
    """
    _require(book, run, ("stock", "issued", "returned"))
    return PackIssued(
        series=run.series,
        first=run.first,
        last=run.last,
        holder_kind=kind,
        holder=holder,
        holder_name=name,
    )


def take_back(book: OpenBook, run: Run, reason: str = "") -> PackReturned:
    """Return the form that says that forms came back unused.

    Raises:
        RefusedInputError: nobody printed them, or one of them was typed in, void or lost.
    """
    _require(book, run, ("issued", "stock", "returned", "lost"))
    return PackReturned(series=run.series, first=run.first, last=run.last, reason=reason)


def spoil(
    book: OpenBook, run: Run, state: Literal["void", "lost"], reason: str, *, copies_kept: bool = True
) -> PaperVoided:
    """Return the form that declares forms void, or lost; a lost one needs two people or a supervisor.

    Raises:
        RefusedInputError: nobody printed them, one was typed in already, or no reason is given.
    """
    if not reason.strip():
        raise RefusedInputError(
            _("Say why."), _("A form is void or lost for a reason; nothing was recorded.")
        )
    _require(book, run, ("stock", "issued", "returned", "void", "lost"))
    return PaperVoided(
        series=run.series,
        first=run.first,
        last=run.last,
        state=state,
        reason=reason.strip(),
        copies_kept=copies_kept and state == "void",
    )


def _require(book: OpenBook, run: Run, states: tuple[str, ...]) -> None:
    ledger = ledger_of_book(book)
    for n in range(run.first, run.last + 1):
        held = ledger.forms.get((run.series, n))
        if held is None:
            raise RefusedInputError(
                _("{number} belongs to no pack known here.").format(number=ledger.name(run.series, n)),
                _("Compare the numbers with the list of packs."),
            )
        if held.state not in states:
            raise RefusedInputError(
                _("{number}: {state}.").format(
                    number=ledger.name(run.series, n), state=_(PAPER_STATES[held.state])
                ),
                _("Leave it out; nothing was recorded."),
            )


def make_folder(folder: Path) -> None:
    """Make the folder the PDFs of packs go to, for the own account only."""
    if not folder.is_dir():
        os_calls.private_dir(folder)
