"""How a paper is shown: its number large enough to be compared, time and writer, the clock of a rescue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.i18n import _
from downtime.late_time import hours_left
from downtime.screens.text import cut, line, shown
from forms.paper_late import RESCUE_HOURS

if TYPE_CHECKING:
    from textual.content import Content

    from downtime.late import LateHead

HEAD_CSS = """
#late-head { height: 1; margin: 1 0 0 0; background: $surface; }
.plain #late-head { background: $panel; }
"""

_MINUTES = slice(5, 16)


def head_line(head: LateHead, now: str, width: int) -> Content:
    """Return the paper in hand as one row."""
    parts: list[Content | str] = [
        shown(f" {head.paper.number} ", "bold $background on $accent"),
        shown(f"  {head.written_at[_MINUTES].replace('T', ' ')}  ", "bold"),
    ]
    if head.rescue:
        parts += [rescue_clock(head, now), "  "]
    if head.again:
        parts.append(shown(_("AGAIN, to compare") + "  ", "bold $warning"))
    if head.paper.odd:
        parts.append(shown("!!  ", "bold $warning"))
    known = line(*parts)
    writer = _("written by {name}").format(name=f"{head.written_by_name} {head.written_by}".strip())
    return line(known, shown(cut(writer, max(width - known.cell_length - 1, 0))))


def rescue_clock(head: LateHead, now: str) -> Content:
    """Return the mark of a rescue and what is left of its six hours."""
    left = hours_left(head.ended_at or head.written_at, now, RESCUE_HOURS)
    if left is None:
        told = _("RESCUE: 6 hours are over, marked")
        return shown(f" {told} ", "bold $text-on-outage on $outage")
    told = _("RESCUE: {hours} h {minutes:02} min left").format(hours=left[0], minutes=left[1])
    return shown(f" {told} ", "bold $text-on-warning on $warning")
