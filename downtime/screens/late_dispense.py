"""Dispensing forms: the charge by its receipt, or by the number of its own paper; what was handed over, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.widgets import Static

from downtime.book import JournalView
from downtime.i18n import _
from downtime.late import LateHead, following, without_number
from downtime.pack_number import parse_paper
from downtime.packs import series_of
from downtime.screens.dispense import DispenseScreen
from downtime.screens.dispense_lines import state_word
from downtime.screens.dispense_sheet import charge_state
from downtime.screens.late_head_dialog import LateHeadDialog
from downtime.screens.late_lines import HEAD_CSS, head_line
from downtime.screens.late_record import compare_paper, compared_words, record_paper
from downtime.screens.recorded import money
from downtime.screens.search_field import Candidate
from forms.base import read_form
from forms.dispense import Dispense
from forms.paper_late import PaperConflict, standing_entry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult

    from downtime.record import Recorded
    from downtime.screens.scans import Scan
    from forms.base import Form
    from forms.paper_late import PaperTypedAgain


class LateDispenseScreen(DispenseScreen):
    """One dispensing form after the other. Gives the head of a paper of another kind, or None."""

    DEFAULT_CSS = HEAD_CSS
    acts: ClassVar[tuple[str, ...]] = ("patient", "quantity", "delete_line", "settle", "slip")
    rights: ClassVar[Mapping[str, str]] = {"settle": "late_entry"}

    def __init__(self, head: LateHead) -> None:
        super().__init__()
        self.head = head

    def body(self) -> ComposeResult:
        """The paper, then the screen of the pharmacy."""
        yield Static("", id="late-head", markup=False)
        yield from super().body()

    def redraw(self) -> None:
        """Write the paper, then the rest."""
        super().redraw()
        width = max((self.size.width or 80) - (4 if self.station.is_drill else 0), 40)
        self.query_one("#late-head", Static).update(head_line(self.head, self.station.now(), width))

    def label_of(self, act: str) -> str:
        """Return what the keys are called here."""
        return {"settle": _("Record"), "slip": _("Other paper")}.get(act) or super().label_of(act)

    def charges(self, asked: str) -> Sequence[Candidate]:
        """Return the charge whose own paper carries the number typed, then those the text names."""
        desk = self.desk
        drill = desk.book.identity.drill
        number = parse_paper(asked, series=series_of(desk.book), drill=drill) if asked else None
        entry_id = standing_entry(str(number), JournalView(desk.looking())) if number is not None else None
        entry = desk.find(entry_id) if entry_id is not None else None
        if entry is None or entry.form != "charge":
            return super().charges(asked)
        told = (
            entry.happened_at[11:16],
            str(number),
            str(entry.content["patient"]["name"]),
            state_word(charge_state(desk, entry)),
            money(entry.amount_minor or 0, desk.currency),
        )
        return [Candidate(told, entry)]

    def take_scan(self, scan: Scan) -> bool:
        """The code of a charge's paper brings that charge up; another dispensing form begins that."""
        if scan.kind != "paper":
            return super().take_scan(scan)
        found = self.charges(str(scan.value))
        if found:
            self.bring_up(found[0].value)
        else:
            self.act_slip(str(scan.value))
        return True

    def act_slip(self, number: str = "") -> None:
        """Take another number, time or writer."""
        dialog = LateHeadDialog(self.head)

        def answered(head: LateHead | None) -> None:
            if head is not None:
                self._take_head(head)

        self.station.push_screen(dialog, answered)
        if number:
            self.station.call_later(dialog.take_number, number)

    def _take_head(self, head: LateHead) -> None:
        self.head = head
        self.station.remembered["late"] = head
        if head.paper.kind != "dispense":
            self.dismiss(head)
        else:
            self.redraw()

    async def act_settle(self) -> None:
        """Record what the paper says was handed over."""
        sheet = self.sheet
        assert sheet is not None
        if all(give.is_left_out for give in sheet.gives):
            self.say(lambda: _("Every line is left out; nothing is handed over."), "problem")
            return
        form = read_form(Dispense, sheet.content(self.station.settings.station.name))
        if isinstance(form, list):
            self.show_problems(form)
        elif self.head.again:
            await compare_paper(self, form, self.head, self._compared)
        else:
            await record_paper(self, form, sheet.entry_id, self.head, self._recorded, checked=_checked_by)

    def _recorded(self, recorded: Recorded) -> None:
        self._next()
        self.station.tell_recorded(recorded.entry, print_it=False)

    def _compared(self, found: PaperTypedAgain | PaperConflict) -> None:
        self._next()
        kind = "problem" if isinstance(found, PaperConflict) else "done"
        self.station.tell(lambda: compared_words(found), kind)

    def _next(self) -> None:
        self.put_away()
        head = following(self.desk, self.head)
        self.station.remembered["late"] = head or without_number(self.head)
        if head is None:
            self.dismiss(None)
            return
        self.head = head
        self.redraw()


def _checked_by(form: Form, name: str) -> Form:
    return form.model_copy(update={"checked_by": name})
