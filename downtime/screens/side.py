"""What the spare room of a wide screen shows: the last receipts, what a patient still owes, allergies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.i18n import _
from downtime.screens.recorded import money
from downtime.screens.text import cell, line, lines, shown
from forms import form_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.content import Content

    from downtime.desk import Desk
    from downtime.entry import Entry

_TIME = slice(11, 16)


def recent_lines(desk: Desk, width: int, most: int = 12) -> Content:
    """Return the last receipts of this station, one a line."""
    return _listed(desk, _("Last receipts"), desk.find_entries("", max(most, 1)), width)


def patient_lines(desk: Desk, patient: str, width: int, most: int = 12) -> Content:
    """Return what was recorded here about a patient, with what is still owed."""
    return _listed(desk, _("This patient, here"), desk.entries_of_patient(patient)[:most], width)


def _listed(desk: Desk, title: str, entries: Sequence[Entry], width: int) -> Content:
    rows: list[Content | str] = [cell(title, width, "bold $secondary")]
    if not entries:
        rows.append(shown(_("none yet"), "$text-muted"))
    for entry in entries:
        form = form_named(entry.form)
        amount = money(entry.amount_minor, desk.currency) if entry.amount_minor else ""
        name = (entry.content.get("patient") or {}).get("name", "")
        what = _(form.title) if form else entry.form
        rows.append(
            line(
                cell(entry.recorded_at[_TIME], 6, "$text-muted"),
                cell(entry.number or "", 14),
                " ",
                cell(f"{what} {name}", width - 33),
                cell(amount, 11, right=True),
            )
        )
    return lines(rows)
