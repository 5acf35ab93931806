"""Dispense: scan or find the receipt, see whether it is paid, hand over the right batch. Enter hands over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from downtime.i18n import _
from downtime.screens.dispense_find import DispenseFinding
from downtime.screens.dispense_lines import (
    banner,
    batch_lines,
    found_rows,
    give_shows,
    patient_line,
    state_word,
)
from downtime.screens.dispense_sheet import quantity_text
from downtime.screens.keyline import Words
from downtime.screens.quantity import QuantityDialog
from downtime.screens.rows import RowColumn, Rows
from downtime.screens.search_field import Column, SearchField
from downtime.screens.side import patient_lines
from downtime.screens.text import lines, shown
from forms.base import read_form
from forms.dispense import Dispense

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult
    from textual.events import Key

    from downtime.entry import Entry
    from downtime.receipt_check import Checked
    from downtime.record import Recorded
    from downtime.screens.dispense_sheet import DispenseSheet, Give
    from forms.base import Form, Problem

_TIME = slice(11, 16)
_QR_DIGITS_MIN = 100
LINES_SHOWN = 5


class DispenseScreen(DispenseFinding):
    """One receipt at a time.

    Args of the constructor:
        entry: the charge to begin with.
    """

    CSS_PATH = "dispense.tcss"
    acts: ClassVar[tuple[str, ...]] = ("patient", "item", "quantity", "delete_line", "settle")
    rights: ClassVar[Mapping[str, str]] = {"settle": "dispense"}

    def __init__(self, entry: Entry | None = None) -> None:
        super().__init__()
        self._begin_with = entry
        self.sheet: DispenseSheet | None = None
        self.foreign: Checked | None = None

    def body(self) -> ComposeResult:
        """Search, verdict, patient, lines, batches, whether a second person signs."""
        with Horizontal():
            with Vertical(id="dispense-main"):
                with Horizontal(id="dispense-top"):
                    yield Words(lambda: _("Receipt"), classes="label dispense-label")
                    yield SearchField(
                        self.charges,
                        (Column(5), Column(14), Column(0), Column(12), Column(10, right=True)),
                        hint=lambda: _("scan it, or type number or patient; arrow down: what waits"),
                        id="dispense-find",
                    )
                yield Static("", id="dispense-banner", markup=False)
                yield Static("", id="dispense-patient", markup=False)
                yield Rows(
                    (
                        RowColumn(lambda: _("Drug")),
                        RowColumn(lambda: _("Spec"), 14),
                        RowColumn(lambda: _("Quantity"), 9, right=True),
                        RowColumn(lambda: _("Batch"), 12),
                        RowColumn(lambda: _("Expiry"), 10),
                    ),
                    give_shows,
                    digits=False,
                    id="dispense-rows",
                )
                yield Static("", id="dispense-batches", markup=False)
                yield Static("", id="dispense-second", markup=False)
            yield Static("", id="side", markup=False)

    def on_mount(self) -> None:
        """Ask for a receipt, or begin with the one given."""
        super().on_mount()
        charge = self.given()
        if charge is not None:
            self.bring_up(charge)
        else:
            self.find.ask()

    def given(self) -> Entry | None:
        """Return the charge to begin with."""
        return self._begin_with

    # -- what is shown ------------------------------------------------------------------------------

    def redraw(self) -> None:
        """Write everything."""
        sheet, foreign = self.sheet, self.foreign
        width = max((self.size.width or 80) - (44 if self.size.width >= 120 else 0) - 4, 40)  # noqa: PLR2004 (-wide)
        self.query_one("#dispense-banner", Static).update(lines(banner(sheet, foreign, width)))
        self.query_one("#dispense-patient", Static).update(
            lines(patient_line(self.desk, sheet) if sheet else found_rows(foreign))
        )
        self.rows.display = bool(sheet and sheet.gives)
        self.rows.styles.height = min(len(sheet.gives), LINES_SHOWN) + 2 if sheet else 0
        self.rows.show(sheet.gives if sheet else [])
        second = self.query_one("#dispense-second", Static)
        second.display = bool(sheet and sheet.may_go and sheet.needs_second_person)
        second.update(
            shown(_("Controlled: a second person checks it and signs after Enter."), "bold $warning")
        )
        self._draw_batches()
        patient = sheet.charge.patient if sheet else None
        side = patient_lines(self.desk, patient, 40, self.size.height - 6) if patient else ""
        self.query_one("#side", Static).update(side)
        self.keys_changed()

    def _draw_batches(self) -> None:
        give: Give | None = self.rows.marked
        self.query_one("#dispense-batches", Static).update(lines(batch_lines(give)) if give else "")

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Mark the line that is wrong and say why."""
        super().show_problems(problems)
        path = problems[0].field.split(".") if problems else []
        if self.sheet and len(path) > 1 and path[0] == "lines" and path[1].isdigit():
            given = [n for n, give in enumerate(self.sheet.gives) if not give.is_left_out]
            self.rows.mark(given[int(path[1])])

    # -- keys ---------------------------------------------------------------------------------------

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "Scan the receipt. Green: paid. Yellow: not paid but vouched for. Red: hand nothing over. "
            "The batch that expires first is chosen; scan the pack to be sure it is the right drug."
        )

    def label_of(self, act: str) -> str:
        """Return what finishing means here."""
        return {"settle": _("Hand over"), "patient": _("Receipt"), "delete_line": _("Leave out")}.get(
            act
        ) or super().label_of(act)

    def offers(self, act: str) -> bool:
        """Items are chosen by the charge."""
        return act != "item" and super().offers(act)

    def why_not(self, act: str) -> str | None:
        """What changes lines needs lines that may be handed over."""
        if act not in {"quantity", "delete_line", "settle"}:
            return None
        if self.sheet is None:
            return _("Scan or find a receipt first.")
        if not self.sheet.may_go:
            return state_word(self.sheet.state)
        return None

    def copyable(self) -> str:
        """Return the number of the charge."""
        return (self.sheet.charge.number or "") if self.sheet else super().copyable()

    def on_key(self, event: Key) -> None:
        """With the mark in the lines, a digit takes a batch and a letter starts the next search."""
        if self.focused is not self.rows or not event.character or not event.is_printable:
            return
        event.stop()
        give: Give | None = self.rows.marked
        if event.character.isdigit():
            place = int(event.character) - 1
            if give is not None and 0 <= place < len(give.batches):
                self._take_batch(give, place)
        else:
            self.find.ask()
            self.find.input.insert_text_at_cursor(event.character)

    def _take_batch(self, give: Give, place: int) -> None:
        batch = give.batches[place]
        if batch.expired:
            self.say(lambda: _("Batch {batch} has expired.").format(batch=batch.batch), "problem")
            return
        give.take_from(batch)
        self.redraw()

    def on_rows_marked(self, event: Rows.Marked) -> None:
        """Show the batches of the marked line."""
        event.stop()
        self._draw_batches()

    async def on_rows_opened(self, event: Rows.Opened) -> None:
        """Enter in the lines hands over."""
        event.stop()
        await self.act("settle")

    def act_back(self) -> None:
        """Close the list, put the receipt away, then leave."""
        asked = self.search_in_hand()
        if asked is not None and (asked.is_open or asked.text):
            asked.clear()
        elif self.sheet is not None or self.foreign is not None:
            self.put_away()
            self.say(str)
        else:
            self.step_back()

    def act_patient(self) -> None:
        """Ask for another receipt."""
        self.find.ask()

    def act_quantity(self) -> None:
        """Hand over less of the marked line."""
        give: Give | None = self.rows.marked
        if give is None:
            return

        def decided(quantity: Any) -> None:
            if quantity is not None:
                give.quantity, give.is_left_out = quantity, False
                self.redraw()

        told = [shown(f"{give.name} {give.spec}", "bold")]
        self.station.push_screen(
            QuantityDialog(lambda: told, quantity_text(give.quantity), give.left), decided
        )

    def act_delete_line(self) -> None:
        """Leave the marked line out, or take it in again; it stays on the charge."""
        give: Give | None = self.rows.marked
        if give is not None:
            give.is_left_out = not give.is_left_out
            self.redraw()

    async def act_settle(self) -> None:
        """Record what is handed over."""
        sheet = self.sheet
        assert sheet is not None
        if all(give.is_left_out for give in sheet.gives):
            self.say(lambda: _("Every line is left out; nothing is handed over."), "problem")
            return
        form = read_form(Dispense, sheet.content(self.station.settings.station.name))
        if isinstance(form, list):
            self.show_problems(form)
        else:
            await self.hand_over(form, sheet.entry_id)

    async def hand_over(self, form: Form, entry_id: str) -> None:
        """Record it."""
        await self.record(form, entry_id, self._stands, checked=checked_by)

    def _stands(self, recorded: Recorded) -> None:
        self.put_away()
        self.station.tell_recorded(recorded.entry)


def checked_by(form: Form, name: str) -> Form:
    """Return the form with who checked it, as its paper shows it."""
    return form.model_copy(update={"checked_by": name})
