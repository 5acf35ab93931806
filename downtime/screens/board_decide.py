"""Deciding about one entry, the marked ones or all errors: the same keys, one question, one recording."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from downtime.i18n import _
from downtime.screens.board_correct import CorrectDialog, CorrectedRow
from downtime.screens.board_lines import form_word
from downtime.screens.board_record import FilledForms, filled, ids_for, record_all, record_told
from downtime.screens.fields_dialog import FieldsDialog, Line
from downtime.screens.pick import PickDialog
from downtime.screens.reason import ReasonDialog
from downtime.screens.recorded import money
from downtime.screens.text import shown
from forms.base import Problem
from forms.his_decided import EntryNoted, SentCorrected, TickDecided
from forms.station_book import ResendDecided
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual.content import Content

    from downtime.board import BoardRow
    from downtime.board_whole import HisLine
    from downtime.screens.base import Acting
    from downtime.screens.board import BoardScreen

_SHOWN: Final = 3
_ASKED: Final = ("doubtful", "agreed")
"""What the tick-off leaves to a person: several readings, or it stands there although nobody sent it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that can be decided, for which of the rows, and what one must be allowed."""

    words: Callable[[], str]
    rows: Sequence[BoardRow]
    begin: Callable[[], None]
    needs: str = "deliver"


# -- what fits ------------------------------------------------------------------------------------------------


def may_resend(board: BoardScreen, row: BoardRow) -> bool:
    """Whether a person may let it go again: the HIS rejected it, and nobody has decided since."""
    is_refused = row.delivered == "rejected" or (
        row.delivered == "in_doubt" and board.source.doubt_is_reopened
    )
    return is_refused and not row.again and not row.verdict


def why_not_resend(board: BoardScreen, rows: Sequence[BoardRow]) -> str | None:
    """Return why none of the rows goes again by hand."""
    if any(may_resend(board, row) for row in rows):
        return None
    if any(row.again for row in rows):
        return _("It goes again with the next round already.")
    return _("Only an entry the HIS rejected is sent again by hand.")


def offer(
    board: BoardScreen, screen: Acting, rows: Sequence[BoardRow], lines: Sequence[HisLine] = ()
) -> None:
    """List what can be decided about ``rows``, each with how many of them it fits.

    Args:
        board: whose source and marks these are.
        screen: where the question comes up.
        rows: what it is about.
        lines: of a single entry, the rows of the HIS that were chosen beside it.
    """
    kept = [one for one in _offers(board, screen, rows, lines) if one.rows and screen.station.may(one.needs)]
    if not kept:
        screen.say(lambda: _("Nothing is to be decided about it."))
        return
    many = len(rows) > 1
    picks = [(one.words() + (f"  ({len(one.rows)})" if many else ""), one.begin) for one in kept]

    def picked(begin: Callable[[], None] | None) -> None:
        if begin is not None:
            begin()

    dialog = PickDialog(lambda: _("Decide about {what}").format(what=_what(board, rows)), picks)
    screen.station.push_screen(dialog, picked)


def _offers(
    board: BoardScreen, screen: Acting, rows: Sequence[BoardRow], lines: Sequence[HisLine]
) -> list[Offer]:
    again = [row for row in rows if may_resend(board, row)]
    one = list(rows) if len(rows) == 1 and not rows[0].verdict else []
    asked = [
        row for row in rows if row.state == "person" and row.found in _ASKED and row.delivered != "rejected"
    ]
    ticked = one if lines else asked

    def resend_it() -> None:
        resend(board, screen, again)

    def correct_it() -> None:
        screen.station.behind(correct(board, screen, again[0]))

    def same_it() -> None:
        screen.station.behind(tick(board, screen, ticked, lines, is_same=True))

    def other_it() -> None:
        screen.station.behind(tick(board, screen, ticked, lines, is_same=False))

    def note_it() -> None:
        note(board, screen, rows)

    return [
        Offer(lambda: _("Send to the HIS again"), again, resend_it),
        Offer(lambda: _("Correct a code or number, and send again"), again if one else [], correct_it),
        Offer(lambda: _("It is these rows of the HIS"), ticked, same_it),
        Offer(lambda: _("It is none of these rows of the HIS"), ticked, other_it),
        Offer(lambda: _("Write a note"), rows, note_it, "look_up"),
    ]


# -- the questions --------------------------------------------------------------------------------------------


def resend(board: BoardScreen, screen: Acting, rows: Sequence[BoardRow]) -> None:
    """Ask why, then let what the HIS rejected go again."""
    going = [row for row in rows if may_resend(board, row)]
    connector = board.source.connector

    def content(row: BoardRow, reason: str) -> dict[str, Any]:
        return {**_about(row), "connector": connector, "step": row.step, "reason": reason}

    usual = (
        lambda: _("The HIS has been put right"),
        lambda: _("The code or patient is known there now"),
        lambda: _("It was rejected by mistake"),
    )
    _ask(board, screen, going, lambda: _("Send again: {what}").format(what=_what(board, going)), usual,
         partial(filled, ResendDecided, content))  # fmt: skip


async def tick(
    board: BoardScreen, screen: Acting, rows: Sequence[BoardRow], lines: Sequence[HisLine], *, is_same: bool
) -> None:
    """Ask why, then say of each entry whether the rows of the HIS beside it are it."""
    connector, source = board.source.connector, board.source

    def read() -> dict[int, list[str]]:
        return {row.n: [line.key for line in lines or source.item(row.n).his_lines] for row in rows}

    keys = await asyncio.to_thread(read)
    known = [row for row in rows if keys[row.n]]

    def content(row: BoardRow, reason: str) -> dict[str, Any]:
        told = {"connector": connector, "rows": keys[row.n], "is_same": is_same, "found": row.found}
        return {**_about(row), **told, "reason": reason}

    title = _("Is in the HIS: {what}") if is_same else _("Is not that in the HIS: {what}")
    same = (lambda: _("Looked up in the HIS: it is this"), lambda: _("The cashier says it is this"))
    other = (
        lambda: _("A charge of its own"),
        lambda: _("Another patient's"),
        lambda: _("To be typed in still"),
    )
    _ask(board, screen, known, lambda: title.format(what=_what(board, known)), same if is_same else other,
         partial(filled, TickDecided, content))  # fmt: skip


def note(board: BoardScreen, screen: Acting, rows: Sequence[BoardRow]) -> None:
    """Write the same note on every row."""
    ids = ids_for(rows)

    async def finish(answers: Mapping[str, str]) -> Sequence[Problem]:
        text = answers["text"].strip()
        if not text:
            return [Problem("text", N_("Write what the next one should know."))]
        made = filled(EntryNoted, lambda row, told: {**_about(row), "text": told}, rows, text)
        return made.problems or await record_all(board, screen, made.forms, ids)

    screen.station.push_screen(
        FieldsDialog(
            lambda: _("Note on {what}").format(what=_what(board, rows)),
            lambda: _named(rows),
            (Line("text", lambda: _("Note")),),
            finish,
        )
    )


async def correct(board: BoardScreen, screen: Acting, row: BoardRow) -> None:
    """Show the codes and numbers the HIS is sent, let them be typed otherwise, and send it again."""
    item = await asyncio.to_thread(board.source.item, row.n)
    ids, connector = ids_for([row]), board.source.connector
    if item.entry is None:
        screen.say(lambda: _("Its bytes cannot be read."), "problem")
        return

    async def finish(changes: Sequence[CorrectedRow], reason: str) -> Sequence[Problem]:
        told = [{"field": one.field, "old": one.old, "new": one.new} for one in changes]

        def content(about: BoardRow, why: str) -> dict[str, Any]:
            return {
                **_about(about),
                "connector": connector,
                "changes": told,
                "step": about.step,
                "reason": why,
            }

        made = filled(SentCorrected, content, [row], reason)
        return made.problems or await record_all(board, screen, made.forms, ids)

    screen.station.push_screen(CorrectDialog(item.entry, row.reason.text(), finish))


def _about(row: BoardRow) -> dict[str, Any]:
    return {"entry_id": row.entry_id, "number": row.number}


def _ask(
    board: BoardScreen,
    screen: Acting,
    rows: Sequence[BoardRow],
    title: Callable[[], str],
    usual: Sequence[Callable[[], str]],
    fill: Callable[[Sequence[BoardRow], str], FilledForms],
) -> None:
    """Ask once: what, how many, what they come to, and why."""
    ids = ids_for(rows)

    def decided(reason: str | None) -> None:
        if reason is None:
            return
        made = fill(rows, reason)
        if made.problems:
            screen.show_problems(made.problems)
        else:
            screen.station.behind(record_told(board, screen, made.forms, ids))

    screen.station.push_screen(ReasonDialog(title, lambda: _named(rows), usual), decided)


def _what(board: BoardScreen, rows: Sequence[BoardRow]) -> str:
    """Return "W03-000128-7 ¥45.00", or how many there are and what they come to."""
    amount = money(sum(row.amount_minor or 0 for row in rows), board.desk.currency)
    if len(rows) == 1:
        return f"{rows[0].number or rows[0].entry_id}  {amount}"
    return _("{count} entries, {amount}").format(count=f"{len(rows):,}", amount=amount)


def _named(rows: Sequence[BoardRow]) -> list[Content | str]:
    told: list[Content | str] = []
    for row in rows[:_SHOWN]:
        told.append(shown(f"{row.number or row.entry_id}  {form_word(row.form)}", "bold"))
        told.append(shown("  " + row.reason.text(), "$secondary"))
    if len(rows) > _SHOWN:
        told.append(shown(_("and {count} more").format(count=len(rows) - _SHOWN), "$secondary"))
    return told
