"""A screen at the window: a patient, what it is about, the money; then the cursor waits for the next patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal
from textual.widgets import Static

from downtime.i18n import _
from downtime.screens.charge_hold import Holding
from downtime.screens.charge_patient import draw_patient
from downtime.screens.entry_acts import reprint
from downtime.screens.hold_card import hold_card
from downtime.screens.people import PatientCard, patient_card
from downtime.screens.places import screen_of
from downtime.screens.search_field import SearchField
from downtime.screens.seeking import PATIENT_COLUMNS, seek_patients
from downtime.screens.settle import SettleDialog
from downtime.screens.shift_hint import tell_before_taking_money
from downtime.screens.side import patient_lines, recent_lines
from downtime.screens.text import lines, shown
from downtime.screens.window_foot import WindowFoot

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult
    from textual.events import DescendantFocus

    from downtime.entry import Entry
    from downtime.record import Recorded
    from downtime.screens.scans import Scan
    from downtime.screens.search_field import Candidate

SIDE_CELLS = 46


class Window(Holding):
    """What every screen at the window does with patient, payer and paper."""

    rights: ClassVar[Mapping[str, str]] = {"settle": "cash"}

    # -- what is seen -------------------------------------------------------------------------------

    def patient_rows(self) -> ComposeResult:
        """Yield the two rows about the patient, with the search in the first."""
        with Horizontal(id="patient-row"):
            yield Static("", id="patient-key", markup=False)
            yield Static("", id="patient", markup=False)
            yield SearchField(
                self.seek_patients,
                PATIENT_COLUMNS,
                hint=self.patient_hint,
                tail=self.tail_of_patients,
                id="find-patient",
            )
        yield Static("", id="patient-more", markup=False)

    def patient_hint(self) -> str:
        """Return what stands in the empty patient search."""
        return _("patient: initials, name, number or card")

    def seek_patients(self, typed: str) -> list[Candidate]:
        """Return the rows for what is typed into the patient search."""
        return seek_patients(self.desk, typed)

    def total_word(self) -> str:
        """Return what the amount at the bottom is called."""
        return _("Total")

    def on_mount(self) -> None:
        """Go on with what was given, and wait where the next key belongs."""
        self.take_given()
        tell_before_taking_money(self)
        self.wait()
        self.begun()

    def begun(self) -> None:
        """Do what else the screen was opened for; for subclasses."""

    def on_descendant_focus(self, _event: DescendantFocus) -> None:
        """The patient and the patient search stand in each other's place."""
        if self.is_mounted and self.query_one("#find-patient").display != self.asks_patient():
            draw_patient(self, self.sheet, asking=self.asks_patient())

    def redraw(self) -> None:
        """Write patient and total."""
        sheet = self.sheet
        draw_patient(self, sheet, asking=self.asks_patient())
        self.query_one(WindowFoot).show(len(self.held()), sheet.total_minor, sheet.currency)
        if self.has_class("-wide"):
            self._draw_side()

    def _draw_side(self) -> None:
        room = self.size.height - 8
        about = [recent_lines(self.desk, SIDE_CELLS - 3, room // 2)]
        if self.sheet.patient is not None:
            number = self.sheet.patient.number
            about = [patient_lines(self.desk, number, SIDE_CELLS - 3, room // 2), shown(""), *about]
        self.query_one("#side", Static).update(lines(about))

    def on_resize(self) -> None:
        """Fit the new size."""
        self.call_after_refresh(self.redraw)

    def copyable(self) -> str:
        """Return the last receipt number, unless a field holds something."""
        last = self.station.last
        return super().copyable() or (last.entry.number or "" if last else "")

    # -- who is at the window -----------------------------------------------------------------------

    def seat(self, patient: PatientCard) -> None:
        """Take the patient at the window."""
        self.card_for = None
        self.sheet.seat(patient)
        self.seated()
        self.keep()
        self.wait()

    def take_scan(self, scan: Scan) -> bool:
        """A card seats its patient; with another one's form in hand, that is put aside first."""
        if scan.kind != "patient":
            return False
        if self.is_anothers(scan.value.number):
            self.hold_sheet()
        self.seat(scan.value)
        return True

    def is_anothers(self, number: str) -> bool:
        """Return whether what is filled in here must not become the patient's of that number."""
        sheet = self.sheet
        return sheet.patient is not None and sheet.patient.number != number and bool(sheet.total_minor)

    def act_patient(self) -> None:
        """Find another patient; what is filled in stays."""
        self.patients.display = True
        self.patients.ask()
        self.call_after_refresh(self.redraw)

    def act_payer(self) -> None:
        """From self-paying to insured and back; right after an insured patient: keep the card."""
        if self.offers_card() and self.card_for is not None:
            phone = str(self.card_for.content.get("phone") or "")
            hold_card(self, self.card_for, phone, self._card_lies_here)
        else:
            is_insured = self.sheet.payer_kind == "insured_pending"
            self.sheet.payer_kind = "self" if is_insured else "insured_pending"
            self.keep()
        self.redraw()

    def _card_lies_here(self) -> None:
        self.card_for = None
        self.redraw()
        self.keys_changed()

    def act_register(self) -> None:
        """Register somebody new; what was typed goes along as the name."""
        typed = self.patients.text.strip()
        self.patients.clear()
        self.station.push_screen(screen_of("registration", name=typed, returning=True), self._registered)

    def _registered(self, found: Entry | PatientCard | None) -> None:
        if found is not None:
            self.seat(found if isinstance(found, PatientCard) else patient_card(self.desk, found))
        else:
            self.wait()

    # -- paper and money ----------------------------------------------------------------------------

    def act_reprint(self) -> None:
        """Print the last receipt again; one that was perhaps printed is asked about first."""
        if self.station.last is not None and self.station.last.paper == "maybe_printed":
            reprint(self, self.station.last.entry)
        elif self.station.last is not None:
            self.station.behind(self.station.last.print_copy(_("asked for at the counter")))

    def act_reverse(self) -> None:
        """Undo the last entry, with a reason."""
        if self.station.last is not None:
            self.station.go("reversal", entry=self.station.last.entry)

    async def act_settle(self) -> None:
        """Take the money."""
        self.station.push_screen(SettleDialog(self.sheet), self._settled)

    def _settled(self, outcome: tuple[Recorded, int] | None) -> None:
        if outcome is not None:
            recorded, change_minor = outcome
            self.stands(recorded, change_minor)
        else:
            self.wait()

    def stands(self, recorded: Recorded, change_minor: int = 0) -> None:
        """It stands: wait for the next patient, offer to keep an insured one's card, say it and print."""
        entry = recorded.entry
        self.start_afresh()
        self.card_for = entry if entry.content.get("payer_kind") == "insured_pending" else None
        self.station.tell_recorded(entry, change_minor=change_minor)

    async def record_sheet(self) -> None:
        """Record what takes no money, at once."""
        form = self.sheet.form()
        if isinstance(form, list):
            self.show_problems(form)
            return
        await self.record(form, self.sheet.entry_id, self.stands, reason=self.sheet.price_reasons())

    def start_afresh(self) -> None:
        """Wait for the next patient."""
        self.sheet = self.new_sheet()
        self.card_for = None
        self.patients.clear()
        self.wait()
