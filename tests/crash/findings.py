"""What one experiment showed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Shown:
    """The result of one experiment.

    Attributes:
        name: what was done.
        tries: how often.
        lost: acknowledged entries that were not there afterwards.
        missed: damage that nobody noticed.
        faults: anything else that must not be, in words; the run fails for each.
        figures: further counts worth keeping.
        not_possible: why it could not be tried here, or "".
    """

    name: str
    tries: int = 0
    lost: int = 0
    missed: int = 0
    faults: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)
    not_possible: str = ""
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether everything promised was seen."""
        return not (self.lost or self.missed or self.faults)

    def add(self, other: Shown) -> None:
        """Take the counts of another part of the same experiment in."""
        self.tries += other.tries
        self.lost += other.lost
        self.missed += other.missed
        self.faults += other.faults
        self.not_possible = self.not_possible or other.not_possible
        for name, count in other.figures.items():
            self.figures[name] = self.figures[name] + count if name in self.figures else count

    def line(self) -> str:
        """Return the result as one line."""
        if self.not_possible:
            return f"{self.name}: NOT POSSIBLE HERE: {self.not_possible}"
        figures = ", ".join(f"{name} {count}" for name, count in self.figures.items())
        verdict = "holds" if self.holds else "FAILED: " + "; ".join(self.faults[:3] or ["see the counts"])
        counts = f"{self.tries} tries, {self.lost} lost, {self.missed} missed"
        return f"{self.name}: {counts}{', ' + figures if figures else ''}, {self.seconds:.0f} s: {verdict}"

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {**asdict(self), "holds": self.holds}
