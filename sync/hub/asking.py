"""At a station: what the app asks about receipts goes to the hub at once, beside everything else sync does."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from downtime.receipt_question import put_answer, questions
from sync.connectors.hub_link import LinkError, NotTakenError

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from downtime.home import Home
    from sync.connectors.hub_link import HubLink

LOOK_SECONDS: Final = 0.5
TIRED_SECONDS: Final = 5.0
"""How long the hub is left alone after it did not answer."""
OLD_SECONDS: Final = 30.0
"""Nobody looks for the answer to an older question any more."""


class Answering:
    """Asks the hub what the app left as questions; used by one thread."""

    def __init__(self, home: Home, link: HubLink, now: Callable[[], float] = time.time) -> None:
        """Make it.

        Args:
            home: the station.
            link: a line to the hub of its own.
            now: seconds as files are dated.
        """
        self._home, self._link, self._now = home, link, now

    def once(self) -> bool:
        """Answer what is asked now; return whether the hub could be asked."""
        for file, number, using in questions(self._home):
            with suppress(OSError):
                if self._now() - file.stat().st_mtime <= OLD_SECONDS:
                    try:
                        answer = self._link.ask("receipt", {"number": number, "using": using})
                    except NotTakenError:
                        answer = {}  # it does not know what we ask: then nothing is known of it
                    except LinkError:
                        return False
                    put_answer(self._home, number, using, answer)
                file.unlink()
        return True

    def run(self, stop: threading.Event) -> None:
        """Answer until ``stop`` is set."""
        try:
            while not stop.wait(LOOK_SECONDS):
                if not self.once():
                    stop.wait(TIRED_SECONDS)
        finally:
            self._link.close()
