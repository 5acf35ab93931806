"""How something that waits for a countersignature is told: a row, and a few lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.i18n import _
from downtime.screens.entry_lines import form_title, time_words
from downtime.screens.recorded import money
from downtime.screens.rows import Shows
from downtime.screens.text import cell, line
from downtime.store import reports
from forms.trust import RULE_TITLES, WAY_TITLES, Approval, Countersigned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.content import Content

    from downtime.awaiting import Awaiting
    from downtime.desk import Desk
    from downtime.entry import Entry

_LABEL = 12
_DAY_AND_MINUTE = slice(5, 16)


def awaiting_shows(desk: Desk, one: Awaiting, now: str) -> Shows:
    """Return the row of something that waits; what is overdue stands out in words and colour."""
    entry, approval = one.entry, one.approval
    content = entry.content if entry is not None else {}
    amount = entry.amount_minor if entry is not None else None
    overdue = one.is_overdue(now)
    return Shows(
        (
            time_words(approval.recorded_at)[_DAY_AND_MINUTE],
            (entry.number or form_title(entry)) if entry is not None else "-",
            str((content.get("patient") or {}).get("name", "")),
            money(amount, desk.currency) if amount is not None else "",
            approval.operator_name or approval.operator,
            _("OVERDUE") if overdue else way_word(str(approval.content["way"])),
            str(approval.content["reason"]),
        ),
        "bold $text-on-outage on $outage" if overdue else "",
    )


def awaiting_lines(one: Awaiting, now: str, width: int) -> Iterator[Content]:
    """Yield who did it, how and why, and until when somebody else signs."""
    approval = one.approval
    content = approval.content
    way_title, rule_title = WAY_TITLES[content["way"]], RULE_TITLES[content["rule"]]
    way = _(way_title)
    if content["way"] == "code":
        way += "  " + _("sheet {sheet}, line {line}").format(
            sheet=content["code_sheet"], line=content["code_number"]
        )
    yield _said(_("Rule"), _(rule_title), width)
    yield _said(
        _("By"), f"{approval.operator} {approval.operator_name}  {time_words(approval.recorded_at)}", width
    )
    yield _said(_("How"), way, width)
    if content["reason"]:
        yield _said(_("Reason"), content["reason"], width, "bold")
    if one.answer is not None:
        signed = one.answer.content["signed"]
        told = f"{signed['operator']} {signed['name']}: {one.answer.content['reason']}"
        yield _said(_("Not agreed"), told, width, "bold $warning")
    elif one.due_at:
        overdue = one.is_overdue(now)
        told = _("until {time}").format(time=time_words(one.due_at))
        style = "bold $text-on-outage on $outage" if overdue else "bold"
        yield _said(_("Sign"), told + ("  " + _("OVERDUE") if overdue else ""), width, style)
    else:
        yield _said(_("Sign"), _("before the book is signed off"), width)


def approval_lines(desk: Desk, entry: Entry, width: int) -> Iterator[Content | str]:
    """Yield under which two-person rule an entry was approved, how, and what came of the countersignature."""
    for one in reports.naming(desk.looking(), entry.id, (Approval.name, Countersigned.name)):
        content, signed = one.content, one.content["signed"]
        name = f"{signed['operator']} {signed['name']}" if signed else ""
        if one.form == Countersigned.name:
            answer = _("agreed") if content["agreed"] else _("not agreed")
            yield _said(_("Countersigned"), f"{answer}  {name}  {content['reason']}".rstrip(), width, "bold")
            continue
        rule, way = RULE_TITLES[content["rule"]], WAY_TITLES[content["way"]]
        yield ""
        yield _said(_("Two people"), f"{_(rule)}: {_(way)}  {name}".rstrip(), width, "bold")
        if content["reason"]:
            yield _said(_("Reason"), content["reason"], width)


def way_word(way: str) -> str:
    """Return how something was approved, in one word."""
    return {
        "second_person": _("two people"),
        "code": _("code"),
        "solo": _("alone"),
        "own_twice": _("twice"),
        "hub": _("hub"),
    }[way]


def _said(label: str, text: str, width: int, style: str = "") -> Content:
    return line(cell(label, _LABEL, "$secondary"), cell(text, max(width - _LABEL, 10), style))
