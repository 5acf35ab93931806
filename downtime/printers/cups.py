"""A queue of the operating system: PDFs go to CUPS by ``lp``, and the job is asked after until it is done.

Bytes never go this way: queues that pass them on unchanged are being removed from CUPS.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from typing import TYPE_CHECKING, ClassVar, Self

from downtime.i18n import _
from downtime.printers.contract import API, MaybePrinted, NotPrinted, Printed, PrinterState
from downtime.printers.pdf import pdf_of, trial_receipt
from downtime.printers.raw import nothing_to_adjust, told

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.i18n import Language
    from downtime.printer_profile import PrinterSettings
    from downtime.printers.contract import PageName, PrintJob, PrintOutcome
    from downtime.receipt_rows import Receipt

_ASK_SECONDS_MAX = 3.0
_PAUSE_SECONDS = 0.1
_REQUEST = re.compile(r"request id is (\S+-\d+)")
_NO_PAPER = re.compile(r"media-(empty|needed)|out of paper", re.IGNORECASE)


class CupsPrinter:
    """Hands a PDF to a queue and waits, as long as the profile says, for the queue to be done with it."""

    kind: ClassVar[str] = "cups"
    api: ClassVar[int] = API

    def __init__(self, profile: PrinterSettings) -> None:
        self._profile = profile
        self._queue = profile.queue
        self._server = ["-h", f"{profile.host}:{profile.port_used}"] if profile.host else []

    @classmethod
    def of(cls, profile: PrinterSettings, folder: Path) -> Self:  # noqa: ARG003 (the contract's signature)
        """Return the printer of ``profile``; it keeps nothing."""
        return cls(profile)

    def print_receipt(self, job: PrintJob) -> PrintOutcome:
        """Print one copy."""
        return self._print(job.receipt)

    def print_page(self, page: PageName, language: Language) -> PrintOutcome:
        """Print the test page."""
        return self._print(trial_receipt(language)) if page == "test" else nothing_to_adjust()

    def state(self) -> PrinterState:
        """Ask the queue."""
        answer = self._ask("lpstat", "-p", self._queue)
        if answer is None:
            return PrinterState("unreachable", _("The print system does not answer."))
        code, text = answer
        if code != 0:
            return PrinterState(
                "unreachable", _("There is no queue called {queue}.").format(queue=self._queue)
            )
        return PrinterState("no_paper") if _NO_PAPER.search(text) else self._running(text)

    def _running(self, text: str) -> PrinterState:
        """Return the state of a queue that is there, from what ``lpstat -p`` says of it."""
        if " disabled since" in text:
            return PrinterState("busy", _("The queue {queue} is stopped.").format(queue=self._queue))
        accepting = self._ask("lpstat", "-a", self._queue)
        if accepting is not None and "not accepting" in accepting[1]:
            return PrinterState("busy", _("The queue {queue} takes no jobs.").format(queue=self._queue))
        if " is idle" in text:
            return PrinterState("ok")
        return PrinterState("busy", _("The queue {queue} is printing.").format(queue=self._queue))

    def _print(self, receipt: Receipt) -> PrintOutcome:
        give_up_at = time.monotonic() + self._profile.timeout_seconds
        state = self.state()
        stopped = self._ask("lpstat", "-p", self._queue)
        is_printing = stopped is not None and "now printing" in stopped[1]
        if state.state != "ok" and not is_printing:  # a queue that prints takes one more
            return NotPrinted(told(state))
        answer = self._run(
            ["lp", *self._server, "-d", self._queue, "-t", "receipt", "-"], pdf_of(receipt, self._profile)
        )
        if answer is None:
            return MaybePrinted(_("The print system did not say whether it took the receipt."))
        found = _REQUEST.search(answer[1])
        if answer[0] != 0 or found is None:
            return NotPrinted(_("The queue {queue} refused the receipt.").format(queue=self._queue))
        return self._followed(found.group(1), give_up_at)

    def _followed(self, job: str, give_up_at: float) -> PrintOutcome:
        """Ask after a job until it is done or the time is up; one that never began is taken back."""
        while True:
            waiting = self._ask("lpstat", "-W", "not-completed", "-o", self._queue)
            if waiting is not None and waiting[0] == 0 and not _lists(waiting[1], job):
                return self._ended(job)
            if time.monotonic() >= give_up_at:
                break
            time.sleep(_PAUSE_SECONDS)
        printing = self._ask("lpstat", "-p", self._queue)
        began = printing is None or f"now printing {job}" in printing[1]
        cancelled = self._run(["cancel", *self._server, job], b"")
        if not began and cancelled is not None and cancelled[0] == 0:
            return NotPrinted(_("The queue {queue} did not begin in time.").format(queue=self._queue))
        return MaybePrinted(_("The queue {queue} did not finish in time.").format(queue=self._queue))

    def _ended(self, job: str) -> PrintOutcome:
        """Return how a job ended: done, or given up by the queue."""
        answer = self._ask("lpstat", "-l", "-W", "completed", "-o", self._queue)
        text = answer[1] if answer is not None else ""
        mine = next((part for part in re.split(r"\n(?=\S)", text) if part.startswith(f"{job} ")), "")
        if re.search(r"aborted|canceled", mine):
            return MaybePrinted(_("The queue {queue} gave the receipt up.").format(queue=self._queue))
        return Printed(f"{self._queue} {job}")

    def _ask(self, command: str, *arguments: str) -> tuple[int, str] | None:
        return self._run([command, *self._server, *arguments], b"")

    def _run(self, command: list[str], given: bytes) -> tuple[int, str] | None:
        """Return exit code and words of a command in plain English, or None if it is not there or hangs."""
        environment = {**os.environ, "LC_ALL": "C", "LANGUAGE": "C"}
        try:
            run = subprocess.run(  # noqa: S603 (fixed commands, no shell; a queue's name cannot begin with -)
                command,
                input=given,
                capture_output=True,
                check=False,
                timeout=_ASK_SECONDS_MAX,
                env=environment,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        words = (run.stdout + run.stderr).decode(errors="replace")
        return (run.returncode, words) if "Unable to connect" not in words else None


def _lists(text: str, job: str) -> bool:
    return any(line.split(" ", 1)[0] == job for line in text.splitlines())
