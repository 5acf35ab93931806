"""Recording what was decided at the board: a form for each entry, two hundred to a commit.

The ids are made when the question comes up: however often Enter is pressed, it is one decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from downtime.errors import DowntimeError
from downtime.record import Recorded, Refused, new_entry_id
from forms.base import read_form

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from downtime.board import BoardRow
    from downtime.screens.base import Acting
    from downtime.screens.board import BoardScreen
    from forms.base import Form, Problem

AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class FilledForms:
    """A form for each row, or what is wrong with what was typed."""

    forms: Sequence[Form] = ()
    problems: Sequence[Problem] = ()


def filled(
    kind: type[Form],
    content: Callable[[BoardRow, str], Mapping[str, Any]],
    rows: Sequence[BoardRow],
    typed: str,
) -> FilledForms:
    """Return the decisions about ``rows``.

    Args:
        kind: which form.
        content: returns what it says of one row.
        rows: what it is about.
        typed: the reason, or the note.
    """
    forms = []
    for row in rows:
        form = read_form(kind, content(row, typed))
        if isinstance(form, list):
            return FilledForms(problems=form)
        forms.append(form)
    return FilledForms(forms)


def ids_for(rows: Sequence[BoardRow]) -> list[str]:
    """Return an id for each commit that decisions about ``rows`` take; make them when the question comes up."""
    return [new_entry_id() for _part in range(0, len(rows), AT_ONCE)]


async def record_told(board: BoardScreen, screen: Acting, forms: Sequence[Form], ids: Sequence[str]) -> None:
    """Record every form, and say what is wrong with them."""
    problems = await record_all(board, screen, forms, ids)
    if problems:
        screen.show_problems(problems)


async def record_all(
    board: BoardScreen, screen: Acting, forms: Sequence[Form], ids: Sequence[str]
) -> Sequence[Problem]:
    """Record every form, then bring them to the hub behind; return what is wrong with them."""
    app, desk = screen.station, screen.desk
    if app.recording:
        return []
    app.recording = True
    count = 0
    try:
        for at, entry_id in zip(range(0, len(forms), AT_ONCE), ids, strict=True):
            part = forms[at : at + AT_ONCE]
            outcome = await desk.in_writer(_recording(desk, part, entry_id))
            if isinstance(outcome, Refused):
                return outcome.problems
            count += len(part)
    except DowntimeError as error:
        app.alarm(error)
        return []
    finally:
        app.recording = False
    board.decided(count)
    return []


def _recording(desk: Any, part: Sequence[Form], entry_id: str) -> Callable[[], Recorded | Refused]:
    return lambda: desk.record(part[0], entry_id, beside=tuple(part[1:]))
