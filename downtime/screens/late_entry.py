"""Late entry 补录: which paper, when, who wrote it; then the screen of its kind, paper after paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.containers import Vertical
from textual.widgets import Static

from downtime.i18n import _
from downtime.late import LateHead
from downtime.screens.base import StationScreen
from downtime.screens.late_dispense import LateDispenseScreen
from downtime.screens.late_head import HeadFields
from downtime.screens.late_receipt import paper_of_receipt
from downtime.screens.late_screens import SCREENS
from downtime.screens.rows import RowColumn, Rows, Shows
from downtime.screens.text import lines, shown

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.events import Key

    from downtime.pack_number import PaperNumber
    from downtime.screens.scans import Scan
    from downtime.store.drafts import Draft

_MINUTES = slice(5, 16)
_ROWS_MAX = 50


class LateEntryScreen(StationScreen):
    """Begins a pile of papers.

    Args:
        paper: the number of a form that was scanned elsewhere.
        draft: a half-typed paper to go on with.
    """

    CSS_PATH = "late_entry.tcss"

    def __init__(self, paper: PaperNumber | None = None, draft: Draft | None = None) -> None:
        super().__init__()
        self._number_given, self._draft_given = paper, draft

    def body(self) -> ComposeResult:
        """The fields, and what is half typed."""
        yield Static("", id="late-told", markup=False)
        with Vertical(id="late-fields-here"):
            yield HeadFields(self._remembered())
        yield Static("", id="late-drafts-title", markup=False)
        yield Rows(
            (
                RowColumn(lambda: _("Form number"), 18),
                RowColumn(lambda: _("Time on paper"), 12),
                RowColumn(lambda: _("Patient")),
                RowColumn(lambda: _("Typed by"), 12),
            ),
            _shows,
            digits=False,
            id="late-drafts",
        )

    def _remembered(self) -> LateHead | None:
        head: LateHead | None = self.station.remembered.get("late")
        return head

    def on_mount(self) -> None:
        """Go on with what was given, or ask for the paper."""
        super().on_mount()
        if self._draft_given is not None:
            self._go_on(self._draft_given)
        else:
            self.fields.ask()
            if self._number_given is not None:
                self.fields.take_number(str(self._number_given))

    @property
    def fields(self) -> HeadFields:
        """The three fields."""
        return self.query_one(HeadFields)

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "Scan the code of the form, or type its counter and check digit (1281 for W03A-P000128-1). Time and "
            "writer are asked once: the next papers take them over, and their numbers count on by themselves."
        )

    def redraw(self) -> None:
        """Write what is half typed."""
        if not self.query(HeadFields):
            return
        self.fields.retell()
        told = [
            shown(_("Typing papers in"), "bold $accent"),
            shown(_("Scan the form, or type its number. Another station's receipt can be scanned as well.")),
        ]
        self.query_one("#late-told", Static).update(lines(told))
        drafts = [draft for draft in self.desk.drafts() if draft.form == "late_entry"][:_ROWS_MAX]
        title = _("Half typed: {count} (arrow down, Enter goes on)").format(count=len(drafts))
        self.query_one("#late-drafts-title", Static).update(shown(title if drafts else "", "$secondary"))
        self.query_one(Rows).display = bool(drafts)
        self.query_one(Rows).show(drafts)

    def on_key(self, event: Key) -> None:
        """Down goes from the fields to what is half typed."""
        rows = self.query_one(Rows)
        if event.key == "down" and rows.display and not rows.has_focus:
            event.stop()
            rows.focus()

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """Go on with a half-typed paper."""
        event.stop()
        self._go_on(event.value)

    def on_head_fields_done(self, event: HeadFields.Done) -> None:
        """Type the paper in."""
        self._open(event.head)

    def take_scan(self, scan: Scan) -> bool:
        """A form's code, or another station's receipt."""
        if scan.kind == "paper":
            self.fields.take_number(str(scan.value))
        elif scan.kind in {"receipt", "foreign_receipt"}:
            self._take_receipt(scan)
        else:
            return False
        return True

    def _take_receipt(self, scan: Scan) -> None:
        found = paper_of_receipt(self.desk, scan, self.station.now())
        if isinstance(found, str):
            words = found
            self.say(lambda: words, "problem")
            return
        screen = SCREENS["receipt"](found.head, code=found, draft=found.draft)
        self.station.push_screen(screen, self._came_back)

    def _open(self, head: LateHead, draft: Draft | None = None) -> None:
        self.station.remembered["late"] = head
        if head.paper.kind == "dispense":
            self.station.push_screen(LateDispenseScreen(head, draft), self._came_back)
        else:
            self.station.push_screen(SCREENS[head.paper.kind](head, draft=draft), self._came_back)

    def _go_on(self, draft: Draft) -> None:
        content: dict[str, Any] = draft.content
        if not content.get("head"):
            return
        self._open(LateHead.of_content(content["head"]), draft)

    def _came_back(self, head: LateHead | None) -> None:
        """A paper of another kind goes on at once; else the next number waits to be looked at."""
        if head is not None:
            self._open(head)
            return
        self.station.call_later(self._ask_next)

    async def _ask_next(self) -> None:
        head = self._remembered()
        await self.fields.remove()
        await self.query_one("#late-fields-here").mount(HeadFields(head))
        self.fields.ask()
        self.redraw()


def _shows(draft: Draft) -> Shows:
    head = draft.content.get("head") or {}
    paper = head.get("paper") or {}
    patient = (draft.content.get("patient") or {}).get("name", "")
    at = str(head.get("written_at", ""))[_MINUTES].replace("T", " ")
    return Shows((str(paper.get("number", "")), at, str(patient), draft.operator))
