"""Typing papers in: the screens of the window with the paper above them, and its own sum below."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

from textual.widgets import Static

from downtime.i18n import _
from downtime.late import LateHead, following, without_number
from downtime.late_time import read_time
from downtime.screens.bookkeeping import BookkeepingScreen
from downtime.screens.deposit import DepositScreen
from downtime.screens.fields_dialog import FieldsDialog, Line
from downtime.screens.keymap import key_words
from downtime.screens.late_head_dialog import LateHeadDialog
from downtime.screens.late_lines import HEAD_CSS, head_line
from downtime.screens.late_record import compare_paper, compared_words, record_paper
from downtime.screens.late_settle import LateSettleDialog
from downtime.screens.late_sheets import FromPaper, LateBookkeepingSheet, LateChargeSheet, LateDepositSheet
from downtime.screens.lines_screen import LinesScreen
from downtime.screens.window import Window
from forms.base import Problem
from forms.paper_late import PaperConflict
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult

    from downtime.pack_number import PaperNumber
    from downtime.record import Recorded
    from downtime.screens.late_receipt import ReceiptPaper
    from downtime.screens.late_sums import LateSums
    from downtime.screens.scans import Scan
    from downtime.screens.window_sheet import WindowSheet
    from forms.paper_late import PaperTypedAgain


_LOOK_SECONDS = 30


class LatePaper(Window):
    """The part every screen of papers has. Gives the head of a paper of another kind, or None.

    Args:
        head: the paper to begin with.
        code: what our own code said of it.
    """

    DEFAULT_CSS = HEAD_CSS
    rights: ClassVar[Mapping[str, str]] = {"settle": "late_entry", "price": "late_entry"}
    sheet: FromPaper

    def __init__(self, head: LateHead, *args: Any, code: ReceiptPaper | None = None, **named: Any) -> None:
        super().__init__(*args, **named)
        self.head, self._code = head, code

    # -- what is seen -------------------------------------------------------------------------------

    def patient_rows(self) -> ComposeResult:
        """Yield the paper, then the patient."""
        yield Static("", id="late-head", markup=False)
        yield from super().patient_rows()

    def redraw(self) -> None:
        """Write the paper, then the rest."""
        super().redraw()
        width = max((self.size.width or 80) - (4 if self.station.is_drill else 0), 40)
        self.query_one("#late-head", Static).update(head_line(self.head, self.station.now(), width))

    def on_mount(self) -> None:
        """Count the clock of a rescue down on the screen."""
        super().on_mount()
        self.set_interval(_LOOK_SECONDS, self.redraw)
        keys = {act: key_words(self.station.keys_in_force[act][0]) for act in ("slip", "rescue")}
        self.call_after_refresh(
            self.say,
            lambda: _("{slip}: another number, time or writer.  {rescue}: about a rescue.").format(**keys),
        )
        if self._code is not None and self._code.total_minor == self.sheet.total_minor:
            self.call_after_refresh(self.act_settle)  # all of it came off a code: only Enter is left

    def label_of(self, act: str) -> str:
        """F8 asks for the sum on the paper."""
        return {"settle": _("Sum"), "slip": _("Other paper")}.get(act) or super().label_of(act)

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "Type what the paper says; number, time and writer stand above and go on to the next by themselves. "
            "Enter on the empty line asks for the sum on the paper. Ctrl+S takes another number, Ctrl+Z marks a rescue."
        )

    # -- sheets -------------------------------------------------------------------------------------

    def new_sheet(self) -> WindowSheet:
        """Return an empty sheet that knows its paper."""
        sheet = super().new_sheet()
        assert isinstance(sheet, FromPaper)
        sheet.head = self.head
        return sheet

    def take_given(self) -> None:
        """A draft brings its paper along."""
        super().take_given()
        if self.sheet.head is not None:
            self.head = self.sheet.head

    def offers_card(self) -> bool:
        """Nobody is at the window."""
        return False

    def take_head(self, head: LateHead) -> None:
        """Go on with another paper: its own screen if it is of another kind."""
        self.head = self.sheet.head = head
        self.station.remembered["late"] = head
        if head.paper.kind not in {self.sheet.kind, "receipt"}:
            self.dismiss(head)
            return
        self.keep()
        self.redraw()

    def take_scan(self, scan: Scan) -> bool:
        """The code of a paper begins it; everything else as at the window."""
        if scan.kind == "paper":
            self._ask_head(scan.value)
            return True
        return super().take_scan(scan)

    # -- acts ---------------------------------------------------------------------------------------

    def act_slip(self) -> None:
        """Take another number, time or writer."""
        self._ask_head(None)

    def _ask_head(self, number: PaperNumber | None) -> None:
        dialog = LateHeadDialog(self.head)

        def answered(head: LateHead | None) -> None:
            if head is not None:
                self.take_head(head)
            self.wait()

        self.station.push_screen(dialog, answered)
        if number is not None:
            self.station.call_later(dialog.take_number, str(number))

    def act_rescue(self) -> None:
        """Mark it as about a rescue, with the time that ended; or take that back before it is recorded."""
        head = self.head
        if head.rescue:
            self._mark(replace(head, rescue=False, ended_at=""))
            return

        async def finish(answers: Mapping[str, str]) -> Sequence[Problem]:
            zone = ZoneInfo(self.station.settings.hospital.zone)
            ended = read_time(answers["ended"], head.written_at, self.station.now(), zone)
            if ended is None:
                return [Problem("ended", N_("This is no time; type 0820."))]
            self._mark(replace(head, rescue=True, ended_at=ended))
            return []

        dialog = FieldsDialog(
            lambda: _("Rescue"),
            lambda: [
                _("When did the rescue end? What was done is written down within six hours of that (补记)."),
                _("Later is recorded all the same, and marked."),
            ],
            (Line("ended", lambda: _("Ended at"), value=head.written_at[11:16]),),
            finish,
        )
        self.station.push_screen(dialog, lambda _answers: self.wait())

    def _mark(self, head: LateHead) -> None:
        self.head = self.sheet.head = head
        self.keep()
        self.redraw()

    async def act_settle(self) -> None:
        """Ask for the sum on the paper."""
        dialog = LateSettleDialog(self.sheet, self._code)
        self.station.push_screen(dialog, self._summed)

    def _summed(self, answer: tuple[LateSums, str] | None) -> None:
        if answer is None:
            self.wait()
        else:
            self.station.behind(self._record(*answer))

    async def _record(self, sums: LateSums, reason: str) -> None:
        form = self.sheet.form()
        if isinstance(form, list):
            self.show_problems(form)
            self.wait()
        elif self.head.again:
            await compare_paper(self, form, self.head, self._compared)
        else:
            entered = sums.paper_minor - sums.difference_minor
            why = (reason, self.sheet.price_reasons())
            both = (sums.paper_minor, entered)
            await record_paper(self, form, self.sheet.entry_id, self.head, self.stands, sums=both, why=why)

    def stands(self, recorded: Recorded, change_minor: int = 0) -> None:  # noqa: ARG002 (as at the window)
        """It stands: on to the next paper. No receipt is printed: the patient has the paper."""
        self._next_paper()
        self.station.tell_recorded(recorded.entry, print_it=False)

    def _compared(self, found: PaperTypedAgain | PaperConflict) -> None:
        self.station.behind(self.desk.dropping_draft(self.sheet.entry_id))
        self._next_paper()
        self.station.tell(
            lambda: compared_words(found), "problem" if isinstance(found, PaperConflict) else "done"
        )

    def _next_paper(self) -> None:
        """Count the number on; after the last of a pack ask for one."""
        self._code = None
        head = following(self.desk, self.head)
        if head is None:
            if self.head.paper.kind != "receipt":  # whose writer and time are nobody else's
                self.station.remembered["late"] = without_number(self.head)
            self.dismiss(None)
            return
        self.head = head
        self.station.remembered["late"] = head
        self.start_afresh()

    def step_back(self) -> None:
        """Leave; what is half typed is kept with its paper."""
        if self.head.paper.kind != "receipt":
            self.station.remembered["late"] = self.head
        super().step_back()


_LINE_ACTS = (
    *("patient", "item", "quantity", "delete_line", "settle", "department", "register", "unlisted", "price"),
    *("payer", "slip", "rescue"),
)


class LateChargeScreen(LatePaper, LinesScreen):
    """One charge form after the other."""

    acts: ClassVar[tuple[str, ...]] = _LINE_ACTS
    rows_above: ClassVar[int] = 2
    sheet_kind: ClassVar[type[WindowSheet]] = LateChargeSheet
    sheet: LateChargeSheet

    def item_hint(self) -> str:
        """Return what stands in the empty item line."""
        return _("item: initials, name, code; *3 = three of the last; Enter: sum on the paper")


class LateBookkeepingScreen(LatePaper, BookkeepingScreen):
    """One bookkeeping form after the other."""

    acts: ClassVar[tuple[str, ...]] = tuple(act for act in _LINE_ACTS if act not in {"payer", "price"})
    rows_above: ClassVar[int] = 4
    sheet_kind: ClassVar[type[WindowSheet]] = LateBookkeepingSheet
    sheet: LateBookkeepingSheet

    def item_hint(self) -> str:
        """Return what stands in the empty item line."""
        return _("item: initials, name, code; *3 = three of the last; Enter: sum on the paper")

    def finish_lines(self) -> None:
        """Enter on the empty item line: the sum is asked next, so one Enter is enough."""
        self.run_worker(self.act("settle"))


class LateDepositScreen(LatePaper, DepositScreen):
    """One deposit form after the other."""

    acts: ClassVar[tuple[str, ...]] = ("patient", "settle", "register", "slip", "rescue")
    sheet_kind: ClassVar[type[WindowSheet]] = LateDepositSheet
    sheet: LateDepositSheet

    async def act_settle(self) -> None:
        """Look at the amount first, then ask for the sum on the paper."""
        await DepositScreen.act_settle(self)

    async def finish(self) -> None:
        """Ask for the sum on the paper."""
        await LatePaper.act_settle(self)


SCREENS: dict[str, type[LatePaper]] = {
    "charge": LateChargeScreen,
    "receipt": LateChargeScreen,
    "bookkeeping": LateBookkeepingScreen,
    "deposit": LateDepositScreen,
}
