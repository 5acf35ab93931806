"""One entry whole, with what can be done about it: print it again, reverse it, send it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll
from textual.widgets import Static

from downtime import desk_queries
from downtime.i18n import _
from downtime.screens.base import StationScreen
from downtime.screens.countersign_lines import approval_lines
from downtime.screens.entry_acts import reprint, resend, reverse, why_not_resend
from downtime.screens.entry_lines import entry_lines, has_masked
from downtime.screens.text import lines

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.content import Content
    from textual.events import Key, Resize

    from downtime.entry import Entry
    from downtime.screens.scans import Scan

_DIGITS = "123456789"
SIDE_CELLS = 6
"""Padding and scroll bar."""


class EntryScreen(StationScreen):
    """Shows one entry; a digit opens an entry that belongs to it."""

    acts: ClassVar[tuple[str, ...]] = ("reprint", "reverse", "resend", "show")
    needs = "look_up"

    DEFAULT_CSS = """
    EntryScreen #entry-scroll { height: 1fr; padding: 1 2 0 2; scrollbar-size: 0 1; scrollbar-gutter: stable; }
    EntryScreen #entry-text { height: auto; }
    """

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.entry = entry
        self._links: list[Entry] = []
        self._is_clear = False

    def body(self) -> ComposeResult:
        """The whole entry, to be scrolled."""
        with VerticalScroll(id="entry-scroll"):
            yield Static("", id="entry-text", markup=False)

    def on_mount(self) -> None:
        """Let the arrow keys scroll."""
        super().on_mount()
        self.opened_patient(self.entry.patient, self.entry.id)
        self.query_one("#entry-scroll").focus()

    def on_resize(self, _event: Resize) -> None:
        """Fit the new width."""
        self.redraw()

    def redraw(self) -> None:
        """Look again and write it."""
        desk = self.desk
        fresh = [*desk_queries.names(desk, self.entry), *desk_queries.named_by(desk, self.entry)]
        self._links = [linked for linked in fresh if linked.id != self.entry.id]
        width = max((self.size.width or 80) - SIDE_CELLS - (4 if self.station.is_drill else 0), 40)
        told: list[Content | str] = [
            *entry_lines(desk, self.entry, min(width, 120), self._links, clear=self._is_clear),
            *approval_lines(desk, self.entry, min(width, 120)),
        ]
        self.query_one("#entry-text", Static).update(lines(told))
        self.keys_changed()

    def help_words(self) -> str:
        """Return what to do here."""
        return _("Arrows scroll. F6 prints a further copy, F9 reverses it, a digit opens what belongs to it.")

    def why_not(self, act: str) -> str | None:
        """Say why an act does not fit this entry."""
        if act == "reverse":
            return desk_queries.why_not_reversible(self.desk, self.entry)
        if act == "reprint" and self.entry.number is None:
            return _("This entry has no receipt.")
        if act == "show" and not has_masked(self.entry.content):
            return _("Nothing here is hidden.")
        return why_not_resend(self.desk, self.entry) if act == "resend" else None

    def copyable(self) -> str:
        """Return the receipt number, or the entry id."""
        return self.entry.number or self.entry.id

    def take_scan(self, scan: Scan) -> bool:
        """Show the receipt that was scanned instead."""
        if scan.kind == "receipt":
            self.show(scan.value)
        return scan.kind == "receipt"

    def show(self, entry: Entry) -> None:
        """Show another entry in its place."""
        self.entry, self._is_clear = entry, False
        self.opened_patient(entry.patient, entry.id)
        self.redraw()
        self.query_one("#entry-scroll").scroll_home()

    def on_key(self, event: Key) -> None:
        """A digit opens a linked entry."""
        place = _DIGITS.find(event.character or " ")
        if 0 <= place < len(self._links):
            event.stop()
            self.station.push_screen(EntryScreen(self._links[place]))

    def act_reprint(self) -> None:
        """Ask why, then print the next copy."""
        reprint(self, self.entry)

    def act_reverse(self) -> None:
        """Ask why, show what will be given back, then reverse."""
        reverse(self, self.entry)

    def act_show(self) -> None:
        """Show the numbers of identity cards and phones in full; that is audited."""
        self._is_clear = not self._is_clear
        if self._is_clear:
            self.station.note("identity_shown", subject=self.entry.patient or self.entry.id)
        self.redraw()

    def act_resend(self) -> None:
        """Ask why, then let the entry go to the HIS again."""
        resend(self, self.entry)
