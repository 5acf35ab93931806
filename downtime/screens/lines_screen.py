"""Patient and lines, by keys alone: what charging, pricing, bookkeeping and the lines of an advance share."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from downtime.i18n import _
from downtime.screens.charge_answers import Answering
from downtime.screens.charge_asks import AskPrice, AskQuantity, AskUnlisted
from downtime.screens.charge_lines import LineTable, headings
from downtime.screens.department import DepartmentDialog
from downtime.screens.search_field import SearchField
from downtime.screens.seeking import ITEM_COLUMNS, seek_items
from downtime.screens.text import shown
from downtime.screens.window import SIDE_CELLS
from downtime.screens.window_foot import WindowFoot
from forms.money import format_amount

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from downtime.screens.charge_sheet import LineSheet
    from downtime.screens.window_sheet import WindowSheet

_ROWS_AROUND = 12
"""Rows of the screen that are not lines: top, patient, headings, entry, totals, keys."""


class LinesScreen(Answering):
    """One sheet of lines after the other.

    Attributes:
        rows_above: rows that ``header`` takes.
    """

    CSS_PATH = "charge.tcss"
    rows_above: ClassVar[int] = 0

    def body(self) -> ComposeResult:
        """Patient, lines, the entry row, the total; beside them what helps."""
        self.sheet = cast("LineSheet", self.new_sheet())  # of its own ``sheet_kind``
        with Horizontal():
            with Vertical(id="main"):
                yield from self.patient_rows()
                yield from self.header()
                yield Static("", id="headings", markup=False)
                yield LineTable(id="lines")
                with Horizontal(id="entry-row"):
                    yield Static("", id="entry-number", markup=False)
                    yield SearchField(
                        lambda typed: seek_items(self.desk, typed, self.sheet.origin()[0]),
                        ITEM_COLUMNS,
                        hint=self.item_hint,
                        tail=self.tail_of_items,
                        id="find-item",
                    )
                yield AskQuantity(id="ask-quantity", classes="ask")
                yield AskPrice(self.desk.currency, id="ask-price", classes="ask")
                yield AskUnlisted(self.desk.currency, id="ask-unlisted", classes="ask")
            yield Static("", id="side", markup=False)
        yield WindowFoot(self.total_word)

    def header(self) -> ComposeResult:
        """Yield what stands between patient and lines; for subclasses."""
        yield from ()

    def item_hint(self) -> str:
        """Return what stands in the empty item line."""
        return _("item: initials, name, code; *3 = three of the last; Enter settles")

    def new_sheet(self) -> WindowSheet:
        """Return an empty sheet whose lines go where those before went."""
        sheet = super().new_sheet()
        for name, part in self.station.remembered.get("department", {}).items():
            setattr(sheet, name, str(part))
        return sheet

    # -- what is seen -------------------------------------------------------------------------------

    def redraw(self) -> None:
        """Write patient, lines and total."""
        super().redraw()
        sheet = self.sheet
        width = self.query_one("#main").size.width or (
            self.size.width - (SIDE_CELLS if self.has_class("-wide") else 0)
        )
        self.query_one("#headings", Static).update(headings(width))
        rows_max = max(self.size.height - _ROWS_AROUND - self.rows_above, 4)
        self.query_one(LineTable).draw(sheet.lines, self.marked, sheet.currency, rows_max, width)
        self.query_one("#entry-number", Static).update(shown(f"{len(sheet.lines) + 1:>3}"))

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "Find the patient by initials (zs), number or card; pick with Enter or 1 to 9. Items the same way. "
            "A space before digits types them instead of picking. Enter on an empty item line settles."
        )

    # -- where the cursor is ------------------------------------------------------------------------

    def wait(self) -> None:
        """Put the cursor where the next key belongs."""
        if self.sheet.patient is not None:
            self.opened_patient(self.sheet.patient.number, self.sheet.entry_id)
        for ask in self.query(".ask"):
            ask.display = False
        self.query_one("#entry-row").display = True
        self.wait_in_field()
        self.call_after_refresh(self.redraw)
        self.keys_changed()

    def wait_in_field(self) -> None:
        """Put the cursor into the patient search, or into the item line."""
        target = self.patients if self.sheet.patient is None and not self.sheet.lines else self.items
        target.display = True  # a hidden field takes no cursor
        target.ask()

    # -- acts ---------------------------------------------------------------------------------------

    def act_item(self) -> None:
        """Go to the item line."""
        self.marked = None
        self.query_one("#entry-row").display = True
        for ask in self.query(".ask"):
            ask.display = False
        self.items.ask()
        self.call_after_refresh(self.redraw)

    def act_quantity(self) -> None:
        """Ask for the quantity of the marked line, the last by default."""
        row = len(self.sheet.lines) - 1 if self.marked is None else self.marked
        self.marked = row
        self.redraw()
        self.query_one("#entry-row").display = False
        self.query_one(AskQuantity).ask(self.sheet.lines[row].name, self.sheet.lines[row].quantity)

    def act_price(self) -> None:
        """Ask for another price of the marked line, the last by default."""
        self.marked = len(self.sheet.lines) - 1 if self.marked is None else self.marked
        self.redraw()
        line = self.sheet.lines[self.marked]
        self.query_one("#entry-row").display = False
        price = format_amount(line.unit_price_minor, self.sheet.currency)
        self.query_one(AskPrice).ask(line.name, price, line.price_reason)

    def act_delete_line(self) -> None:
        """Take the marked line away, the last by default."""
        row = len(self.sheet.lines) - 1 if self.marked is None else self.marked
        gone = self.sheet.lines.pop(row)
        self.marked = None
        self.say(lambda: _("Line taken away: {name}").format(name=gone.name))
        self.keep()
        self.wait()

    def act_unlisted(self) -> None:
        """Charge something no list has."""
        typed = self.items.text.strip()
        self.items.clear()
        self.query_one("#entry-row").display = False
        self.query_one(AskUnlisted).ask(typed)

    def act_department(self) -> None:
        """Choose department and doctor of the next lines."""
        self.station.push_screen(DepartmentDialog(), self._department_chosen)

    def _department_chosen(self, chosen: dict[str, str] | None) -> None:
        if chosen is not None:
            self.station.remembered["department"] = chosen
            for name, part in chosen.items():
                setattr(self.sheet, name, part)
            self.keep()
        self.redraw()

    def start_afresh(self) -> None:
        """Wait for the next patient."""
        self.marked = None
        self.items.clear()
        super().start_afresh()

    def step_back(self) -> None:
        """From a question to the line; from an empty line home. The draft stays."""
        if any(ask.display for ask in self.query(".ask")) or self.marked is not None:
            self.marked = None
            self.wait()
        elif self.patients.input.has_focus and self.sheet.patient is not None:
            self.wait()
        else:
            super().step_back()
