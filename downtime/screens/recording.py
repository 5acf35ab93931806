"""Recording from any screen: at once, or after a second person agreed where a rule asks for one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from downtime.approvals import needed
from downtime.errors import DowntimeError, OutOfNumbersError
from downtime.record import Recorded, Refused
from downtime.rules import Needed
from downtime.sealing import Filled

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.desk import Desk
    from downtime.screens.base import Acting
    from forms.base import Form
    from forms.trust import Approval


@dataclass(frozen=True, slots=True)
class Wish:
    """Something a person wants to have recorded.

    Attributes:
        form: the filled form.
        entry_id: made when it was begun; the same however often it is tried.
        reason: goes into the approval if one is needed.
        checked: puts the second person's name and number into the form, where its paper shows them.
        happened_at: RFC 3339, if it happened before now.
        beside: recorded in the same commit; see ``Filled``.
    """

    form: Form
    entry_id: str
    reason: str = ""
    checked: Callable[[Form, str], Form] | None = None
    happened_at: str | None = None
    beside: tuple[Form, ...] = ()

    def filled(self) -> Filled:
        """Return it ready to be recorded."""
        return Filled(self.form, self.entry_id, self.happened_at, beside=self.beside)

    def record(self, desk: Desk, approval: Approval | None = None) -> Recorded | Refused:
        """Record it and wait for the disk."""
        return desk.record(
            self.form, self.entry_id, happened_at=self.happened_at, beside=self.beside, approval=approval
        )


@dataclass(frozen=True, slots=True)
class Agreed:
    """A second person agreed, or what stands in for one, to exactly this form."""

    form: Form
    approval: Approval


async def record_here(screen: Acting, wish: Wish, then: Callable[[Recorded], Any]) -> Recorded | None:
    """Record, and call ``then`` when it stands; see ``Acting.record``.

    Only one at a time: a second Enter while the disk syncs does nothing. Where a second person is needed the
    question comes up and this returns at once: whoever answers it types at this very keyboard.
    """
    if screen.station.recording:
        return None
    screen.station.recording = True
    desk = screen.desk
    again = lambda: screen.station.behind(record_here(screen, wish, then))  # noqa: E731 (one line)
    outcome = await _tried(screen, lambda: _attempt(desk, wish), again)
    if isinstance(outcome, Needed):
        _ask(screen, wish, outcome, then)
        return None
    return _told(screen, outcome, then)


def _attempt(desk: Desk, wish: Wish) -> Recorded | Refused | Needed:
    over = desk.begun.told_once(wish.form, wish.entry_id, desk.book.outage())
    if over is not None:
        return Refused([over])
    return needed(desk.book, wish.filled()) or wish.record(desk)


def _ask(screen: Acting, wish: Wish, need: Needed, then: Callable[[Recorded], Any]) -> None:
    from downtime.screens.second_person import SecondPersonDialog

    def answered(agreed: Agreed | None) -> None:
        if agreed is not None:
            _record_agreed(screen, replace(wish, form=agreed.form), agreed.approval, then)

    screen.station.push_screen(SecondPersonDialog(wish, need), answered)


def _record_agreed(screen: Acting, wish: Wish, approval: Approval, then: Callable[[Recorded], Any]) -> None:
    desk, again = screen.desk, lambda: _record_agreed(screen, wish, approval, then)

    async def recording() -> None:
        outcome = await _tried(screen, lambda: wish.record(desk, approval), again)
        assert not isinstance(outcome, Needed), "only an attempt asks"
        _told(screen, outcome, then)

    if not screen.station.recording:
        screen.station.recording = True  # before any further key is handled
        screen.station.behind(recording())


async def _tried(
    screen: Acting, act: Callable[[], Recorded | Refused | Needed], again: Callable[[], object]
) -> Recorded | Refused | Needed | None:
    """Try it; where only a number is missing, what was typed and who agreed is kept and Enter does it ``again``."""
    try:
        return await screen.desk.in_writer(act)
    except OutOfNumbersError as error:
        screen.station.alarm(error, again)
        return None
    except DowntimeError as error:
        screen.station.alarm(error)
        return None
    finally:
        screen.station.recording = False


def _told(
    screen: Acting, outcome: Recorded | Refused | None, then: Callable[[Recorded], Any]
) -> Recorded | None:
    if isinstance(outcome, Refused):
        screen.show_problems(outcome.problems)
        return None
    if outcome is not None:
        then(outcome)
    return outcome
