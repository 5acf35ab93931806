"""A thermal printer for rolls of 80 or 58 mm that speaks ESC/POS.

Raster first: the receipt is drawn here and sent as dots, so that it looks the same whatever letters the printer
has. As text it is quicker and needs a printer with Chinese letters; its test page says which.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar, Self

from downtime.i18n import _
from downtime.printers import dots
from downtime.printers.contract import PrinterState
from downtime.printers.part_names import parts_on_roll
from downtime.printers.pdf import trial_receipt
from downtime.printers.raw import RawPrinter, nothing_to_adjust
from downtime.printers.sequences import ESCPOS
from downtime.printers.thermal_dots import receipt_dots
from downtime.printers.thermal_text import codes_of, feed_and_cut, native_codes, text_bytes, trial_text

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.Image import Image

    from downtime.i18n import Language
    from downtime.printer_profile import PrinterSettings
    from downtime.printers.channel import Line
    from downtime.printers.contract import PageName, PrintJob, PrintOutcome
    from downtime.receipt_rows import Receipt

_BAND_ROWS = 240
"""Dots are sent in bands, so that a printer with little memory starts at once and prints without a pause."""

_ANSWER_SECONDS_MAX = 0.4
_OFFLINE, _COVER, _FEEDING, _PAPER_STOP, _FAULT = 0x08, 0x04, 0x08, 0x20, 0x40
_PAPER_END, _ROLL_END = 0x60, 0x0C
_NOW_MASK, _NOW_BITS = 0x93, 0x12  # fixed bits of an answer given at once
_NOT_PRINTED_BITS = 0x90  # never set in an answer given after printing


class EscposPrinter(RawPrinter):
    """Sends each copy as one stream of a closed set of sequences; see ``downtime.printers.sequences.ESCPOS``."""

    kind: ClassVar[str] = "escpos"

    def __init__(self, profile: PrinterSettings) -> None:
        super().__init__(profile, RealTimeStatus())

    @classmethod
    def of(cls, profile: PrinterSettings, folder: Path) -> Self:  # noqa: ARG003 (the contract's signature)
        """Return the printer of ``profile``; it keeps nothing."""
        return cls(profile)

    def print_receipt(self, job: PrintJob) -> PrintOutcome:
        """Print one copy and cut it off."""
        return self.send(receipt_bytes(job.receipt, self._profile))

    def print_page(self, page: PageName, language: Language) -> PrintOutcome:
        """Print the page that asks what can be read."""
        return self.send(trial_bytes(language, self._profile)) if page == "test" else nothing_to_adjust()


class RealTimeStatus:
    """The questions an ESC/POS printer answers at once, and the one it answers once it has printed."""

    def state(self, line: Line) -> PrinterState:
        """Ask whether it is on line, and if not, why."""
        answer = _asked(line, 1)
        if answer is None:
            return PrinterState("unknown")
        paper = _asked(line, 4)
        if paper is not None and paper & _PAPER_END:
            return PrinterState("no_paper")
        if not answer & _OFFLINE:
            return PrinterState("ok")
        return _why_stopped(_asked(line, 2) or 0)

    def finished(self, line: Line, seconds: float) -> PrinterState:
        """Ask in the stream: the answer comes when everything before it is on paper."""
        give_up_at = time.monotonic() + seconds
        question = ESCPOS["ask_printed"].made(1)
        while seconds > 0:
            answer = line.ask(question, seconds)
            ours = [octet for octet in answer if octet & _NOT_PRINTED_BITS == 0]
            if ours:
                return PrinterState("no_paper" if ours[-1] & _ROLL_END == _ROLL_END else "ok")
            # what came late is an answer to an earlier question, told by its fixed bits: go on waiting
            question, seconds = b"", give_up_at - time.monotonic() if answer else 0.0
        return PrinterState("unknown")


def _why_stopped(why: int) -> PrinterState:
    if why & _PAPER_STOP:
        return PrinterState("no_paper")
    if why & _COVER:
        return PrinterState("busy", _("The cover of the printer is open."))
    if why & _FAULT:
        return PrinterState("busy", _("The printer reports a fault."))
    return PrinterState("busy")


def _asked(line: Line, question: int) -> int | None:
    answer = line.ask(ESCPOS["ask_now"].made(question), _ANSWER_SECONDS_MAX)
    return next((octet for octet in reversed(answer) if octet & _NOW_MASK == _NOW_BITS), None)


def receipt_bytes(receipt: Receipt, profile: PrinterSettings) -> bytes:
    """Return the bytes of one copy of ``receipt``; the same receipt gives the same bytes."""
    return b"".join(_part_bytes(part, profile) for part in parts_on_roll(receipt))


def _part_bytes(receipt: Receipt, profile: PrinterSettings) -> bytes:
    octets = ESCPOS["reset"].made()
    native = profile.qr == "native" and bool(codes_of(receipt))
    if profile.draws_text:
        octets += text_bytes(receipt, profile)
    else:
        octets += picture_bytes(receipt_dots(receipt, profile.paper_in, with_codes=not native))
        octets += native_codes(receipt) if native else b""
    return octets + feed_and_cut(profile)


def trial_bytes(language: Language, profile: PrinterSettings) -> bytes:
    """Return the bytes of the test page: lines as text by code page, then the same as dots."""
    octets = ESCPOS["reset"].made() + trial_text(language)
    octets += picture_bytes(receipt_dots(trial_receipt(language), profile.paper_in))
    return octets + native_codes(trial_receipt(language)) + feed_and_cut(profile)


def picture_bytes(picture: Image) -> bytes:
    """Return a picture as bands of dots; a width that is no whole number of bytes ends in white."""
    width, height = picture.size
    octets = bytearray()
    for top in range(0, height, _BAND_ROWS):
        band = picture.crop((0, top, width, min(height, top + _BAND_ROWS)))
        octets += ESCPOS["picture"].made((width + 7) // 8, band.size[1], dots=dots.in_rows(band))
    return bytes(octets)
