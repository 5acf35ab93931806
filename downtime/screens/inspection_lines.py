"""The figures of the self-inspection on screen: counts per chapter that add up, and one control in short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.i18n import _, chosen_language, in_language
from downtime.inspection_text import clause_words, responsible_words, state_words, wording_words
from downtime.inspection_words import (
    BLOCKS,
    EVIDENCE,
    MISSING,
    NOT_APPLICABLE,
    OUT_OF_DATE,
    SHAPES,
    STATES,
    minute,
)
from downtime.screens.text import cell, line, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.content import Content

    from downtime.inspection import Checked, Inspection
    from downtime.inspection_words import State

STYLES: dict[State, str] = {
    MISSING: "bold $warning",
    OUT_OF_DATE: "bold $accent",
    EVIDENCE: "$success",
    NOT_APPLICABLE: "$secondary",
}
_NAME, _COUNT = 14, 4


def summary_line(found: Inspection, only: State | None) -> Content:
    """Return all states with their counts and the time of the look; the state that alone is listed is marked."""
    counts = found.counts()
    language = chosen_language()
    parts: list[Content | str] = []
    for state in STATES:
        style = STYLES[state]
        if only == state:
            style = "bold $block-cursor-foreground on $block-cursor-background"
        parts += [shown(f"{SHAPES[state]} {state_words(state, language)} {counts[state]}", style), "  "]
    parts.append(shown(minute(found.made_at)[11:], "$secondary"))
    return line(*parts)


def block_lines(found: Inspection, blocks: list[str]) -> Iterator[Content]:
    """Yield a head and one line per chapter: how many in each state, and their sum; "" is the sum of all."""
    head = [cell("", _NAME)]
    head += [cell(SHAPES[state], _COUNT, STYLES[state], right=True) for state in STATES]
    yield line(*head, cell("=", _COUNT, "bold", right=True))
    for block in blocks:
        counts = found.counts(block)
        name = in_language(BLOCKS[block], chosen_language()) if block else _("Total")
        cells = [cell(name, _NAME, "" if block else "bold")]
        cells += [
            cell(str(counts[state]), _COUNT, STYLES[state] if counts[state] else "$secondary", right=True)
            for state in STATES
        ]
        yield line(*cells, cell(str(found.total(block)), _COUNT, "bold", right=True))


def state_cell(one: Checked) -> str:
    """Return a state as shape and word."""
    return f"{SHAPES[one.state]} {state_words(one.state, chosen_language())}"


def marked_lines(one: Checked | None) -> Iterator[Content]:
    """Yield what was found for the marked control, where it is written, what it asks for, who answers for it."""
    if one is None:
        return
    language = chosen_language()
    yield shown(one.line.words(language), STYLES[one.state])
    yield shown(clause_words(one.control, language), "$secondary")
    yield shown(wording_words(one.control, language))
    yield shown(_("Responsible: {who}").format(who=responsible_words(one, language)), "$secondary")
