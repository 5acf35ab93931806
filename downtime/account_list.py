"""Every account of this station as a supervisor sees it: roles as of now, age of the password, what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from downtime.account_opening import locked_accounts
from downtime.accounts import person_now
from downtime.password_policy import age_days, is_expired, policy_named

if TYPE_CHECKING:
    from collections.abc import Iterable

    from downtime.book import OpenBook
    from downtime.slots import Slot

DRAFTED_LETTER = "H"


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account.

    Attributes:
        slot: the account's file.
        roles: as of now; empty if the person may not work here.
        age_days: days since the password was set, or None.
        expired: the password is older than the profile allows.
        failures: wrong passwords in a row if they locked it, else 0.
        is_over: drafted for an outage that is over.
        is_granted: this station lets the person in.
    """

    slot: Slot
    roles: tuple[str, ...]
    age_days: int | None
    expired: bool
    failures: int
    is_over: bool
    is_granted: bool

    @property
    def state(self) -> str:
        """What matters most: closed, locked, over, left, strange, expired, drafted or open."""
        slot = self.slot
        for state, applies in (
            ("closed", slot.closed),
            ("locked", bool(self.failures)),
            ("over", self.is_over),
            ("left", not self.roles),
            ("strange", not self.is_granted),
            ("expired", self.expired),
            ("drafted", slot.kind == "helper"),
        ):
            if applies:
                return state
        return "open"


def accounts_here(book: OpenBook) -> list[AccountLine]:
    """Return every account of a person with a genuine file, those that need somebody first, then by number."""
    home, now = book.home, book.clock.now().wall
    policy = policy_named(home.settings.access.policy)
    locked = locked_accounts(home, book.clock)
    outage = book.outage()
    found = [
        AccountLine(
            slot,
            person_now(book, slot.person).roles,
            age_days(slot.set_at, now) if slot.set_at and not slot.closed else None,
            not slot.closed and is_expired(slot, policy, now),
            locked.get(slot.operator, 0),
            slot.kind == "helper" and not slot.closed and slot.outage != outage,
            (home.keys.folder / "grants" / f"{slot.operator}.json").is_file(),
        )
        for slot in home.keys.slots()
        if slot.kind != "service"
    ]
    order = {"locked": 0, "strange": 1, "closed": 3, "over": 3}
    return sorted(found, key=lambda line: (order.get(line.state, 2), line.slot.operator))


def next_drafted(slots: Iterable[Slot]) -> str:
    """Return the next free number for somebody drafted: H01, H02 and so on, never used twice."""
    taken = [
        int(slot.operator[1:])
        for slot in slots
        if slot.operator[:1] == DRAFTED_LETTER and slot.operator[1:].isdecimal()
    ]
    return f"{DRAFTED_LETTER}{max(taken, default=0) + 1:02d}"
