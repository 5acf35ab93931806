"""One entry as the board shows it whole: what was recorded, the HIS's rows beside it, attempts, what people said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.board import state_word
from downtime.i18n import _
from downtime.masking import mask_numbers
from downtime.screens.board_lines import form_word
from downtime.screens.board_said import said_about
from downtime.screens.entry_lines import method_word, said, time_words
from downtime.screens.people import payer_word, visit_word
from downtime.screens.recorded import money
from downtime.screens.text import cell, cells, line, shown
from downtime.standing_text import state_name
from forms.money import format_amount

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.content import Content

    from downtime.board_whole import BoardItem, HisLine

_GAP = 3
_SIDES_FROM = 110
_URGENT = {"rejected", "in_doubt"}
_ODD = "bold $warning"


def item_lines(
    item: BoardItem, currency: str, width: int, chosen: set[str], *, with_names: bool
) -> Iterator[Content | str]:
    """Yield the whole entry.

    Args:
        item: what to show.
        currency: of the amounts.
        width: cells.
        chosen: keys of the HIS's rows that were chosen.
        with_names: whether patients are named.
    """
    yield from _head(item, currency, width)
    yield ""
    half = (width - _GAP) // 2 if width >= _SIDES_FROM else width
    ours = list(_recorded(item, currency, half, with_names=with_names))
    theirs = list(_in_his(item, currency, half, chosen, with_names=with_names))
    if width >= _SIDES_FROM:
        yield from _beside(ours, theirs, half)
    else:
        yield from [*ours, "", *theirs]
    yield from _attempts(item, width)
    yield from _decisions(item, width)
    yield ""
    yield _section(_("Seal"), width)
    yield said(_("Entry id"), item.row.entry_id, width)
    yield said(_("Station"), f"{item.row.station}  {form_word(item.row.form)}", width)


def _section(title: str, width: int) -> Content:
    rule = "-" * max(width - cells(title) - 1, 0)
    return line(shown(title, "bold $secondary"), shown(f" {rule}", "$rule"))


def _head(item: BoardItem, currency: str, width: int) -> Iterator[Content | str]:
    row = item.row
    amount = money(row.amount_minor, currency) if row.amount_minor is not None else ""
    title = f"{form_word(row.form)}  {row.number}"
    yield line(cell(title, width - cells(amount) - 1, "bold"), " ", shown(amount, "bold"))
    style = "bold $text-on-warning on $warning" if row.is_error else "bold $success"
    state = shown(f" {state_word(row.state)} ", style)
    yield line(state, "  ", shown(row.reason.text(), "bold $warning" if row.is_error else ""))
    yield shown(_next_step(item), "$accent")
    if row.his:
        yield shown(_("Known there as {reference}").format(reference=row.his), "bold")


def _next_step(item: BoardItem) -> str:
    """Return what to do about it: each kind of answer has a next step of its own."""
    row = item.row
    if row.verdict:
        return _("It was never sent. Nothing is decided here: mend it at the station, or at the hub.")
    if row.again:
        return _("Nothing more to do: it goes with the next round.")
    if row.delivered == "rejected" and row.state != "missing":
        return _("F8: send again once the HIS is put right, or correct a code and send again.")
    if row.delivered == "in_doubt":
        return _(
            "Look it up in the HIS. There: choose its row with Space, F8. Not there: F8, it is none of these."
        )
    return {
        "double": _("Void one of the two in the HIS, or choose what is a charge of its own with Space, F8."),
        "missing": _("Type it into the HIS again; it is ticked off by itself."),
        "differs": _("Put it right in the HIS, or settle the difference with the patient; F8 writes a note."),
        "person": _("Choose the rows that are meant with Space, then F8: it is these, or none of these."),
        "waiting": _("Nothing to decide: it is sent, or typed in, by itself."),
        "entered": _("Nothing to do: it is verified once the HIS shows it."),
    }.get(row.state, _("Nothing to do."))


# -- ours and theirs ------------------------------------------------------------------------------------------


def _beside(ours: Sequence[Content | str], theirs: Sequence[Content | str], half: int) -> Iterator[Content]:
    for n in range(max(len(ours), len(theirs))):
        left = ours[n] if n < len(ours) else ""
        left = shown(left) if isinstance(left, str) else left
        space = " " * (half - left.cell_length + _GAP)
        yield line(left, space, theirs[n] if n < len(theirs) else "")


def _recorded(item: BoardItem, currency: str, width: int, *, with_names: bool) -> Iterator[Content | str]:
    yield _section(_("As recorded"), width)
    entry = item.entry
    if entry is None:
        yield shown(_("Its bytes cannot be read; F7 shows them."), "bold $warning")
        return
    content: dict[str, Any] = entry.content
    patient = content.get("patient") or {}
    if patient:
        name = str(patient.get("name") or "") if with_names else ""
        mark = _("temporary") if patient.get("temporary") else ""
        yield _one(_("Patient"), f"{name}  {patient.get('number', '')}  {mark}".strip(), width, "bold")
    visit = content.get("visit") or {}
    if visit:
        place = "  ".join(filter(None, (visit.get("department_name"), visit.get("doctor_name"))))
        yield _one(_("Visit"), f"{visit_word(visit['kind'])} {visit['number']}  {place}", width)
    if content.get("payer_kind"):
        yield _one(_("Payer"), payer_word(content["payer_kind"]), width)
    yield _one(_("Operator"), f"{entry.operator} {entry.operator_name}", width)
    yield _one(_("Happened"), time_words(entry.happened_at), width)
    if entry.happened_at != entry.recorded_at:
        yield _one(_("Recorded"), time_words(entry.recorded_at), width)
    for part in content.get("lines") or ():
        yield _line_of_goods(
            str(part.get("code") or ""), str(part.get("name") or ""), f"{part['quantity']} {part.get('unit', '')}",
            part.get("amount_minor"), currency, width,
        )  # fmt: skip
    if content.get("total_minor") is not None:
        yield _sum(_("Total"), int(content["total_minor"]), currency, width)
    for part in content.get("payments") or content.get("refunds") or ():
        text = f"{method_word(part['method'])}  {money(part['amount_minor'], currency)}"
        yield _one("", text + (f"  {part['slip_tail']}" if part.get("slip_tail") else ""), width)


def _in_his(
    item: BoardItem, currency: str, width: int, chosen: set[str], *, with_names: bool
) -> Iterator[Content | str]:
    yield _section(_("What the HIS shows"), width)
    if not item.his_lines:
        yield shown(_("No row of it was read."), "$secondary")
        return
    before: list[tuple[str, str, str]] = []
    for n, one in enumerate(item.his_lines, 1):
        about = _about(item, one, with_names=with_names)
        if about != before:
            yield from (_one(label, text, width, style) for label, text, style in about)
            before = about
        yield from _his_row(n, item, one, currency, width, is_chosen=one.key in chosen)
    total = sum(one.amount_minor for one in item.his_lines)
    yield _sum(_("Total"), total, currency, width)
    rest = total - (item.row.amount_minor or 0)
    if rest and item.row.found == "different":
        word, amount = _("HIS less ours"), format_amount(rest, currency)
        yield line(cell(word, width - 14, _ODD), cell(amount, 14, _ODD, right=True))


def _his_row(
    n: int, item: BoardItem, one: HisLine, currency: str, width: int, *, is_chosen: bool
) -> Iterator[Content]:
    told = one.shown
    mark = "*" if is_chosen else " "
    style = "bold $accent" if is_chosen else "" if _is_ours(item, one) else _ODD
    name = told.get("item_name") or told.get("kind", "")
    yield _line_of_goods(
        f"{mark}{n} {told.get('item', '')}", name, quantity_text(told.get("quantity", "")), one.amount_minor, currency,
        width, style,
    )  # fmt: skip
    where = _("row {row}  bill {bill}").format(row=one.key, bill=told.get("bill") or "-")
    yield cell(f"     {where}  {told.get('receipt', '')}".rstrip(), width, "$secondary")


def _is_ours(item: BoardItem, one: HisLine) -> bool:
    """Whether a row says item and amount of one of our lines, or of all of them."""
    lines = item.entry.content.get("lines") or () if item.entry is not None else ()
    ours = {(str(part.get("code")), part.get("amount_minor")) for part in lines}
    return (one.shown.get("item"), one.amount_minor) in ours or one.amount_minor == item.row.amount_minor


def _about(item: BoardItem, one: HisLine, *, with_names: bool) -> list[tuple[str, str, str]]:
    """Return (label, text, style) of patient, operator and time of a row; what is not ours stands out."""
    told, row = one.shown, item.row
    name = told.get("name", "") if with_names else ""
    patient, operator = told.get("patient", ""), told.get("operator", "")
    return [
        (_("Patient"), f"{name}  {patient}".strip(), _ODD if patient != row.patient else "bold"),
        (_("Operator"), operator, _ODD if operator and operator != row.operator else ""),
        (_("Time"), time_words(told.get("time", "")), ""),
    ]


def quantity_text(thousandths: str) -> str:
    """Return thousandths as a quantity: "1500" is 1.5; other text stays."""
    plain = thousandths.removeprefix("-")
    if not plain.isdecimal():
        return thousandths
    whole, part = divmod(int(plain), 1000)
    text = f"{whole}.{part:03d}".rstrip("0").rstrip(".")
    return f"-{text}" if thousandths.startswith("-") else text


def _one(label: str, text: str, width: int, style: str = "") -> Content:
    return line(cell(label, 10, "$secondary"), cell(text, width - 10, style))


def _line_of_goods(
    code: str, name: str, quantity: str, amount: int | None, currency: str, width: int, style: str = ""
) -> Content:
    shown_amount = format_amount(amount, currency) if amount is not None else ""
    return line(
        cell(code, 13, style), " ", cell(name, max(width - 13 - 2 - 9 - 12, 6), style),
        cell(quantity, 9, style, right=True), " ", cell(shown_amount, 12, style, right=True),
    )  # fmt: skip


def _sum(label: str, minor: int, currency: str, width: int) -> Content:
    return line(cell(label, width - 14, "bold"), cell(format_amount(minor, currency), 14, "bold", right=True))


# -- what became of it ----------------------------------------------------------------------------------------


def _attempts(item: BoardItem, width: int) -> Iterator[Content | str]:
    yield ""
    yield _section(_("Attempts (a digit shows the exact bytes)"), width)
    if not item.attempts:
        yield shown(_("Never sent."), "$secondary")
    for n, one in enumerate(item.attempts, 1):
        digit = str(n) if n <= 9 and one.sent is not None else " "  # noqa: PLR2004 (digits)
        style = "bold $warning" if one.state in _URGENT else ""
        size = _("{count} bytes").format(count=len(one.sent)) if one.sent is not None else ""
        told = "  ".join(filter(None, (mask_numbers(one.said), *one.documents, size)))
        yield line(
            cell(f" {digit} ", 3, "bold $accent"), cell(time_words(one.at), 20, style),
            cell(one.connector, 12, style), cell(_state(one.state), 14, style),
            cell(told, max(width - 49, 8), style),
        )  # fmt: skip


def _state(state: str) -> str:
    return _("goes again") if state == "resend_decided" else state_name(state)


def _decisions(item: BoardItem, width: int) -> Iterator[Content | str]:
    if not item.decisions:
        return
    yield ""
    yield _section(_("Notes and decisions"), width)
    for one in item.decisions:
        who = f"{one.operator} {one.operator_name}".strip()
        yield line(
            cell("", 3), cell(time_words(one.at), 20), cell(who, 16),
            cell(mask_numbers(said_about(one)), max(width - 39, 8), "bold"),
        )  # fmt: skip
