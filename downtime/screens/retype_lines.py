"""What the retype desk shows: counts that add up, the list, one entry field by field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from downtime.board import state_word
from downtime.his_word import WHAT_WORDS
from downtime.i18n import _
from downtime.screens.entry_lines import form_title
from downtime.screens.people import age_word, sex_word
from downtime.screens.recorded import money
from downtime.screens.rows import RowColumn, Shows
from downtime.screens.text import cell, cells, cut, line, shown
from downtime.worksheet_standing import WRONG, counts_of
from forms.money import format_amount

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.content import Content

    from downtime.worksheet import Cell, WorksheetEntry
    from downtime.worksheet_standing import RetypeRow, Retyping

COLUMNS: Final = (
    RowColumn(lambda: _("State"), 8),
    RowColumn(lambda: _("Receipt no."), 15),
    RowColumn(lambda: _("Form"), 8),
    RowColumn(lambda: _("Full name"), 12),
    RowColumn(lambda: _("Amount"), 11, right=True),
    RowColumn(lambda: _("What")),
    RowColumn(lambda: _("Time"), 11, wide=True),
    RowColumn(lambda: _("Patient number"), 14, wide=True),
    RowColumn(lambda: _("Outage"), 16, wide=True),
)
_STYLES: Final = {"waiting": "", "entered": "$secondary", "verified": "$success"}
_SUM_CELLS: Final = 13
_TITLE: Final = 16


def state_style(state: str) -> str:
    """Return the colour of a state; its word says it without the colour."""
    return _STYLES.get(state, "bold $warning")


def shows_row(row: RetypeRow, currency: str) -> Shows:
    """Return what one entry shows in the list."""
    entry = row.entry
    amount = format_amount(row.amount_minor, currency) if entry.amount_minor is not None else ""
    patient = entry.content.get("patient") or {}
    return Shows(
        (
            state_word(row.state),
            entry.number or entry.id,
            form_title(entry),
            str(patient.get("name") or ""),
            amount,
            what_words(row),
            f"{entry.happened_at[5:10]} {entry.happened_at[11:16]}",
            str(patient.get("number") or ""),
            entry.outage,
        ),
        state_style(row.state),
    )


def what_words(row: RetypeRow) -> str:
    """Return why a row is in its state, in a few words."""
    told = []
    if row.word is not None:
        told.append(row.word.text())
    if row.refusal:
        told.append(row.refusal)
    if row.documents:
        told.append(_("document {numbers}").format(numbers=", ".join(row.documents)))
    elif row.typed is not None and row.typed.bill:
        told.append(_("HIS {bill}").format(bill=row.typed.bill))
    if row.reversed_by:
        told.append(_("reversed by {number}: type both, or neither").format(number=row.reversed_by))
    return "; ".join(told)


def summary_lines(rows: Sequence[RetypeRow], whose: str, width: int, currency: str) -> list[Content]:
    """Return whose entries they are, and a column for each state: how many, what they come to; the first is all."""
    columns = [(_("All"), len(rows), sum(row.amount_minor for row in rows), "bold")]
    columns += [
        (state_word(one.state), one.entries, one.amount_minor, state_style(one.state))
        for one in counts_of(rows)
    ]
    each = max(min(_SUM_CELLS, (width - 2) // len(columns) - 1), 7)
    return [
        cell(f" {whose}", width, "bold"),
        line(" ", *(_spaced(cell(title, each, "$secondary", right=True)) for title, *_rest in columns)),
        line(" ", *(_spaced(cell(f"{count}", each, style, right=True)) for _t, count, _m, style in columns)),
        line(
            " ",
            *(
                _spaced(cell(format_amount(minor, currency), each, style, right=True))
                for _t, _c, minor, style in columns
            ),
        ),
    ]


def _spaced(part: Content) -> Content:
    return line(part, " ")


# -- one entry --------------------------------------------------------------------------------------


def head_lines(
    one: WorksheetEntry, row: RetypeRow, place: tuple[int, int], width: int, currency: str
) -> list[Content]:
    """Return slip, form and sum; then the patient, when, and what to mind.

    Args:
        one: the entry as it is typed.
        row: what became of it.
        place: which one of how many.
        width: cells.
        currency: of the sum.
    """
    entry = one.entry
    patient = entry.content.get("patient") or {}
    amount = money(one.amount_minor, currency) if entry.amount_minor is not None else ""
    counted = _("{n} of {all}").format(n=place[0], all=place[1])
    state = f" {state_word(row.state)} "
    left = f" {counted}   {one.number}   {one.title}"
    used = cells(state) + cells(amount) + 3
    who = "  ".join(
        filter(
            None,
            (
                str(patient.get("name") or ""),
                sex_word(patient.get("sex", "")) if patient.get("sex") in {"male", "female"} else "",
                age_word(patient.get("birth_date"), entry.recorded_at),
                f"{entry.happened_at[:10]} {entry.happened_at[11:16]}",
                entry.operator_name,
            ),
        )
    )
    told = [
        line(
            cell(left, max(width - used, 10), "bold"),
            " ",
            shown(state, "reverse" if row.state not in WRONG else "bold $text-on-warning on $warning"),
            " ",
            shown(amount, "bold"),
        ),
        cell(f" {who}", width, "$secondary"),
    ]
    remarks = "; ".join(filter(None, (what_words(row), *one.remarks)))
    if remarks:
        told.append(shown(" " + cut(remarks, width - 2), "bold $warning"))
    return told


def field_lines(
    every: Sequence[Cell], walked: Sequence[Cell], at: int, width: int, room: int
) -> list[Content]:
    """Return the fields in the HIS's order, the one to be typed now marked and in sight.

    Args:
        every: all of them, the ones to compare too.
        walked: those one walks through.
        at: which of ``walked`` is next; ``len(walked)`` when all are done.
        width: cells.
        room: rows.
    """
    now = walked[at] if at < len(walked) else None
    done = frozenset(walked[:at])
    place = every.index(now) if now is not None else len(every) - 1
    top = min(max(place - room // 2, 0), max(len(every) - room, 0))
    return [
        _field_line(one, width, is_now=one == now, is_done=one in done) for one in every[top : top + room]
    ]


def _field_line(one: Cell, width: int, *, is_now: bool, is_done: bool) -> Content:
    mark = ">" if is_now else "*" if is_done else " "
    style = "bold $block-cursor-foreground on $block-cursor-background" if is_now else ""
    if not is_now and (one.checked or one.usual or not one.value or is_done):
        style = "$secondary"
    remark = one.meaning
    if one.checked:
        remark = _("compare only")
    elif one.usual:
        remark = _("stands there already: Enter in the HIS")
    elif one.is_odd:
        remark = _("holds characters that act: type it by hand")
    elif one.is_word:
        remark = _("choose it in the HIS")
    elif one.is_typed and not one.is_copied:
        remark = "  ".join(filter(None, (_("type by hand"), one.meaning)))
    value = cut(one.value or "-", max(width // 2 - _TITLE, 16))
    text = f"{cell_text(field_name(one), _TITLE)} {value}   {remark}"
    return cell(f" {mark} {text}", width, style if one.value or is_now else "$warning")


def field_name(one: Cell) -> str:
    """Return what a field is called, with the number of its line."""
    return f"{one.title} {one.line}" if one.part == "line" else one.title


def cell_text(text: str, width: int) -> str:
    """Return foreign text cut and filled to ``width`` cells."""
    short = cut(text, width)
    return short + " " * (width - cells(short))


def whose_words(retyping: Retyping, operator: str) -> str:
    """Return whose entries are shown."""
    if not operator:
        return _("Everybody's entries")
    return f"{operator} {dict(retyping.people).get(operator, '')}".strip()


def beside_lines(row: RetypeRow, width: int, currency: str) -> Iterator[Content]:
    """Yield what stands here and what stands in the HIS, side by side, where it is not the same."""
    word = row.word
    if word is None:
        return
    half = (width - 5 - _TITLE) // 2

    def beside(title: str, here: str, there: str, style: str = "") -> Content:
        return line(
            cell(f"   {title}", _TITLE + 2, "$secondary"), cell(here, half), " | ", cell(there, half, style)
        )

    yield beside("", _("Here"), _("Stands in the HIS"), "bold")
    if word.his_amount_minor is not None:
        is_other = word.his_amount_minor != row.amount_minor
        yield beside(
            _("Sum"),
            format_amount(row.amount_minor, currency),
            format_amount(word.his_amount_minor, currency),
            "bold $warning" if is_other else "",
        )
    what = ", ".join(_(WHAT_WORDS[name]) for name in word.what if name in WHAT_WORDS)
    if what:
        yield beside(_("Different"), "", what, "bold $warning")
    if word.rows:
        yield beside(_("Rows of the HIS"), "", ", ".join(word.rows))
