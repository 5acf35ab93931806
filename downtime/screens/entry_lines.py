"""One entry as a person reads it: everything on it, what became of it on paper and in the HIS, what names it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime import desk_queries
from downtime.i18n import _
from downtime.masking import mask_field, mask_numbers
from downtime.screens.people import age_word, payer_word, sex_word, visit_word
from downtime.screens.recorded import money
from downtime.screens.text import cell, cells, clean, line, lines, shown
from downtime.standing_text import state_name
from forms import form_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from textual.content import Content

    from downtime.desk import Desk
    from downtime.entry import Entry

LABEL_CELLS = 14
_SHORT_HASH = 16
_CODE, _QUANTITY, _PRICE = 10, 7, 11


def form_title(entry: Entry) -> str:
    """Return what the entry's form is called."""
    form = form_named(entry.form)
    return _(form.title) if form else entry.form


def time_words(stamp: str) -> str:
    """Return a stored time as "2026-11-22 14:03:59"."""
    return stamp[:19].replace("T", " ")


def method_word(method: str) -> str:
    """Return the word for a way to pay."""
    return {"cash": _("cash"), "card": _("bank card"), "mobile": _("mobile pay")}.get(method, method)


def has_masked(content: Mapping[str, Any]) -> bool:
    """Return whether anything in an entry is shown masked."""
    patient, guardian = content.get("patient") or {}, content.get("guardian") or {}
    texts = [patient.get(name) or content.get(name) for name in _PLAIN_FIELDS]
    named = any(patient.get(name) for name in ("phone", "id_number")) or guardian.get("phone")
    vouched = (content.get("authorisation") or {}).get("phone")
    return bool(named or vouched or any(text and mask_numbers(str(text)) != text for text in texts))


def entry_lines(
    desk: Desk, entry: Entry, width: int, links: Sequence[Entry] = (), *, clear: bool = False
) -> list[Content]:
    """Return the whole entry, a line each.

    Args:
        desk: whose book.
        entry: what to show.
        width: cells.
        links: entries to number as 1, 2, ...
        clear: show identity and phone numbers in full.
    """
    return [
        *_head(desk, entry, width),
        shown(""),
        *_about(entry, width, clear=clear),
        *_items(desk, entry, width),
        *_money(desk, entry, width, clear=clear),
        *_linked(desk, links, width),
        *_paper(desk, entry, width),
        *_delivered(desk, entry, width),
        *_seal(entry, width),
    ]


def said(label: str, text: str, width: int, style: str = "") -> Content:
    """Return a label and its text; text that is too long goes on below itself."""
    room = max(width - LABEL_CELLS, 8)
    rows = [""]
    for sign in clean(text):
        if cells(rows[-1]) + cells(sign) > room:
            rows.append("")
        rows[-1] += sign
    named = [cell(label if n == 0 else "", LABEL_CELLS, "$secondary") for n in range(len(rows))]
    return lines([line(name, cell(row, room, style)) for name, row in zip(named, rows, strict=True)])


def _section(title: str, width: int) -> Content:
    rule = "-" * max(width - cells(title) - 1, 0)
    return line(shown(title, "bold $secondary"), shown(f" {rule}", "$rule"))


def _head(desk: Desk, entry: Entry, width: int) -> Iterator[Content]:
    reversed_by = desk.reversal_of(entry.id)
    amount = money(entry.amount_minor, desk.currency) if entry.amount_minor is not None else ""
    title = f"{form_title(entry)}  {entry.number or ''}"
    yield line(cell(title, width - cells(amount) - 1, "bold"), " ", shown(amount, "bold"))
    if reversed_by is not None:
        reversal = desk.find(reversed_by)
        told = _("[REVERSED] by {number}: {reason}").format(
            number=(reversal.number if reversal else "") or reversed_by,
            reason=str(reversal.content["reason"]) if reversal else "",
        )
        yield cell(f" {told}", width, "bold $text-on-error on $error")
    if entry.drill:
        yield cell(" " + _("DRILL: of no value"), width, "bold $text-on-drill on $drill")


