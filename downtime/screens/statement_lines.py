"""What the statements screen shows: files to choose from, sums that add up, what does not agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from downtime.i18n import _
from downtime.screens.recorded import money
from downtime.screens.rows import RowColumn, Shows
from downtime.screens.text import cell, line, shown
from downtime.statement_words import (
    day_words,
    difference_texts,
    outcome_help,
    outcome_word,
    recorded_text,
    sum_texts,
)
from downtime.statements import OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from textual.content import Content

    from downtime.statement_matching import Comparison, StatementRecorded
    from downtime.statements import Compared

FILE_COLUMNS = (
    RowColumn(lambda: _("File")),
    RowColumn(lambda: _("Written"), 11),
    RowColumn(lambda: _("Bytes"), 12, right=True),
)
COLUMNS = (
    RowColumn(lambda: _("What"), 8, words=lambda: map(outcome_word, OUTCOMES)),
    RowColumn(lambda: _("Receipt"), 14),
    RowColumn(lambda: _("Time"), 11),
    RowColumn(lambda: _("Tail"), 8, wide=True),
    RowColumn(lambda: _("Here"), 9, right=True),
    RowColumn(lambda: _("Row"), 4, right=True),
    RowColumn(lambda: _("Their number")),
    RowColumn(lambda: _("There"), 9, right=True),
)
_FILES_MAX, _ROOMY, _PROBLEMS_SHOWN = 200, 120, 8
_WORD, _ROWS, _MONEY = 14, 6, 14


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file somebody may take."""

    path: Path
    bytes: int
    written: str


def files_in(folder: Path, zone: ZoneInfo) -> list[FileShown]:
    """Return the files of a folder, the newest first; none where there is no folder."""
    if not folder.is_dir():
        return []
    found = [(path, path.stat()) for path in folder.iterdir() if path.is_file()]
    found.sort(key=lambda pair: pair[1].st_mtime, reverse=True)
    return [
        FileShown(path, kept.st_size, f"{datetime.fromtimestamp(kept.st_mtime, zone):%m-%d %H:%M}")
        for path, kept in found[:_FILES_MAX]
    ]


def shows_file(row: FileShown) -> Shows:
    """Return what a file shows."""
    return Shows((row.path.name, row.written, f"{row.bytes:,}"))


def shows_row(row: Compared, currency: str) -> Shows:
    """Return what a difference shows."""
    return Shows(difference_texts(row, currency), "bold $warning" if row.outcome == "different" else "")


def sum_lines(found: Comparison, currency: str, kept: str, width: int) -> list[Content | str]:
    """Return one line per outcome and one for all of them, with what to do about it where there is room."""
    told: list[Content | str] = [_sum_line((_("Outcome"), _("Here"), "", _("There"), ""), "$secondary", "")]
    for one in found.lines():
        texts = sum_texts(one, currency)
        is_odd = one.outcome != "matched" and (one.here or one.there)
        style = "bold $accent" if kept == one.outcome else "bold $warning" if is_odd else ""
        told.append(_sum_line(texts, style, outcome_help(one.outcome) if is_odd and width >= _ROOMY else ""))
    told.append(_sum_line(sum_texts(found.total(), currency), "bold", ""))
    return told


def _sum_line(texts: tuple[str, str, str, str, str], style: str, more: str) -> Content:
    word, here, here_sum, there, there_sum = texts
    return line(
        cell(word, _WORD, style),
        cell(here, _ROWS, style, right=True),
        cell(here_sum, _MONEY, style, right=True),
        cell(there, _ROWS, style, right=True),
        cell(there_sum, _MONEY, style, right=True),
        "  ",
        cell(more, 70, "$secondary") if more else "",
    )


def problem_lines(problems: Sequence[str], *, can_read: bool) -> list[Content | str]:
    """Return what is wrong with a file, or with the station where ``can_read`` is false."""
    told: list[Content | str] = [shown(one, "bold $warning") for one in problems[:_PROBLEMS_SHOWN]]
    more = len(problems) - _PROBLEMS_SHOWN
    if more > 0:
        told.append(shown(_("{count} more.").format(count=more), "$secondary"))
    if can_read:
        told.append(shown(_("Nothing was compared and nothing recorded."), "$secondary"))
    return told


def found_lines(found: Comparison, outcome: StatementRecorded | None, currency: str) -> list[Content | str]:
    """Return which statement it is, what it says nothing about, and what F8 does or did."""
    named = {"file": found.file, "source": found.matched.source, "days": day_words(found)}
    told: list[Content | str] = [shown(_("{file}   {source}   {days}").format(**named), "bold")]
    if found.outside:
        amount = money(sum(one.amount_minor for one in found.outside), currency)
        text = _("{count} payments of other days are not compared: {amount}")
        told.append(shown(text.format(count=len(found.outside), amount=amount), "$secondary"))
    if outcome is not None:
        told += [shown(one, "bold") for one in recorded_text(outcome)]
    elif found.verified:
        text = _("{count} unverified payments are proven by it; F8 records that.")
        told.append(shown(text.format(count=len(found.verified)), "bold $accent"))
    return told
