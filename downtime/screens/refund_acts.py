"""Giving money back: is the formal paper here, why, and then it is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.i18n import _
from downtime.screens.ask import AskDialog
from downtime.screens.entry_lines import form_title
from downtime.screens.reason import ReasonDialog
from downtime.screens.refund_lines import refund_words
from downtime.screens.text import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.content import Content

    from downtime.record import Recorded
    from downtime.screens.base import Acting
    from downtime.screens.refund_sheet import RefundSheet

_DIALOG_CELLS = 62


def give_back(screen: Acting, sheet: RefundSheet, then: Callable[[Recorded], None]) -> None:
    """Ask for the formal paper if there is one, then why, then record; ``then`` is called once it stands."""

    def paper_is_here(sure: bool | None) -> None:  # noqa: FBT001 (the answer itself)
        if sure:
            sheet.paper_returned = True
            _ask_why(screen, sheet, then)

    if sheet.is_exchanged and not sheet.paper_returned:
        question = AskDialog(
            lambda: _("Have you taken the formal paper back? It is voided with this refund.")
        )
        screen.station.push_screen(question, paper_is_here)
    else:
        _ask_why(screen, sheet, then)


def _ask_why(screen: Acting, sheet: RefundSheet, then: Callable[[Recorded], None]) -> None:
    def told() -> Sequence[Content | str]:
        entry = sheet.entry
        head = f"{form_title(entry)}  {entry.number or ''}  {entry.content['patient']['name']}"
        back = refund_words(sheet.refunds(), sheet.currency, _DIALOG_CELLS)
        return [shown(head, "bold"), *(back or [shown(_("No money goes back."), "$secondary")])]

    def decided(reason: str | None) -> None:
        if reason is not None:
            sheet.reason = reason
            screen.station.behind(_refunding(screen, sheet, reason, then))

    screen.station.push_screen(
        ReasonDialog(
            lambda: _("Refund"),
            told,
            (
                lambda: _("Not done, or out of stock"),
                lambda: _("The patient does not want it"),
                lambda: _("Charged too much"),
                lambda: _("Doctor's order changed"),
            ),
            sure=lambda: _(" Enter again: refund. Esc: leave it. "),
            typed=sheet.reason,
        ),
        decided,
    )


async def _refunding(
    screen: Acting, sheet: RefundSheet, reason: str, then: Callable[[Recorded], None]
) -> None:
    form = sheet.form(reason)
    if isinstance(form, list):
        screen.show_problems(form)
        return
    await screen.record(form, sheet.entry_id, then, reason=reason)
