"""What exactly is approved, in a few lines: asked of the second person, and shown again to who countersigns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.i18n import _
from downtime.rules import is_two_person_drug
from downtime.screens.entry_lines import method_word
from downtime.screens.recorded import money
from downtime.screens.text import cell, cut, line, shown
from forms import form_named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from textual.content import Content

    from downtime.desk import Desk
    from downtime.entry import Entry
    from forms.base import Form

LINES_MAX = 5
_LABEL = 12
_PLAIN = ("outage", "operator", "operator_name", "book", "folder", "file")


def lines_of_form(desk: Desk, form: Form, width: int, reason: str = "") -> Iterator[Content]:
    """Yield what a form that is about to be recorded does; ``reason`` where the form itself holds none."""
    content = form.model_dump(mode="json")
    yield from _lines(desk, form.name, content, width)
    if reason and not content.get("reason"):
        yield _said(_("Reason"), reason, width)


def lines_of_entry(desk: Desk, entry: Entry, width: int) -> Iterator[Content]:
    """Yield what a recorded entry did."""
    yield from _lines(desk, entry.form, entry.content, width, entry.number or "")


def _lines(
    desk: Desk, form: str, content: Mapping[str, Any], width: int, number: str = ""
) -> Iterator[Content]:
    known = form_named(form)
    title = _(known.title) if known is not None else form
    about = str(content.get("entry_number") or content.get("charge_number") or "")
    yield shown("  ".join(filter(None, (title, about, f"({number})" if number else ""))), "bold")
    patient = content.get("patient")
    if patient:
        yield _said(_("Patient"), f"{patient['name']}  {patient['number']}", width)
    if content.get("total_minor") is not None:
        label = _("Give back") if form == "reversal" else _("Total")
        yield _said(label, money(content["total_minor"], desk.currency), width, "bold")
    parts = [
        f"{method_word(part['method'])} {money(part['amount_minor'], desk.currency)}"
        for part in content.get("refunds") or ()
    ]
    if parts:
        yield _said("", "   ".join(parts), width)
    yield from _items(desk, form, content, width)
    for label, name in ((_("Given"), "given_minor"), (_("Received"), "received_minor")):
        if content.get(name) is not None:
            yield _said(label, money(content[name], desk.currency), width, "bold")
    told = "  ".join(str(content[name]) for name in _PLAIN if content.get(name))
    if told:
        yield _said(_("What"), told, width)
    if content.get("reason"):
        yield _said(_("Reason"), str(content["reason"]), width)


def _items(desk: Desk, form: str, content: Mapping[str, Any], width: int) -> Iterator[Content]:
    rows = [row for item in content.get("lines") or () if (row := _item(desk, form, item))]
    for n, row in enumerate(rows[:LINES_MAX]):
        yield _said(_("Lines") if n == 0 else "", row, width, "bold $warning")
    if len(rows) > LINES_MAX:
        yield _said("", _("and {count} more").format(count=len(rows) - LINES_MAX), width)


def _item(desk: Desk, form: str, item: Mapping[str, Any]) -> str:
    """Return the line if it is one that needs the second person, else ""."""
    reference = desk.reference
    if reference is None:
        return ""
    drug = reference.get_drug(item["code"])
    if form == "dispense" and drug is not None and is_two_person_drug(drug.controlled):
        batch = _("batch {batch}").format(batch=item["batch"]) if item.get("batch") else ""
        name = cut(f"{item['name']} {item.get('spec', '')}", 28)
        return f"{name}  {item['quantity']} {item.get('unit', '')}  {batch}".rstrip()
    listed = (drug if item.get("kind") == "drug" else reference.get_item(item["code"])) or None
    if form != "charge" or listed is None or listed.price_minor in (None, item["unit_price_minor"]):
        return ""
    return _("{name}: list {list_price}, taken {price}").format(
        name=cut(item["name"], 22),
        list_price=money(listed.price_minor or 0, desk.currency),
        price=money(item["unit_price_minor"], desk.currency),
    )


def _said(label: str, text: str, width: int, style: str = "") -> Content:
    return line(cell(label, _LABEL, "$secondary"), cell(text, max(width - _LABEL, 10), style))
