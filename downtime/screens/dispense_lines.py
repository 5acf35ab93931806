"""What the dispense screen says: the verdict in words, colour and shape; patient; lines; batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.i18n import _
from downtime.screens.dispense_sheet import quantity_text
from downtime.screens.people import age_word, sex_word
from downtime.screens.recorded import money
from downtime.screens.rows import Shows
from downtime.screens.text import cell, cut, line, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.content import Content

    from downtime.desk import Desk
    from downtime.receipt_check import Checked
    from downtime.screens.dispense_sheet import DispenseSheet, Give

BATCHES_SHOWN = 4
NAME_CELLS = 28

_STYLES = {
    "paid": ("==", "bold $text-on-normal on $normal"),
    "authorised": ("!!", "bold $text-on-warning on $warning"),
    "unpaid": ("XX", "bold $text-on-outage on $outage"),
    "reversed": ("XX", "bold $text-on-outage on $outage"),
    "done": ("--", "bold $background on $secondary"),
    "unknown": ("??", "bold $text-on-warning on $warning"),
    "forged": ("XX", "bold $text-on-outage on $outage"),
}


def state_word(state: str) -> str:
    """Return a verdict in one or two words."""
    return {
        "paid": _("paid"),
        "authorised": _("vouched for"),
        "unpaid": _("NOT PAID"),
        "reversed": _("REVERSED"),
        "done": _("all handed over"),
    }[state]


def banner(sheet: DispenseSheet | None, foreign: Checked | None, width: int) -> Iterator[Content]:
    """Yield the verdict, three rows high."""
    if sheet is None and foreign is None:
        return
    state = sheet.state if sheet else "forged" if foreign and foreign.status == "forged" else "unknown"
    shape, style = _STYLES[state]
    words = _sentence(sheet) if sheet else _foreign_sentence(foreign)
    yield cell("", width, style)
    yield cell(f"  {shape}  {words}", width, style)
    yield cell("", width, style)


def _sentence(sheet: DispenseSheet) -> str:
    vouched = sheet.charge.content.get("authorisation") or {}
    kind = _("green channel") if vouched.get("kind") == "green_channel" else _("arrears")
    return {
        "paid": _("PAID: hand it over"),
        "authorised": _("NOT PAID, vouched for ({kind}, {name}): hand it over").format(
            kind=kind, name=vouched.get("guarantor", "")
        ),
        "unpaid": _("NOT PAID: hand nothing over"),
        "reversed": _("REVERSED: hand nothing over"),
        "done": _("ALL HANDED OVER already"),
    }[sheet.state]


def _foreign_sentence(foreign: Checked | None) -> str:
    if foreign is not None and foreign.status == "forged":
        return _("FORGED: hand nothing over")
    return _("NOT IN THIS STATION'S JOURNAL: cannot be dispensed here")


def found_rows(foreign: Checked | None) -> Iterator[Content]:
    """Yield what a receipt says that is not in this journal."""
    if foreign is None:
        return
    yield shown("")
    for told in foreign.lines():
        yield shown(told)
    yield shown("")
    yield shown(
        _("Ask the station on it whether it was paid and not yet handed over; until then use paper."), "bold"
    )


def patient_line(desk: Desk, sheet: DispenseSheet) -> Iterator[Content]:
    """Yield who it is for and on which receipt; allergies stand out."""
    patient = sheet.charge.content["patient"]
    age = age_word(patient.get("birth_date"), sheet.charge.recorded_at)
    yield shown("")
    yield line(
        shown(f"{cut(patient['name'], NAME_CELLS)}  ", "bold"),
        f"{sex_word(patient.get('sex', ''))} {age}  {patient['number']}   ",
        shown(sheet.charge.number or "", "bold"),
        "   ",
        money(sheet.charge.amount_minor or 0, desk.currency),
    )
    if sheet.allergy:
        told = _("ALLERGY: {what}").format(what=sheet.allergy)
        yield shown(f" !! {told} ", "bold $text-on-outage on $outage")
    else:
        yield shown("")


def give_shows(give: Give) -> Shows:
    """Return the row of one line."""
    name = _("[controlled]") + " " + give.name if give.controlled else give.name
    if give.is_left_out:
        return Shows((_("[left out]") + " " + name, give.spec, "0", "", ""), "$secondary")
    batch = give.batch or (_("no batch") if give.batches else "-")
    return Shows(
        (name, give.spec, f"{quantity_text(give.quantity)} {give.unit}".strip(), batch, give.expiry or "-"),
        "bold $warning" if give.controlled else "",
    )


def batch_lines(give: Give) -> Iterator[Content]:
    """Yield the batches of the marked line, the chosen one in brackets."""
    yield shown("")
    if not give.batches:
        yield shown(
            _("No stock is known for {name}; the batch stays open.").format(name=give.name), "$secondary"
        )
        return
    yield shown(_("Batches of {name}").format(name=give.name), "bold $secondary")
    for n, batch in enumerate(give.batches[:BATCHES_SHOWN], 1):
        is_chosen = batch.batch == give.batch
        told = _("{batch}  expires {expiry}  stock {left} {unit}").format(
            batch=batch.batch, expiry=batch.expiry or "-", left=quantity_text(batch.left), unit=give.unit
        )
        if batch.expired:
            told += "  " + _("EXPIRED")
        elif batch.left <= 0:
            told += "  " + _("none left by the list")
        text = f"[{told}]" if is_chosen else f" {told} "
        yield line(shown(f" {n} ", "bold $accent"), shown(text, "bold" if is_chosen else "$secondary"))
