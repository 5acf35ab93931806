"""Charge: patient, items, settle; then the cursor waits for the next patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from downtime.i18n import _
from downtime.record import new_entry_id
from downtime.screens.charge_answers import Answering
from downtime.screens.charge_asks import AskPrice, AskQuantity, AskUnlisted
from downtime.screens.charge_lines import LineTable, headings
from downtime.screens.charge_patient import draw_patient
from downtime.screens.charge_sheet import Sheet
from downtime.screens.department import DepartmentDialog
from downtime.screens.entry_acts import reprint
from downtime.screens.keyline import Words
from downtime.screens.people import PatientCard, patient_card
from downtime.screens.places import screen_of
from downtime.screens.search_field import SearchField
from downtime.screens.seeking import ITEM_COLUMNS, PATIENT_COLUMNS, seek_items, seek_patients
from downtime.screens.settle import SettleDialog
from downtime.screens.side import patient_lines, recent_lines
from downtime.screens.text import lines, shown
from forms.money import SYMBOLS, format_amount

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult

    from downtime.entry import Entry
    from downtime.record import Recorded
    from downtime.store.drafts import Draft

_SIDE_CELLS = 46
_ROWS_AROUND = 12
"""Rows of the screen that are not lines: top, patient, headings, entry, totals, keys."""


class ChargeScreen(Answering):
    """One charge after the other.

    Args:
        patient: who is at the window already.
        draft: a half-filled charge to go on with.
    """

    CSS_PATH = "charge.tcss"
    acts: ClassVar[tuple[str, ...]] = (
        *("patient", "item", "quantity", "delete_line", "reprint", "hold", "settle", "reverse"),
        *("department", "register", "unlisted", "price", "payer"),
    )
    rights: ClassVar[Mapping[str, str]] = {"settle": "cash", "price": "cash"}

    def __init__(self, patient: PatientCard | None = None, draft: Draft | None = None) -> None:
        super().__init__()
        self._patient_given, self._draft_given = patient, draft

    def body(self) -> ComposeResult:
        """Patient, lines, the entry row, the total; beside them what helps."""
        self.sheet = self._new_sheet()
        with Horizontal():
            with Vertical(id="main"):
                with Horizontal(id="patient-row"):
                    yield Static("", id="patient-key", markup=False)
                    yield Static("", id="patient", markup=False)
                    yield SearchField(
                        lambda typed: seek_patients(self.desk, typed),
                        PATIENT_COLUMNS,
                        hint=lambda: _("patient: initials, name, number or card"),
                        tail=self.tail_of_patients,
                        id="find-patient",
                    )
                yield Static("", id="patient-more", markup=False)
                yield Static("", id="headings", markup=False)
                yield LineTable(id="lines")
                with Horizontal(id="entry-row"):
                    yield Static("", id="entry-number", markup=False)
                    yield SearchField(
                        lambda typed: seek_items(self.desk, typed, self.sheet.origin()[0]),
                        ITEM_COLUMNS,
                        hint=lambda: _("item: initials, name, code; *3 = three of the last; Enter settles"),
                        tail=self.tail_of_items,
                        id="find-item",
                    )
                yield AskQuantity(id="ask-quantity", classes="ask")
                yield AskPrice(self.desk.currency, id="ask-price", classes="ask")
                yield AskUnlisted(self.desk.currency, id="ask-unlisted", classes="ask")
            yield Static("", id="side", markup=False)
        with Horizontal(id="total-row"):
            yield Static("", id="held", markup=False)
            yield Words(lambda: _("Total"), id="total-word")
            yield Static("", id="total", markup=False)

    def on_mount(self) -> None:
        """Go on with what was given, and wait where the next key belongs."""
        if self._draft_given is not None:
            draft = self._draft_given
            self.sheet = Sheet.from_draft(draft.id, self.desk.currency, draft.content)
        if self._patient_given is not None:
            self.sheet.seat(self._patient_given)
        super().on_mount()
        self.wait()

    def _new_sheet(self) -> Sheet:
        kept = {name: str(part) for name, part in self.station.remembered.get("department", {}).items()}
        return Sheet(new_entry_id(), self.desk.currency, **kept)  # type: ignore[arg-type]  # names of the sheet

    # -- what is seen -------------------------------------------------------------------------------

    def redraw(self) -> None:
        """Write patient, lines and total."""
        sheet, wide = self.sheet, self.has_class("-wide")
        width = self.query_one("#main").size.width or (self.size.width - (_SIDE_CELLS if wide else 0))
        draw_patient(self, sheet, asking=self.asks_patient())
        self.query_one("#headings", Static).update(headings(width))
        self.query_one(LineTable).draw(
            sheet.lines, self.marked, sheet.currency, max(self.size.height - _ROWS_AROUND, 4), width
        )
        self.query_one("#entry-number", Static).update(shown(f"{len(sheet.lines) + 1:>3}"))
        sign = SYMBOLS.get(sheet.currency, sheet.currency)
        total = format_amount(sheet.total_minor, sheet.currency, thousands=True)
        self.query_one("#total", Static).update(shown(f"{sign} {total:>12}", "bold $accent"))
        held = len(self.held())
        self.query_one("#held", Static).update(shown(_("Held: {count}").format(count=held) if held else ""))
        if wide:
            self._draw_side()

    def _draw_side(self) -> None:
        room = self.size.height - 8
        about = [recent_lines(self.desk, _SIDE_CELLS - 3, room // 2)]
        if self.sheet.patient is not None:
            number = self.sheet.patient.number
            about = [patient_lines(self.desk, number, _SIDE_CELLS - 3, room // 2), shown(""), *about]
        self.query_one("#side", Static).update(lines(about))

    def on_resize(self) -> None:
        """Fit the new size."""
        self.call_after_refresh(self.redraw)

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "Find the patient by initials (zs), number or card; pick with Enter or 1 to 9. Items the same way. "
            "A space before digits types them instead of picking. Enter on an empty item line settles."
        )

    def copyable(self) -> str:
        """Return the last receipt number, unless a field holds something."""
        last = self.station.last
        return super().copyable() or (last.entry.number or "" if last else "")

    # -- where the cursor is ------------------------------------------------------------------------

    def wait(self) -> None:
        """Put the cursor where the next key belongs."""
        if self.sheet.patient is not None:
            self.opened_patient(self.sheet.patient.number, self.sheet.entry_id)
        for ask in self.query(".ask"):
            ask.display = False
        self.query_one("#entry-row").display = True
        target = self.patients if self.sheet.patient is None and not self.sheet.lines else self.items
        target.display = True  # a hidden field takes no cursor
        target.ask()
        self.call_after_refresh(self.redraw)
        self.keys_changed()

    # -- acts ---------------------------------------------------------------------------------------

    def act_patient(self) -> None:
        """Find another patient; the lines stay."""
        self.patients.display = True
        self.patients.ask()
        self.call_after_refresh(self.redraw)

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

    def act_payer(self) -> None:
        """From self-paying to insured and back."""
        self.sheet.payer_kind = "self" if self.sheet.payer_kind == "insured_pending" else "insured_pending"
        self.keep()
        self.redraw()

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

    def act_settle(self) -> None:
        """Take the money."""
        self.station.push_screen(SettleDialog(self.sheet), self._settled)

    def _settled(self, outcome: tuple[Recorded, int] | None) -> None:
        if outcome is not None:
            recorded, change_minor = outcome
            self.start_afresh()
            self.station.tell_recorded(recorded.entry, change_minor=change_minor)
        else:
            self.wait()

    def start_afresh(self) -> None:
        """Wait for the next patient."""
        self.sheet, self.marked = self._new_sheet(), None
        self.patients.clear()
        self.items.clear()
        self.wait()

    def step_back(self) -> None:
        """From a question to the line; from an empty line home. The draft stays."""
        if any(ask.display for ask in self.query(".ask")) or self.marked is not None:
            self.marked = None
            self.wait()
        elif self.patients.input.has_focus and self.sheet.patient is not None:
            self.wait()
        else:
            super().step_back()
