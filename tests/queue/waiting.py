"""Sixty people in front of two windows: drawn ten thousand times, from the seconds the model gives each kind.

What one customer takes is: talk, the keys until the total stands there, and paying. Published figures for paying in
cash are measured until the till is shut again, so the keys for what is handed over are part of them; after card or
mobile pay the remaining keys are added. Everybody waits in one line; whichever window is free takes the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapreplace
from math import log, sqrt
from random import Random
from statistics import fmean
from typing import TYPE_CHECKING, Any

from tests.queue.model import ERROR_SHARE, percentile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CUSTOMERS, WINDOWS, REPLICATIONS = 60, 2, 10_000
NEWCOMERS_A_MINUTE = (0.0, 1.0, 1.5)

TALK_SECONDS = 5.0
"""Stepping up, the name, handing over the slip: an assumption, no published figure was found."""
PAYING_SECONDS = {"cash": 22.0, "card": 29.0, "mobile": 14.0, "none": 0.0}
"""Bundesbank 2017, 3,125 payments in shops: cash 22 s, card with PIN 29 s; phone 14 s in its newer study."""
VARIATION = 0.5
"""Standard deviation of talk and of paying, in shares of their mean: an assumption."""
METHODS = {"cash": 0.5, "mobile": 0.4, "card": 0.1}
"""How people pay: an assumption; in an outage more pay in cash than on other days."""
WITHOUT_CASHIER = 600.0
"""Nobody waits for a newcomer longer than this many minutes: a queue that never ends is told as that."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Customers of one kind.

    Attributes:
        share: of all customers.
        until_total: seconds of the model until the total stands there, one value per customer measured.
        after: seconds of the model for what is keyed after that.
        takes_money: whether anybody pays.
    """

    share: float
    until_total: tuple[float, ...]
    after: tuple[float, ...]
    takes_money: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What many replications came to.

    Attributes:
        minutes: until the last of those who waited at the beginning, and everybody who came meanwhile, is gone.
        seconds: mean seconds of one customer at the window.
    """

    minutes: tuple[float, ...]
    seconds: float

    def told(self) -> dict[str, float]:
        """Return mean and 95th percentile."""
        return {
            "mean_minutes": round(fmean(self.minutes), 1),
            "p95_minutes": round(percentile(list(self.minutes), 95), 1),
            "mean_seconds_a_customer": round(self.seconds, 1),
        }


class Line:
    """Draws queues.

    Args:
        kinds: who comes; shares are made to add up to one.
        seed: of all chance in it.
        talk: seconds of talk.
        keys_scale: what the model's seconds are multiplied by.
        methods: shares of the ways to pay.
    """

    def __init__(
        self,
        kinds: Mapping[str, Kind],
        seed: int,
        *,
        talk: float = TALK_SECONDS,
        keys_scale: float = 1.0,
        methods: Mapping[str, float] = METHODS,
    ) -> None:
        self._chance = Random(f"{seed} queue")
        self._kinds, self._shares = list(kinds.values()), [kind.share for kind in kinds.values()]
        self._talk, self._scale = talk, keys_scale
        self._methods, self._weights = list(methods), list(methods.values())

    def customer(self) -> float:
        """Return the seconds of one customer."""
        chance = self._chance
        kind = chance.choices(self._kinds, self._shares)[0]
        place = chance.randrange(len(kind.until_total))
        keys = kind.until_total[place]
        method = chance.choices(self._methods, self._weights)[0] if kind.takes_money else "none"
        if method != "cash":
            keys += kind.after[place]
        return self._about(self._talk) + keys * self._scale + self._about(PAYING_SECONDS[method])

    def _about(self, mean: float) -> float:
        """Draw a lognormal value with this mean."""
        if not mean:
            return 0.0
        spread = log(1 + VARIATION**2)
        return self._chance.lognormvariate(log(mean) - spread / 2, sqrt(spread))

    def queue(self, newcomers: float = 0.0, *, customers: int = CUSTOMERS) -> tuple[float, list[float]]:
        """Return minutes until nobody is left, and the seconds of each customer.

        Args:
            newcomers: a minute, as a Poisson stream, for as long as somebody waits.
            customers: who wait at the beginning.
        """
        free = [0.0] * WINDOWS
        taken: list[float] = []
        waiting, served = [0.0] * customers, 0
        comes = self._next(0.0, newcomers)
        while served < len(waiting):
            begins = max(free[0], waiting[served])
            taken.append(self.customer())
            heapreplace(free, begins + taken[-1])
            served += 1
            while comes <= free[0] and comes < WITHOUT_CASHIER * 60:  # came before a window was free again
                waiting.append(comes)
                comes = self._next(comes, newcomers)
        return max(free) / 60, taken

    def _next(self, now: float, newcomers: float) -> float:
        return now + self._chance.expovariate(newcomers / 60) if newcomers else float("inf")


def draw(line: Line, replications: int, newcomers: float = 0.0) -> Outcome:
    """Draw so many queues."""
    minutes: list[float] = []
    total, count = 0.0, 0
    for _n in range(replications):
        took, each = line.queue(newcomers)
        minutes.append(took)
        total += sum(each)
        count += len(each)
    return Outcome(tuple(minutes), total / count)


def figures(kinds: Mapping[str, Kind], seed: int, replications: int = REPLICATIONS) -> dict[str, Any]:
    """Return the queue with and without newcomers, and how far its assumptions carry."""
    few = max(1, replications // 10)
    found: dict[str, Any] = {
        f"newcomers_{rate:g}_a_minute": draw(Line(kinds, seed), replications, rate).told()
        for rate in NEWCOMERS_A_MINUTE
    }
    found["keys_faster_by_the_models_error"] = draw(Line(kinds, seed, keys_scale=1 - ERROR_SHARE), few).told()
    found["keys_slower_by_the_models_error"] = draw(Line(kinds, seed, keys_scale=1 + ERROR_SHARE), few).told()
    found["talk_13_s"] = draw(Line(kinds, seed, talk=13.0), few).told()
    found["everybody_pays_cash"] = draw(Line(kinds, seed, methods={"cash": 1.0}), few).told()
    typed = {"typed": next(iter(kinds.values()))}
    found["everybody_three_typed_lines_in_cash"] = draw(Line(typed, seed, methods={"cash": 1.0}), few).told()
    return found


def assumptions(kinds: Mapping[str, Kind], replications: int) -> dict[str, Any]:
    """Return everything the queue rests on, for whoever reads the figures."""
    shares: Sequence[float] = [kind.share for kind in kinds.values()]
    return {
        "customers": CUSTOMERS,
        "windows": WINDOWS,
        "replications": replications,
        "one_line_for_both_windows": True,
        "talk_seconds": TALK_SECONDS,
        "paying_seconds": PAYING_SECONDS,
        "variation_of_talk_and_paying": VARIATION,
        "methods": METHODS,
        "mix": {name: round(kind.share / sum(shares), 2) for name, kind in kinds.items()},
        "mean_seconds_until_total": {name: round(fmean(kind.until_total), 1) for name, kind in kinds.items()},
    }
