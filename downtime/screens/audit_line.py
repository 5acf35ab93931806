"""One line of the audit whole."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.widgets import Static

from downtime.audit import audit_line
from downtime.i18n import _
from downtime.screens.base import StationScreen
from downtime.screens.entry_lines import said, time_words
from downtime.screens.text import lines, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult
    from textual.content import Content
    from textual.events import Resize

    from downtime.entry import Entry

SIDE_CELLS = 6


class AuditLineScreen(StationScreen):
    """Shows one line; Esc goes back to the list."""

    needs = "audit"

    DEFAULT_CSS = """
    AuditLineScreen #audit-scroll { height: 1fr; padding: 1 2 0 2; scrollbar-size: 0 1; scrollbar-gutter: stable; }
    AuditLineScreen #audit-text { height: auto; }
    """

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self._entry = entry

    def body(self) -> ComposeResult:
        """The whole line, to be scrolled."""
        with VerticalScroll(id="audit-scroll"):
            yield Static("", id="audit-text", markup=False)

    def on_mount(self) -> None:
        """Let the arrow keys scroll."""
        super().on_mount()
        self.query_one("#audit-scroll").focus()

    def on_resize(self, _event: Resize) -> None:
        """Fit the new width."""
        self.redraw()

    def copyable(self) -> str:
        """Return the entry's id."""
        return self._entry.id

    def help_words(self) -> str:
        """Return what to do here."""
        return _("Arrows scroll, Esc goes back to the list.")

    def redraw(self) -> None:
        """Write it."""
        width = min(max((self.size.width or 80) - SIDE_CELLS - (4 if self.station.is_drill else 0), 40), 120)
        self.query_one("#audit-text", Static).update(lines(list(self._lines(width))))

    def _lines(self, width: int) -> Iterator[Content]:
        entry, line = self._entry, audit_line(self._entry)
        yield shown(line.words, "bold" if line.success else "bold $warning")
        yield shown("")
        yield said(_("Event"), line.event, width)
        yield said(_("Succeeded"), _("yes") if line.success else _("NO"), width)
        yield said(_("Recorded"), time_words(entry.recorded_at) + entry.recorded_at[23:], width)
        if line.at != entry.recorded_at:
            yield said(_("Happened"), time_words(line.at), width)
        yield said(_("Operator"), f"{line.by} {line.by_name}".rstrip(), width)
        yield said(_("Role"), entry.role, width)
        if line.subject:
            yield said(_("About"), line.subject, width, "bold")
        for n, part in enumerate(_parts(line.detail) if line.detail else ()):
            yield said(_("Detail") if n == 0 else "", part, width)
        if entry.outage:
            yield said(_("Outage"), entry.outage, width)
        yield shown("")
        yield said(_("Entry"), f"{entry.seq}  {entry.hash.hex()[:16]}", width)
        yield said(_("Entry id"), entry.id, width)
        yield said(_("Station"), f"{entry.station} {entry.incarnation}  {entry.book:04d}", width)


def _parts(detail: str) -> list[str]:
    """Return a detail in lines: one per value where it is an object, one per change where it lists some."""
    try:
        found = json.loads(detail)
    except ValueError:
        return detail.split("; ")
    if not isinstance(found, dict):
        return [detail]
    told = []
    for name, value in found.items():
        inner = value if isinstance(value, dict) else {"": value}
        told += [f"{name} {key}: {part}".replace(" :", ":") for key, part in inner.items()]
    return told
