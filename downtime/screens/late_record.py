"""Recording a paper: as an entry with the paper beside it, or, typed a second time, as what the comparison found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.errors import DowntimeError
from downtime.i18n import _
from downtime.late import beside, compared, twin_of
from downtime.pack_report import DIFFERENCES
from downtime.screens.recording import Wish, record_here
from forms.paper_late import PaperTypedAgain

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.late import LateHead
    from downtime.record import Recorded
    from downtime.screens.base import Acting
    from forms.base import Form
    from forms.paper_late import PaperConflict


async def record_paper(
    screen: Acting,
    form: Form,
    entry_id: str,
    head: LateHead,
    then: Callable[[Recorded], Any],
    *,
    sums: tuple[int, int] | None = None,
    why: tuple[str, str] = ("", ""),
    checked: Callable[[Form, str], Form] | None = None,
) -> None:
    """Record the entry of a paper at the time the paper says.

    Args:
        screen: where problems are shown.
        form: the filled form.
        entry_id: made when it was begun.
        head: the paper.
        then: called once it stands.
        sums: what the paper and the lines say, in minor units.
        why: why the two sums differ, and what goes into an approval if one is needed.
        checked: see ``Wish``.
    """
    late = beside(head, entry_id, screen.station.now(), sums, why[0])
    wish = Wish(form, entry_id, why[1], checked, happened_at=head.written_at, beside=late)
    await record_here(screen, wish, then)


async def compare_paper(
    screen: Acting, form: Form, head: LateHead, then: Callable[[PaperTypedAgain | PaperConflict], Any]
) -> None:
    """Compare a second typing with what stands; record that it agrees, or all of it where it does not."""
    desk = screen.desk
    first = twin_of(desk, head.paper.stands)
    if first is None:
        screen.say(lambda: _("What stands for this paper is in no book that opens here."), "problem")
        return
    found = compared(head, first, form)
    is_other = first.operator != desk.person.operator
    if isinstance(found, PaperTypedAgain) and not is_other:
        then(found)  # the same person says the same again: nothing to write down
        return
    try:
        await desk.recording_event(found)
    except DowntimeError as error:
        screen.station.alarm(error)
        return
    then(found)


def compared_words(found: PaperTypedAgain | PaperConflict) -> str:
    """Return what the comparison found, as a sentence."""
    if isinstance(found, PaperTypedAgain):
        return _("{number} agrees with what stands; nothing was booked again.").format(
            number=found.paper_number
        )
    what = ", ".join(_(DIFFERENCES[one]) for one in found.differs)
    return _("{number} DIFFERS in {what}: kept and listed under Paper forms; nothing was booked.").format(
        number=found.paper_number, what=what
    )
