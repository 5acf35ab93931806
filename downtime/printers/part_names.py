"""What the parts of a form are called, on carbon paper and without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.i18n import in_language
from forms.text import N_

if TYPE_CHECKING:
    from downtime.i18n import Language
    from downtime.printer_profile import PrinterSettings

PART_NAMES = (N_("Part 1: receipt"), N_("Part 2: stub"), N_("Part 3: accounts"))
"""Names of the parts where the site gives none."""


def part_feet(profile: PrinterSettings, language: Language) -> list[str]:
    """Return the bottom line of each print: one with all names through carbon paper, else one a part."""
    own = profile.part_names if language == "zh" else profile.part_names_en or profile.part_names
    usual = [in_language(name, language) for name in PART_NAMES]
    names = [own[n] if n < len(own) else usual[n] for n in range(profile.parts)]
    if profile.parts == 1:
        return [names[0] if own else ""]
    return ["   ".join(names)] if profile.carbon else names
