"""What was typed while settling, worked out: payments, change, what is still due, what is wrong where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from downtime.i18n import _
from downtime.screens.recorded import money
from forms.money import UnreadableNumberError, format_amount, parse_amount
from forms.tender import METHODS
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

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
        unverified_minor: the part of the payments that nobody here saw arrive.
        wrong: per field what is wrong, as a text in the language in use.
    """

    payments: list[dict[str, Any]] = field(default_factory=list)
    change_minor: int = 0
    due_minor: int = 0
    unverified_minor: int = 0
    wrong: dict[str, Callable[[], str]] = field(default_factory=dict)


def work_out(
    total_minor: int,
    currency: str,
    typed: Mapping[str, str],
    slips: Mapping[str, str],
    unverified: Collection[str] = (),
) -> Sums:
    """Return what ``typed`` (per method) makes of the total. An empty field pays nothing.

    Args:
        total_minor: what is due, in minor units.
        currency: ISO code.
        typed: amount per method, as typed.
        slips: end of the slip's number per method.
        unverified: methods whose money nobody here saw arrive.
    """
    sums = Sums(due_minor=total_minor)
    amounts: dict[str, int] = {}
    for method in METHODS:
        try:
            amounts[method] = parse_amount(typed[method], currency) if typed[method] else 0
        except UnreadableNumberError as error:
            sums.wrong[method] = _sentence(error.msgid, **error.fields)
            amounts[method] = 0
    for method in ("card", "mobile"):
        payment = _payment(method, amounts[method], slip_tail=slips.get(method, ""))
        in_cash = amounts["cash"] if amounts["cash"] < sums.due_minor else 0
        _take(sums, payment | ({"unverified": True} if method in unverified else {}), currency, in_cash)
    _take_cash(sums, amounts["cash"], total_minor, currency)
    return sums


def still_words(sums: Sums, currency: str, guarantor: str | None) -> str:
    """Return what stands between the sums and a plain record, or "".

    Args:
        sums: what was worked out.
        currency: ISO code.
        guarantor: who vouches for what is not paid, "" if not named yet, None if nobody is to.
    """
    if sums.wrong:
        return _("Put this right first, then Enter")
    if guarantor == "":
        return _("Who vouches?")
    if sums.due_minor and guarantor is not None:
        owed = money(sums.due_minor, currency)
        return _("Enter: {amount} stays owed, record and print").format(amount=owed)
    if sums.due_minor:
        due = format_amount(sums.due_minor, currency)
        return _("Still due {due}: Enter goes on to the next method").format(due=due)
    return ""


def _take(sums: Sums, payment: dict[str, Any], currency: str, in_cash: int) -> None:
    method, amount_minor, slip = payment["method"], payment["amount_minor"], payment["slip_tail"]
    if not amount_minor:
        return
    if amount_minor > sums.due_minor:
        due = money(sums.due_minor - in_cash, currency)
        sums.wrong[method] = _sentence(N_("Only {due} is due; change is given in cash only."), due=due)
        return
    if slip and (len(slip) > 8 or not (slip.isascii() and slip.isalnum())):  # noqa: PLR2004 (as the form says)
        sums.wrong[method] = _sentence(N_("At most the last 8 letters or digits of the slip."))
        return
    sums.due_minor -= amount_minor
    sums.unverified_minor += amount_minor if payment.get("unverified") else 0
    sums.payments.append(payment)


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
