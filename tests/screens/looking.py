"""Reading what stands on the screen, as a person does: rows of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from downtime.app import DowntimeApp


def rows_of(app: DowntimeApp) -> list[str]:
    """Return the rows of the screen in sight."""
    return ["".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()]


def text_of(app: DowntimeApp) -> str:
    """Return the screen in sight as one text."""
    return "\n".join(row.rstrip() for row in rows_of(app))
