"""Where things go wrong: named places that decide by seed, and a log of what really hit.

The n-th question at a place has always the same answer under one seed, whatever happens elsewhere and whatever the
clock says. A fault is counted when it has hit something, never when it was only planned.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

CALM: Final = 0.0


@dataclass
class Faults:
    """All places of one run.

    Attributes:
        seed: decides everything.
        file: a line for each fault that hit, or None.
    """

    seed: int
    file: Path | None = None
    places: dict[str, Place] = field(default_factory=dict)
    log: list[dict[str, Any]] = field(default_factory=list)

    def place(self, name: str, kinds: Sequence[str], *, budget: int, rate: float) -> Place:
        """Return a new place.

        Args:
            name: never used twice.
            kinds: what may go wrong there.
            budget: after so many hits nothing goes wrong there any more.
            rate: share of the questions that are answered with a fault.
        """
        assert name not in self.places, name
        self.places[name] = Place(self, name, tuple(kinds), budget, rate)
        return self.places[name]

    def chance(self, *named: object) -> Random:
        """Return the chance of something that is decided once, by its name."""
        return Random(" ".join(map(str, (self.seed, *named))))

    def keep(self, place: str, kind: str, where: str) -> None:
        """Write a fault down that hit."""
        told = {"n": len(self.log) + 1, "place": place, "kind": kind, "where": where}
        self.log.append(told)
        if self.file is not None:
            with self.file.open("a", encoding="utf-8") as log:
                log.write(json.dumps(told, ensure_ascii=False) + "\n")

    def by_kind(self) -> dict[str, int]:
        """Return how often each kind hit, by the place's family and kind."""
        counted = Counter(f"{told['place'].partition(' ')[0]}: {told['kind']}" for told in self.log)
        return dict(sorted(counted.items()))

    def digest(self) -> str:
        """Return the SHA-256 over place, kind and order of every fault: the same seed gives the same."""
        told = [(one["place"], one["kind"], one["where"]) for one in self.log]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


@dataclass
class Place:
    """One place; see `Faults.place`.

    Attributes:
        asked: how often it decided; the number of the next question follows.
        hits: faults that hit.
    """

    faults: Faults
    name: str
    kinds: tuple[str, ...]
    budget: int
    rate: float
    asked: int = 0
    hits: int = 0

    @property
    def left(self) -> int:
        """How many faults are still to hit here."""
        return max(0, self.budget - self.hits)

    def draw(self, *, only: Sequence[str] = ()) -> str | None:
        """Decide whether something goes wrong now, and what; ``only`` these kinds can."""
        self.asked += 1
        kinds = [kind for kind in self.kinds if not only or kind in only]
        if not self.left or not kinds:
            return None
        chance = self.chance()
        return chance.choice(kinds) if chance.random() < self.rate else None

    def chance(self) -> Random:
        """Return the chance that belongs to the question just asked, for what else it needs."""
        return self.faults.chance(self.name, self.asked)

    def hit(self, kind: str, where: str = "") -> None:
        """Say that a fault has hit something."""
        self.hits += 1
        self.faults.keep(self.name, kind, where)
