"""What the parts of the shift screen share: the last look at the shift, and what is typed but not recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from downtime.errors import DowntimeError
from downtime.screens.base import StationScreen
from downtime.screens.shift_draft import FORM, ShiftDraft, draft_of
from downtime.shift_look import look_at_shift

if TYPE_CHECKING:
    from downtime.entry import Entry
    from downtime.shift import ShiftNow
    from downtime.shift_look import ShiftLook

Stage = Literal["looking", "none", "done", "open", "counted"]


class ShiftParts(StationScreen):
    """The shift as it was when last looked at.

    Attributes:
        found: the last look, or None before the first.
        draft: the closing in the making.
        is_handing_over: two people count one after the other; neither sees a sum meanwhile.
        done: the closing recorded from this very screen: an Enter too many opens nothing.
    """

    found: ShiftLook | None = None
    done: Entry | None = None
    is_handing_over = False

    def __init__(self) -> None:
        super().__init__()
        self.draft = ShiftDraft()

    @property
    def stage(self) -> Stage:
        """How far the shift has come."""
        found = self.found
        if found is None:
            return "looking"
        if found.standing is None:
            return "done" if self.done is not None else "none"
        return "open" if found.counted is None or self.is_handing_over else "counted"

    @property
    def look(self) -> ShiftLook:
        """The last look; there is one."""
        assert self.found is not None
        return self.found

    @property
    def standing(self) -> ShiftNow:
        """The open shift."""
        assert self.look.standing is not None
        return self.look.standing

    def look_again(self) -> None:
        """Look behind: a long shift has thousands of receipts."""
        self.station.behind(self.looking())

    async def looking(self) -> None:
        """Look, in the writer's thread, and draw what was found."""
        desk = self.desk
        try:
            found = await desk.in_writer(
                lambda: look_at_shift(desk.book.db, desk.currency, desk.unconfirmed())
            )
        except RuntimeError:
            return  # the session ended meanwhile
        except DowntimeError as error:
            self.station.alarm(error)
            return
        if not self.is_attached:
            return
        before, self.found = self.stage, found
        label = found.standing.shift if found.standing is not None else ""
        if self.draft.shift != label:
            self.draft = draft_of(desk.drafts(), label)
        self.found_out(before)

    def found_out(self, before: Stage) -> None:
        """Draw what was found; for subclasses."""
        raise NotImplementedError

    def keep(self) -> None:
        """Keep what is typed, synced, behind."""
        if self.draft.shift:
            draft = self.draft
            self.station.behind(self.desk.saving_draft(draft.entry_id, FORM, draft.content()))
