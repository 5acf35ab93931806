"""Packs of paper forms as a PDF: A5 across, or two on an upright A4 sheet. Same pack, same bytes.

Each form carries its number in large figures, and as a QR code of 21 by 21 modules, almost a millimetre each: any
scanner reads it from paper that was in a pocket. Labels stand in both languages, the chosen one larger.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from downtime.i18n import in_language
from downtime.pack_fields import FACES, FIGURES, part_names
from downtime.pack_number import PaperNumber
from downtime.pack_pen import A5_HEIGHT, GREY, LABEL, MM, MODULE, SMALL, THIN, Pen
from downtime.receipt_font import FONT, broken, drawable, font, width_of
from downtime.receipt_modules import QUIET
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from downtime.i18n import Language
    from downtime.pack_fields import Cell, FormFace
    from downtime.settings import Settings
    from forms.paper_pack import PackPrinted

A5_WIDTH = 210 * MM
_MARGIN, _TOP = 11 * MM, 8 * MM
_ROOM = A5_WIDTH - 2 * _MARGIN
_HEAD = 24 * MM
_THICK = 1.1
_TICK = 2.6 * MM

ONLY_FOR_OUTAGES = N_(
    "Temporary proof of an outage, no invoice. Keep it: it is exchanged for the formal document afterwards."
)
WRITE = N_("Write firmly, one form for one patient; a spoilt form is kept with all its parts.")


@dataclass(frozen=True, slots=True)
class Wording:
    """What the site has printed on every form.

    Attributes:
        hospital: its name; ``station`` code and name.
        sentences: below the form.
        parts: names of the copies.
        across: large and pale over the form, for a drill.
    """

    hospital: str
    station: str
    sentences: tuple[str, ...]
    parts: tuple[str, ...]
    across: str = ""


def pack_pdf(pack: PackPrinted, settings: Settings, language: Language) -> bytes:
    """Return the PDF of a pack: every form, every part, in the order of the numbers."""
    from reportlab.pdfgen.canvas import Canvas

    font()
    out = io.BytesIO()
    canvas = Canvas(out, invariant=1, pageCompression=1)
    words = _wording(pack, settings, language)
    first, last = (PaperNumber(pack.series, n, settings.station.drill) for n in (pack.first, pack.last))
    canvas.setTitle(f"{first} - {last}")
    on_a_page = 1 if pack.layout == "a5" else 2
    canvas.setPageSize((A5_WIDTH, on_a_page * A5_HEIGHT))
    forms = list(_forms(pack, settings.station.drill))
    for place, (number, part) in enumerate(forms):
        canvas.saveState()
        canvas.translate(0, (on_a_page - 1 - place % on_a_page) * A5_HEIGHT)
        _Sheet(canvas, FACES[pack.kind], words, language).draw(number, part)
        canvas.restoreState()
        if place % on_a_page:
            _cut(canvas)
        if (place + 1) % on_a_page == 0 or place == len(forms) - 1:
            canvas.showPage()
    canvas.save()
    return out.getvalue()


def _forms(pack: PackPrinted, drill: bool) -> Iterator[tuple[PaperNumber, int]]:  # noqa: FBT001 (one fact)
    for count in range(pack.first, pack.last + 1):
        for part in range(pack.parts):
            yield PaperNumber(pack.series, count, drill), part


def _wording(pack: PackPrinted, settings: Settings, language: Language) -> Wording:
    is_zh = language == "zh"
    receipt, paper = settings.receipt, settings.paper
    said = receipt.wording if is_zh else receipt.wording_en
    where = (
        (receipt.exchange_place, receipt.exchange_time)
        if is_zh
        else (receipt.exchange_place_en, receipt.exchange_time_en)
    )
    exchange = "  ".join(part for part in (*where, receipt.phone) if part)
    named = part_names(pack.kind, paper.part_names if is_zh else paper.part_names_en, pack.parts)
    sentences = said or (in_language(ONLY_FOR_OUTAGES, language),)
    return Wording(
        hospital=settings.hospital.name if is_zh else settings.hospital.name_en or settings.hospital.name,
        station=f"{settings.station.code} {settings.station.name}",
        sentences=(*sentences, *([exchange] if exchange else ()), in_language(WRITE, language)),
        parts=tuple(in_language(name, language) for name in named),
        across=in_language(N_("DRILL"), language) if settings.station.drill else "",
    )


def _cut(canvas: Any) -> None:
    canvas.setDash([4, 3])
    canvas.setLineWidth(0.5)
    canvas.setStrokeGray(GREY)
    canvas.line(0, A5_HEIGHT, A5_WIDTH, A5_HEIGHT)
    canvas.setDash([])


class _Sheet(Pen):
    """Draws one form from its upper edge down; the origin is the lower left corner of its A5."""

    def __init__(self, canvas: Any, face: FormFace, words: Wording, language: Language) -> None:
        super().__init__(canvas, language)
        self.face, self.words = face, words
        self.top = A5_HEIGHT - _TOP

    def draw(self, number: PaperNumber, part: int) -> None:
        """Draw the whole form."""
        if self.words.across:
            self._across()
        self._head(number, self.words.parts[part])
        upper = self.top
        for row in self.face.head:
            self._row(row, self.face.row * MM)
        if self.face.columns:
            self._lines()
        if self.face.money:
            self._sum()
        for row in self.face.foot:
            self._row(row, self.face.row * MM)
        self._frame(upper)
        self._sentences()
        assert self.top > 2.5 * MM, "the form does not fit on its paper"

    # -- parts of it --------------------------------------------------------------------------------

    def _head(self, number: PaperNumber, part: str) -> None:
        top = self.top
        side = len(self.code(number)) * MODULE
        self.qr(number, A5_WIDTH - _MARGIN - side, top + 2 * MM)
        right = A5_WIDTH - _MARGIN - side - QUIET * MODULE
        self.write(_MARGIN, top - 8, self.words.hospital, 9.5, bold=True)
        self.write(_MARGIN, top - 24, self.own(self.face.title), 15, bold=True)
        self.write(_MARGIN, top - 35.5, self.other(self.face.title), 6.8, grey=GREY)
        label = drawable(part)
        width = width_of(label, 9) + 10
        self.canvas.setFillGray(0)
        self.canvas.roundRect(_MARGIN, top - 55.5, width, 14.5, 2.5, stroke=0, fill=1)
        self.write(_MARGIN + 5, top - 51.3, part, 9, white=True)
        self.write(_MARGIN + width + 7, top - 51.3, self.words.station, 7.5, grey=0.3)
        self.write(right, top - 16, str(number), 17, bold=True, right=True)
        self.write(right, top - 27, self.both(N_("Number of this form")), 6.2, grey=GREY, right=True)
        self.top = top - _HEAD + 4 * MM

    def _row(self, cells: Sequence[Cell], height: float) -> None:
        left = _MARGIN
        for cell in cells:
            width = _ROOM * cell.share
            self._cell(cell, left, width, height)
            left += width
            if left < A5_WIDTH - _MARGIN - 1:
                self.line(left, self.top, left, self.top - height)
        self.top -= height
        self.line(_MARGIN, self.top, A5_WIDTH - _MARGIN, self.top)

    def _cell(self, cell: Cell, left: float, width: float, height: float) -> None:
        if cell.label:
            self.label(cell.label, left, width)
        if cell.shape == "time":
            self._time(left, width, height)
        at = left + 4
        for mark in cell.marks:
            low = (
                self.top - height + (height - 9 - _TICK) / 2
                if cell.label
                else self.top - height / 2 - _TICK / 2
            )
            self.canvas.setLineWidth(0.7)
            self.canvas.setStrokeGray(0)
            self.canvas.rect(at, low, _TICK, _TICK)
            self.write(at + _TICK + 2.5, low + 1.2, self.own(mark), 7.6)
            at += _TICK + 7 + width_of(drawable(self.own(mark)), 7.6)

    def _time(self, left: float, width: float, height: float) -> None:
        """Draw date and time so that nobody forgets the minutes."""
        signs = ("年", "月", "日", ":") if self.language == "zh" else ("-", "-", "   ", ":")
        shares = (0.30, 0.48, 0.66, 0.83)
        for sign, share in zip(signs, shares, strict=True):
            self.write(left + width * share, self.top - height + 4, sign, 8.5)

    def _lines(self) -> None:
        face, head, height = self.face, 4.6 * MM, self.face.line * MM
        upper = self.top
        self.canvas.setFillGray(0.93)
        self.canvas.rect(_MARGIN, self.top - head, _ROOM, head, stroke=0, fill=1)
        left = _MARGIN
        for column in face.columns:
            self.label(column.label, left, _ROOM * column.share, down=3.2)
            left += _ROOM * column.share
        self.line(_MARGIN, self.top, A5_WIDTH - _MARGIN, self.top)
        self.top -= head
        self.line(_MARGIN, self.top, A5_WIDTH - _MARGIN, self.top)
        for n in range(face.lines):
            self.write(_MARGIN + 4, self.top - height / 2 - 2.5, str(n + 1), 7.5, grey=0.3)
            self.top -= height
            self.line(_MARGIN, self.top, A5_WIDTH - _MARGIN, self.top)
        left = _MARGIN
        for column in face.columns[:-1]:
            left += _ROOM * column.share
            self.line(left, upper, left, self.top)

    def _sum(self) -> None:
        """Draw the sum twice: a box for each capital figure, and one for figures; both are typed and compared."""
        height = (9.0 if self.face.columns else 15.0) * MM
        words, figures = _ROOM * 0.66, _ROOM * 0.34
        self.write(_MARGIN + 3, self.top - 9, self.own(N_("Sum in capital figures")), LABEL, grey=0.15)
        self.write(_MARGIN + 3, self.top - 17, self.other(N_("Sum in capital figures")), SMALL, grey=GREY)
        box = (words - 78) / len(FIGURES)
        for n, head in enumerate(FIGURES):
            left = _MARGIN + 74 + n * box
            self.canvas.setStrokeGray(GREY)
            self.canvas.setLineWidth(THIN)
            self.canvas.rect(left, self.top - height + 2.5, box, height - 5)
            named = drawable(self.own(head))
            self.write(
                left + box - 2 - width_of(named, 6.4), self.top - height + 5, self.own(head), 6.4, grey=0.35
            )
        left = _MARGIN + words
        self.line(left, self.top, left, self.top - height)
        self.label(N_("Sum in figures"), left, figures)
        self.write(left + 6, self.top - height + 5, "¥", 12, bold=True)
        self.top -= height
        self.line(_MARGIN, self.top, A5_WIDTH - _MARGIN, self.top)

    def _frame(self, upper: float) -> None:
        self.canvas.setLineWidth(_THICK)
        self.canvas.setStrokeGray(0)
        self.canvas.rect(_MARGIN, self.top, _ROOM, upper - self.top)

    def _sentences(self) -> None:
        self.top -= 7.5
        for line in broken(drawable("  ".join(self.words.sentences)), 6.2, _ROOM)[:2]:
            self.write(_MARGIN, self.top, line, 6.2, grey=0.25)
            self.top -= 7.2

    def _across(self) -> None:
        self.canvas.saveState()
        self.canvas.setFillGray(0.87)
        self.canvas.translate(A5_WIDTH / 2, A5_HEIGHT / 2)
        self.canvas.rotate(25)
        self.canvas.setFont(FONT, 120)
        self.canvas.drawCentredString(0, -42, drawable(self.words.across))
        self.canvas.restoreState()
