"""The steps of a shift that people take: open it, count it blind, hand the drawer over, close it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from downtime.i18n import _
from downtime.record import new_entry_id
from downtime.screens.recorded import RecordedLine, money
from downtime.screens.shift_count import CountDialog, sum_of
from downtime.screens.shift_hand_over import HandingOver
from downtime.screens.text import shown
from downtime.shift import closing, opening, shift_now
from downtime.store import reports
from forms.shift import ShiftClosed, ShiftCounted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from downtime.record import Recorded
    from forms.shift_rules import Pieces


class Steps(HandingOver):
    """What is recorded here; only one thing at a time, however often Enter is pressed."""

    _is_recording_shift = False

    def __init__(self) -> None:
        super().__init__()
        self._opening_id = new_entry_id()

    def take(self, float_minor: int, counted: Sequence[Pieces] = ()) -> None:
        """Open the next shift."""
        if not self._is_recording_shift:
            self._is_recording_shift = True
            self.station.behind(self._opening_shift(float_minor, tuple(counted)))

    async def _opening_shift(self, float_minor: int, counted: tuple[Pieces, ...]) -> None:
        desk = self.desk
        try:
            form = await desk.in_writer(lambda: opening(desk.book, float_minor=float_minor, counted=counted))
            await self.record(form, self._opening_id, self._shift_opened)
        finally:
            self._is_recording_shift = False

    def _shift_opened(self, recorded: Recorded) -> None:
        self.done, self._opening_id = None, new_entry_id()
        shift = recorded.entry.content["shift"]
        self.say(lambda: _("Shift {shift} is open.").format(shift=shift), "done")
        self.look_again()
        self.station.look()

    # -- counting -----------------------------------------------------------------------------------

    def count(
        self, then: Callable[[], object] = lambda: None, left: Callable[[], object] = lambda: None
    ) -> None:
        """Count the drawer blind and record it; ``then`` goes on once it stands, ``left`` if nobody counts."""
        standing, entry_id = self.standing, new_entry_id()

        def counted(pile: tuple[Pieces, ...] | None) -> None:
            if pile is not None:
                self.station.behind(self._counting(standing.shift, pile, entry_id, then))
            else:
                left()
                self.look_again()

        self.station.push_screen(
            CountDialog(
                lambda: _("Blind count of shift {shift}").format(shift=standing.shift),
                lambda: [
                    shown(_("Count everything in the drawer, the float too. It is compared afterwards."))
                ],
                self.desk.currency,
                self.draft.pieces,
                self._keep_pieces,
            ),
            counted,
        )

    def _keep_pieces(self, pieces: dict[str, str]) -> None:
        if pieces != self.draft.pieces:
            self.draft.pieces = pieces
            self.keep()

    async def _counting(
        self, shift: str, pile: tuple[Pieces, ...], entry_id: str, then: Callable[[], object]
    ) -> None:
        form = ShiftCounted(
            shift=shift,
            currency=self.desk.currency,
            counted=pile,
            counted_minor=sum_of(pile),
            counted_by=self.desk.person.name,
        )
        if await self.record(form, entry_id) is not None:
            self.draft.pieces = {}
            self.keep()
            await self.looking()
            then()

    # -- closing ------------------------------------------------------------------------------------

    def close_shift(self, left_minor: int, reason: str) -> None:
        """Close; the report prints behind."""
        if not self._is_recording_shift and self.done is None:
            self._is_recording_shift = True
            self.station.behind(self._closing_shift(left_minor, reason))

    async def _closing_shift(self, left_minor: int, reason: str) -> None:
        desk, counted = self.desk, self.look.counted
        assert counted is not None

        def form_now() -> ShiftClosed | None:
            if shift_now(desk.book.db) is None:
                return None  # closed by another program
            try:
                made = closing(
                    desk.book,
                    counted_minor=counted.counted_minor,
                    left_minor=left_minor,
                    reason=reason,
                    explained=self.draft.explained,
                    unconfirmed=desk.unconfirmed(),
                )
            except ValidationError:
                return None  # money moved since: the count differs now
            return made if isinstance(made, ShiftClosed) else None

        try:
            form = await desk.in_writer(form_now)
            if form is not None:
                await self.record(form, self.draft.entry_id, self._shift_closed)
            else:
                self.say(lambda: _("Something changed meanwhile: look at it again, then close."), "problem")
                await self.looking()
        finally:
            self._is_recording_shift = False

    def _shift_closed(self, recorded: Recorded) -> None:
        entry = self.done = recorded.entry
        self.station.tell_recorded(entry)
        self.look_again()

    def print_report(self) -> None:
        """Print the report of the last shift that was closed here; a further copy says why."""
        entry = self.look.closed
        assert entry is not None, "why_not asked for one"
        reason = _("asked for at the counter") if reports.came_out(self.desk.looking(), entry.id) else ""
        self.station.last = RecordedLine(self.station, entry)
        self.station.behind(self._printing_report(self.station.last, reason))

    async def _printing_report(self, last: RecordedLine, reason: str) -> None:
        await last.print_copy(reason)
        if self.is_attached:
            self.look_again()

    def handed_in_words(self, left_minor: int) -> str:
        """Return what the last Enter does."""
        counted = self.look.counted
        assert counted is not None
        currency = self.desk.currency
        return _(" Enter again: close the shift, hand in {amount}, {left} stays. ").format(
            amount=money(counted.counted_minor - left_minor, currency), left=money(left_minor, currency)
        )
