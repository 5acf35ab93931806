"""What the work lists are called, how their rows look, and what Enter does with one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.i18n import _
from downtime.masking import mask_phone
from downtime.screens.recorded import money
from downtime.screens.rows import RowColumn, Shows
from downtime.screens.text import cell, line, lines, shown
from downtime.worklists import EXCHANGED, LISTS, ListSum
from forms import form_named
from forms.money import format_amount

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.content import Content

    from downtime.worklists import OpenRow

NAMES: dict[str, Callable[[], str]] = {
    "not_exchanged": lambda: _("Exchange"),
    "unverified": lambda: _("Unverified"),
    "to_be_returned": lambda: _("To return"),
    "cards": lambda: _("Cards held"),
    "insured": lambda: _("Insured"),
    "discharges": lambda: _("Discharges"),
    "owing": lambda: _("Owed"),
    "advances": lambda: _("No lines"),
    "pricings": lambda: _("Priced"),
    EXCHANGED: lambda: _("Exchanged"),
}
"""Short names for the grid."""

ENTER: dict[str, Callable[[], str]] = {
    "not_exchanged": lambda: _("Enter: slip back, formal document out"),
    "unverified": lambda: _("Enter: the money arrived, or never came"),
    "to_be_returned": lambda: _("Enter: the money has gone back"),
    "cards": lambda: _("Enter: give the card back"),
    "insured": lambda: _("Call back; Enter: settled, document out"),
    "discharges": lambda: _("Enter: called, or settled"),
    "owing": lambda: _("Enter: collect"),
    "advances": lambda: _("Enter: type the lines"),
    "pricings": lambda: _("Enter: charge it"),
    EXCHANGED: lambda: _("Enter: void the formal document"),
}
COLUMNS = (
    RowColumn(lambda: _("Number"), 14),
    RowColumn(lambda: _("Patient"), 12),
    RowColumn(lambda: _("Patient no."), 14, wide=True),
    RowColumn(lambda: _("Phone"), 11),
    RowColumn(lambda: _("Since"), 11),
    RowColumn(lambda: _("Form"), 14, wide=True),
    RowColumn(lambda: _("Remark")),
    RowColumn(lambda: _("Amount"), 10, right=True),
)
WITHOUT_MONEY = {"cards", "discharges"}
_ACROSS = 3
_MARK, _NAME, _COUNT, _MONEY_MAX = 3, 10, 4, 14
_DAY_AND_TIME = slice(5, 16)


def shows_row(row: OpenRow, currency: str, *, clear: bool) -> Shows:
    """Return what one row shows; phones are masked unless they were asked for."""
    entry = row.entry
    form = form_named(entry.form)
    remark = _("void") if row.was_void else "  ".join(row.formal)
    return Shows(
        (
            entry.number,
            entry.name,
            entry.patient,
            row.phone if clear else mask_phone(row.phone),
            entry.recorded_at[_DAY_AND_TIME].replace("T", " "),
            _(form.title) if form else entry.form,
            remark,
            money(row.amount_minor, currency) if row.amount_minor else "",
        ),
        "bold" if row.formal and not row.was_void else "",
    )


def grid(sums: Mapping[str, ListSum], chosen: str, width: int, currency: str, *, choosing: bool) -> Content:
    """Return the lists three by three: digit, name, how many, how much."""
    room = max(width // _ACROSS, 24)
    down = -(-len(LISTS) // _ACROSS)
    drawn = []
    for row in range(down):
        parts: list[Content | str] = []
        for column in range(_ACROSS):
            place = column * down + row
            if place < len(LISTS):
                parts += _cell(LISTS[place], place + 1, sums, chosen, room, currency, choosing=choosing)
        drawn.append(line(*parts))
    return lines(drawn)


def _cell(
    name: str,
    digit: int,
    sums: Mapping[str, ListSum],
    chosen: str,
    room: int,
    currency: str,
    *,
    choosing: bool,
) -> list[Content | str]:
    found = sums.get(name)
    is_chosen = name == chosen
    style = "$block-cursor-foreground on $block-cursor-background" if is_chosen and choosing else ""
    style = style or ("bold $accent" if is_chosen else "" if found and found.rows else "$secondary")
    count = "-" if found is None else str(found.rows)
    has_money = found is not None and found.amount_minor and name not in WITHOUT_MONEY
    amount = format_amount(found.amount_minor, currency) if found is not None and has_money else ""
    loose = min(room - _MARK - _NAME - _COUNT - 1, _MONEY_MAX)
    return [
        cell(f"{'>' if is_chosen else ' '}{digit} ", _MARK, style or "bold $accent"),
        cell(NAMES[name](), _NAME, style),
        cell(count, _COUNT, style, right=True),
        cell(amount, loose, style, right=True),
        cell("", room - _MARK - _NAME - _COUNT - loose),
    ]


def summary(name: str, found: ListSum, shown_rows: int, asked: str, currency: str) -> Content:
    """Return the line above the rows: which list, how many, how much, what Enter does."""
    text = _("{list}: {count}").format(list=NAMES[name](), count=found.rows)
    if found.amount_minor and name not in WITHOUT_MONEY:
        text += "  " + money(found.amount_minor, currency)
    if asked:
        text += "  " + _("({count} found)").format(count=shown_rows)
    return line(shown(text, "bold"), "   ", shown(ENTER[name](), "$secondary"))
