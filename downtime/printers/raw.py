"""One job of bytes to one printer: what is known of it afterwards."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar, Protocol

from downtime.i18n import _
from downtime.printers.channel import NobodyThereError, channel_of
from downtime.printers.contract import API, MaybePrinted, NotPrinted, Printed, PrinterState

if TYPE_CHECKING:
    from downtime.printer_profile import PrinterSettings
    from downtime.printers.channel import Channel, Line
    from downtime.printers.contract import PrintOutcome


class RawPrinter:
    """What printers that take bytes have in common.

    Args:
        profile: where the printer is and how long it is waited for.
        questions: how it is asked.
    """

    api: ClassVar[int] = API

    def __init__(self, profile: PrinterSettings, questions: Questions) -> None:
        self._profile, self._questions = profile, questions
        self._channel = channel_of(profile)

    def state(self) -> PrinterState:
        """Ask it, or the port where the printer itself answers nothing."""
        return state_of(self._channel, self._questions)

    def send(self, job: bytes) -> PrintOutcome:
        """Send one job, and say what became of it."""
        return deliver(self._channel, job, self._questions, self._profile.timeout_seconds)


class Questions(Protocol):
    """How one kind of printer is asked."""

    def state(self, line: Line) -> PrinterState:
        """Ask how it is, now."""
        ...

    def finished(self, line: Line, seconds: float) -> PrinterState:
        """Ask after a job: answered only when everything before the question has been printed."""
        ...


def deliver(channel: Channel, job: bytes, questions: Questions, timeout_seconds: float) -> PrintOutcome:
    """Send ``job`` and say what became of it, within ``timeout_seconds`` from the first byte.

    A printer that answers questions is asked before and after; one that answers none has printed what it took
    whole, as far as anybody can know.
    """
    give_up_at = time.monotonic() + timeout_seconds
    line: Line | None = None
    try:
        with channel.open() as line:
            return _sent(channel.name, line, job, questions, give_up_at)
    except NobodyThereError as error:
        return NotPrinted(_not_reached(channel.name, error))
    except OSError as error:
        reason = error.strerror or str(error)
        if line is None or not line.sent:
            return NotPrinted(_not_reached(channel.name, error))
        return MaybePrinted(
            _("Cut off after {sent} of {all} bytes: {reason}.").format(
                sent=line.sent, all=len(job), reason=reason
            )
        )


def _sent(name: str, line: Line, job: bytes, questions: Questions, give_up_at: float) -> PrintOutcome:
    before = questions.state(line)
    if before.state not in {"ok", "unknown"}:
        return NotPrinted(told(before))
    line.send(job, give_up_at)
    if before.state == "unknown":
        return Printed(name)
    after = questions.finished(line, max(0.1, give_up_at - time.monotonic()))
    if after.state == "ok":
        return Printed(name)
    if after.state == "unknown":
        return MaybePrinted(_("The printer took everything and did not say that it printed it."))
    return MaybePrinted(told(after))


def state_of(channel: Channel, questions: Questions) -> PrinterState:
    """Ask a printer how it is; nothing is printed."""
    try:
        with channel.open() as line:
            return questions.state(line)
    except OSError as error:
        return PrinterState("unreachable", _not_reached(channel.name, error))


def told(state: PrinterState) -> str:
    """Return what a state means, for the operator, in the language in use."""
    if state.reason:
        return state.reason
    return {
        "ok": _("The printer is ready."),
        "busy": _("The printer is busy or stopped."),
        "no_paper": _("The printer has no paper."),
        "unreachable": _("The printer does not answer."),
        "unknown": _("The printer takes what it is sent and answers no question."),
    }[state.state]


def _not_reached(name: str, error: OSError) -> str:
    return _("The printer {printer} is not reached: {reason}.").format(
        printer=name, reason=error.strerror or str(error)
    )


def nothing_to_adjust() -> NotPrinted:
    """Return the answer of printers without forms to a request for the nudge page."""
    return NotPrinted(_("This printer has no forms whose place could be adjusted."))
