"""The end of an outage at all stations, signed by two people: what it came to, and every open thing they accept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Final

from pydantic import Field

from forms.base import Part, Problem
from forms.book_end import Explained
from forms.people import Code, FreeText
from forms.station_book import Hex, StationForm
from forms.text import N_
from forms.trust import Signed

if TYPE_CHECKING:
    from forms.base import Earlier

BOOKS_MAX: Final = 4_000
EXPLAINED_MAX: Final = 2_000


class SignedBook(Part):
    """One book as it was signed: how long, and its last hash."""

    station: Code
    incarnation: Annotated[str, Field(pattern=r"^[A-Z]$")]
    book: Annotated[int, Field(ge=1)]
    entries: Annotated[int, Field(ge=1)]
    head: Hex


class Totals(Part):
    """What all the books come to, in minor units where it is money."""

    entries: Annotated[int, Field(ge=0)]
    receipts: Annotated[int, Field(ge=0)]
    net_minor: int
    deliverable: Annotated[int, Field(ge=0)]
    accepted: Annotated[int, Field(ge=0)]


class OutageSignedOff(StationForm):
    """Two people agree that an outage is settled at every station.

    Attributes:
        facts: SHA-256 of the closing's facts.
        books: every book it lies in, and how far.
        explained: what stays open.
    """

    name: ClassVar[str] = "outage_signed_off"
    title: ClassVar[str] = N_("Outage signed off")
    right: ClassVar[str | None] = "sign_off"

    outage: Code
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    facts: Hex
    books: Annotated[tuple[SignedBook, ...], Field(min_length=1, max_length=BOOKS_MAX, strict=False)]
    totals: Totals
    explained: Annotated[tuple[Explained, ...], Field(max_length=EXPLAINED_MAX, strict=False)] = ()
    reason: FreeText = ""
    signed: Annotated[tuple[Signed, ...], Field(strict=False)] = ()

    def problems(self, earlier: Earlier) -> list[Problem]:  # noqa: ARG002 (says nothing here)
        """Two different people, and each open thing explained once."""
        if len({one.operator for one in self.signed}) < 2:  # noqa: PLR2004 (two people)
            return [Problem("signed", N_("Two different people sign an outage off."))]
        if len({one.key for one in self.explained}) < len(self.explained):
            return [Problem("explained", N_("Something is explained twice."))]
        return []
