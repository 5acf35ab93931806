"""Earlier entries for forms under test, kept in a dictionary instead of a journal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from forms.base import Place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from forms.base import Form
    from forms.postings import Posting

PLACE = Place("W03", "A")


@dataclass
class EarlierEntries:
    """What ``forms.base.Earlier`` promises, for entries that a test says stand."""

    entries: dict[str, Form] = field(default_factory=dict)

    def stand(self, entry_id: str, form: Form) -> None:
        """Let ``form`` stand under ``entry_id``."""
        self.entries[entry_id] = form

    def content_of(self, entry_id: str) -> tuple[str, Mapping[str, Any]] | None:
        """Return (form name, content)."""
        form = self.entries.get(entry_id)
        return (form.name, form.model_dump(mode="json")) if form else None

    def last_of(self, form: str) -> Mapping[str, Any] | None:
        """Return the newest content."""
        found = [one for one in self.entries.values() if one.name == form]
        return found[-1].model_dump(mode="json") if found else None

    def postings_of(self, entry_id: str) -> Sequence[Posting]:
        """Return the postings."""
        return self.entries[entry_id].postings(PLACE, self)

    def referring(self, entry_id: str, form: str) -> Sequence[str]:
        """Return who names ``entry_id`` and is not reversed."""
        return [
            found
            for found, filled in self.entries.items()
            if filled.name == form and entry_id in filled.refers_to() and not self._is_reversed(found)
        ]

    def has_patient(self, number: str) -> bool:
        """Return whether a registration uses ``number``."""
        return any(
            form.name == "registration" and form.patient_number() == number for form in self.entries.values()
        )

    def has_visit(self, number: str) -> bool:
        """Return whether a visit uses ``number``."""
        return any(form.name == "visit" and form.encounter() == number for form in self.entries.values())

    def hangs_on(self, *, patient: str = "", visit: str = "", besides: str) -> bool:
        """Return whether other entries, neither reversed nor reversals, are about this patient or visit."""
        return any(
            (form.patient_number() == patient if patient else form.encounter() == visit)
            for entry_id, form in self.entries.items()
            if entry_id != besides and form.name != "reversal" and not self._is_reversed(entry_id)
        )

    def balances(self, beginning: str) -> Mapping[tuple[str, str], int]:
        """Return the balances of accounts that begin so."""
        sums: dict[tuple[str, str], int] = {}
        for entry_id in self.entries:
            for leg in self.postings_of(entry_id):
                if leg.account.startswith(beginning):
                    sums[leg.account, leg.unit] = sums.get((leg.account, leg.unit), 0) + leg.amount
        return {key: amount for key, amount in sums.items() if amount}

    def _is_reversed(self, entry_id: str) -> bool:
        return any(form.name == "reversal" and entry_id in form.refers_to() for form in self.entries.values())


def fields(found: object) -> set[str]:
    """Return the fields that problems stand beside; a form that was read has none."""
    return {problem.field for problem in found} if isinstance(found, list) else set()
