"""Paper for the safe on A4, in Chinese and English: recovery envelope, emergency envelope, one-time codes.

The upper part goes inside and is folded; the label below the line is cut off and glued to the outside.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from downtime.clean import visible
from downtime.envelopes import grouped
from downtime.i18n import in_language
from downtime.receipt_font import FONT, broken, drawable, font, width_of
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 595.28, 841.89
MARGIN = 48.0
ROOM = WIDTH - 2 * MARGIN
SIZE = 9.0
LEADING = 13.0
_CODE_SIZE = 19.0
_CODE_GROUPS_ON_A_LINE = 4
_QR_SIDE = 104.0
_QUIET = 4
_FOLD = 268.0
_ROW = 24.0

_VOID = N_("Every envelope of this kind sealed before at this station is void: destroy it.")
_SEAL = N_(
    "Fold it with the figures inside, put it into an envelope nobody can see through, glue the label to the outside, "
    "seal it, and sign across the flap. Keep it in the safe; look at the seal once a month."
)
_RECOVERY_OPENS = N_(
    "It opens all books of this station without a password and without this PC: with a backup it brings the station "
    "back to life. Open it only when the PC is lost and nobody can log in, two people together; then seal a new one."
)
_EMERGENCY_OPENS = N_(
    "Staff number 0000, the figures without spaces are the password: it works once, for charging and dispensing when "
    "nobody with an account can come. It exports nothing and is shown in the audit at once. Seal a new one afterwards."
)
_CODES_USE = N_(
    "One line works once, for one act above the limit, or to start or end an outage, when no second person is there. "
    "Tick it and write it down here at once. Somebody must countersign within the time the screen says; controlled "
    "drugs are never given out on a code. The general duty office keeps this sheet sealed; IT may read a line out by "
    "telephone to a caller it knows."
)


@dataclass(frozen=True, slots=True)
class Sealed:
    """What stands on the paper beside the secret.

    Attributes:
        hospital: its name.
        station: code and letter of the incarnation.
        number: of the envelope or sheet.
        made_at: RFC 3339.
        made_by: name and staff number, and ``with_whom`` of the second person.
        holder: who keeps it, or "".
    """

    hospital: str
    station: str
    number: str
    made_at: str
    made_by: str
    with_whom: str
    holder: str = ""


def recovery_paper(sealed: Sealed, code: str) -> bytes:
    """Return the PDF of a recovery envelope."""
    return _envelope(N_("Recovery envelope"), sealed, code, _RECOVERY_OPENS)


def emergency_paper(sealed: Sealed, code: str) -> bytes:
    """Return the PDF of an emergency envelope."""
    return _envelope(N_("Emergency envelope"), sealed, code, _EMERGENCY_OPENS)


def code_sheet_paper(sealed: Sealed, codes: Sequence[str]) -> bytes:
    """Return the PDF of a sheet of one-time codes, a line each to be ticked and written on."""
    page, out = _page(N_("Sheet of one-time codes"), sealed)
    page.words(N_("Sheet of one-time codes"), 15.0)
    page.facts(sealed)
    page.gap(4)
    page.words(_CODES_USE)
    page.gap(6)
    _code_rows(page, codes)
    page.gap(10)
    page.signatures((N_("Sealed by"), N_("Second person"), N_("Kept by"), N_("Date")))
    return page.finished(out)


def _envelope(title: str, sealed: Sealed, code: str, opens: str) -> bytes:
    page, out = _page(title, sealed)
    page.words(title, 15.0)
    page.facts(sealed)
    page.gap(6)
    page.figures(code)
    page.gap(8)
    page.words(opens)
    page.gap(3)
    page.words(_VOID)
    page.gap(3)
    page.words(_SEAL)
    page.gap(6)
    page.signatures((N_("Sealed by"), N_("Second person"), N_("Date")))
    page.signatures((N_("Opened by"), N_("Second person"), N_("Date and reason")))
    page.fold(_FOLD)
    page.words(title, 18.0)
    page.gap(4)
    page.words(N_("Do not open. Opening it is recorded and asked about."), 10.5)
    page.gap(4)
    page.facts(sealed)
    page.gap(4)
    page.signatures((N_("Sealed by"), N_("Second person"), N_("Kept by"), N_("Date")))
    return page.finished(out)


def _code_rows(page: _Page, codes: Sequence[str]) -> None:
    """Draw a table: number, code, box to tick, and room to write."""
    columns = [
        (24.0, ""),
        (84.0, N_("One-time code")),
        (30.0, N_("Used")),
        (96.0, N_("Date, time")),
        (104.0, N_("By, given out by")),
        (ROOM - 338.0, N_("For what, receipt number")),
    ]
    row = min(_ROW, (page.top - MARGIN - 120) / (len(codes) + 1))
    page.row(columns, [_both(title) if title else "" for _width, title in columns], row, 7.0)
    for n, code in enumerate(codes, start=1):
        page.row(columns, [str(n), grouped(code), "[  ]", "", "", ""], row, 10.5)


def _both(message: str) -> str:
    chinese, english = in_language(message, "zh"), in_language(message, "en")
    return chinese if chinese == english else f"{chinese} {english}"


def _page(title: str, sealed: Sealed) -> tuple[_Page, io.BytesIO]:
    from reportlab.pdfgen.canvas import Canvas

    font()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1)
    canvas.setTitle(f"{in_language(title, 'zh')} {sealed.station} {sealed.number}")
    return _Page(canvas), out


class _Page:
    """Writes down one A4 page."""

    def __init__(self, canvas: Any) -> None:
        self.canvas, self.top = canvas, HEIGHT - MARGIN

    def gap(self, points: float) -> None:
        self.top -= points

    def words(self, message: str, size: float = SIZE) -> None:
        """Write a sentence in Chinese, then in English, each over the whole width."""
        for language in ("zh", "en"):
            smaller = size if language == "zh" else size * 0.9
            for line in broken(drawable(in_language(message, language)), smaller, ROOM):
                self.put(MARGIN, line, smaller)
                self.top -= smaller * LEADING / SIZE

    def put(self, left: float, text: str, size: float) -> None:
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(left, self.top - size, drawable(visible(text)))

    def facts(self, sealed: Sealed) -> None:
        """Write whose it is, its number and when it was made."""
        facts = [
            (N_("Hospital"), sealed.hospital),
            (N_("Station"), sealed.station),
            (N_("Envelope or sheet"), sealed.number),
            (N_("Sealed at"), f"{sealed.made_at[:10]} {sealed.made_at[11:16]}"),
            (N_("By"), sealed.made_by),
            (N_("Second person"), sealed.with_whom),
        ]
        if sealed.holder:
            facts.append((N_("Kept by"), sealed.holder))
        for n, (label, told) in enumerate(facts):
            left = MARGIN + (n % 2) * ROOM / 2
            self.put(left, _both(label), SIZE * 0.85)
            self.canvas.setFont(FONT, SIZE * 1.1)
            self.put(left + 96, told, SIZE * 1.1)
            if n % 2 or n == len(facts) - 1:
                self.top -= LEADING * 1.25

    def figures(self, code: str) -> None:
        """Write the figures in groups inside a frame, their QR code beside them."""
        groups = grouped(code).split(" ")
        lines = [
            "   ".join(groups[at : at + _CODE_GROUPS_ON_A_LINE])
            for at in range(0, len(groups), _CODE_GROUPS_ON_A_LINE)
        ]
        height = max(_QR_SIDE + 8, len(lines) * _CODE_SIZE * 1.7 + 16)
        self.canvas.setLineWidth(1.2)
        self.canvas.setStrokeGray(0)
        self.canvas.rect(MARGIN, self.top - height, ROOM, height)
        kept = self.top
        self.top -= (height - len(lines) * _CODE_SIZE * 1.7) / 2
        for line in lines:
            self.put(MARGIN + 18, line, _CODE_SIZE)
            self.top -= _CODE_SIZE * 1.7
        _draw_code(self.canvas, code, WIDTH - MARGIN - _QR_SIDE - 8, kept - (height - _QR_SIDE) / 2)
        self.top = kept - height

    def signatures(self, labels: Sequence[str]) -> None:
        """Leave room for names written by hand."""
        across = ROOM / len(labels)
        self.top -= LEADING * 0.4
        for n, label in enumerate(labels):
            left = MARGIN + n * across
            self.put(left, _both(label), SIZE * 0.85)
            self.canvas.setLineWidth(0.5)
            self.canvas.line(left, self.top - LEADING * 2.6, left + across - 12, self.top - LEADING * 2.6)
        self.top -= LEADING * 3.2

    def fold(self, at: float) -> None:
        """Draw the line along which the label is cut off."""
        assert self.top > at, "the upper part is too long for its paper"
        self.canvas.setDash([4, 3])
        self.canvas.setLineWidth(0.7)
        self.canvas.line(MARGIN / 2, at, WIDTH - MARGIN / 2, at)
        self.canvas.setDash([])
        words = _both(N_("Cut here: label for the outside"))
        self.canvas.setFont(FONT, 7)
        self.canvas.drawString(WIDTH - MARGIN - width_of(drawable(words), 7), at - 9, drawable(words))
        self.top = at - 16

    def row(
        self, columns: Sequence[tuple[float, str]], texts: Sequence[str], height: float, size: float
    ) -> None:
        """Draw one row of a table."""
        left = MARGIN
        self.canvas.setLineWidth(0.5)
        self.canvas.setStrokeGray(0)
        for (width, _title), text in zip(columns, texts, strict=True):
            self.canvas.rect(left, self.top - height, width, height)
            self.canvas.setFont(FONT, size)
            shown = broken(drawable(text), size, width - 6)[:2] if text else []
            for n, line in enumerate(shown):
                down = (height - size * 1.15 * len(shown)) / 2 + size * (1 + 1.15 * n) - size * 0.12
                self.canvas.drawString(left + 4, self.top - down, line)
            left += width
        self.top -= height

    def finished(self, out: io.BytesIO) -> bytes:
        """Return the bytes of the whole paper."""
        assert self.top > 0, "it does not fit on one page"
        self.canvas.showPage()
        self.canvas.save()
        return out.getvalue()


def _draw_code(canvas: Any, text: str, left: float, top: float) -> None:
    import segno

    matrix = segno.make(text, error="m", micro=False).matrix
    across = len(matrix) + 2 * _QUIET
    module = _QR_SIDE / across
    canvas.setFillGray(0)
    for y, modules in enumerate(matrix):
        for x, dark in enumerate(modules):
            if dark:
                canvas.rect(
                    left + (x + _QUIET) * module,
                    top - (y + _QUIET + 1) * module,
                    module,
                    module,
                    stroke=0,
                    fill=1,
                )
