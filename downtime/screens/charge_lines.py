"""The lines of a charge as a table: as many as fit, the marked one always in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static

from downtime.i18n import _
from downtime.screens.text import cell, cells, cut, line, lines
from forms.money import format_amount

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.content import Content
    from textual.events import Click

    from downtime.screens.charge_sheet import Line

_NUMBER, _CODE, _SPEC, _PRICE, _QUANTITY, _AMOUNT = 3, 11, 10, 10, 7, 11
_FIXED = _NUMBER + _CODE + _SPEC + _PRICE + _QUANTITY + _AMOUNT + 8  # gaps, and one at the right edge
_WIDE_NAME_MAX = 60


def name_width(width: int) -> int:
    """Return the cells left for the name in a table of ``width`` cells."""
    return min(max(width - _FIXED, 8), _WIDE_NAME_MAX)


def headings(width: int) -> Content:
    """Return the row above the lines."""
    style = "$secondary"
    return _row(
        (
            "#",
            _("Code"),
            _("Name"),
            _("Spec"),
            _("Price"),
            _("Qty"),
            _("Amount"),
        ),
        width,
        style,
    )


def _row(texts: Sequence[str], width: int, style: str = "") -> Content:
    number, code, name, spec, price, quantity, amount = texts
    gap = cell("", 1, style)
    return line(
        cell(number, _NUMBER, style, right=True),
        gap,
        gap,
        cell(code, _CODE, style),
        gap,
        cell(name, name_width(width), style),
        gap,
        cell(spec, _SPEC, style),
        gap,
        cell(price, _PRICE, style, right=True),
        gap,
        cell(quantity, _QUANTITY, style, right=True),
        gap,
        cell(amount, _AMOUNT, style, right=True),
    )


def _mark(there: Line, currency: str) -> str:
    """Return what stands behind a name whose line is not as the list or the slip has it, or ""."""
    if there.list_price_minor is not None:
        return _(" [list {price}]").format(price=format_amount(there.list_price_minor, currency))
    if there.difference == "price" and there.slip_minor is not None:
        return _(" [slip {amount}]").format(amount=format_amount(there.slip_minor, currency))
    return {
        "unknown": _(" [not listed here]"),
        "unlisted": _(" [name: see the slip]"),
    }.get(there.difference, "")


class LineTable(Static):
    """The rows. ``marked`` is the line that F4 and F5 act on."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 (Textual's name for it)
        super().__init__("", markup=False, id=id)
        self._top = 0

    def draw(
        self, found: Sequence[Line], marked: int | None, currency: str, rows_max: int, width: int
    ) -> None:
        """Write the lines that fit into ``rows_max`` rows."""
        self._top = max(len(found) - rows_max, 0)
        if marked is not None:
            self._top = min(self._top, marked)
        rows: list[Content | str] = []
        for place in range(self._top, min(self._top + rows_max, len(found))):
            there = found[place]
            is_marked_so = there.kind == "unlisted" and not there.difference
            kept = _("(unlisted) {name}").format(name=there.name) if is_marked_so else there.name
            if mark := _mark(there, currency):
                kept = cut(kept, name_width(width) - cells(mark)) + mark
            texts = (
                str(place + 1),
                there.code,
                kept,
                there.spec or there.unit,
                format_amount(there.unit_price_minor, currency),
                there.quantity,
                format_amount(there.amount_minor, currency),
            )
            style = "bold $warning" if there.difference else ""
            style = "$foreground on $boost bold" if place == marked else style
            rows.append(_row(texts, width, style))
        self.styles.height = len(rows)
        self.update(lines(rows))

    def on_click(self, event: Click) -> None:
        """A click marks the line."""
        marker = getattr(self.screen, "mark", None)
        if marker is not None:
            marker(self._top + event.y)
