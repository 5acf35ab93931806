"""What a person decides on the patients screen, and recording it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from downtime.errors import DowntimeError
from downtime.i18n import _
from downtime.patient_match_deciding import matched_form, unmatched_form
from downtime.patient_match_words import decision_words
from downtime.problem_text import problem_words
from downtime.record import Refused, new_entry_id
from downtime.screens.ask import AskDialog
from downtime.screens.base import StationScreen
from downtime.screens.patients_dialog import OnePersonDialog
from downtime.screens.reason import ReasonDialog
from downtime.screens.text import shown
from downtime.store.patient_match import decision_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.patient_match import Candidate
    from downtime.patient_match_deciding import Matching, Temporary


class PatientsDeciding(StationScreen):
    """The part of the screen that records.

    Attributes:
        matching: what was compared, or None while that goes on.
        found: patients searched by hand, or None.
    """

    def __init__(self) -> None:
        super().__init__()
        self.matching: Matching | None = None
        self.found: list[Candidate] | None = None

    @property
    def marked(self) -> Temporary | None:
        """The temporary patient in hand."""
        raise NotImplementedError

    @property
    def candidates(self) -> Sequence[Candidate]:
        """Who can be chosen by a digit now."""
        raise NotImplementedError

    def choose(self, digit: int) -> None:
        """Ask whether the marked one is that candidate, or nobody for 0."""
        row = self.marked
        if row is None or self.matching is None or self.station.recording:
            return
        if digit == 0 and self.found is not None:
            return
        if row.decision is not None and (digit == 0 or row.decision.form.outcome != "nobody"):
            self.say(lambda: _("This one is decided: undo that first."), "problem")
            return
        if digit > len(self.candidates):
            self.say(lambda: _("There is no row {digit}.").format(digit=digit), "problem")
            return
        candidate = self.candidates[digit - 1] if digit else None
        form = matched_form(row, candidate, self.matching.version, by_hand=self.found is not None)
        entry_id, number = new_entry_id(), row.person.number

        def answered(is_one: bool | None) -> None:  # noqa: FBT001 (the dialog's answer)
            if is_one:
                self.station.behind(self.record(form, entry_id, lambda _recorded: self.settled(number)))

        self.station.push_screen(OnePersonDialog(row.person, candidate), answered)

    def settled(self, number: str) -> None:
        """Show what stands now for one number."""
        assert self.matching is not None, "something was decided"
        decision = decision_of(self.desk.looking(), number)
        self.matching, self.found = self.matching.with_decision(number, decision), None
        if not self.is_attached:
            return
        self.redraw()
        if decision is None:
            self.say(lambda: _("{number} is open again.").format(number=number), "done")
        else:
            self.say(
                lambda: _("{number}: {what}.").format(number=number, what=decision_words(decision)), "done"
            )

    # -- the certain ones, all at once --------------------------------------------------------------

    def act_settle(self) -> None:
        """Ask once for all that are certain."""
        assert self.matching is not None, "why_not asked for it"
        certain = self.matching.certain()

        def answered(is_yes: bool | None) -> None:  # noqa: FBT001 (the dialog's answer)
            if is_yes:
                self.station.behind(self._recording_all(certain))

        self.station.push_screen(
            AskDialog(
                lambda: _(
                    "{count} are certain: the same identity number or card, a name that fits, and nothing "
                    "against it. Record all of them?"
                ).format(count=len(certain))
            ),
            answered,
        )

    async def _recording_all(self, certain: Sequence[Temporary]) -> None:
        """Record one after the other; what was refused is said and the others go on."""
        if self.station.recording or self.matching is None:
            return
        self.station.recording = True
        done, refused = 0, ""
        try:
            for row in certain:
                form = matched_form(row, row.certain, self.matching.version)
                outcome = await self.desk.recording(form, new_entry_id())
                if isinstance(outcome, Refused):
                    refused = problem_words(outcome.problems[0])
                    continue
                done += 1
                decision = decision_of(self.desk.looking(), row.person.number)
                self.matching = self.matching.with_decision(row.person.number, decision)
        except DowntimeError as error:
            self.station.alarm(error)
        finally:
            self.station.recording = False
        self.found = None
        if self.is_attached:
            self.redraw()
            self.say(partial(_told, done, refused), "problem" if refused else "done")

    # -- undo ---------------------------------------------------------------------------------------

    def act_reverse(self) -> None:
        """Undo the decision about the marked one, with a reason."""
        row = self.marked
        assert row is not None, "why_not asked for it"
        decision = row.decision
        assert decision is not None, "why_not asked for it"
        number = row.person.number
        entry_id = new_entry_id()

        def answered(reason: str | None) -> None:
            if reason:
                form = unmatched_form(decision, reason)
                self.station.behind(self.record(form, entry_id, lambda _recorded: self.settled(number)))

        self.station.push_screen(
            ReasonDialog(
                lambda: _("Undo match"),
                lambda: [shown(f"{number} {row.person.name}: {decision_words(decision)}", "bold")],
                (
                    lambda: _("Wrong person"),
                    lambda: _("The patient has come and said so"),
                    lambda: _("The lists were corrected"),
                ),
            ),
            answered,
        )


def _told(done: int, refused: str) -> str:
    told = _("{count} recorded.").format(count=done)
    return f"{told} {refused}" if refused else told
