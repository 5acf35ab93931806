"""What the outcomes of a comparison are called, and one comparison as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.clean import visible
from downtime.i18n import _
from forms.money import format_amount

if TYPE_CHECKING:
    from downtime.statement_matching import Comparison, OutcomeLine, StatementRecorded
    from downtime.statements import Compared

_DAY_AND_TIME = slice(5, 16)


def outcome_word(outcome: str) -> str:
    """Return what an outcome is called."""
    return {
        "matched": _("matched"),
        "missing_there": _("missing there"),
        "unknown_here": _("unknown here"),
        "different": _("different"),
        "duplicate": _("duplicate"),
        "total": _("together"),
    }[outcome]


def outcome_help(outcome: str) -> str:
    """Return what somebody does about an outcome."""
    return {
        "missing_there": _("we have it, they do not: never arrived, or settled on another day"),
        "unknown_here": _("they have it, we do not: another window, or taken without a receipt"),
        "different": _("same slip, another amount or time: look at both"),
        "duplicate": _("one order twice in the file, or one slip on two receipts"),
        "matched": _("slip, amount and time agree"),
    }[outcome]


def sum_texts(line: OutcomeLine, currency: str) -> tuple[str, str, str, str, str]:
    """Return one outcome as texts: what, how many here, how much, how many there, how much."""
    return (
        outcome_word(line.outcome),
        str(line.here),
        format_amount(line.here_minor, currency),
        str(line.there),
        format_amount(line.there_minor, currency),
    )


def difference_texts(one: Compared, currency: str) -> tuple[str, ...]:
    """Return one payment or row as texts: outcome, receipt, time, tail, here, row, reference, there."""
    here, there = one.here, one.there
    return (
        outcome_word(one.outcome),
        here.number if here else "",
        (here.happened_at if here else there.at.isoformat() if there else "")[_DAY_AND_TIME].replace(
            "T", " "
        ),
        here.tail if here else "",
        format_amount(here.amount_minor, currency) if here else "",
        str(there.line) if there else "",
        visible(there.reference) if there else "",
        format_amount(there.amount_minor, currency) if there else "",
    )


def day_words(found: Comparison) -> str:
    """Return the days a statement covers."""
    first, last = found.days
    return first.isoformat() if first == last else f"{first.isoformat()} - {last.isoformat()}"


def comparison_text(found: Comparison, currency: str) -> list[str]:
    """Return a comparison as lines for a terminal without a screen."""
    told = [_("Statement {file}, {days}").format(file=found.file, days=day_words(found))]
    for line in (*found.lines(), found.total()):
        name, here, here_sum, there, there_sum = sum_texts(line, currency)
        told.append(
            _("{outcome}: here {here} {here_sum}, there {there} {there_sum}").format(
                outcome=name, here=here, here_sum=here_sum, there=there, there_sum=there_sum
            )
        )
    if found.outside:
        text = _("{count} payments of other days are not compared: {amount}")
        amount = format_amount(sum(one.amount_minor for one in found.outside), currency)
        told.append(text.format(count=len(found.outside), amount=amount))
    told += ["  ".join(filter(None, difference_texts(one, currency))) for one in found.different()]
    told += [
        _("not part of the list: row {row}: {text}").format(row=row, text=visible(text))
        for row, text in found.below
    ]
    return told


def recorded_text(outcome: StatementRecorded) -> list[str]:
    """Return what of a comparison stands now, in sentences."""
    told = []
    if outcome.entry_id:
        told.append(_("Recorded: {count} payments verified.").format(count=outcome.verified))
    if outcome.left:
        told.append(
            _("{count} more were found: whoever may take money verifies them.").format(count=outcome.left)
        )
    if outcome.refused:
        told.append(_("Not recorded: {reason}").format(reason=outcome.refused))
    return told
