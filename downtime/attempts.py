"""Wrong passwords are counted in a file, never by the clock on the wall.

An account is counted as failed before its password is checked, so that killing the program gives no free
guess, and the count goes back only when the right one came. Whoever may open accounts is never locked but
made to wait, by the time since the PC started: else a stranger could lock everybody out for a whole outage.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from downtime import os_calls
from downtime.canonical import seal
from downtime.errors import AccessRefusedError, InUseError, StopRecordingError
from downtime.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from downtime.clock import Clock, Moment
    from downtime.keys import KeyFolder

FAILURES_MAX = 5
WAIT_SECONDS_MAX = 60
CODES = "one-time codes"
"""Wrong one-time codes are counted under this name."""


class AccountLockedError(AccessRefusedError):
    """Too many wrong passwords; a supervisor opens the account at the counter."""


@dataclass(frozen=True, slots=True)
class Failures:
    """How often in a row, and when the last try was on the clock since the PC started."""

    count: int = 0
    boot_id: str = ""
    at_ms: int = 0


class Attempts:
    """The failure counters of one station.

    Attributes:
        was_tampered: the file is gone, or was not written with this PC's secret; counting began anew.
    """

    def __init__(self, keys: KeyFolder, clock: Clock) -> None:
        self._keys, self._clock = keys, clock
        self._path = keys.folder / "attempts.json"
        self._mac_key = hashlib.sha256(b"downtime attempts 1" + keys.device_secret()).digest()
        self.was_tampered = False

    def count(self, operator: str) -> int:
        """Return how many failures in a row an account has."""
        return self._read().get(operator, Failures()).count

    def locked(self, limit: int) -> dict[str, int]:
        """Return the accounts at or above ``limit``, with their counts."""
        return {name: failures.count for name, failures in self._read().items() if failures.count >= limit}

    def begin(self, operator: str, *, limit: int, waits_only: bool) -> None:
        """Count one try before its password is looked at.

        Args:
            operator: whose account, or ``CODES``.
            limit: failures after which it is locked, or has to wait.
            waits_only: it is never locked, only made to wait.

        Raises:
            AccountLockedError: locked; the try is not made.
            AccessRefusedError: too early; the message says how many seconds are left.
            StopRecordingError: the disk refuses to count; without that nobody is let in.
        """
        try:
            self._begin(operator, limit, waits_only=waits_only)
        except OSError as error:
            raise StopRecordingError(
                _("The disk refused to count this login ({reason}).").format(reason=error.strerror or error),
                _("Go on by paper and call IT: the disk may be full or failing."),
            ) from error

    def _begin(self, operator: str, limit: int, *, waits_only: bool) -> None:
        with self._held():
            known = self._read()
            failures = known.get(operator, Failures())
            now = self._clock.now()
            if failures.count >= limit:
                if not waits_only:
                    raise _locked(operator, failures.count)
                left = _seconds_left(failures, limit, now)
                if left > 0:
                    raise AccessRefusedError(
                        _("Too many wrong passwords for {operator}.").format(operator=operator),
                        _("Try again in {seconds} seconds.").format(seconds=left),
                    )
            known[operator] = Failures(failures.count + 1, now.boot_id, now.monotonic_ms)
            self._write(known)

    def forget(self, operator: str) -> None:
        """Start counting anew: the right password came, or a supervisor opened the account."""
        with suppress(OSError), self._held():  # a count that stays too high keeps nobody out yet
            known = self._read()
            if known.pop(operator, None) is not None:
                self._write(known)

    @contextmanager
    def _held(self) -> Iterator[None]:
        path = self._path.with_suffix(".lock")
        os_calls.private_file(path)
        with path.open("rb+") as lock:
            if not os_calls.hold_file(lock.fileno(), 10):
                raise InUseError(
                    _("Another login is being checked on this PC."), _("Wait a moment and try again.")
                )
            try:
                yield
            finally:
                os_calls.let_go_of_file(lock.fileno())

    def _read(self) -> dict[str, Failures]:
        try:
            stored = json.loads(self._path.read_text("utf-8"))
            if not hmac.compare_digest(str(stored["mac"]), self._mac(stored["failures"])):
                self.was_tampered = True
                return {}
            return {name: Failures(*found) for name, found in stored["failures"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            self.was_tampered = True
            return {}

    def start(self) -> None:
        """Make the file of a new station or PC; from then on its absence is noticed like an edit."""
        self._write({})

    def _write(self, known: dict[str, Failures]) -> None:
        failures = {name: [one.count, one.boot_id, one.at_ms] for name, one in sorted(known.items())}
        text = json.dumps({"v": 1, "failures": failures, "mac": self._mac(failures)}, indent=1)
        self._keys.write("attempts.json", text)

    def _mac(self, failures: Any) -> str:
        return hmac.new(self._mac_key, seal(failures), hashlib.sha256).hexdigest()


def _locked(operator: str, count: int) -> AccountLockedError:
    if operator == CODES:
        return AccountLockedError(
            _("Too many wrong one-time codes; no code is taken any more."),
            _("A second person signs, or a supervisor opens the codes again."),
        )
    return AccountLockedError(
        _("{operator} is locked after {count} wrong passwords.").format(operator=operator, count=count),
        _("A supervisor opens it at this counter: F9 on the login screen."),
    )


def _seconds_left(failures: Failures, limit: int, now: Moment) -> int:
    """Return how long to wait still; after a restart of the PC the whole wait begins with the start."""
    wait = min(WAIT_SECONDS_MAX, 1 << min(failures.count - limit, 10))
    began_ms = failures.at_ms if failures.boot_id == now.boot_id else 0
    return max(0, wait - max(0, now.monotonic_ms - began_ms) // 1000)
