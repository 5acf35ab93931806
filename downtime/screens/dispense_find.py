"""How a receipt comes up at the pharmacy window: scanned, typed or picked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime import desk_queries
from downtime.hub_notice import receipt_keys
from downtime.i18n import _
from downtime.receipt_check import Checked, check_texts
from downtime.screens.base import StationScreen
from downtime.screens.dispense_lines import state_word
from downtime.screens.dispense_sheet import charge_state, sheet_of
from downtime.screens.hub_question import ask_hub
from downtime.screens.recorded import money
from downtime.screens.rows import Rows
from downtime.screens.scans import understand
from downtime.screens.search_field import Candidate, SearchField
from forms.typed import as_code

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.entry import Entry
    from downtime.screens.dispense_sheet import DispenseSheet
    from downtime.screens.scans import Scan

_TIME = slice(11, 16)
_QR_DIGITS_MIN = 100


class DispenseFinding(StationScreen):
    """The part of the dispense screen that brings a receipt up.

    Attributes:
        sheet: the charge in hand, or None.
        foreign: a receipt that is not in this journal, or None.
    """

    sheet: DispenseSheet | None = None
    foreign: Checked | None = None

    @property
    def find(self) -> SearchField:
        """Where a receipt is asked for."""
        return self.query_one("#dispense-find", SearchField)

    @property
    def rows(self) -> Rows:
        """The lines."""
        return self.query_one(Rows)

    def charges(self, asked: str) -> Sequence[Candidate]:
        """Return the charges with drugs that ``asked`` names; empty text gives what waits."""
        desk = self.desk
        found = desk_queries.drug_charges(desk, asked)
        states = [(entry, charge_state(desk, entry)) for entry in found]
        if not asked:
            states = [(entry, state) for entry, state in states if state in {"paid", "authorised"}]
        return [
            Candidate(
                (
                    entry.recorded_at[_TIME],
                    entry.number or "",
                    str(entry.content["patient"]["name"]),
                    state_word(state),
                    money(entry.amount_minor or 0, desk.currency),
                ),
                entry,
                "" if state in {"paid", "authorised"} else "$secondary",
            )
            for entry, state in states
        ]

    def sheet_for(self, charge: Entry) -> DispenseSheet:
        """Return what is to be handed over on a charge."""
        return sheet_of(self.desk, charge)

    def bring_up(self, entry: Entry) -> None:
        """Show a charge; another receipt of the patient brings up the charge it names."""
        if entry.form != "charge":
            named = [one for one in desk_queries.names(self.desk, entry) if one.form == "charge"]
            if not named:
                self.say(lambda: _("This receipt holds no drugs."), "problem")
                return
            entry = named[0]
        self.foreign = None
        self.sheet = self.sheet_for(entry)
        self.opened_patient(entry.patient, entry.id)
        self.find.clear()
        self.rows.place = 0
        self.redraw()
        sheet = self.sheet
        ask_hub(self, entry.number, sheet.entry_id, lambda: self.sheet is sheet)
        if self.sheet.gives and self.sheet.may_go:
            self.rows.focus()
            self.say(lambda: _("Enter hands it over.  A digit takes another batch, F4 another quantity."))
        else:
            self.find.ask()
            self.say(str)

    def put_away(self) -> None:
        """Ask for the next receipt."""
        self.sheet = self.foreign = None
        self.redraw()
        self.find.ask()

    def show_foreign(self, checked: Checked) -> None:
        """Show what a receipt says that is not in this journal; nothing can be handed over on it here."""
        self.put_away()
        self.find.clear()
        self.foreign = checked
        self.redraw()

    def on_search_field_picked(self, event: SearchField.Picked) -> None:
        """A charge was picked."""
        event.stop()
        self.bring_up(event.value)

    def on_search_field_missed(self, event: SearchField.Missed) -> None:
        """Nothing found: say what the text is."""
        event.stop()
        if not event.text:
            return
        known = understand(self.desk, event.text)  # a slow scanner, or a code that was pasted
        if known is not None:
            self.take_scan(known)
            return
        checked = check_texts([as_code(event.text)], receipt_keys(self.desk.home))
        if checked.status in {"unreadable", "incomplete"} and len(event.text) < _QR_DIGITS_MIN:
            self.say(lambda: _("No receipt with drugs is found here under that."), "problem")
        else:
            self.show_foreign(checked)

    def take_scan(self, scan: Scan) -> bool:
        """Take a receipt; check a drug's bar code against the lines."""
        if scan.kind == "receipt":
            self.bring_up(scan.value)
        elif scan.kind == "foreign_receipt":
            self.show_foreign(Checked(scan.value.status, scan.value.facts))
        elif scan.kind == "patient":
            self.put_away()
            self.find.find(scan.value.number)
        else:
            self._compare(scan.value)
        return True

    def _compare(self, item: Any) -> None:
        gives = self.sheet.gives if self.sheet else []
        place = next((n for n, give in enumerate(gives) if give.code == item.code), None)
        if place is None:
            self.say(lambda: _("NOT ON THIS RECEIPT: {name}").format(name=item.name), "problem")
        else:
            self.rows.mark(place)
            self.say(lambda: _("Right drug: {name}").format(name=item.name), "done")
