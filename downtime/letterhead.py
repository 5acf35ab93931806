"""What a site has printed on every paper; comes from its settings and its paper template, one per language."""

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
        title: name of papers about money; empty gives "Provisional receipt" 应急临时收据.
        wording: what the site must say about it, one paragraph each; empty gives the app's plain words.
        exchange_place: where the formal invoice is had.
        exchange_time: when.
        exchange_phone: whom to call.
        currency: ISO 4217 code, for entries that carry none of their own.
        language: language of the paper if nobody asks for another.
        insured: what an insured person does next, one paragraph each; empty gives the app's plain words.
        stamp: which stamp belongs on the paper; empty gives 应急专用章.
        own_title: name of the paper of this very form; wins over ``title``.
        parts: names of the parts of this very form's paper; empty leaves them to the printer's profile.
        order: blocks of this very form's paper in their order; empty: those of ``paper_template.BLOCKS``.
    """

    hospital_name: str
    title: str = ""
    wording: tuple[str, ...] = ()
    exchange_place: str = ""
    exchange_time: str = ""
    exchange_phone: str = ""
    currency: str = "CNY"
    language: Language = "zh"
    insured: tuple[str, ...] = ()
    stamp: str = ""
    own_title: str = ""
    parts: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
