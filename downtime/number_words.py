"""When receipt numbers run low, and what whoever sees it should do."""

from __future__ import annotations

from downtime.i18n import _


def running_low(left: int, warn_below: int) -> bool:
    """Return whether a station should be given more numbers."""
    return left < warn_below


def low_words(left: int) -> str:
    """Return what whoever sees the warning should do."""
    if not left:
        return _(
            "No receipt number is left: IT adds a block (downtime numbers add). Until then go on by paper."
        )
    return _("{left} receipt numbers left: tell IT, who adds a block (downtime numbers add).").format(
        left=left
    )
