"""The keystroke-level model (Card, Moran, Newell): seconds of one job from what the hands and the head do.

The model's own error is about 21 %; a ranking is safer than seconds. It knows no errors, no talk and no waiting.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import ceil
from typing import Any


@dataclass(frozen=True, slots=True)
class Operators:
    """Seconds of each operator.

    Attributes:
        key: one key at 40 words a minute: an average person who is no typist.
        point: moving a pointer onto something, and ``click`` pressing it.
        home: the hand from the keys to something else, or back.
        think: getting ready for the next piece of work.
        scan: pulling a trigger over a code that is held out already.
        wait: the machine, for a whole charge.
    """

    key: float = 0.28
    point: float = 1.10
    click: float = 0.20
    home: float = 0.40
    think: float = 1.35
    scan: float = 0.50
    wait: float = 0.30


MODEL = Operators()
ERROR_SHARE = 0.21
WORDS = (
    "One M before the patient, before each item, and before the money; pessimistic: one more M before every pick "
    "from a list, as if no list were ever known by heart. Scanning: two H and the scan. Machine: 0.3 s a job."
)


@dataclass
class Work:
    """What hands and head did for one customer.

    Attributes:
        keys: every key, Enter and function keys too.
        points: pointing acts.
        thoughts: M operators of the plain placement.
        picks: M operators the pessimist adds, one per pick from a list.
        scans: codes scanned.
    """

    keys: int = 0
    points: int = 0
    thoughts: int = 0
    picks: int = 0
    scans: int = 0

    def seconds(self, *, pessimist: bool = True, operators: Operators = MODEL) -> float:
        """Return the seconds the model gives this work."""
        o = operators
        thoughts = self.thoughts + (self.picks if pessimist else 0)
        hands = self.keys * o.key + self.points * (o.point + o.click) + self.scans * (2 * o.home + o.scan)
        return hands + thoughts * o.think + o.wait

    def less(self, other: Work) -> Work:
        """Return this work without what had been done before."""
        return Work(**{name: count - getattr(other, name) for name, count in asdict(self).items()})


def told() -> dict[str, Any]:
    """Return the constants and assumptions for whoever reads the figures."""
    return {"operators_seconds": asdict(MODEL), "placement": WORDS, "error_share": ERROR_SHARE}


def percentile(found: list[float], percent: float) -> float:
    """Return the smallest value that so many percent of all do not exceed."""
    return sorted(found)[max(0, ceil(len(found) * percent / 100) - 1)]
