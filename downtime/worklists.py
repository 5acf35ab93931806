"""Work lists 待办: what is waiting, list by list, with counts and sums; and the rows of the one in hand.

Read beside the screens through a connection of its own: a list of thousands never holds up a key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from downtime.book import JournalView
from downtime.store import open_lists
from forms.bill import owed_minor
from forms.money import format_amount
from forms.people import PatientRef

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from downtime.entry import Entry
    from downtime.store.open_lists import Listed
    from downtime.store.sqlite import Database

LISTS = open_lists.LISTS
EXCHANGED = "exchanged"
_SEARCHED_MIN = 4
"""Fewer figures than this are not looked for in phone numbers: they would be found in all of them."""


@dataclass(frozen=True, slots=True)
class ListSum:
    """How many rows a list has, and what they come to in minor units."""

    rows: int = 0
    amount_minor: int = 0

    @classmethod
    def of(cls, rows: Sequence[OpenRow]) -> ListSum:
        """Return what these rows come to."""
        return cls(len(rows), sum(row.amount_minor for row in rows))


@dataclass(frozen=True, slots=True)
class OpenRow:
    """One row of a list.

    Attributes:
        entry: what is shown of the entry.
        amount_minor: the money that waits.
        phone: of the patient or whoever answers for them, in full; screens mask it.
        formal: numbers of the formal documents the HIS issued for it.
        was_void: a formal document was given out before and does not hold any more (作废).
    """

    entry: Listed
    amount_minor: int
    phone: str = ""
    formal: tuple[str, ...] = ()
    was_void: bool = False

    def holds(self, asked: str, currency: str, patients: frozenset[str] = frozenset()) -> bool:
        """Return whether a row is meant by what was typed.

        Args:
            asked: part of a number, name, phone or formal number, or the amount.
            currency: of the amounts.
            patients: numbers of patients that the list of patients finds by the same words.
        """
        code = asked.upper()
        entry = self.entry
        return bool(
            code in entry.number
            or code in entry.patient.upper()
            or code in entry.name.upper()
            or entry.patient in patients
            or (len(code) >= _SEARCHED_MIN and code in self.phone)
            or any(code in number.upper() for number in self.formal)
            or _is_amount(code, format_amount(self.amount_minor, currency))
        )


def _is_amount(asked: str, figures: str) -> bool:
    """Return whether somebody typed this amount: "45" is 45.00, "45.5" begins 45.50."""
    typed = asked.lstrip("¥")
    return bool(typed) and figures.startswith(typed if "." in typed else f"{typed}.")


def patient_of(entry: Entry) -> dict[str, Any]:
    """Return the patient of an entry as another form names them."""
    patient = entry.content["patient"]
    return {name: patient[name] for name in PatientRef.model_fields if name in patient}


def sums(db: Database) -> dict[str, ListSum]:
    """Return how many rows each list has and what they come to."""
    return {name: _sum(waiting(db, name)) for name in LISTS}


def _sum(found: dict[int, int]) -> ListSum:
    return ListSum(len(found), sum(found.values()))


def waiting(db: Database, name: str) -> dict[int, int]:
    """Return the money that waits on a list by seq, oldest first."""
    if name != "owing":
        return open_lists.waiting(db, name)
    # Which of the lines were refunded decides what is due; the few such rows are worked out in full.
    view = JournalView(db)
    found = {
        seq: owed_minor(entry_id, view) if is_refunded else owed
        for seq, owed, is_refunded, entry_id in open_lists.owing(db)
    }
    return {seq: owed for seq, owed in found.items() if owed > 0}


def rows(db: Database, name: str) -> list[OpenRow]:
    """Return the rows of a list, oldest first.

    Args:
        db: a connection that sees the deliveries too.
        name: one of ``LISTS``, or ``EXCHANGED``.
    """
    amounts = waiting(db, name)
    found: Sequence[Listed] = open_lists.listed(db, amounts)
    phones = open_lists.phones(db)
    is_paper = name in {"not_exchanged", EXCHANGED, "insured"}
    formal = open_lists.formal_numbers(db) if is_paper else {}
    voided = open_lists.once_exchanged(db) if name == "not_exchanged" else set()
    return [
        OpenRow(
            entry,
            amounts[entry.seq],
            entry.phone or phones.get(entry.patient, ""),
            tuple(formal.get(entry.id, ())),
            entry.id in voided,
        )
        for entry in found
    ]
