"""Sheets of lines that take no money: pricing, bookkeeping, and the lines of an advance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from downtime.screens.charge_sheet import LineSheet
from downtime.screens.window_sheet import texts_of
from forms.base import read_form
from forms.bookkeeping import Bookkeeping
from forms.itemisation import Itemisation
from forms.pricing import Pricing

if TYPE_CHECKING:
    from forms.base import Form, Problem

BOOKKEEPING_TEXTS = ("ward", "bed", "done_by", "checked_by")
_MOST = {"ward": 80, "bed": 20}
_ADVANCE_TEXTS = ("precollection_id", "precollection_number", "category")
_ADVANCE_SUMS = ("advance_minor", "left_minor")


@dataclass
class PricingSheet(LineSheet):
    """What becomes a pricing slip."""

    form_name: ClassVar[str] = "pricing"

    def form(self) -> Form | list[Problem]:
        """Return the filled form, or what is wrong with it."""
        return read_form(Pricing, {**self.content(), "payer_kind": self.payer_kind})


@dataclass
class BookkeepingSheet(LineSheet):
    """What becomes lines on an inpatient's account.

    Attributes:
        done_by: who carried it out; ``checked_by`` who checked it.
    """

    form_name: ClassVar[str] = "bookkeeping"

    ward: str = ""
    bed: str = ""
    done_by: str = ""
    checked_by: str = ""

    def form(self) -> Form | list[Problem]:
        """Return the filled form, or what is wrong with it."""
        said = {name: getattr(self, name).strip()[: _MOST.get(name)] for name in BOOKKEEPING_TEXTS}
        return read_form(Bookkeeping, {**self.content(), **said})

    def kept(self) -> dict[str, Any]:
        """Return the lines, where and by whom."""
        return {**super().kept(), **{name: getattr(self, name) for name in BOOKKEEPING_TEXTS}}

    @classmethod
    def read_kept(cls, content: dict[str, Any]) -> dict[str, Any]:
        """Return the lines, where and by whom, of a draft."""
        return {**super().read_kept(content), **texts_of(content, BOOKKEEPING_TEXTS)}


@dataclass
class ItemisationSheet(LineSheet):
    """What becomes the lines of an advance.

    Attributes:
        precollection_id: its entry, if it stands in this book.
        precollection_number: the number on its slip.
        category: what it was taken for.
        advance_minor: what was paid.
        left_minor: what no lines have used and nobody got back.
    """

    form_name: ClassVar[str] = "itemisation"

    precollection_id: str = ""
    precollection_number: str = ""
    category: str = ""
    advance_minor: int = 0
    left_minor: int = 0

    @property
    def covered_minor(self) -> int:
        """How much of the lines the advance pays."""
        return min(self.total_minor, max(self.left_minor, 0))

    @property
    def over_minor(self) -> int:
        """What the advance leaves over (多退), or, negative, what is still to be collected (少补)."""
        return self.left_minor - self.total_minor

    def form(self) -> Form | list[Problem]:
        """Return the filled form, or what is wrong with it."""
        content = {
            **self.content(),
            "precollection_id": self.precollection_id,
            "precollection_number": self.precollection_number,
            "advance_minor": self.advance_minor,
            "covered_minor": self.covered_minor,
        }
        return read_form(Itemisation, content)

    def kept(self) -> dict[str, Any]:
        """Return the lines and the advance."""
        named = {name: getattr(self, name) for name in (*_ADVANCE_TEXTS, *_ADVANCE_SUMS)}
        return {**super().kept(), **named}

    @classmethod
    def read_kept(cls, content: dict[str, Any]) -> dict[str, Any]:
        """Return the lines and the advance of a draft."""
        return {
            **super().read_kept(content),
            **texts_of(content, _ADVANCE_TEXTS),
            **{name: int(content.get(name) or 0) for name in _ADVANCE_SUMS},
        }
