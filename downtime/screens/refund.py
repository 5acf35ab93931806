"""Refund 退费: find the receipt, take all of it or some lines, see how the money goes back, say why.

Cash goes out of the drawer now; card and mobile money waits to go back the way it came (待原路退).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal
from textual.widgets import Static

from downtime.i18n import _
from downtime.problem_text import problem_words
from downtime.screens.base import StationScreen
from downtime.screens.hub_question import ask_hub
from downtime.screens.keyline import Words
from downtime.screens.quantity import QuantityDialog
from downtime.screens.recorded import money
from downtime.screens.refund_acts import give_back
from downtime.screens.refund_find import RECEIPT_COLUMNS, Receipts
from downtime.screens.refund_lines import COLUMNS, back_lines, how_to_take, receipt_lines, shows_line
from downtime.screens.refund_sheet import plain, sheet_for
from downtime.screens.rows import Rows
from downtime.screens.search_field import SearchField
from downtime.screens.text import lines, shown
from downtime.screens.typed_fields import AmountField, Field
from forms.money import UnreadableNumberError, format_amount, parse_amount

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual.app import ComposeResult

    from downtime.entry import Entry
    from downtime.record import Recorded
    from downtime.screens.refund_sheet import LineLeft, RefundSheet
    from downtime.screens.rows import Shows
    from downtime.screens.scans import Scan
    from forms.base import Problem

_EDGES = 4


class RefundScreen(StationScreen):
    """One refund at a time.

    Args of the constructor:
        entry: the receipt to begin with, for instance from a work list.
    """

    CSS_PATH = "refund.tcss"
    acts: ClassVar[tuple[str, ...]] = ("item", "quantity", "settle", "reverse")
    rights: ClassVar[Mapping[str, str]] = {"settle": "reverse"}
    needs = "reverse"

    def __init__(self, entry: Entry | None = None) -> None:
        super().__init__()
        self._open_first = entry
        self.sheet: RefundSheet | None = None
        self._problem: Callable[[], str] = str

    def body(self) -> ComposeResult:
        """Field, receipt, its lines or the amount of the advance, what goes back."""
        self._receipts = Receipts(self.desk)
        with Horizontal(id="refund-top"):
            yield Words(lambda: _("Receipt"), classes="label", id="refund-find-label")
            yield SearchField(
                self._receipts.seek,
                RECEIPT_COLUMNS,
                hint=lambda: _("scan the receipt, or number, name, phone"),
                id="refund-find",
            )
        yield Static("", id="refund-problem", classes="problem", markup=False)
        yield Static("", id="refund-receipt", markup=False)
        yield Rows(COLUMNS, self._shows, id="refund-rows")
        with Horizontal(id="refund-advance"):
            yield Words(lambda: _("Give back"), classes="label refund-label")
            yield AmountField(id="refund-amount")
            yield Static("", id="refund-amount-problem", classes="problem", markup=False)
        yield Static("", id="refund-back", markup=False)

    def on_mount(self) -> None:
        """Put the cursor into the field, or take the receipt that was brought along."""
        super().on_mount()
        self.station.behind(self._receipts.reading())
        self._find.ask()
        if self._open_first is not None:
            self.take(self._open_first)

    @property
    def _find(self) -> SearchField:
        return self.query_one("#refund-find", SearchField)

    @property
    def rows(self) -> Rows:
        """The lines."""
        return self.query_one(Rows)

    def redraw(self) -> None:
        """Write everything that changes."""
        sheet, width = self.sheet, max((self.size.width or 80) - _EDGES, 40)
        wrong = self.query_one("#refund-problem", Static)
        wrong.display = bool(self._problem())
        wrong.update(shown(self._problem()))
        receipt = self.query_one("#refund-receipt", Static)
        back = self.query_one("#refund-back", Static)
        self.rows.display = sheet is not None and sheet.bill is not None
        self.query_one("#refund-advance").display = sheet is not None and sheet.bill is None
        back.display = sheet is not None
        if sheet is None:
            receipt.update(shown(_("Which receipt does the money go back for?"), "$secondary"))
        else:
            told = receipt_lines(sheet)
            if sheet.bill is None:
                left = money(sheet.left_minor, sheet.currency)
                told.append(shown(_("{amount} of it is left.").format(amount=left), "bold"))
            receipt.update(lines(told))
            told = back_lines(sheet, width)
            if sheet.bill is not None and not sheet.worth_minor():
                told.append(shown(how_to_take(self.station.keys_in_force), "$secondary"))
            back.update(lines(told))
            self.rows.show(sheet.lines)
        self.keys_changed()

    def _shows(self, row: LineLeft) -> Shows:
        return shows_line(row, self.desk.currency)

    def on_resize(self) -> None:
        """Fit the new width."""
        self.redraw()

    # -- the receipt --------------------------------------------------------------------------------

    def take(self, entry: Entry) -> None:
        """Begin with a receipt, or say beside the field why it cannot be refunded."""
        found = sheet_for(self.desk, entry)
        self._find.clear()
        if isinstance(found, str):
            self._begin_again(lambda: found)
            return
        self.sheet, self._problem = found, str
        self.opened_patient(entry.patient, entry.id)
        self.say(str)
        self.rows.place = 0
        self.redraw()
        ask_hub(self, entry.number, found.entry_id, lambda: self.sheet is found)
        if found.bill is not None:
            self.rows.focus()
            return
        amount = self.query_one("#refund-amount", AmountField)
        amount.take(format_amount(found.left_minor, found.currency))
        amount.focus()
        amount.select_all()

    def _begin_again(self, words: Callable[[], str] = str) -> None:
        self.sheet, self._problem = None, words
        self.redraw()
        self._find.ask()

    def on_search_field_picked(self, event: SearchField.Picked) -> None:
        """A receipt of the list."""
        entry = self.desk.find(event.value)
        assert entry is not None, "receipts are read from this book"
        self.take(entry)

    def on_search_field_missed(self, event: SearchField.Missed) -> None:
        """Nothing found: the number may be another station's."""
        if event.text:
            self._problem = lambda: _("There is no receipt for money here under {text}.").format(
                text=event.text
            )
            self.redraw()

    def take_scan(self, scan: Scan) -> bool:
        """Take the receipt that was scanned, or find a patient's receipts."""
        if scan.kind == "receipt":
            self.take(scan.value)
        elif scan.kind == "foreign_receipt":
            self._begin_again(lambda: _("This receipt was made at another station: refund it there."))
        elif scan.kind == "patient":
            self._find.ask()
            self._find.find(scan.value.number)
        return scan.kind != "item"

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "F9 takes the whole receipt, a digit or Enter one line and how many. F8 then asks why and gives back. "
            "What was paid by card or mobile pay is never given back in cash."
        )

    def label_of(self, act: str) -> str:
        """Return what the keys mean here."""
        names = {"reverse": _("Whole receipt"), "settle": _("Refund"), "item": _("Receipt")}
        return names.get(act) or super().label_of(act)

    def why_not(self, act: str) -> str | None:
        """Say what is missing."""
        if act == "item":
            return None
        if act in {"quantity", "reverse", "settle"} and self.sheet is None:
            return _("Find the receipt first.")
        if act == "quantity" and self.sheet is not None and self.sheet.bill is None:
            return _("An advance has no lines; type the amount.")
        if act == "settle" and self.sheet is not None:
            return self.sheet.why_not()
        return None

    def act_item(self) -> None:
        """Look for another receipt."""
        self._find.ask()

    def act_reverse(self) -> None:
        """Take everything that may still go back."""
        sheet = self.sheet
        assert sheet is not None, "why_not asked for one"
        sheet.take_whole()
        self.query_one("#refund-amount", AmountField).take(format_amount(sheet.left_minor, sheet.currency))
        handed = next((line for line in sheet.lines if line.handed), None)
        if handed is not None:
            self.say(handed.why_not, "problem")
        self.redraw()

    def on_rows_opened(self, event: Rows.Opened) -> None:
        """Ask how many of a line."""
        event.stop()
        self.act_quantity()

    def act_quantity(self) -> None:
        """How many of the marked line: all of it is proposed, nothing to ask where only one is left."""
        row: LineLeft | None = self.rows.marked
        if row is None:
            return
        if row.taken:
            row.taken = Decimal(0)
        elif not row.left:
            self.say(row.why_not, "problem")
        elif row.left == 1:
            row.taken = row.left
        else:
            told = [shown(f"{row.charged.name} {row.charged.spec}".strip(), "bold")]
            self.station.push_screen(
                QuantityDialog(lambda: told, plain(row.left), row.left),
                lambda taken: self._counted(row, taken),
            )
        self.redraw()

    def _counted(self, row: LineLeft, taken: Decimal | None) -> None:
        if taken is not None:
            row.taken = taken
            self.redraw()

    def on_input_changed(self, event: Field.Changed) -> None:
        """Work out with every key what of the advance goes back."""
        event.stop()
        sheet = self.sheet
        if event.input.id != "refund-amount" or sheet is None or sheet.bill is not None:
            return
        wrong = ""
        try:
            sheet.amount_minor = parse_amount(event.value, sheet.currency)
        except UnreadableNumberError as error:
            sheet.amount_minor, wrong = 0, _(error.msgid).format(**error.fields)
        if sheet.amount_minor > sheet.left_minor:
            wrong = _("Only {left} is left.").format(left=format_amount(sheet.left_minor, sheet.currency))
            sheet.amount_minor = 0
        self.query_one("#refund-amount-problem", Static).update(shown(wrong))
        self.redraw()

    async def on_input_submitted(self, event: Field.Submitted) -> None:
        """Enter in the amount goes on."""
        event.stop()
        await self.act("settle")

    def act_settle(self) -> None:
        """Ask for the formal paper if there is one, then why, then give back."""
        assert self.sheet is not None, "why_not asked for one"
        give_back(self, self.sheet, self._stands)

    def _stands(self, recorded: Recorded) -> None:
        self._begin_again()
        self.station.tell_recorded(recorded.entry)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Say it beside the receipt; what was taken stays."""
        if problems:
            first = problems[0]
            self._problem = lambda: problem_words(first)
            self.redraw()

    def act_back(self) -> None:
        """Empty the field, then give the receipt up, then leave."""
        asked = self.search_in_hand()
        if self.sheet is not None and not (asked is not None and (asked.is_open or asked.text)):
            self._begin_again()
        else:
            super().act_back()
