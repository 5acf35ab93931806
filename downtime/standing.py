"""Standing: what was recorded, what the HIS has, what is still owed; counts and sums that add up."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from downtime.store import delivery_queries, reports

if TYPE_CHECKING:
    from collections.abc import Iterable

    from downtime.settings import Settings
    from downtime.store.sqlite import Database

STATES = ("owed", "sending", "unreachable", "in_doubt", "handed_over", "rejected", "accepted")
"""Every deliverable entry is in exactly one of these, per connector."""


@dataclass(frozen=True, slots=True)
class StateCount:
    """Entries in one state and their money in minor units."""

    entries: int = 0
    amount_minor: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """The whole picture of one book.

    Attributes:
        forms: counts per form.
        drawer_minor: what the drawers took in, by (account, currency).
        deliverable: all entries the HIS must get.
        by_connector: per connector, per state; each sums up to ``deliverable``.
        not_printed: receipts that never came out.
        unconfirmed: receipts recorded that nobody was told about.
        is_drawer_hidden: no drawer is told to who looks: they count theirs blind.
    """

    forms: tuple[reports.FormCount, ...]
    drawer_minor: dict[tuple[str, str], int]
    deliverable: StateCount
    by_connector: dict[str, dict[str, StateCount]]
    not_printed: int
    unconfirmed: int
    is_drawer_hidden: bool = False

    def hiding_drawers(self) -> Standing:
        """Return the same without what the drawers took in."""
        return replace(self, drawer_minor={}, is_drawer_hidden=True)

    @property
    def receipts(self) -> int:
        """How many receipt numbers were used."""
        return sum(form.receipts for form in self.forms)

    def waiting(self) -> int:
        """Return how many entries some connector has no final answer for."""
        return max(
            (
                sum(count.entries for state, count in states.items() if state != "accepted")
                for states in self.by_connector.values()
            ),
            default=self.deliverable.entries,
        )

    def adds_up(self) -> bool:
        """Return whether the states of every connector sum up to what is deliverable."""
        return all(
            sum(count.entries for count in states.values()) == self.deliverable.entries
            and sum(count.amount_minor for count in states.values()) == self.deliverable.amount_minor
            for states in self.by_connector.values()
        )

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``downtime standing --json``; money in minor units."""
        return {
            "entries": sum(form.entries for form in self.forms),
            "receipts": self.receipts,
            "not_printed": self.not_printed,
            "unconfirmed": self.unconfirmed,
            "forms": {
                form.form: {
                    "entries": form.entries,
                    "amount_minor": form.amount_minor,
                    "receipts": form.receipts,
                }
                for form in self.forms
            },
            "drawer": None
            if self.is_drawer_hidden
            else [
                {"account": account, "currency": currency, "amount_minor": amount}
                for (account, currency), amount in sorted(self.drawer_minor.items())
            ],
            "deliverable": {
                "entries": self.deliverable.entries,
                "amount_minor": self.deliverable.amount_minor,
            },
            "connectors": {
                name: {
                    state: {"entries": count.entries, "amount_minor": count.amount_minor}
                    for state, count in states.items()
                }
                for name, states in self.by_connector.items()
            },
            "adds_up": self.adds_up(),
        }


def standing_of(db: Database, settings: Settings, *, unconfirmed: int) -> Standing:
    """Return the standing of the book behind ``db`` (journal with deliveries attached)."""
    return standing_in(db, settings.connectors, unconfirmed=unconfirmed)


def standing_in(db: Database, connectors: Iterable[str], *, unconfirmed: int) -> Standing:
    """Return the same with the connectors of these names."""
    total = delivery_queries.standing_total(db)
    by_connector = {}
    for name in connectors:
        states = {state: StateCount() for state in STATES}
        for line in delivery_queries.standing(db, name):
            states[line.state] = StateCount(line.entries, line.amount_minor)
        by_connector[name] = states
    return Standing(
        forms=tuple(reports.form_counts(db)),
        drawer_minor=reports.drawer_balances(db),
        deliverable=StateCount(total.entries, total.amount_minor),
        by_connector=by_connector,
        not_printed=reports.not_printed_count(db),
        unconfirmed=unconfirmed,
    )
