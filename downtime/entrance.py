"""The entrance: checking a password, with every failure counted and noted. Screens and commands come this way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.attempts import FAILURES_MAX, Attempts
from downtime.envelopes import bare
from downtime.errors import AccessRefusedError
from downtime.gate import GateLog
from downtime.i18n import _
from downtime.password_policy import policy_named
from downtime.rights import may
from downtime.room import make_room
from downtime.slots import open_slot

if TYPE_CHECKING:
    from downtime.clock import Clock
    from downtime.home import Home
    from downtime.keys import Keyring
    from downtime.slots import Slot


def enter(home: Home, operator: str, password: str, clock: Clock) -> Keyring:
    """Return the keyring ``password`` opens for ``operator``.

    Raises:
        AccountLockedError: too many wrong passwords before; this one was not looked at.
        AccessRefusedError: no such account or a wrong password; counted, and noted in the gate log.
    """
    make_room(home.path)  # counting a try writes a file: a full disk must not keep everybody out
    slot = home.keys.slot(operator)
    gate = GateLog(home, clock)
    if slot is not None and slot.kind == "break_glass":
        password = bare(password)  # typed from paper, in groups
    if slot is None or slot.closed or slot.kind == "service":
        return _unlock(home, operator, password, gate)
    attempts = Attempts(home.keys, clock)
    _begin(home, slot, attempts, gate)
    ring = _unlock(home, operator, password, gate)
    attempts.forget(operator)
    return ring


def enter_again(home: Home, ring: Keyring, password: str, clock: Clock) -> None:
    """Check the password once more for a session whose account is used up: the emergency envelope's.

    Its file is closed with the first login, so that the code opens nothing twice; the session it opened may
    be locked and gone on with.

    Raises:
        AccountLockedError, AccessRefusedError: as for ``enter``.
    """
    slot, gate = ring.slot, GateLog(home, clock)
    assert slot is not None
    assert slot.kind == "break_glass", "everybody else's account has to be open"
    attempts = Attempts(home.keys, clock)
    _begin(home, slot, attempts, gate)
    try:
        open_slot(slot, bare(password), home.keys.hospital_secret())
    except AccessRefusedError:
        gate.note("login", slot.operator, success=False)
        raise AccessRefusedError(
            _("The emergency code is wrong."), _("Compare it with the paper group by group.")
        ) from None
    attempts.forget(slot.operator)


def failures_max(home: Home) -> int:
    """Return after how many wrong passwords in a row an account is locked."""
    return policy_named(home.settings.access.policy).failures_max or FAILURES_MAX


def _begin(home: Home, slot: Slot, attempts: Attempts, gate: GateLog) -> None:
    try:
        # Who opens accounts is never locked out: a stranger could lock them all.
        attempts.begin(slot.operator, limit=failures_max(home), waits_only=may(slot.roles, "unlock"))
    except AccessRefusedError:
        gate.note("locked", slot.operator, success=False)
        raise
    if attempts.was_tampered:
        gate.note("counters_changed", slot.operator, success=False)


def _unlock(home: Home, operator: str, password: str, gate: GateLog) -> Keyring:
    try:
        return home.keys.unlock(operator, password)
    except AccessRefusedError:
        gate.note("login", operator, success=False)
        raise
