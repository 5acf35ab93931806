"""Opening what wrong passwords have locked: a supervisor at the counter, logged in or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.attempts import CODES, FAILURES_MAX, Attempts
from downtime.book import OpenBook
from downtime.entrance import enter, failures_max
from downtime.errors import RefusedInputError
from downtime.i18n import _
from downtime.record import record_event
from downtime.rights import may
from downtime.room import with_room
from forms.trust import AccountChanged

if TYPE_CHECKING:
    from downtime.clock import Clock
    from downtime.home import Home


def locked_accounts(home: Home, clock: Clock) -> dict[str, int]:
    """Return what wrong passwords have locked, with their number; ``CODES`` stands for the one-time codes.

    Whoever opens accounts is never locked and so never listed.
    """
    attempts = Attempts(home.keys, clock)
    found = attempts.locked(failures_max(home))
    if attempts.count(CODES) >= FAILURES_MAX:
        found[CODES] = attempts.count(CODES)
    waiting = {slot.operator for slot in home.keys.slots() if may(slot.roles, "unlock")} if found else set()
    return {operator: count for operator, count in found.items() if operator not in waiting}


def open_account(book: OpenBook, operator: str) -> None:
    """Forget the wrong passwords of an account, or the wrong one-time codes; whoever is at work answers for it.

    Raises:
        RefusedInputError: it is one's own.
        AccessRefusedError: whoever does it has no right to; audited.
    """
    if operator == book.ring.person.operator:
        raise RefusedInputError(
            _("Nobody opens their own account."), _("Another supervisor opens it at this counter.")
        )
    slot = book.home.keys.slot(operator) if operator != CODES else None
    if slot is None and operator != CODES:
        raise RefusedInputError(
            _("{operator} has no account here.").format(operator=operator), _("Compare the number.")
        )
    name = slot.name if slot is not None else ""
    record_event(book, AccountChanged(operator=operator, operator_name=name, change="opened_again"))
    Attempts(book.home.keys, book.clock).forget(operator)


def open_account_at_the_door(home: Home, operator: str, by: str, password: str, clock: Clock) -> None:
    """The same by a supervisor who types number and password at the login screen and is not logged in by it.

    Raises:
        AccessRefusedError: wrong password, or no right to.
        RefusedInputError: as for ``open_account``.
    """
    if by == operator:
        raise RefusedInputError(
            _("Nobody opens their own account."), _("Another supervisor opens it at this counter.")
        )
    book = OpenBook(home, enter(home, by, password, clock), home.current_book(), clock)
    try:
        with_room(home.path, lambda: open_account(book, operator), lambda: None)
    finally:
        book.close()
