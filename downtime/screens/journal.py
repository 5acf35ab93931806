"""The journal: find a receipt by typing anything on it, or by scanning it; see it whole; reverse, print again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.containers import Horizontal
from textual.widgets import Static

from downtime import desk_queries
from downtime.i18n import _
from downtime.screens.base import StationScreen
from downtime.screens.entry_acts import reprint, resend, reverse, why_not_resend
from downtime.screens.entry_lines import entry_lines, form_title
from downtime.screens.entry_screen import EntryScreen
from downtime.screens.keyline import Words
from downtime.screens.recorded import money
from downtime.screens.rows import RowColumn, Rows, Shows
from downtime.screens.text import line, lines, shown
from downtime.screens.typed_fields import AskedField, Field
from downtime.standing import STATES
from downtime.standing_text import state_name

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.content import Content
    from textual.events import Key, Resize

    from downtime.entry import Entry
    from downtime.screens.scans import Scan

_TIME = slice(11, 16)
_WIDE = 120
_REST_SECONDS = 1.0
"""Whoever walks past an entry in the list has not opened it."""


def filter_word(kept: str) -> str:
    """Return what a filter is called."""
    return {
        "all": _("All receipts"),
        "not_printed": _("Not printed"),
        "reversed": _("Reversed"),
    }[kept]


class JournalScreen(StationScreen):
    """The receipts of this book.

    Args of the constructor:
        entry: opened at once, for instance because its receipt was scanned elsewhere.
    """

    CSS_PATH = "journal.tcss"
    acts: ClassVar[tuple[str, ...]] = ("reprint", "reverse", "filter", "resend")
    needs = "look_up"

    def __init__(self, entry: Entry | None = None, *, kept: str = "all") -> None:
        super().__init__()
        self._open_first = entry
        self._kept = kept

    def body(self) -> ComposeResult:
        """Field, filters, list, and the marked receipt where there is room."""
        rows = Rows(
            (
                RowColumn(lambda: _("Time"), 5),
                RowColumn(lambda: _("Number"), 14),
                RowColumn(lambda: _("Form"), 12),
                RowColumn(lambda: _("Patient")),
                RowColumn(lambda: _("Amount"), 10, right=True),
                RowColumn(lambda: _("Paper"), 8),
                RowColumn(lambda: _("HIS"), 10, words=lambda: map(state_name, STATES)),
            ),
            self._shows,
            empty=lambda: _("Nothing found. Esc empties the field."),
            id="journal-rows",
        )
        rows.can_focus = False
        with Horizontal(id="journal-top"):
            yield Words(lambda: _("Find"), classes="label", id="journal-find")
            yield AskedField(self._takes, self._picks, id="journal-asked")
            yield Static("", id="journal-filters", markup=False)
        with Horizontal(id="journal-middle"):
            yield rows
            yield Static("", id="journal-entry", markup=False)

    def on_mount(self) -> None:
        """Put the cursor into the field, and open what was scanned."""
        super().on_mount()
        self.station.behind(self.desk.reading_receipts())
        self.query_one(AskedField).focus()
        if self._open_first is not None:
            self._open(self._open_first)

    # -- what is shown ------------------------------------------------------------------------------

    @property
    def rows(self) -> Rows:
        """The list."""
        return self.query_one(Rows)

    def redraw(self) -> None:
        """Look again and write everything."""
        asked = self.query_one(AskedField)
        asked.placeholder = _("number, patient, name, formal number, or scan")
        self._look()
        parts: list[Content | str] = []
        for kept in desk_queries.FILTERS:
            text = f"[{filter_word(kept)}]" if kept == self._kept else f" {filter_word(kept)} "
            parts += [shown(text, "bold $accent" if kept == self._kept else "$secondary"), " "]
        self.query_one("#journal-filters", Static).update(line(*parts))

    def _look(self, *, afresh: bool = False) -> None:
        found = desk_queries.find_receipts(self.desk, self.query_one(AskedField).value, self._kept)
        self.rows.show(found, place=0 if afresh else None)
        self._show_marked()

    def _shows(self, entry: Entry) -> Shows:
        desk = self.desk
        is_reversed = desk.reversal_of(entry.id) is not None
        name = str((entry.content.get("patient") or {}).get("name", ""))
        amount = money(entry.amount_minor, desk.currency) if entry.amount_minor is not None else ""
        copies = desk_queries.printouts(desk, entry.id)
        came_out = any(copy.content["state"] == "printed" for copy in copies)
        paper = _("printed") if came_out else _("NOT OUT") if copies else _("no paper")
        state = desk_queries.delivery_state(desk, entry.id)
        title = form_title(entry)
        return Shows(
            (
                entry.recorded_at[_TIME],
                entry.number or "",
                _("[REV]") + title if is_reversed else title,
                name,
                amount,
                paper,
                state_name(state) if state else "",
            ),
            "$secondary" if is_reversed else "" if came_out else "$warning",
        )

    def _show_marked(self) -> None:
        entry = self.rows.marked
        drawn = self.query_one("#journal-entry", Static)
        if entry is not None and self.size.width >= _WIDE:
            self.set_timer(_REST_SECONDS, lambda: self._rested_on(entry))
            told: list[Content | str] = [*entry_lines(self.desk, entry, max(self.size.width - 92, 40))]
            drawn.update(lines(told[: max(self.size.height - 6, 1)]))
        else:
            drawn.update("")
        self.keys_changed()

    def _rested_on(self, entry: Entry) -> None:
        if self.is_current and self.rows.marked is entry:
            self.opened_patient(entry.patient, entry.id)

    def on_resize(self, _event: Resize) -> None:
        """Show the marked receipt beside the list where there is room."""
        self._show_marked()

    # -- keys ---------------------------------------------------------------------------------------

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "Type any part of a number or name, or scan the receipt. Arrows mark, Enter opens it whole. "
            "A receipt is never changed: F9 reverses it by a new entry."
        )

    def _picks(self, character: str) -> bool:
        """Once the mark was moved, or a name is typed, a digit picks a row; figures of a number are typed."""
        typed = self.query_one(AskedField).value
        self.rows.digits = self.rows.place > 0 or bool(typed and not typed[0].isascii())
        return self.rows.picks(character)

    def _takes(self, event: Key) -> bool:
        self._picks(event.character or " ")  # says whether digits pick
        return self.rows.takes(event)

    def on_input_changed(self, event: Field.Changed) -> None:
        """Search with every key."""
        event.stop()
        self._look(afresh=True)

    def on_rows_marked(self, event: Rows.Marked) -> None:
        """Show the marked receipt."""
        event.stop()
        self._show_marked()

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """Show it whole."""
        event.stop()
        self._open(event.value)

    def _open(self, entry: Entry) -> None:
        self.station.push_screen(EntryScreen(entry))

    def take_scan(self, scan: Scan) -> bool:
        """Open the receipt that was scanned; find what a patient's card finds."""
        if scan.kind == "receipt":
            self._open(scan.value)
            return True
        if scan.kind == "patient":
            self.query_one(AskedField).take(scan.value.number)
            return True
        if scan.kind == "foreign_receipt":
            self.say(
                lambda: _("This receipt is not in this station's journal; Dispense shows what it says."),
                "problem",
            )
            return True
        return False

    def act_back(self) -> None:
        """Empty the field first, then leave."""
        asked = self.query_one(AskedField)
        if asked.value:
            asked.take("")
        else:
            self.step_back()

    def act_filter(self) -> None:
        """Show all, only what was not printed, only what was reversed."""
        order = desk_queries.FILTERS
        self._kept = order[(order.index(self._kept) + 1) % len(order)]
        self.rows.place = 0
        self.redraw()

    def copyable(self) -> str:
        """Return the number of the marked receipt."""
        entry = self.rows.marked
        return str(entry.number or entry.id) if entry is not None else ""

    def why_not(self, act: str) -> str | None:
        """Acts on a receipt need one, and some need one that allows it."""
        if act not in {"reprint", "reverse", "resend"}:
            return None
        entry: Any = self.rows.marked
        if entry is None:
            return _("Mark a receipt first.")
        if act == "reverse":
            return desk_queries.why_not_reversible(self.desk, entry)
        return why_not_resend(self.desk, entry) if act == "resend" else None

    def _marked(self) -> Entry:
        entry: Entry | None = self.rows.marked
        assert entry is not None, "why_not asked for one"
        return entry

    def act_reprint(self) -> None:
        """Print the marked receipt."""
        reprint(self, self._marked())

    def act_reverse(self) -> None:
        """Reverse the marked entry."""
        reverse(self, self._marked())

    def act_resend(self) -> None:
        """Let the marked entry go to the HIS again."""
        resend(self, self._marked())


class ReversalScreen(JournalScreen):
    """The journal, to reverse something in it; a given entry is asked about at once."""

    def _open(self, entry: Entry) -> None:
        if entry is self._open_first:
            self._open_first = None
            self.rows.mark(next((n for n, one in enumerate(self.rows.values) if one.id == entry.id), 0))
            reason = desk_queries.why_not_reversible(self.desk, entry)
            if reason is not None:
                self.say(lambda: reason, "problem")
            else:
                reverse(self, entry)
        else:
            super()._open(entry)
