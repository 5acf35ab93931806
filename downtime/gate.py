"""``gate.log``: what happens before any key is open; authenticated with the device secret, drained at login.

Failed logins and boot checks cannot go into the encrypted chain yet. Each line carries a MAC over itself and
the MAC before it; at the next login the lines become audit entries and the file starts anew.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from downtime import os_calls
from downtime.canonical import seal
from forms.station_book import Audit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from downtime.book import OpenBook
    from downtime.clock import Clock
    from downtime.home import Home

LINES_MAX = 5_000
"""Beyond this many lines nothing more is written: a stuck key must not fill the disk."""

_NAMESPACE = uuid.UUID("7d8c2f0e-4d0b-5c1e-9b57-3f1f6f5f0d11")


@dataclass(frozen=True, slots=True)
class GateLine:
    """One line: what happened, to whom, when, and whether its MAC is good."""

    event: str
    operator: str
    at: str
    success: bool
    mac: str
    genuine: bool


class GateLog:
    """The gate log of one home."""

    def __init__(self, home: Home, clock: Clock) -> None:
        self._path = home.gate_log
        self._key = hashlib.sha256(b"downtime gate 1" + home.keys.device_secret()).digest()
        self._clock = clock

    def note(self, event: str, operator: str = "", *, success: bool) -> None:
        """Append one line and sync it; never a password, never a patient."""
        known = self.lines()
        if len(known) >= LINES_MAX:
            return
        line = {"event": event, "operator": operator[:64], "at": self._clock.now().wall, "success": success}
        mac = self._mac(line, known[-1].mac if known else "")
        with self._path.open("a", encoding="utf-8") as log:
            log.write(json.dumps({**line, "mac": mac}, ensure_ascii=False) + "\n")
            log.flush()
            os_calls.fsync_file(log.fileno())
        os_calls.private_file(self._path)

    def lines(self) -> list[GateLine]:
        """Return every line; one whose MAC does not fit is marked, not hidden."""
        if not self._path.exists():
            return []
        found: list[GateLine] = []
        for text in self._path.read_text("utf-8", errors="replace").splitlines():
            found.append(self._read(text, found[-1].mac if found else ""))
        return found

    def _read(self, text: str, previous: str) -> GateLine:
        try:
            stored = json.loads(text)
            mac = str(stored.pop("mac"))
            genuine = hmac.compare_digest(mac, self._mac(stored, previous))
            return GateLine(
                stored["event"], stored["operator"], stored["at"], stored["success"], mac, genuine
            )
        except (ValueError, KeyError, TypeError, AttributeError):
            return GateLine("unreadable", "", "", success=False, mac="", genuine=False)

    def _mac(self, line: dict[str, object], previous: str) -> str:
        return hmac.new(self._key, previous.encode() + seal(line), hashlib.sha256).hexdigest()

    def drain(self, book: OpenBook) -> int:
        """Turn the lines into audit entries and start the file anew; return how many there were.

        A crash in between records nothing twice: each entry's id is made from its line.
        """
        lines = self.lines()
        record_all(book, lines)
        self._path.unlink(missing_ok=True)
        return len(lines)


def record_all(book: OpenBook, lines: Iterable[GateLine]) -> None:
    """Record gate lines as audit entries, each once."""
    from downtime.record import record_station_form
    from downtime.sealing import Filled

    for n, line in enumerate(lines):
        detail = json.dumps(
            {"at": line.at, "operator": line.operator, "genuine": line.genuine},
            ensure_ascii=False,
            sort_keys=True,
        )
        entry_id = str(uuid.uuid5(_NAMESPACE, f"{book.paths.number}:{n}:{line.at}:{line.mac}"))
        form = Audit(
            event=f"gate_{line.event}"[:64], success=line.success, subject=line.operator, detail=detail
        )
        record_station_form(book, Filled(form, entry_id))
