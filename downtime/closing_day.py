"""What the hospital ruled for entries whose day the HIS has closed already, in words."""

from __future__ import annotations

from forms.text import N_

CLOSED_DAY: dict[str, str] = {
    "entry_day": N_("HIS day closed: book on day of entry"),
    "happened_day": N_("HIS day closed: book on its own day"),
}
