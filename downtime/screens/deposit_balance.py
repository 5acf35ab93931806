"""What stands on an inpatient's deposit: what the list said, and what was taken here since. It only informs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from downtime.book import JournalView
from downtime.i18n import _
from downtime.screens.recorded import money
from downtime.screens.text import line, shown
from forms.bill import money_of

if TYPE_CHECKING:
    from textual.content import Content

    from downtime.desk import Desk
    from downtime.entry import Entry
    from downtime.reference_tables import InpatientRow

STALE = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Balance:
    """The balance as far as anybody here can know it.

    Attributes:
        stay: the bed, if the list knows one.
        listed_minor: by the list, in minor units, or None.
        as_of: when the list was taken (RFC 3339), or "".
        here_minor: taken here since then, less what went back.
    """

    stay: InpatientRow | None
    listed_minor: int | None
    as_of: str
    here_minor: int


def balance_of(desk: Desk, patient: str) -> Balance:
    """Return the balance of an inpatient; reads a few rows."""
    reference = desk.reference
    stay = next(iter(reference.stays_of(patient)), None) if reference is not None else None
    listed = stay.deposit_minor if stay is not None else None
    as_of = (
        reference.table_taken_at.get("inpatients", "") if reference is not None and listed is not None else ""
    )
    here = sum(left for entry, left in deposits_here(desk, patient) if _is_after(entry.recorded_at, as_of))
    return Balance(stay, listed, as_of, here)


def deposits_here(desk: Desk, patient: str) -> list[tuple[Entry, int]]:
    """Return the deposits of this book that hold money, newest first, and how much each still holds."""
    earlier = JournalView(desk.looking())
    found = []
    for entry in desk.entries_of_patient(patient):
        if entry.form == "deposit" and not earlier.referring(entry.id, "reversal"):
            left = money_of(entry.id, earlier).held_minor()
            if left > 0:
                found.append((entry, left))
    return found


def _is_after(recorded_at: str, as_of: str) -> bool:
    try:
        return datetime.fromisoformat(recorded_at) > datetime.fromisoformat(as_of)
    except (ValueError, TypeError):  # no list, or one without a readable time: everything counts
        return True


def balance_line(balance: Balance, currency: str, now: str) -> Content:
    """Return the balance as one line; old or missing, it says so and hinders nobody."""
    here = shown(_("Taken here {amount}").format(amount=money(balance.here_minor, currency)))
    if balance.listed_minor is None:
        return line(shown(_("No list has a balance; go on all the same."), "$text-muted"), "   ", here)
    is_stale = _is_after(now, balance.as_of) and _age(now, balance.as_of) > STALE
    told = {
        "amount": money(balance.listed_minor, currency),
        "when": balance.as_of[5:16].replace("T", " "),
        "sum": money(balance.listed_minor + balance.here_minor, currency),
    }
    parts = [shown(_("Balance {amount} as of {when}").format(**told), "bold $warning" if is_stale else "")]
    if balance.here_minor:
        parts += [shown("   "), here, shown("   "), shown(_("together {sum}").format(**told), "bold")]
    return line(*parts)


def _age(now: str, as_of: str) -> timedelta:
    try:
        return datetime.fromisoformat(now) - datetime.fromisoformat(as_of)
    except (ValueError, TypeError):
        return timedelta(0)
