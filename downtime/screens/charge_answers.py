"""What comes in on a screen with lines: rows picked, numbers typed, codes scanned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.i18n import _
from downtime.problem_text import problem_words
from downtime.screens.charge_parts import ChargeParts
from downtime.screens.people import patient_card
from forms.base import Problem
from forms.money import UnreadableNumberError

if TYPE_CHECKING:
    from downtime.screens.charge_asks import AskPrice, AskQuantity, AskUnlisted
    from downtime.screens.scans import Scan
    from downtime.screens.search_field import SearchField
    from downtime.store.search import CatalogueHit


class Answering(ChargeParts):
    """The part of a screen with lines that takes answers."""

    def on_search_field_picked(self, event: SearchField.Picked) -> None:
        """A row was taken."""
        self.picked(event.search, event.value)

    def picked(self, search: SearchField, value: Any) -> None:
        """A patient or an item was taken."""
        if search is self.patients:
            self.seat(patient_card(self.desk, value))
        else:
            self._add(value)

    def on_search_field_missed(self, event: SearchField.Missed) -> None:
        """Enter without a row: settle, count, or say what helps."""
        if event.search is self.patients:
            if event.text:
                self.say(self.tail_of_patients)
            elif self.sheet.patient is not None:
                self.wait()
        elif event.text.startswith("*"):
            self._count_last(event.text[1:])
        elif event.text:
            self.say(self.tail_of_items)
        elif self.sheet.lines:
            self.finish_lines()

    def finish_lines(self) -> None:
        """Enter on the empty item line: settle."""
        self.run_worker(self.act("settle"))

    def on_search_field_stepped(self, event: SearchField.Stepped) -> None:
        """Up and down mark a line; down below the last shows the usual items."""
        rows = len(self.sheet.lines)
        if event.search is self.items and rows and (event.by < 0 or self.marked is not None):
            marked = (rows if self.marked is None else self.marked) + event.by
            self.marked = max(marked, 0) if marked < rows else None
            self.redraw()
        else:
            super().on_search_field_stepped(event)

    def mark(self, row: int) -> None:
        """Mark a line by a click."""
        if 0 <= row < len(self.sheet.lines):
            self.marked = row
            self.redraw()

    def on_ask_quantity_given(self, event: AskQuantity.Given) -> None:
        """Set the quantity of the marked line."""
        assert self.marked is not None
        self.sheet.count(self.marked, event.quantity)
        self.marked = None
        self.keep()
        self.wait()

    def on_ask_price_given(self, event: AskPrice.Given) -> None:
        """Take another price for the marked line; a second person is asked when it is settled."""
        assert self.marked is not None
        self.sheet.reprice(self.marked, event.price_minor, event.reason)
        is_listed = self.sheet.lines[self.marked].list_price_minor is None
        self.marked = None
        self.keep()
        self.wait()
        if not is_listed:
            self.say(lambda: _("Another price than the list's: a second person signs when it is settled."))

    def on_ask_unlisted_given(self, event: AskUnlisted.Given) -> None:
        """Add the unlisted line."""
        self.sheet.add_unlisted(event.name or "", event.price_minor)
        self.keep()
        self.wait()

    def _count_last(self, typed: str) -> None:
        try:
            self.sheet.count(len(self.sheet.lines) - 1, typed)
        except UnreadableNumberError as error:
            problem = Problem("", error.msgid, error.fields)
            self.say(lambda: problem_words(problem), "problem")
            return
        self.items.clear()
        self.keep()
        self.redraw()

    def _add(self, hit: CatalogueHit) -> None:
        if not self.sheet.add(hit, self.desk.reference):
            self.say(lambda: _("One receipt has at most 60 lines: settle, then go on."), "problem")
        self.marked = None
        self.keep()
        self.wait()

    def take_scan(self, scan: Scan) -> bool:
        """A card seats its patient, a bar code adds its item."""
        if scan.kind == "item":
            self._add(scan.value)
            return True
        return super().take_scan(scan)

    def is_anothers(self, number: str) -> bool:
        """Lines of one patient never become another's by a scan, not even free ones."""
        seated = self.sheet.patient
        return bool(self.sheet.lines) and seated is not None and seated.number != number
