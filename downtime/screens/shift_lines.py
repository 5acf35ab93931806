"""What the shift screen says: the shift, the drawer, the figures of the day, what is unaccounted for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.i18n import _, chosen_language
from downtime.number_words import low_words, running_low
from downtime.receipt_rows import Pair
from downtime.screens.recorded import money
from downtime.screens.text import cell, cells, cut, line, shown
from downtime.shift_report import figure_rows
from forms.money import format_amount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.content import Content

    from downtime.shift import Matter
    from downtime.shift_look import ShiftLook
    from forms.shift_figures import ShiftFigures

_MINUTE = slice(5, 16)
DRAWER_CELLS = 35


def when(moment: str) -> str:
    """Return day and minute of an RFC 3339 time."""
    return moment[_MINUTE].replace("T", " ")


def head_lines(look: ShiftLook, currency: str, warn_below: int) -> Iterator[Content]:
    """Yield which shift it is, in whose hands, and how it stands with the numbers."""
    standing = look.standing
    if standing is None:
        yield shown(_("No shift is open at this station."), "bold $accent")
        yield shown(_("Charging works all the same: what is taken now counts for the next shift."))
    else:
        label = _("Shift {shift}").format(shift=standing.shift)
        who = cut(f"{standing.holder} {standing.holder_name}".strip(), 12)
        yield line(
            shown(label, "bold $accent"),
            "   ",
            _("day {day}").format(day=standing.business_day),
            "   ",
            _("since {time}").format(time=when(standing.opened_at)),
            "   ",
            shown(_("drawer: {who}").format(who=who), "bold"),
        )
    yield _numbers_line(look, currency, warn_below)


def _numbers_line(look: ShiftLook, currency: str, warn_below: int) -> Content:
    parts: list[Content | str] = []
    if look.standing is not None:
        parts += [_("Float {amount}").format(amount=money(look.standing.float_minor, currency)), "   "]
    parts += [_("Receipts {count}").format(count=len(look.used)), "   "]
    if look.numbers_void:
        parts += [_("void {count}").format(count=look.numbers_void), "   "]
    if running_low(look.numbers_left, warn_below):
        return line(*parts, shown(f" {low_words(look.numbers_left)} ", "bold $text-on-warning on $warning"))
    left = _("numbers left {count}").format(count=f"{look.numbers_left:,}")
    return line(*parts, left)


def drawer_lines(look: ShiftLook, left_minor: int | None, currency: str) -> Iterator[Content]:
    """Yield expected, counted, over or short, and what is handed in."""
    assert look.counted is not None
    assert look.expected is not None
    assert look.standing is not None
    expected, counted = look.expected["cash"], look.counted.counted_minor
    yield _pair(_("Cash expected"), expected, currency)
    yield _pair(_("Cash counted"), counted, currency, "bold")
    difference = counted - expected
    if difference:
        label = _("Over") if difference > 0 else _("Short")
        yield _pair(label, abs(difference), currency, "bold $text-on-warning on $warning")
    else:
        yield shown(_("It agrees to the cent."), "bold $success")
    if left_minor is not None:
        yield _pair(_("Handed in"), counted - left_minor, currency, "bold $accent")


def _pair(label: str, minor: int, currency: str, style: str = "") -> Content:
    figures = format_amount(minor, currency, thousands=True)
    return line(
        cell(label, 16, style or "$secondary"),
        cell(figures, DRAWER_CELLS - 16, style, right=True),
    )


def figure_lines(figures: ShiftFigures, currency: str, width: int) -> Iterator[Content | str]:
    """Yield the figures of the day, as its report says them."""
    for row in figure_rows(figures.model_dump(mode="json"), chosen_language(), currency):
        if isinstance(row, Pair):
            style = {"strong": "bold", "loud": "bold $warning", "small": "$secondary"}.get(row.weight, "")
            room = max(width - cells(row.value) - 1, 4)
            yield line(cell(row.label, room, style or "$foreground"), " ", shown(row.value, style))
        else:
            yield shown("-" * width, "$rule")


def kind_words(kind: str) -> str:
    """Return what is wrong with a paper."""
    return {
        "not_printed": _("not printed"),
        "maybe_printed": _("perhaps printed"),
        "unconfirmed": _("handed over?"),
    }[kind]


def matters_title(matters: tuple[Matter, ...], explained: int) -> Content:
    """Return how much is unaccounted for."""
    waiting = len(matters) - explained
    if not matters:
        return shown(_("Every receipt is accounted for."), "$success")
    if not waiting:
        return shown(_("Everything is settled or explained."), "$success")
    text = _("Unaccounted for: {count}. Settle or explain each, then the shift closes.").format(count=waiting)
    return shown(text, "bold $warning")
