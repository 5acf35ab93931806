"""The inspector's page on A4, lying: what is missing first, then what is out of date, then what can be shown.

Text is only ever drawn as a string; no patient stands on it. Pages are laid out before the first is drawn, so
that each can say how many there are.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from downtime import __version__
from downtime.i18n import in_language
from downtime.inspection_text import (
    NO_VERDICT,
    TITLE,
    clause_words,
    place_words,
    responsible_words,
    state_words,
    wording_words,
)
from downtime.inspection_words import (
    BLOCKS,
    EVIDENCE,
    MARKS,
    MISSING,
    NOT_APPLICABLE,
    OUT_OF_DATE,
    STATES,
    minute,
)
from downtime.receipt_font import FONT, broken, drawable, font
from forms.text import N_

if TYPE_CHECKING:
    from downtime.i18n import Language
    from downtime.inspection import Checked, Inspection
    from downtime.inspection_words import State

WIDTH, HEIGHT = 841.89, 595.28
MARGIN: Final = 34.0
FOOT: Final = 30.0
ROOM: Final = WIDTH - 2 * MARGIN
SIZE, SMALL, LEADING = 8.6, 7.4, 11.4
PAD: Final = 4.0
COLUMNS = (82.0, 268.0, 318.0, ROOM - 668.0)
"""State; requirement; evidence; who answers for it."""

INK: dict[State, tuple[float, float, float]] = {
    MISSING: (0.70, 0.10, 0.10),
    OUT_OF_DATE: (0.62, 0.38, 0.0),
    EVIDENCE: (0.05, 0.42, 0.20),
    NOT_APPLICABLE: (0.40, 0.40, 0.40),
}
_HEADS = (N_("State"), N_("Requirement"), N_("Evidence of this station"), N_("Responsible"))
_SIGNED = (N_("Inspected by"), N_("Head of IT"), N_("Head of the hospital"), N_("Date"))


@dataclass(slots=True)
class _String:
    x: float
    y: float
    text: str
    size: float = SIZE
    ink: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(slots=True)
class _Row:
    """Something as high as it is, drawn from its top left corner; ``shape`` is a state to be drawn too."""

    height: float
    strings: list[_String] = field(default_factory=list)
    shape: State | None = None
    rules: list[tuple[float, float, float]] = field(default_factory=list)
    ground: float = 1.0


def inspection_pdf(inspection: Inspection, language: Language) -> bytes:
    """Return the page as a PDF; the same inspection gives the same bytes."""
    from reportlab.pdfgen.canvas import Canvas

    font()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1)
    canvas.setTitle(f"{in_language(TITLE, language)} {inspection.station} {minute(inspection.made_at)}")
    pages = _pages(inspection, language)
    for number, rows in enumerate(pages, start=1):
        top = HEIGHT - MARGIN
        for row in rows:
            _draw(canvas, row, top)
            top -= row.height
        _draw_foot(canvas, inspection, language, number, len(pages))
        canvas.showPage()
    canvas.save()
    return out.getvalue()


# -- layout -------------------------------------------------------------------------------------------


def _pages(inspection: Inspection, language: Language) -> list[list[_Row]]:
    heads = _table_head(language)
    pages = [[*_top(inspection, language), heads]]
    room = HEIGHT - MARGIN - FOOT
    for one in inspection.urgent_first():
        row = _control_row(one, language)
        if sum(other.height for other in pages[-1]) + row.height > room:
            pages.append([heads])
        pages[-1].append(row)
    for row in (_marks(language), _signatures(language)):
        if sum(other.height for other in pages[-1]) + row.height > room:
            pages.append([])
        pages[-1].append(row)
    return pages


def _top(inspection: Inspection, language: Language) -> list[_Row]:
    rows = [
        _Row(24, [_String(0, 15, drawable(in_language(TITLE, language)), 15)]),
        _Row(14, [_String(0, 9, drawable(place_words(inspection, language)), 9.6)]),
    ]
    made = in_language(N_("Made {at} by {who}, program {version}"), language)
    told = made.format(at=minute(inspection.made_at), who=inspection.by, version=__version__)
    rows.append(_sentence(told))
    rows.append(_sentence(in_language(NO_VERDICT, language)))
    rows += [_sentence(f"! {note.words(language)}", INK[OUT_OF_DATE]) for note in inspection.notes]
    rows.append(_Row(5))
    rows.append(_counts_row(in_language(N_("Chapter"), language), [state_words(state, language) for state in STATES],
                            in_language(N_("Total"), language), head=True))  # fmt: skip
    for block, title in BLOCKS.items():
        counts = inspection.counts(block)
        rows.append(_counts_row(in_language(title, language), [str(counts[state]) for state in STATES],
                                str(inspection.total(block))))  # fmt: skip
    counts = inspection.counts()
    rows.append(_counts_row(in_language(N_("Total"), language), [str(counts[state]) for state in STATES],
                            str(inspection.total()), head=True))  # fmt: skip
    rows.append(_Row(8))
    return rows


def _sentence(text: str, ink: tuple[float, float, float] = (0.25, 0.25, 0.25)) -> _Row:
    lines = broken(drawable(text), SIZE, ROOM)
    strings = [_String(0, SIZE + n * LEADING, line, SIZE, ink) for n, line in enumerate(lines)]
    return _Row(len(lines) * LEADING + 1, strings)


def _counts_row(name: str, counts: list[str], total: str, *, head: bool = False) -> _Row:
    strings = [_String(PAD, 9.4, drawable(name))]
    for n, (text, state) in enumerate(zip(counts, STATES, strict=True)):
        ink = INK[state] if text != "0" else (0.55, 0.55, 0.55)
        strings.append(_String(120 + n * 92, 9.4, drawable(text), SIZE, ink))
    strings.append(_String(120 + len(STATES) * 92, 9.4, drawable(total)))
    edge = 120 + len(STATES) * 92 + 60
    return _Row(12.6, strings, rules=[(0, edge, 12.6)], ground=0.94 if head else 1.0)


def _table_head(language: Language) -> _Row:
    strings, left = [], 0.0
    for title, width in zip(_HEADS, COLUMNS, strict=True):
        strings.append(_String(left + PAD, 11, drawable(in_language(title, language)), SIZE))
        left += width
    return _Row(16, strings, rules=[(0, ROOM, 0), (0, ROOM, 16)], ground=0.92)


def _control_row(one: Checked, language: Language) -> _Row:
    """Lay a control out over the four columns, each broken into lines of its own."""
    control = one.control
    grey = (0.35, 0.35, 0.35)
    block = in_language(BLOCKS[control.block], language)
    cells: list[list[tuple[str, float, tuple[float, float, float]]]] = [
        [(state_words(one.state, language), SIZE, INK[one.state]), (block, SMALL, grey)],
        [
            (control.title_in(language), SIZE, (0.0, 0.0, 0.0)),
            (clause_words(control, language), SMALL, grey),
            *([(wording_words(control, language), SMALL, grey)] if control.is_verified else []),
        ],
        [(one.line.words(language), SIZE, (0.0, 0.0, 0.0)), *_first_source(one, language)],
        [(responsible_words(one, language), SIZE, (0.0, 0.0, 0.0))],
    ]
    strings: list[_String] = []
    left, lowest = 0.0, 0.0
    for n, (texts, width) in enumerate(zip(cells, COLUMNS, strict=True)):
        indent = 13.0 if n == 0 else 0.0  # beside the shape
        y = PAD - 1.0
        for text, size, ink in texts:
            for line in broken(drawable(text), size, width - 2 * PAD - indent):
                y += size * LEADING / SIZE
                strings.append(_String(left + PAD + indent, y - 1.8, line, size, ink))
        lowest = max(lowest, y)
        left += width
    height = lowest + PAD
    return _Row(height, strings, shape=one.state, rules=[(0, ROOM, height)])


def _first_source(one: Checked, language: Language) -> list[tuple[str, float, tuple[float, float, float]]]:
    if not one.facts:
        return []
    grey = (0.35, 0.35, 0.35)
    found = in_language(N_("facts: {count}, the first from: {source}"), language)
    return [(found.format(count=len(one.facts), source=one.facts[0].source.words(language)), SMALL, grey)]


def _marks(language: Language) -> _Row:
    joined = "   ".join(f"[{mark}] {in_language(words, language)}" for mark, words in MARKS.items())
    lines = broken(drawable(joined), SMALL, ROOM)
    strings = [_String(0, 14 + n * 10, line, SMALL, (0.35, 0.35, 0.35)) for n, line in enumerate(lines)]
    return _Row(14 + len(lines) * 10, strings)


def _signatures(language: Language) -> _Row:
    row = _Row(64)
    across = ROOM / len(_SIGNED)
    for n, label in enumerate(_SIGNED):
        left = n * across
        row.strings.append(_String(left, 26, drawable(in_language(label, language))))
        row.rules.append((left, left + across - 18, 54))
    return row


# -- drawing ------------------------------------------------------------------------------------------


def _draw(canvas: Any, row: _Row, top: float) -> None:
    if row.ground < 1 and row.rules:
        canvas.setFillGray(row.ground)
        right = max(rule[1] for rule in row.rules)
        canvas.rect(MARGIN, top - row.height, right, row.height, stroke=0, fill=1)
    for string in row.strings:
        canvas.setFillColorRGB(*string.ink)
        canvas.setFont(FONT, string.size)
        canvas.drawString(MARGIN + string.x, top - string.y, string.text)
    for left, right, down in row.rules:
        canvas.setStrokeGray(0.65)
        canvas.setLineWidth(0.4)
        canvas.line(MARGIN + left, top - down, MARGIN + right, top - down)
    if row.shape is not None:
        _draw_shape(canvas, row.shape, MARGIN + PAD, top - PAD - LEADING + 2.6)


def _draw_shape(canvas: Any, state: State, left: float, bottom: float) -> None:
    """Draw a state as a shape: cross, triangle, filled square, dash; it is told without its colour."""
    side = 7.2
    canvas.setFillColorRGB(*INK[state])
    canvas.setStrokeColorRGB(*INK[state])
    canvas.setLineWidth(1.4)
    if state == EVIDENCE:
        canvas.rect(left, bottom, side, side, stroke=0, fill=1)
    elif state == OUT_OF_DATE:
        path = canvas.beginPath()
        path.moveTo(left, bottom)
        path.lineTo(left + side, bottom)
        path.lineTo(left + side / 2, bottom + side)
        path.close()
        canvas.drawPath(path, stroke=0, fill=1)
    elif state == MISSING:
        canvas.line(left, bottom, left + side, bottom + side)
        canvas.line(left, bottom + side, left + side, bottom)
    else:
        canvas.line(left, bottom + side / 2, left + side, bottom + side / 2)


def _draw_foot(canvas: Any, inspection: Inspection, language: Language, number: int, pages: int) -> None:
    said = in_language(N_("Page {number} of {pages}"), language).format(number=number, pages=pages)
    canvas.setFont(FONT, SMALL)
    canvas.setFillGray(0.35)
    canvas.drawString(
        MARGIN, 16, drawable(f"{inspection.station}{inspection.incarnation}  {minute(inspection.made_at)}")
    )
    canvas.drawRightString(WIDTH - MARGIN, 16, drawable(said))