def _about(entry: Entry, width: int, *, clear: bool) -> Iterator[Content]:
    content = entry.content
    patient = content.get("patient")
    if patient:
        age = age_word(patient.get("birth_date"), entry.recorded_at)
        known = f"{patient['name']}  {sex_word(patient.get('sex', ''))} {age}".rstrip()
        yield said(_("Patient"), known, width, "bold")
        yield said("", patient["number"] + ("  " + _("temporary") if patient.get("temporary") else ""), width)
    visit = content.get("visit")
    if visit:
        place = "  ".join(filter(None, (visit.get("department_name"), visit.get("doctor_name"))))
        yield said(_("Visit"), f"{visit_word(visit['kind'])} {visit['number']}  {place}", width)
    if content.get("payer_kind"):
        yield said(_("Payer"), payer_word(content["payer_kind"]), width)
    guardian = content.get("guardian")
    if guardian:
        parts = [_part(name, text, clear=clear) for name, text in guardian.items() if text]
        yield said(_("Guardian"), "  ".join(parts), width)
    for field, label in _PLAIN_FIELDS.items():
        text = (patient or {}).get(field) or content.get(field)
        if text:
            yield said(label(), _part(field, str(text), clear=clear), width)
    yield said(_("Recorded"), time_words(entry.recorded_at), width)
    if entry.happened_at != entry.recorded_at:
        yield said(_("Happened"), time_words(entry.happened_at), width)
    yield said(_("Operator"), f"{entry.operator} {entry.operator_name}", width)
    if entry.second_person:
        yield said(_("Second person"), entry.second_person, width)
    if entry.outage:
        yield said(_("Outage"), entry.outage, width)


def _part(name: str, text: str, *, clear: bool) -> str:
    return text if clear else mask_field(name, text)


_PLAIN_FIELDS: dict[str, Callable[[], str]] = {
    "phone": lambda: _("Phone"),
    "id_number": lambda: _("ID number"),
    "address": lambda: _("Address"),
    "note": lambda: _("Note"),
    "reason": lambda: _("Reason"),
    "window": lambda: _("Window"),
    "checked_by": lambda: _("Checked by"),
}


def _items(desk: Desk, entry: Entry, width: int) -> Iterator[Content]:
    items: list[dict[str, Any]] = entry.content.get("lines") or []
    if not items:
        return
    is_priced = "unit_price_minor" in items[0]
    yield shown("")
    yield _section(_("Lines"), width)
    for item in items:
        name = f"{item['name']} {item.get('spec', '')}".strip()
        quantity = f"{item['quantity']} {item.get('unit', '')}".strip()
        if is_priced:
            price = money(item["unit_price_minor"], desk.currency)
            amount = money(item["amount_minor"], desk.currency)
            tail: list[Content | str] = [
                cell(price, _PRICE, right=True),
                " ",
                cell(quantity, _QUANTITY, right=True),
            ]
            tail += [" ", cell(amount, _PRICE, right=True)]
            used = _PRICE * 2 + _QUANTITY + 2
        else:
            batch = f"{item.get('batch', '')} {item.get('expiry') or ''}".strip()
            tail = [cell(quantity, _QUANTITY + 2, right=True), "  ", cell(batch, 24)]
            used = _QUANTITY + 2 + 26
        yield line(cell(item["code"], _CODE), " ", cell(name, max(width - _CODE - 2 - used, 6)), " ", *tail)


