"""What a site has printed around every receipt; comes from its settings file, one per language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from downtime.i18n import Language


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The site's own words on paper. Empty fields are left out, or replaced as said below.

    Attributes:
        hospital_name: first line of the paper.
        title: name of the paper; empty gives "Provisional receipt" 应急临时收据.
        wording: what the site must say about it, one paragraph each; empty gives the app's plain words.
        exchange_place: where the formal invoice is had.
        exchange_time: when.
        exchange_phone: whom to call.
        currency: ISO 4217 code, for entries that carry none of their own.
        language: language of the paper if nobody asks for another.
    """

    hospital_name: str
    title: str = ""
    wording: tuple[str, ...] = ()
    exchange_place: str = ""
    exchange_time: str = ""
    exchange_phone: str = ""
    currency: str = "CNY"
    language: Language = "zh"
