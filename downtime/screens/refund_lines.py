"""What the refund screen shows: the receipt, its lines with what is left, how the money goes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.i18n import _
from downtime.screens.entry_lines import form_title, method_word, time_words
from downtime.screens.keymap import key_words
from downtime.screens.recorded import money
from downtime.screens.refund_sheet import plain
from downtime.screens.rows import RowColumn, Shows
from downtime.screens.text import cell, line, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.content import Content

    from downtime.screens.refund_sheet import LineLeft, RefundSheet

COLUMNS = (
    RowColumn(lambda: _("Code"), 11, wide=True),
    RowColumn(lambda: _("Name")),
    RowColumn(lambda: _("Price"), 9, right=True),
    RowColumn(lambda: _("Charged"), 7, right=True),
    RowColumn(lambda: _("Left"), 6, right=True),
    RowColumn(lambda: _("Take"), 6, right=True),
    RowColumn(lambda: _("Goes back"), 10, right=True),
)


def shows_line(row: LineLeft, currency: str) -> Shows:
    """Return what one line of the receipt shows."""
    charged = row.charged
    name = f"{charged.name} {charged.spec}".strip()
    if row.handed:
        handed = _("[dispensed {quantity}]").format(quantity=plain(row.handed))
        name = f"{handed} {name}"
    style = "bold" if row.taken else "$secondary" if not row.left else ""
    return Shows(
        (
            charged.code,
            name,
            money(charged.unit_price_minor, currency),
            charged.quantity,
            plain(row.left),
            plain(row.taken) if row.taken else "",
            money(row.worth_minor(), currency) if row.taken else "",
        ),
        style,
    )


def receipt_lines(sheet: RefundSheet) -> list[Content | str]:
    """Return which receipt it is, whose, and how it was paid."""
    entry = sheet.entry
    patient = entry.content["patient"]
    told: list[Content | str] = [
        line(
            shown(f"{form_title(entry)}  {entry.number or ''}", "bold"),
            shown(f"  {time_words(entry.recorded_at)[:16]}  ", "$secondary"),
            shown(f"{patient['name']}  {patient['number']}", "bold"),
        ),
        line(shown(_("Paid") + "  ", "$secondary"), *_methods(sheet)),
    ]
    if sheet.is_exchanged:
        told.append(
            shown(
                " " + _("Exchanged: take the formal paper back first.") + " ",
                "bold $text-on-warning on $warning",
            )
        )
    return told


def _methods(sheet: RefundSheet) -> list[Content | str]:
    currency = sheet.currency
    found: list[Content | str] = []
    for method, amount in sheet.money.paid.items():
        text = f"{method_word(method)} {money(amount, currency)}"
        if back := sheet.money.refunded[method]:
            text += " " + _("(of it given back {amount})").format(amount=money(back, currency))
        if unseen := sheet.money.unverified[method]:
            text += " " + _("(unverified {amount})").format(amount=money(unseen, currency))
        found += [shown(text), "   "]
    return found or [shown(_("nothing: it is still owed"), "$warning")]


def back_lines(sheet: RefundSheet, width: int) -> list[Content | str]:
    """Return what goes back, by method, in words that cannot be taken for cash."""
    currency = sheet.currency
    total = money(sheet.back_minor(), currency)
    told: list[Content | str] = [
        line(cell(_("To be given back"), width - 20, "bold"), cell(total, 18, "bold", right=True))
    ]
    told += refund_words(sheet.refunds(), currency, width)
    if sheet.bill is not None and (owed := sheet.worth_minor() - sheet.back_minor()) > 0:
        text = _("{amount} of the lines was never paid; it is no longer owed.")
        told.append(shown(text.format(amount=money(owed, currency)), "$secondary"))
    return told


def how_to_take(keys: Mapping[str, Sequence[str]]) -> str:
    """Return which keys take lines; ``keys`` are those in force, per act."""
    return _("A digit takes a line, {key} the whole receipt.").format(key=key_words(keys["reverse"][0]))


def refund_words(refunds: Sequence[dict[str, object]], currency: str, width: int) -> list[Content | str]:
    """Return one line per method: cash now, the rest the way it came."""
    told: list[Content | str] = []
    for part in refunds:
        if part["method"] == "cash":
            text, style = _("Cash, hand it over now"), "bold $warning"
        else:
            method = method_word(str(part["method"]))
            text = _("{method}: NO cash, back the way it came").format(method=method)
            style = "bold $accent"
        amount = money(int(str(part["amount_minor"])), currency)
        told.append(line(cell(text, width - 20, style), cell(amount, 18, style, right=True)))
    return told
