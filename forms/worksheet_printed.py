"""A worksheet was printed: which entries stood on it, so that a second one says so."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from forms.people import Code
from forms.station_book import Hex, StationForm
from forms.text import N_


class WorksheetPrinted(StationForm):
    """Entries were put on paper to be typed into the HIS.

    Attributes:
        sheet: number of the sheet at this station, counted through all books.
        operator: whose entries, or "" for everybody's.
        outage: which outage, or "" for all.
        entries: their ids, in the order of the sheet.
        sha256: of the PDF.
    """

    name: ClassVar[str] = "worksheet_printed"
    title: ClassVar[str] = N_("Worksheet printed")
    right: ClassVar[str | None] = "retype"

    sheet: Annotated[int, Field(ge=1)]
    operator: Annotated[str, Field(max_length=64)] = ""
    outage: Annotated[str, Field(max_length=64)] = ""
    entries: Annotated[tuple[Code, ...], Field(min_length=1, max_length=20_000, strict=False)]
    sha256: Hex
