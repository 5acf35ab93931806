"""Lists in a small terminal: words that say what to do are never cut, whatever the language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime.i18n import choose_language
from downtime.screens.journal import JournalScreen
from downtime.screens.rows import RowColumn, Rows
from downtime.screens.statement_lines import COLUMNS
from downtime.screens.text import cells
from downtime.standing import STATES
from downtime.standing_text import state_name
from downtime.statement_words import outcome_word
from downtime.statements import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_column_of_known_words_is_as_wide_as_they_are(language: str) -> None:
    """An outcome of a statement is read whole: "missing there" is not "missing" something."""
    choose_language("zh" if language == "zh" else "en")
    what = COLUMNS[0]
    assert what.cells() >= max(cells(outcome_word(outcome)) for outcome in OUTCOMES)
    assert RowColumn(str, 8).cells() == 8
    assert RowColumn(str).cells() == 0, "it takes what the others leave"


async def test_in_the_journal_what_the_his_said_is_read_whole(story: Callable[..., Story]) -> None:
    """At 80 columns in English there is room for every state, and still for a name."""
    async with story(language="en") as s:
        s.app.go("journal")
        await s.rest()
        assert isinstance(s.app.screen, JournalScreen)
        rows = s.app.screen.query_one(Rows)
        widths = rows._widths(list(range(7)), rows.size.width)
        assert widths[6] >= max(cells(state_name(state)) for state in STATES)
        assert widths[3] >= cells("练习甲")
        assert sum(widths.values()) + len(widths) + 4 <= 80
