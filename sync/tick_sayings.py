"""What people said that a tick-off goes by: whose rows are whose, what was typed in, and whose number is whose.

Added in order, wherever the entries come from: the books of one station, or all that came up to a hub.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from downtime.store.patient_match import numbers_of
from forms.patient_matched import PatientMatched
from sync.tick_off import Decision

if TYPE_CHECKING:
    from collections.abc import Mapping

SAYING_FORMS: Final = ("tick_decided", "typed_in", "patient_matched", "patient_unmatched")


class Sayings:
    """What people said so far; the last word about an entry counts."""

    def __init__(self) -> None:
        self._ticks: dict[tuple[str, str], Decision] = {}
        self._typed: dict[str, float] = {}
        self._matched: dict[str, tuple[str, PatientMatched]] = {}
        self.count = 0

    def add(self, entry_id: str, form: str, content: Mapping[str, Any], at: float) -> None:
        """Take in one entry.

        Args:
            entry_id: its id.
            form: its form; others than ``SAYING_FORMS`` say nothing here.
            content: what it says.
            at: when it was said (Unix time).
        """
        if form not in SAYING_FORMS:
            return
        self.count += 1
        if form == "tick_decided":
            about = str(content["entry_id"])
            self._ticks[str(content["connector"]), about] = Decision(
                about, frozenset(map(str, content["rows"])), is_same=bool(content["is_same"])
            )
        elif form == "typed_in" and content["is_undone"]:
            self._typed.pop(str(content["entry_id"]), None)
        elif form == "typed_in":
            self._typed.setdefault(str(content["entry_id"]), at)
        elif form == "patient_matched":
            decision = PatientMatched.model_validate(content)
            self._matched[entry_id] = (decision.patient.number, decision)
        else:
            self._matched.pop(str(content["decision_id"]), None)

    def decisions(self, connector: str) -> list[Decision]:
        """Return what stands of doubtful entries with one connector; an answer without rows was taken back."""
        return [one for (name, _entry), one in self._ticks.items() if name == connector and one.rows]

    def typed(self) -> dict[str, float]:
        """Return when (Unix time) it was said of an entry that it was typed in, by its id."""
        return dict(self._typed)

    def patients(self) -> dict[str, str]:
        """Return HIS numbers by temporary number; a number that two people gave to two patients is nobody's."""
        standing: dict[str, list[PatientMatched]] = {}
        for number, decision in self._matched.values():
            standing.setdefault(number, []).append(decision)
        agreed = []
        for told in standing.values():
            named = [one for one in told if one.other is not None] or told
            if len({(one.outcome, one.other.number if one.other else "") for one in named}) == 1:
                agreed.append(named[-1])
        return numbers_of(agreed)
