"""The end of a book: signed off by two people, and destroyed after its retention."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from forms.base import Part
from forms.people import Code, FreeText
from forms.station_book import CarriedBalance, Hex, StationForm
from forms.text import N_
from forms.trust import Signed


class Explained(Part):
    """One thing that stays open, and why somebody accepts that.

    Attributes:
        key: names it; see ``downtime.obstacles.Item``.
        kind: what is the matter, as a code.
        what: receipt number, paper form or place it is known by.
    """

    key: Annotated[str, Field(min_length=1, max_length=200)]
    kind: Code
    what: Annotated[str, Field(max_length=200)] = ""
    amount_minor: int | None = None
    reason: Annotated[FreeText, Field(min_length=1)]


class SignedOff(StationForm):
    """Two people agree that a finished book is settled: nothing open, nothing uncounted.

    Attributes:
        head: the book's last hash, and ``entries`` its length: what exactly was signed.
        explained: what stays open all the same.
    """

    name: ClassVar[str] = "signed_off"
    title: ClassVar[str] = N_("Book signed off")
    right: ClassVar[str | None] = "sign_off"

    book: Annotated[int, Field(ge=1)]
    head: Hex
    entries: Annotated[int, Field(ge=0)]
    finished_at: Annotated[str, Field(max_length=40)]
    reason: FreeText = ""
    explained: Annotated[tuple[Explained, ...], Field(max_length=2_000, strict=False)] = ()
    signed: Annotated[tuple[Signed, ...], Field(strict=False)] = ()


class BookPurged(StationForm):
    """The key of a signed-off book was destroyed after its retention; what is named here survives.

    Attributes:
        copies: files that may still hold the book and its key (backups), by name.
        receipts: how many receipt numbers it used, and ``totals`` its money per account class and currency.
        certificate: SHA-256 of the certificate's facts, which hold everything that stays.
    """

    name: ClassVar[str] = "book_purged"
    title: ClassVar[str] = N_("Book destroyed")
    right: ClassVar[str | None] = "purge"

    book: Annotated[int, Field(ge=1)]
    head: Hex
    entries: Annotated[int, Field(ge=0)]
    first_at: Annotated[str, Field(max_length=40)]
    last_at: Annotated[str, Field(max_length=40)]
    signed_off: Code
    copies: Annotated[tuple[str, ...], Field(strict=False)] = ()
    receipts: Annotated[int, Field(ge=0)] = 0
    totals: Annotated[tuple[CarriedBalance, ...], Field(strict=False)] = ()
    certificate: Hex = ""


BOOK_END_FORMS: tuple[type[StationForm], ...] = (SignedOff, BookPurged)
