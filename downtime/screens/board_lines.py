"""The figures above the board's work list, and its rows."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from downtime.board import ERRORS, STATES, BoardRow, Kept, StateSum, Summary, state_word, view_word
from downtime.board_pace import Pace, span_words
from downtime.closing_day import CLOSED_DAY
from downtime.i18n import _
from downtime.screens.recorded import money
from downtime.screens.rows import RowColumn, Shows
from downtime.screens.text import cell, is_plain, line, shown
from forms import form_named
from forms.money import format_amount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.content import Content

DIGIT_OF = {state: str(n) for n, state in enumerate(STATES, 1)} | {"open": "0", "all": "8"}
"""The digit that narrows the list to a view."""
_GRID = (("waiting", "double"), ("entered", "missing"), ("verified", "differs"), ("", "person"))
_CELL, _NAME, _COUNT, _SUM = 38, 14, 7, 15
_BAR_CELLS = 24
_LOST_SECONDS = 900
"""A station that has not spoken for so long counts as not reached."""

COLUMNS = (
    RowColumn(lambda: _("State"), 11),
    RowColumn(lambda: _("Slip"), 14),
    RowColumn(lambda: _("Time"), 5),
    RowColumn(lambda: _("Form"), 12, wide=True),
    RowColumn(lambda: _("Patient"), 10),
    RowColumn(lambda: _("Amount"), 11, right=True),
    RowColumn(lambda: _("Cashier"), 12, wide=True),
    RowColumn(lambda: _("Tries"), 5, right=True, wide=True),
    RowColumn(lambda: _("In the HIS as"), 18, wide=True),
    RowColumn(lambda: _("Reason")),
)


# -- what stands above --------------------------------------------------------------------------------------


def headline(found: Summary, now: str) -> Content:
    """Return the line one reads first: how much is not in the HIS, since when, and when it last took something."""
    count = found.not_in_his
    style = "bold $text-on-warning on $warning" if count else "bold $success"
    text = _("Not in HIS {count}").format(count=f"{count:,}")
    parts: list[Content | str] = [shown(f" {text} ", style)]
    if found.oldest:
        parts += ["  ", shown(_("oldest {span}").format(span=_since(found.oldest, now)), "bold")]
    success = _clock(found.last_success, now) or _("never yet")
    parts += ["  ", shown(_("last ok {time}").format(time=success))]
    return line(*parts)


def stations_words(found: Summary, now: str, *, is_short: bool) -> Content:
    """Return how many stations there are, and what is missing of them; in short only what is missing."""
    lost = [
        one for one in found.stations if not one.last_seen or _seconds(one.last_seen, now) > _LOST_SECONDS
    ]
    missing = sum(one.unsynced for one in found.stations)
    told = _("{count} stations").format(count=len(found.stations))
    parts: list[Content | str] = [] if is_short and (lost or missing) else [shown(told, "$secondary")]
    if lost:
        parts += ["  ", shown(_("{count} away").format(count=len(lost)), "bold $warning")]
    if missing:
        parts += [
            "  ",
            shown(_("{count} behind").format(count=f"{missing:,}"), "bold $warning"),
        ]
    if not lost and not missing:
        parts += ["  ", shown(_("all reached, all here"), "$success")]
    return line(*parts)


def grid_lines(found: Summary, currency: str, view: str) -> Iterator[Content | str]:
    """Yield the states with counts and sums, the total, and that nothing is lost between them."""
    for left, right in _GRID:
        first = _state_cell(left, found, currency, view) if left else _total_cell(found, currency, view)
        yield line(first, "  ", _state_cell(right, found, currency, view))


def _state_cell(state: str, found: Summary, currency: str, view: str) -> Content:
    one = found.states[state]
    style = "bold $warning" if state in ERRORS and one.entries else "" if one.entries else "$secondary"
    mark = "!" if state in ERRORS and one.entries else " "
    return _figure(
        DIGIT_OF[state], f"{mark} {state_word(state)}", one, currency, style, is_chosen=view == state
    )


def _total_cell(found: Summary, currency: str, view: str) -> Content:
    return _figure(
        DIGIT_OF["all"], "= " + _("All entries"), found.total, currency, "bold", is_chosen=view == "all"
    )


def _figure(digit: str, name: str, one: StateSum, currency: str, style: str, *, is_chosen: bool) -> Content:
    if is_chosen:
        style = "$block-cursor-foreground on $block-cursor-background bold"
    return line(
        cell(digit, 2, style if is_chosen else "bold $accent"),
        cell(name, _NAME, style),
        cell(f"{one.entries:,}", _COUNT, style, right=True),
        cell(format_amount(one.amount_minor, currency, thousands=True), _SUM, style, right=True),
    )


def adds_up_line(found: Summary, currency: str) -> Content:
    """Return the difference between the total and the states, what is in quarantine, and the ruling on closed days."""
    rest = found.difference()
    is_even = rest == StateSum()
    verdict = _("adds up") if is_even else _("DOES NOT ADD UP")
    told = _("Difference {count} / {amount}").format(
        count=rest.entries, amount=money(rest.amount_minor, currency)
    )
    parts: list[Content | str] = [
        shown(f"  {told} ", "bold"),
        shown(f" {verdict} ", "bold $success" if is_even else "bold $text-on-error on $error"),
    ]
    if found.quarantined.entries:
        parts += [
            "  ",
            shown(_("in quarantine {count}").format(count=found.quarantined.entries), "bold $warning"),
        ]
    if found.again:
        parts += ["  ", shown(_("go again {count}").format(count=found.again), "$secondary")]
    parts += ["  ", shown(_(CLOSED_DAY[found.closed_day]), "$secondary")]
    return line(*parts)


def station_lines(found: Summary, now: str, most: int) -> Iterator[Content | str]:
    """Yield the stations, those with something missing first, for the spare room of a wide screen."""
    yield line(
        cell(_("Station"), 8, "$secondary"), cell(_("seen"), 12, "$secondary"),
        cell(_("here"), 8, "$secondary", right=True), cell(_("missing here"), 14, "$secondary", right=True),
    )  # fmt: skip
    worst = sorted(found.stations, key=lambda one: (-one.unsynced, one.last_seen, one.station))
    for one in worst[:most]:
        is_lost = not one.last_seen or _seconds(one.last_seen, now) > _LOST_SECONDS
        style = "bold $warning" if one.unsynced or is_lost else ""
        seen = _("{span} ago").format(span=_since(one.last_seen, now)) if one.last_seen else _("never")
        yield line(
            cell(one.station, 8, style), cell(seen, 12, style), cell(f"{one.held:,}", 8, style, right=True),
            cell(f"{one.unsynced:,}", 14, style, right=True),
        )  # fmt: skip
    if len(worst) > most:
        yield shown(_("and {count} more").format(count=len(worst) - most), "$secondary")


def kept_line(kept: Kept, place: str, person: str) -> Content:
    """Return what the list is narrowed to, and where the mark stands in it."""
    view = (
        "all" if kept.text and kept.view == "open" else kept.view
    )  # what is searched for may be done already
    told: list[Content | str] = [shown(f" {view_word(view)} ", "bold $accent")]
    for text in (kept.station, f"{kept.operator} {person}".strip() if kept.operator else "", kept.day):
        if text:
            told += [" ", shown(f"[{text}]", "bold $accent")]
    return line(*told, "  ", shown(place, "bold"))


# -- long work -----------------------------------------------------------------------------------------------


def pace_line(word: str, pace: Pace) -> Content:
    """Return a bar, what is done, and how long the rest takes."""
    done, total = pace.done, pace.first
    stood, rest = pace.stands_for(), pace.seconds_left()
    if stood:
        told = _("has stood still for {span}").format(span=span_words(stood))
    elif rest is None:
        told = _("remaining time not known yet")
    else:
        told = _("about {span} left").format(span=span_words(rest))
    return line(
        shown(f" {word} ", "bold $text-on-warning on $warning"), " ", bar(done, total),
        shown(f" {done:,} / {total:,}  ", "bold"), shown(told, "bold $warning" if stood else ""),
    )  # fmt: skip


def bar(done: int, total: int) -> Content:
    """Return how much of it is done, as a bar; in the plain look of characters every console has."""
    full = min(_BAR_CELLS * done // total, _BAR_CELLS) if total else _BAR_CELLS
    if is_plain():
        return shown("[" + "#" * full + "." * (_BAR_CELLS - full) + "]", "bold")
    return line(cell("", full, "on $success"), cell("", _BAR_CELLS - full, "on $boost"))


# -- the rows -------------------------------------------------------------------------------------------------


def shows_row(row: BoardRow, currency: str, now: str, *, is_chosen: bool, with_names: bool) -> Shows:
    """Return how one row looks."""
    style = "bold $warning" if row.is_error else "$secondary" if row.again or not row.is_open else ""
    mark = "*" if is_chosen else "!" if row.is_error else " "
    amount = money(row.amount_minor, currency) if row.amount_minor is not None else ""
    noted = _("[note] ") if row.notes else ""
    return Shows(
        (
            f"{mark} {state_word(row.state)}",
            row.number or row.entry_id,
            _clock(row.at, now),
            form_word(row.form),
            row.name if with_names else "",
            amount,
            f"{row.operator} {row.operator_name}".strip(),
            str(row.tries or ""),
            row.his,
            noted + row.reason.text(),
        ),
        "bold $accent" if is_chosen else style,
    )


def form_word(form: str) -> str:
    """Return what a form is called."""
    known = form_named(form)
    return _(known.title) if known is not None else form


def _clock(at: str, now: str) -> str:
    """Return "14:03", or the day where that was not today; "" for none."""
    return at[11:16] if at[:10] == now[:10] else at[5:10]


def _since(at: str, now: str) -> str:
    return span_words(_seconds(at, now))


def _seconds(at: str, now: str) -> int:
    with suppress(ValueError):
        return int((datetime.fromisoformat(now) - datetime.fromisoformat(at)).total_seconds())
    return 0
