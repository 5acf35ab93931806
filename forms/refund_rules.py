"""What every refund keeps to: never more than was seen to arrive, back the way it came, formal paper first.

Source: 浙江省医疗收费电子票据管理办法 article 21 (a paper invoice that was issued is taken back and voided
first), and the practice of 原路退: mobile and card money never leaves as cash.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from forms.base import Problem, fault
from forms.money import Told
from forms.tender import METHOD_WORDS, require_paid
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from forms.bill import Money
    from forms.tender import Payment

FORMAL_PAPER_FIRST = N_("Receipt {number} was exchanged: take the formal paper back first, then say so here.")


def require_settled(refunds: Sequence[Payment], total_minor: int) -> None:
    """Refuse refunds that do not add up, or that say of themselves that nobody saw them."""
    if any(part.unverified for part in refunds):
        raise fault(N_("A refund is either given or still to be returned, never unverified."), "refunds")
    require_paid(refunds, total_minor, "refunds")


def method_problem(money: Money, refunds: Sequence[Payment], currency: str) -> list[Problem]:
    """Return what is refunded beyond what came in by the same method and is still here."""
    wanted: Counter[str] = Counter()
    for part in refunds:
        wanted[part.method] += part.amount_minor
    for method, amount in wanted.items():
        left = money.refundable(method)
        if amount <= left:
            continue
        if amount <= left + money.unverified[method]:
            return [
                Problem(
                    "refunds",
                    N_("{amount} by {method} is not verified yet; match it first."),
                    {"amount": Told(money.unverified[method], currency), "method": METHOD_WORDS[method]},
                )
            ]
        return [
            Problem(
                "refunds",
                N_("At most {left} goes back by {method}: money goes back the way it came."),
                {"left": Told(max(left, 0), currency), "method": METHOD_WORDS[method]},
            )
        ]
    return []
