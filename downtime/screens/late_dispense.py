"""Dispensing forms: the charge by its receipt, or by the number of its own paper; what was handed over, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.widgets import Static

from downtime.book import JournalView
from downtime.i18n import _
from downtime.late import LateHead, following, without_number
from downtime.pack_number import parse_paper
from downtime.packs import series_of
from downtime.record import new_entry_id
from downtime.screens.dispense import DispenseScreen, checked_by
from downtime.screens.dispense_lines import state_word
from downtime.screens.dispense_sheet import charge_state
from downtime.screens.late_head_dialog import LateHeadDialog
from downtime.screens.late_lines import HEAD_CSS, head_line
from downtime.screens.late_record import compare_paper, compared_words, record_paper
from downtime.screens.late_sheets import LATE
from downtime.screens.recorded import money
from downtime.screens.search_field import Candidate
from forms.paper_late import PaperConflict, standing_entry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult

    from downtime.entry import Entry
    from downtime.record import Recorded
    from downtime.screens.dispense_sheet import DispenseSheet
    from downtime.screens.scans import Scan
    from downtime.store.drafts import Draft
    from forms.base import Form
    from forms.paper_late import PaperTypedAgain


class LateDispenseScreen(DispenseScreen):
    """One dispensing form after the other. Gives the head of a paper of another kind, or None.

    Args of the constructor:
        head: the paper to begin with.
        draft: a half-typed one to go on with.
    """

    DEFAULT_CSS = HEAD_CSS
    acts: ClassVar[tuple[str, ...]] = ("patient", "quantity", "delete_line", "settle", "slip")
    rights: ClassVar[Mapping[str, str]] = {"settle": "late_entry"}

    def __init__(self, head: LateHead, draft: Draft | None = None) -> None:
        super().__init__()
        self.head, self._draft = head, draft
        self._entry_id = draft.id if draft is not None else new_entry_id()

    def body(self) -> ComposeResult:
        """The paper, then the screen of the pharmacy."""
        yield Static("", id="late-head", markup=False)
        yield from super().body()

    def given(self) -> Entry | None:
        """Return the charge a draft holds."""
        return self.desk.find(self._draft.content["charge_id"]) if self._draft is not None else None

    def sheet_for(self, charge: Entry) -> DispenseSheet:
        """Whatever charge is brought up, the form goes on under the id of this paper."""
        sheet = super().sheet_for(charge)
        sheet.entry_id = self._entry_id
        if self._draft is not None:
            sheet.take_up(self._draft.content["gives"])
            self._draft = None
        return sheet

    def keep(self) -> None:
        """Keep what is half typed, synced, behind."""
        if self.sheet is not None and self.sheet.may_go:
            content = {**self.sheet.as_draft(), "kind": "dispense", "head": self.head.as_content()}
            self.station.behind(self.desk.saving_draft(self._entry_id, LATE, content))

    def redraw(self) -> None:
        """Write the paper, then the rest, and keep it."""
        super().redraw()
        self.keep()
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

    async def hand_over(self, form: Form, entry_id: str) -> None:
        """Record what the paper says was handed over, or compare it with what stands."""
        if self.head.again:
            await compare_paper(self, form, self.head, self._compared)
        else:
            await record_paper(self, form, entry_id, self.head, self._recorded, checked=checked_by)

    def _recorded(self, recorded: Recorded) -> None:
        self._next()
        self.station.tell_recorded(recorded.entry, print_it=False)

    def _compared(self, found: PaperTypedAgain | PaperConflict) -> None:
        self.station.behind(self.desk.dropping_draft(self._entry_id))
        self._next()
        kind = "problem" if isinstance(found, PaperConflict) else "done"
        self.station.tell(lambda: compared_words(found), kind)

    def _next(self) -> None:
        self._entry_id = new_entry_id()
        self.put_away()
        head = following(self.desk, self.head)
        self.station.remembered["late"] = head or without_number(self.head)
        if head is None:
            self.dismiss(None)
            return
        self.head = head
        self.redraw()
