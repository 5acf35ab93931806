"""One control whole: what is asked for, where that is written, and every fact with where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.widgets import Static

from downtime.i18n import _, chosen_language, in_language
from downtime.inspection_text import clause_words, responsible_words, wording_words
from downtime.inspection_words import BLOCKS, MARKS
from downtime.screens.base import StationScreen
from downtime.screens.entry_lines import said
from downtime.screens.inspection_lines import STYLES, state_cell
from downtime.screens.text import lines, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult
    from textual.content import Content
    from textual.events import Resize

    from downtime.inspection import Checked

SIDE_CELLS = 6


class InspectionControlScreen(StationScreen):
    """Shows one control; Esc goes back to the list.

    Args of the constructor:
        checked: the control as it was found.
    """

    CSS_PATH = "inspection.tcss"
    needs = "inspect"

    def __init__(self, checked: Checked) -> None:
        super().__init__()
        self._checked = checked

    def body(self) -> ComposeResult:
        """Everything, to be scrolled."""
        with VerticalScroll(id="inspection-scroll"):
            yield Static("", id="inspection-text", markup=False)

    def on_mount(self) -> None:
        """Let the arrow keys scroll."""
        super().on_mount()
        self.query_one("#inspection-scroll").focus()

    def on_resize(self, _event: Resize) -> None:
        """Fit the new width."""
        self.redraw()

    def help_words(self) -> str:
        """Return what to do here."""
        return _("Up and down scroll. Every fact says where it comes from, so that anybody can look it up.")

    def copyable(self) -> str:
        """Return the control's id: files are named by it."""
        return self._checked.control.id

    def redraw(self) -> None:
        """Write it in the language and width of now."""
        width = max((self.size.width or 80) - SIDE_CELLS, 30)
        self.query_one("#inspection-text", Static).update(lines(self._lines(width)))

    def _lines(self, width: int) -> Iterator[Content]:
        one, language = self._checked, chosen_language()
        control = one.control
        yield shown(f"{state_cell(one)}  {control.title_in(language)}", STYLES[one.state])
        yield shown("")
        yield said(_("Found"), one.line.words(language), width, "bold")
        yield said(_("Chapter"), in_language(BLOCKS[control.block], language), width)
        yield said(_("Clause"), clause_words(control, language), width)
        yield said(_("Requirement"), wording_words(control, language), width)
        yield said(_("Mark"), f"[{control.mark}] {in_language(MARKS[control.mark], language)}", width)
        if control.note_in(language):
            yield said(_("Note"), control.note_in(language), width)
        yield said(_("Responsible"), responsible_words(one, language), width)
        if control.stale_after_days:
            days = _("older than {days} days").format(days=control.stale_after_days)
            yield said(_("Out of date"), days, width)
        yield said(_("Control"), control.id, width)
        yield shown("")
        yield shown(_("Facts: {count}").format(count=len(one.facts)), "bold $secondary")
        for fact in one.facts:
            yield said(in_language(fact.label, language), fact.told.words(language), width)
            yield said("", f"({fact.source.words(language)})", width, "$secondary")
