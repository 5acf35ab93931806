"""What the patients screen shows: temporary patients at the left, who each may be at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.i18n import _
from downtime.masking import mask_identity, mask_phone
from downtime.patient_match_words import (
    age_words,
    decision_words,
    reason_words,
    reasons_text,
    sex_words,
    verdict_words,
    warning_words,
)
from downtime.receipt_text import wrapped
from downtime.screens.rows import RowColumn, Shows
from downtime.screens.text import cells, clean, cut, line, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.content import Content

    from downtime.patient_match import Candidate
    from downtime.patient_match_deciding import Matching, Temporary
    from downtime.patient_match_people import Person

COLUMNS = (
    RowColumn(lambda: _("Temporary no."), 13),
    RowColumn(lambda: _("Full name")),
    RowColumn(lambda: _("Found"), 8),
)
_STYLES = {"certain": "bold $success", "likely": "bold $accent", "possible": "bold $warning"}
_INDENT = 3
_TITLE, _SIDE, _WHY = 11, 20, 23


def shows_temporary(row: Temporary) -> Shows:
    """Return what a temporary patient shows."""
    return Shows((row.person.number, row.person.name, _state(row)), "" if row.is_open else "$secondary")


def _state(row: Temporary) -> str:
    if row.decision is not None:
        return _("nobody") if row.decision.form.other is None else _("decided")
    return verdict_words(row.candidates[0]) if row.candidates else _("none")


def summary(matching: Matching, kept: str, shown_count: int) -> Content:
    """Return how many there are of each kind, and which are shown."""
    waiting, certain = len(matching.open()), len(matching.certain())
    told = _("{all} temporary: {open} open (of these {certain} certain), {decided} decided").format(
        all=len(matching.temporaries),
        open=waiting,
        certain=certain,
        decided=len(matching.temporaries) - waiting,
    )
    names = {"open": _("open ones"), "decided": _("decided ones"), "all": _("all")}
    listed = _("Shown: {which}, {count}").format(which=names[kept], count=shown_count)
    return line(shown(told, "bold"), "   ", shown(listed, "$secondary"))


def person_lines(person: Person, width: int) -> list[Content | str]:
    """Return who the temporary patient is, as far as anybody knows; numbers masked."""
    entries = _("entries {count}").format(count=person.entries)
    first = _spread((person.name, sex_words(person), age_words(person), entries))
    second = _spread(
        (
            person.phone and _("phone {number}").format(number=mask_phone(person.phone)),
            person.id_number and _("identity {number}").format(number=mask_identity(person.id_number)),
            person.guardian and _("guardian {name}").format(name=person.guardian),
        )
    )
    return [
        shown(cut(first, width), "bold"),
        *(shown(part, "$secondary") for part in _wrapped(second, width)),
    ]


def _spread(parts: Sequence[str]) -> str:
    return "  ".join(filter(None, parts))


def candidate_lines(n: int, one: Candidate, width: int, taken: Sequence[str]) -> list[Content | str]:
    """Return one candidate: digit, how sure, who; then why, and what to look at.

    Args:
        n: its digit.
        one: the candidate.
        width: cells.
        taken: temporary numbers that were matched to the same patient.
    """
    person = one.person
    sure = (
        f"{verdict_words(one)} {one.score}"
        if one.verdict == "certain"
        else f"{verdict_words(one)} {one.score}%"
    )
    who = _spread((person.name, age_words(person)))
    used = cells(sure) + _INDENT + 2
    told: list[Content | str] = [
        line(
            shown(f" {n} ", "bold $accent"),
            shown(sure, _STYLES[one.verdict]),
            "  ",
            shown(cut(who, width - used), "bold"),
        )
    ]
    told += [
        line(" " * _INDENT, shown(part))
        for part in _wrapped(_(", ").join((person.number, reasons_text(one))), width - _INDENT)
    ]
    warnings = [warning_words(warning) for warning in one.warnings]
    if taken:
        warnings.append(_("Already matched to it: {numbers}").format(numbers=_(", ").join(taken)))
    for warning in warnings:
        told += [line(" " * _INDENT, shown(part, "$warning")) for part in _wrapped(warning, width - _INDENT)]
    return told


def nobody_line(*, by_hand: bool) -> Content:
    """Return the line under the candidates."""
    words = _("nobody in the lists")
    return (
        line(shown(" 0 ", "bold $accent"), shown(words))
        if not by_hand
        else shown(_(" Esc: back to what was compared"), "$secondary")
    )


def decision_lines(row: Temporary, width: int) -> list[Content | str]:
    """Return what stands, and how to undo it."""
    decision = row.decision
    assert decision is not None
    when = f"{decision.recorded_at[5:10]} {decision.recorded_at[11:16]}"
    told: list[Content | str] = [
        shown(part, "bold $success")
        for part in _wrapped(_("Decided: {what}").format(what=decision_words(decision)), width)
    ]
    who = _("by {name}, {when}").format(name=decision.operator_name, when=when)
    return [*told, shown(who, "$secondary"), ""]


def beside_lines(one: Person, candidate: Candidate | None) -> list[Content | str]:
    """Return the two people beside each other, for the question whether they are one."""
    if candidate is None:
        return [shown(_spread((one.number, one.name, sex_words(one), age_words(one))), "bold")]
    other, levels = candidate.person, {reason.field: reason_words(reason) for reason in candidate.reasons}
    rows = (
        (_("No."), one.number, other.number, levels.get("card", "")),
        (_("Full name"), one.name, other.name, levels.get("name", "")),
        (_("Sex"), sex_words(one), sex_words(other), levels.get("sex", "")),
        (_("Born"), age_words(one), age_words(other), levels.get("birth", "")),
        (_("Phone"), mask_phone(one.phone), mask_phone(other.phone), levels.get("phone", "")),
        (
            _("Identity"),
            mask_identity(one.id_number),
            mask_identity(other.id_number),
            levels.get("identity", ""),
        ),
    )
    told: list[Content | str] = []
    for title, here, there, why in rows:
        first = (shown(_padded(title, _TITLE), "$secondary"), shown(_padded(here, _SIDE), "bold"))
        is_short = cells(why) <= _WHY
        told.append(line(*first, shown(_padded(there, _SIDE), "bold"), shown(why if is_short else "")))
        told += [] if is_short else [line(" " * _TITLE, shown(why))]
    told += ["", *(shown(warning_words(warning), "bold $warning") for warning in candidate.warnings)]
    return told


def _padded(text: str, width: int) -> str:
    kept = cut(text, width - 1)
    return kept + " " * (width - cells(kept))


def _wrapped(text: str, width: int) -> list[str]:
    """Return foreign text in lines of at most ``width`` cells, broken at a space or anywhere."""
    return wrapped(clean(text), max(width, 10))
