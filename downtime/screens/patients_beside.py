"""The right half of the patients screen: who the marked one is, what was decided, or who it may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.i18n import _
from downtime.screens.patients_lines import candidate_lines, decision_lines, nobody_line, person_lines
from downtime.screens.text import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.content import Content

    from downtime.patient_match import Candidate
    from downtime.patient_match_deciding import Matching, Temporary

_DIGITS = 9


def beside_lines_of(
    matching: Matching, row: Temporary, found: Sequence[Candidate] | None, room: tuple[int, int]
) -> tuple[list[Content | str], int]:
    """Return the lines, and how many candidates fit whole: only what can be seen can be chosen.

    Args:
        matching: everything that was compared.
        row: the marked temporary patient.
        found: patients searched by hand, or None.
        room: cells and lines there are.
    """
    width, height = room
    told = [*person_lines(row.person, width), ""]
    if row.decision is not None:
        told += decision_lines(row, width)
        if row.decision.form.outcome != "nobody":
            return told, 0
    if found is not None and not found:
        told.append(shown(_("Nobody of that name in the lists."), "$secondary"))
    elif found is None and not row.candidates:
        told += [shown(_("Nobody in the lists comes near."), "$secondary"), ""]
    everyone = found if found is not None else row.candidates
    fitting = 0
    for n, one in enumerate(everyone[:_DIGITS], 1):
        numbers = matching.matched_to(one.person.number)
        taken = [number for number in numbers if number != row.person.number]
        more = candidate_lines(n, one, width, taken)
        if len(told) + len(more) + 2 > height and n > 1:
            break
        told += more
        fitting = n
    hidden = len(everyone) - fitting
    if hidden:
        words = _("{count} more: type more of the name").format(count=hidden)
        told.append(shown(f"   {words}", "$secondary"))
    else:
        told.append("")
    return [*told, nobody_line(by_hand=found is not None)], fitting