def _money(desk: Desk, entry: Entry, width: int, *, clear: bool) -> Iterator[Content]:
    content = entry.content
    back = entry.form == "reversal"
    parts = content.get("refunds") if back else content.get("payments")
    if "total_minor" in content and (parts or entry.form == "charge"):
        yield said(
            _("Given back") if back else _("Total"),
            money(content["total_minor"], desk.currency),
            width,
            "bold",
        )
    for part in parts or ():
        text = f"{method_word(part['method'])}  {money(part['amount_minor'], desk.currency)}"
        if part.get("change_minor"):
            text += "  " + _("handed over {given}, change {change}").format(
                given=money(part["tendered_minor"], desk.currency),
                change=money(part["change_minor"], desk.currency),
            )
        if part.get("slip_tail"):
            text += "  " + _("slip {tail}").format(tail=part["slip_tail"])
        yield said("", text, width)
    vouched = content.get("authorisation")
    if vouched:
        kind = _("Green channel") if vouched["kind"] == "green_channel" else _("Arrears")
        phone = _part("phone", vouched.get("phone") or "", clear=clear)
        names = "  ".join(filter(None, (vouched["guarantor"], phone, vouched.get("approved_by"))))
        yield said(_("NOT PAID"), f"{kind}: {names}", width, "bold $warning")
        yield said(_("Still owed"), money(desk.owed_minor(entry.id), desk.currency), width, "bold")


def _linked(desk: Desk, links: Sequence[Entry], width: int) -> Iterator[Content]:
    if not links:
        return
    yield shown("")
    yield _section(_("Belongs to it (a digit opens it)"), width)
    for n, linked in enumerate(links, 1):
        amount = money(linked.amount_minor, desk.currency) if linked.amount_minor is not None else ""
        mark = "  " + _("[REVERSED]") if desk.reversal_of(linked.id) else ""
        text = f"{form_title(linked)}  {linked.number or ''}  {amount}{mark}"
        yield line(cell(f" {n if n <= 9 else ' '} ", 3, "bold $accent"), cell(text, width - 3))  # noqa: PLR2004 (digits)


def _paper(desk: Desk, entry: Entry, width: int) -> Iterator[Content]:
    if entry.number is None:
        return
    yield shown("")
    yield _section(_("Paper"), width)
    printed = desk_queries.printouts(desk, entry.id)
    if not printed:
        yield shown(_("never printed: F6 prints it"), "bold $warning")
    for copy in printed:
        fact = copy.content
        what = {
            "printed": _("printed"),
            "maybe_printed": _("perhaps printed"),
            "not_printed": _("NOT PRINTED"),
        }[fact["state"]]
        text = f"{what}  {time_words(copy.recorded_at)}  {fact['reason']}".rstrip()
        style = "bold $warning" if fact["state"] != "printed" else ""
        yield said(_("Copy {n}").format(n=fact["copy_number"]), text, width, style)


def _delivered(desk: Desk, entry: Entry, width: int) -> Iterator[Content]:
    state = desk_queries.delivery_state(desk, entry.id)
    if state is None:
        return
    yield shown("")
    yield _section(_("Into the HIS: {state}").format(state=state_name(state)), width)
    for fact in desk.delivery_history(entry.id):
        reason = desk_queries.reason_of(fact.outcome)
        style = "bold $warning" if fact.state in {"rejected", "in_doubt"} else ""
        yield said(fact.connector, f"{time_words(fact.at)}  {state_name(fact.state)}  {reason}", width, style)
    for document in desk.formal_documents(entry.id):
        kind = _("Electronic invoice") if document.kind == "e_invoice" else _("Paper invoice")
        void = _("(void)") if document.status == "void" else ""
        text = f"{document.bill_code} {document.number}  {document.check_code}  {void}".rstrip()
        yield said(kind, text, width, "bold")


def _seal(entry: Entry, width: int) -> Iterator[Content]:
    yield shown("")
    yield _section(_("Seal"), width)
    prices = f"v{entry.reference_version}" if entry.reference_version is not None else "-"
    yield said(_("Entry"), f"{entry.seq}  {entry.hash.hex()[:_SHORT_HASH]}", width)
    yield said(_("Entry id"), entry.id, width)
    yield said(_("Reference data"), prices, width)
