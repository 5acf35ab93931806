"""Priced elsewhere 划价: a slip scanned or its number typed fills patient and lines in; what is left is the money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.entry import Entry
from downtime.hub_notice import receipt_keys
from downtime.i18n import _
from downtime.receipt_qr import check
from downtime.screens.charge_sheet import Sheet
from downtime.screens.fields_dialog import FieldsDialog, Line
from downtime.screens.hub_question import ask_hub
from downtime.screens.lines_screen import LinesScreen
from downtime.screens.people import PatientCard
from downtime.screens.priced_slip import (
    charged_already,
    difference_words,
    seek_slips,
    slip_of_check,
    slip_of_entry,
)
from downtime.screens.recorded import money
from downtime.screens.text import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from downtime.screens.priced_slip import Slip
    from downtime.screens.scans import Scan
    from downtime.screens.search_field import Candidate, SearchField
    from forms.base import Problem


class Priced(LinesScreen):
    """The part of the charge screen that takes pricing slips.

    Args:
        priced: a slip that was scanned on another screen.
    """

    sheet: Sheet

    def __init__(self, *args: Any, priced: Scan | None = None, **named: Any) -> None:
        super().__init__(*args, **named)
        self._priced_given = priced
        self._codes: list[str] = []

    def begun(self) -> None:
        """Begin with the slip, if one was scanned."""
        if self._priced_given is not None:
            self.take_scan(self._priced_given)

    def seek_patients(self, typed: str) -> list[Candidate]:
        """Return the slip whose number is typed, then patients."""
        return [*seek_slips(self.desk, typed), *super().seek_patients(typed)][:20]

    def picked(self, search: SearchField, value: Any) -> None:
        """A slip, a patient or an item was taken."""
        if isinstance(value, Entry) and value.form == "pricing":
            self.take_slip(slip_of_entry(self.desk, value))
        else:
            super().picked(search, value)

    def take_scan(self, scan: Scan) -> bool:
        """A slip's code fills the charge in; of several codes each is scanned."""
        if scan.is_pricing and isinstance(scan.value, Entry):
            self.take_slip(slip_of_entry(self.desk, scan.value))
        elif scan.is_pricing or (scan.kind == "further_code" and self._codes):
            self._take_code(scan)
        else:
            return super().take_scan(scan)
        return True

    def _take_code(self, scan: Scan) -> None:
        self._codes = [*(self._codes if scan.kind == "further_code" else ()), scan.text]
        verdict = check(self._codes, receipt_keys(self.desk.home))
        if verdict.facts is None:
            self.say(lambda: _("These codes do not belong together: scan the slip again."), "problem")
            self._codes = self._codes[:1]
            return
        slip = slip_of_check(self.desk, verdict)
        if slip is None:
            count = len(verdict.facts.items)
            self.say(lambda: _("{count} items so far: scan the next code of this slip.").format(count=count))
            return
        self._codes = []
        if isinstance(slip, str):
            reason = slip
            self.say(lambda: reason, "problem")
        else:
            self.take_slip(slip)

    def take_slip(self, slip: Slip) -> None:
        """Fill patient and lines in, unless the slip was charged already."""
        charge = charged_already(self.desk, slip)
        if charge is not None:
            told = {"number": slip.number, "charge": charge}
            self.say(lambda: _("Slip {number} has been charged already: {charge}.").format(**told), "problem")
            return
        again = bool(self.sheet.lines) and self.sheet.priced_number == slip.number
        if self.sheet.lines and not again:
            self.hold_sheet()
        sheet = self.new_sheet()
        assert isinstance(sheet, Sheet)
        if again:  # the same form: no second one of it is left half filled
            sheet.entry_id = self.sheet.entry_id
        sheet.lines, sheet.priced_id, sheet.priced_number = list(slip.lines), slip.entry_id, slip.number
        sheet.payer_kind = slip.payer_kind
        self.card_for, self.marked, self.sheet = None, None, sheet
        self.patients.clear()
        if slip.patient is not None:
            self.seat(slip.patient)
        else:
            self.keep()
            self.wait()
            self.redraw()
            self._ask_name(slip)
        self.say(lambda: self._slip_words(slip), "problem" if slip.differs else "hint")
        ask_hub(self, slip.number, sheet.entry_id, lambda: self.sheet.entry_id == sheet.entry_id)

    def _slip_words(self, slip: Slip) -> str:
        told = {
            "number": slip.number,
            "slip": money(slip.slip_minor, self.desk.currency),
            "here": money(sum(line.amount_minor for line in slip.lines), self.desk.currency),
            "lines": difference_words(slip.lines),
        }
        if slip.differs:
            return _("Look at line {lines}: {slip} on slip {number}, {here} here.").format(**told)
        if not slip.is_proven:
            return _("Slip {number}, {slip}: its station's key is not known here.").format(**told)
        return _("Slip {number}, {slip}. F8 or Enter takes the money.").format(**told)

    def _ask_name(self, slip: Slip) -> None:
        """Ask for the name: the patient was registered at another station."""

        async def finish(answers: Mapping[str, str]) -> Sequence[Problem]:
            name = answers["name"].strip() or slip.patient_number
            self.station.call_later(self.seat, _elsewhere(slip, name))
            return []

        dialog = FieldsDialog(
            lambda: _("Pricing slip {number}").format(number=slip.number),
            lambda: [
                shown(_("Patient {number} is not in the lists here.").format(number=slip.patient_number)),
                shown(_("Type the name as the slip says it."), "$text-muted"),
            ],
            (Line("name", lambda: _("Full name")),),
            finish,
        )
        self.station.push_screen(dialog)


def _elsewhere(slip: Slip, name: str) -> PatientCard:
    return PatientCard(slip.patient_number, name, temporary=True, payer_kind=slip.payer_kind)
