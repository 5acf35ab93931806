"""What a paper's sum makes of its lines: payments, what is owed, and the difference."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from downtime.i18n import _
from downtime.problem_text import problem_words
from downtime.screens.charge_sheet import UNLISTED, Line, LineSheet
from downtime.screens.settle_amount import SLIP_CHARACTERS_MAX
from forms.base import Problem
from forms.money import UnreadableNumberError, parse_amount
from forms.tender import METHODS
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from downtime.screens.window_sheet import WindowSheet

OWED = "owed"
DIFFERENCE = N_("Difference to the sum on the paper")


@dataclass
class LateSums:
    """The outcome.

    Attributes:
        paper_minor: what the paper says altogether, in minor units.
        difference_minor: that less what the lines come to.
        owed_minor: of it not paid, somebody vouched.
        payments: content of the payments.
        wrong: per field what is wrong.
    """

    paper_minor: int = 0
    difference_minor: int = 0
    owed_minor: int = 0
    payments: list[dict[str, Any]] = field(default_factory=list)
    wrong: dict[str, Callable[[], str]] = field(default_factory=dict)


def work_out(
    total_minor: int,
    currency: str,
    typed: Mapping[str, str],
    slips: Mapping[str, str],
    unverified: set[str],
) -> LateSums:
    """Return what the fields come to; an empty one is nothing."""
    sums = LateSums()
    for name, text in typed.items():
        try:
            amount = parse_amount(text, currency) if text else 0
        except UnreadableNumberError as error:
            problem = Problem("", error.msgid, error.fields)
            sums.wrong[name] = lambda problem=problem: problem_words(problem)  # type: ignore[misc]  # bound in the loop
            continue
        sums.paper_minor += amount
        if name == OWED:
            sums.owed_minor = amount
        elif amount and name in METHODS:
            slip = slips.get(name, "")
            if len(slip) > SLIP_CHARACTERS_MAX or not (slip.isascii() and (slip.isalnum() or not slip)):
                sums.wrong[name] = lambda: _("At most the last 8 letters or digits of the slip.")
            sums.payments.append(_payment(name, amount, slip, unverified=name in unverified))
    sums.difference_minor = sums.paper_minor - total_minor
    return sums


def agreed_to_more(sheet: WindowSheet, sums: LateSums) -> None:
    """Put what was taken above the lines into a line of its own, to be checked like an unlisted item."""
    if isinstance(sheet, LineSheet):
        sheet.lines.append(Line(UNLISTED, _(DIFFERENCE), "", "", "unlisted", sums.difference_minor))


def _payment(method: str, amount: int, slip: str, *, unverified: bool) -> dict[str, Any]:
    is_cash = method == "cash"
    return {
        "method": method,
        "amount_minor": amount,
        "tendered_minor": amount if is_cash else 0,
        "change_minor": 0,
        "slip_tail": "" if is_cash else slip,
        "unverified": unverified and not is_cash,
    }
