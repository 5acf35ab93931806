"""A dot-matrix printer (针式) on continuous forms of one to three parts, as an LQ-1600K takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from downtime import os_calls
from downtime.i18n import _
from downtime.printers.channel import DeviceLine
from downtime.printers.contract import PrinterState
from downtime.printers.matrix_face import LEADINGS, LINES_OF_SIXTH, MatrixFace, sheet_of
from downtime.printers.matrix_pages import nudge_strokes, trial_strokes
from downtime.printers.matrix_strokes import strokes_of
from downtime.printers.part_names import part_feet
from downtime.printers.raw import RawPrinter
from downtime.printers.sequences import ESCP
from downtime.receipt_wide import forms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from downtime.i18n import Language
    from downtime.printer_profile import PrinterSettings
    from downtime.printers.channel import Line
    from downtime.printers.contract import PageName, PrintJob, PrintOutcome
    from downtime.printers.matrix_strokes import Stroke
    from downtime.receipt_column import Form
    from downtime.receipt_rows import Receipt

_DOWN_MAX = 255
_NO_PAPER, _SELECTED, _NO_ERROR = 0x20, 0x10, 0x08


class EscpPrinter(RawPrinter):
    """Sends each form as one stream of a closed set of sequences; see ``downtime.printers.sequences.ESCP``."""

    kind: ClassVar[str] = "escp"

    def __init__(self, profile: PrinterSettings) -> None:
        super().__init__(profile, PortStatus())

    @classmethod
    def of(cls, profile: PrinterSettings, folder: Path) -> Self:  # noqa: ARG003 (the contract's signature)
        """Return the printer of ``profile``; it keeps nothing."""
        return cls(profile)

    def print_receipt(self, job: PrintJob) -> PrintOutcome:
        """Print one copy: all parts at once through carbon paper, or one after the other."""
        return self.send(receipt_bytes(job.receipt, self._profile))

    def print_page(self, page: PageName, language: Language) -> PrintOutcome:
        """Print the page that asks what can be read, or the forms that measure where the paper lies."""
        made = trial_strokes(language) if page == "test" else nudge_strokes(language)
        return self.send(job_bytes(made, self._profile))


class PortStatus:
    """What the status lines of a parallel or USB port say; nothing over a network."""

    def state(self, line: Line) -> PrinterState:
        """Read the lines."""
        status = os_calls.port_status(line.fd) if isinstance(line, DeviceLine) else None
        if status is None:
            return PrinterState("unknown")
        if status & _NO_PAPER:
            return PrinterState("no_paper")
        if not status & _SELECTED or not status & _NO_ERROR:
            return PrinterState("busy", _("The printer is off line or reports a fault."))
        return PrinterState("ok")

    def finished(self, line: Line, seconds: float) -> PrinterState:
        """Read them once more: the port took everything, and says whether paper ran out meanwhile."""
        del seconds
        return self.state(line)


def receipt_bytes(receipt: Receipt, profile: PrinterSettings) -> bytes:
    """Return the bytes of one copy of ``receipt``; the same receipt gives the same bytes."""
    feet = part_feet(profile, receipt)
    face, first = _laid_out(receipt, profile, feet[0])
    sheet = sheet_of(profile.paper_in)
    made = [first, *(forms(receipt, sheet, face, foot) for foot in feet[1:])]
    as_dots = not profile.draws_text
    return job_bytes(
        [strokes_of(form, face, profile.code_page, as_dots=as_dots) for part in made for form in part],
        profile,
    )


def _laid_out(receipt: Receipt, profile: PrinterSettings, foot: str) -> tuple[MatrixFace, list[Form]]:
    """Return the forms with the widest lines that need no more of them than the tightest."""
    tight = profile.paper_in == "241x93"
    sheet = sheet_of(profile.paper_in)
    tried = []
    for leading in LEADINGS:
        face = MatrixFace(profile.code_page, leading, tight=tight)
        tried.append((face, forms(receipt, sheet, face, foot)))
        if len(tried[-1][1]) == 1:
            break
    return min(tried, key=lambda one: len(one[1]))


def job_bytes(pages: Sequence[Sequence[Stroke]], profile: PrinterSettings) -> bytes:
    """Return the bytes that print ``pages``, one to a form."""
    lines = LINES_OF_SIXTH[profile.paper_in]
    length = lines * 30
    octets = bytearray()
    for name, number in (
        ("reset", None),
        ("international", 0),
        ("lines_of_sixth", None),
        ("form_lines", lines),
    ):
        octets += ESCP[name].made() if number is None else ESCP[name].made(number)
    for name in ("no_skip", "latin", "twelve_per_inch", "plain"):
        octets += ESCP[name].made()
    octets += ESCP["quality"].made(1) + ESCP["proportional"].made(0) + ESCP["spacing"].made(0)
    octets += ESCP["chinese_full"].made() + ESCP["chinese_spacing"].made(3, 3)
    for page in pages:
        octets += b"".join(_page(page, profile, length))
    return bytes(octets)


def _page(strokes: Sequence[Stroke], profile: PrinterSettings, length: int) -> Iterator[bytes]:
    y = 0
    for stroke in sorted(strokes, key=lambda one: (one.y, one.x)):
        place = max(y, stroke.y + profile.nudge)
        if place > y:
            yield from _down(place - y)
            y = place
        yield ESCP["across"].made(max(0, stroke.x + profile.nudge_across)) + stroke.octets
    if profile.creep:  # the paper's own length, not what the printer counts in lines
        yield from _down(max(1, length + profile.creep - y))
    else:
        yield ESCP["return"].made() + ESCP["form_feed"].made()


def _down(steps: int) -> Iterator[bytes]:
    yield ESCP["return"].made()
    while steps:
        step = min(steps, _DOWN_MAX)
        yield ESCP["down"].made(step)
        steps -= step
