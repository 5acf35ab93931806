"""What was typed while settling, worked out: payments, change, what is still due, what is wrong where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from downtime.i18n import _
from downtime.screens.recorded import money
from forms.money import UnreadableNumberError, parse_amount
from forms.tender import METHODS
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CHANGE_MINOR_MAX = 100_000
CHANGE_TIMES_MAX = 20
"""More change than this, or than so many times the total, means a digit too many."""


@dataclass
class Sums:
    """The outcome.

    Attributes:
        payments: content of the payments.
        change_minor: cash to give back.
        due_minor: what is still to be collected.
        wrong: per field what is wrong, as a text in the language in use.
    """

    payments: list[dict[str, Any]] = field(default_factory=list)
    change_minor: int = 0
    due_minor: int = 0
    wrong: dict[str, Callable[[], str]] = field(default_factory=dict)


def work_out(total_minor: int, currency: str, typed: Mapping[str, str], slips: Mapping[str, str]) -> Sums:
    """Return what ``typed`` (per method) makes of the total. An empty field pays nothing."""
    sums = Sums(due_minor=total_minor)
    amounts: dict[str, int] = {}
    for method in METHODS:
        try:
            amounts[method] = parse_amount(typed[method], currency) if typed[method] else 0
        except UnreadableNumberError as error:
            sums.wrong[method] = _sentence(error.msgid, **error.fields)
            amounts[method] = 0
    for method in ("card", "mobile"):
        _take(sums, method, amounts[method], currency, slips.get(method, ""))
    _take_cash(sums, amounts["cash"], total_minor, currency)
    return sums


def _take(sums: Sums, method: str, amount_minor: int, currency: str, slip: str) -> None:
    if not amount_minor:
        return
    if amount_minor > sums.due_minor:
        due = money(sums.due_minor, currency)
        sums.wrong[method] = _sentence(N_("Only {due} is due; change is given in cash only."), due=due)
        return
    if slip and (len(slip) > 8 or not (slip.isascii() and slip.isalnum())):  # noqa: PLR2004 (as the form says)
        sums.wrong[method] = _sentence(N_("At most the last 8 letters or digits of the slip."))
        return
    sums.due_minor -= amount_minor
    sums.payments.append(_payment(method, amount_minor, slip_tail=slip))


def _take_cash(sums: Sums, tendered_minor: int, total_minor: int, currency: str) -> None:
    if not tendered_minor:
        return
    taken = min(tendered_minor, sums.due_minor)
    change = tendered_minor - taken
    if not taken:
        sums.wrong["cash"] = _sentence(N_("Nothing is left to pay in cash."))
        return
    if change > max(CHANGE_MINOR_MAX, total_minor * CHANGE_TIMES_MAX):
        sums.wrong["cash"] = _sentence(
            N_("That would be {change} change: check the amount."), change=money(change, currency)
        )
        return
    sums.due_minor -= taken
    sums.change_minor = change
    sums.payments.insert(0, _payment("cash", taken, tendered_minor=tendered_minor, change_minor=change))


def _payment(method: str, amount_minor: int, **more: Any) -> dict[str, Any]:
    return {
        "method": method,
        "amount_minor": amount_minor,
        "tendered_minor": 0,
        "change_minor": 0,
        "slip_tail": "",
        **more,
    }


def _sentence(message: str, **values: Any) -> Callable[[], str]:
    return lambda: _(message).format(**values)
