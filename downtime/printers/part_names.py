"""What the parts of a form are called, on carbon paper and without."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from downtime.i18n import in_language
from downtime.receipt_rows import Words, shown
from forms.text import N_

if TYPE_CHECKING:
    from downtime.i18n import Language
    from downtime.printer_profile import PrinterSettings
    from downtime.receipt_rows import Receipt

PART_NAMES = (N_("Part 1: receipt"), N_("Part 2: stub"), N_("Part 3: accounts"))
"""Names of the parts where the site gives none."""


def part_feet(profile: PrinterSettings, receipt: Receipt) -> list[str]:
    """Return the bottom line of each print: one with all names through carbon paper, else one a part.

    What the site calls the parts of this very paper wins over the profile, and says how many prints there are
    where no carbon paper makes them all at once.
    """
    own = receipt.parts or _of_profile(profile, receipt.language)
    usual = [in_language(name, receipt.language) for name in PART_NAMES]
    count = profile.parts
    if receipt.parts and (count == 1 or not profile.carbon):
        return list(receipt.parts)
    names = [own[n] if n < len(own) else usual[n] for n in range(count)]
    if count == 1:
        return [names[0] if own else ""]
    return ["   ".join(names)] if profile.carbon else names


def parts_on_roll(receipt: Receipt) -> list[Receipt]:
    """Return the prints of a paper on a roll: one, or as many as the site names parts, each with its name."""
    if not receipt.parts:
        return [receipt]
    return [
        replace(receipt, rows=(*receipt.rows, Words(shown(name), "strong", "centre")))
        for name in receipt.parts
    ]


def _of_profile(profile: PrinterSettings, language: Language) -> tuple[str, ...]:
    return profile.part_names if language == "zh" else profile.part_names_en or profile.part_names
