"""The closing certificate 停机收据汇总单 and the after-action pack on A4, in one language each."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from downtime.clean import visible
from downtime.closing_charts import bars_by_name, bars_over_time, spans_by_name
from downtime.closing_head import heading, hospital_of
from downtime.closing_sheet import FOOT, GREY, HEIGHT, RED, ROOM, SIZE, SMALL, TOP, Block, Pages, String
from downtime.closing_tables import Writer
from downtime.receipt_font import broken, drawable, font
from downtime.receipt_modules import QUIET, modules_of, runs_of
from downtime.shift_report import head_code
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.closing import Closing
    from downtime.i18n import Language

CERTIFICATE = N_("Closing certificate of an outage")
PACK = N_("After-action report of an outage")
DELIVERIES_CODE: Final = "03"
SIGNED_BY = (N_("Cashier"), N_("Finance"), N_("IT"), N_("Date"))
_ALARMING = {
    *("missing", "paper_missing", "in_doubt", "rejected", "over_short_minor", "clock_jumps", "stops"),
    "recovered",
}
_ACROSS: Final = 4
_CODE_SIDE: Final = 92.0
_SIGNATURES: Final = 62.0
_SMALL_CODE: Final = 66.0
_CODES_ACROSS: Final = 3
_PAGE: Final = HEIGHT - TOP - FOOT - 40
"""What may be kept together at most."""
CERTIFIED = (
    *("stations", "three", "methods", "cashiers", "numbers", "his", "lists", "shifts", "papers"),
    "recovered",
)
ONE_BY_ONE = ("alarms", "obstacles", "returns", "open", "differences", "owed", "receipts")
"""The tables of the certificate: sums before the signatures, what they are made of behind them."""
PACKED = (
    *(
        "alarms",
        "obstacles",
        "stations",
        "three",
        "methods",
        "cashiers",
        "his",
        "documents",
        "lists",
        "numbers",
        "shifts",
        "papers",
        "returns",
    ),
    *(
        "recovered",
        "open",
        "differences",
        "owed",
        "intervals",
        "receipts",
        "events",
        "course_by_station",
        "audit",
    ),
)
"""Of one book some of these do not exist; what exists and is empty says so."""


def certificate_pdf(closing: Closing, language: Language, copy: int = 1) -> bytes:
    """Return the certificate; the same book in the same state gives the same bytes for the same copy."""
    pages = Pages(Writer(language, str(closing.place["currency"])))
    font()
    heading(pages, closing, CERTIFICATE, copy)
    _figures(pages, closing)
    _tables(pages, closing, CERTIFIED)
    _codes(pages, closing)
    _signatures(pages)
    pages.turn()
    _tables(pages, closing, ONE_BY_ONE)
    return _drawn(pages, closing, CERTIFICATE)


def pack_pdf(closing: Closing, language: Language) -> bytes:
    """Return the pack: cover, charts and course, then every table behind the figures."""
    writer = Writer(language, str(closing.place["currency"]))
    pages = Pages(writer)
    font()
    heading(pages, closing, PACK, 1)
    _figures(pages, closing)
    _charts(pages, closing)
    pages.table(closing.tables["course"])
    _tables(pages, closing, PACKED)
    _codes(pages, closing)
    _signatures(pages)
    return _drawn(pages, closing, PACK)


def _tables(pages: Pages, closing: Closing, names: Sequence[str]) -> None:
    for name in names:
        if name in closing.tables:
            pages.table(closing.tables[name])


def _drawn(pages: Pages, closing: Closing, title: str) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    writer, place = pages.writer, closing.place
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595.28, 841.89), invariant=1, pageCompression=1)
    named = visible(closing.name)
    canvas.setTitle(f"{writer.say(title)} {named}")
    foot = f"{named}  {closing.made_at[:16].replace('T', ' ')}  SHA-256 {_digest(closing)[:16]}"
    across = writer.say(N_("DRILL")) if place["drill"] else ""
    pages.draw(canvas, f"{writer.say(title)}  {hospital_of(pages, closing)}", visible(foot), across)
    canvas.save()
    return out.getvalue()


def _figures(pages: Pages, closing: Closing) -> None:
    """Put the figures of the cover into cards, four beside one another."""
    writer = pages.writer
    across, height = ROOM / _ACROSS, 31.0
    for begin in range(0, len(closing.figures), _ACROSS):
        block = Block(height, rules=[(0, ROOM, height - 1, 0.86)])
        for n, figure in enumerate(closing.figures[begin : begin + _ACROSS]):
            told = writer.cell(figure, figure.value) or "-"
            alarming = figure.name in _ALARMING and bool(figure.value)
            ink = RED if alarming else (0.0, 0.0, 0.0)
            size = 10.6 if figure.kind != "time" else 8.6
            left = n * across + 3
            label = broken(drawable(writer.say(figure.title)), SMALL, across - 8)[0]
            block.strings.append(String(left, 10, label, SMALL, GREY))
            shown = drawable(("! " if alarming else "") + told)
            block.strings.append(String(left, 24, shown, size, ink, bold=True))
        pages.put(block)


def _charts(pages: Pages, closing: Closing) -> None:
    writer, tables = pages.writer, closing.tables
    if tables["intervals"].rows:
        pages.title(writer.say(tables["intervals"].title), 130)
        pages.put(bars_over_time(tables["intervals"], writer))
    if closing.is_of_many:
        spans = spans_by_name(tables["stations"], writer)
        pages.title(writer.say(tables["stations"].title), spans.height)
        pages.put(spans)
    for name, amount, figure in (("methods", 4, 4), ("documents", 1, 1)):
        table = tables[name]
        if table.rows:
            pages.title(writer.say(table.title), 20.0 * len(table.rows))
            pages.put(
                bars_by_name(
                    [
                        (
                            writer.cell(table.columns[0], row[0]),
                            int(row[amount] or 0),
                            writer.cell(table.columns[figure], row[figure]),
                        )
                        for row in table.rows
                    ]
                )
            )


def head_codes(closing: Closing) -> list[tuple[str, int, str, str]]:
    """Return (what it is of, length, chain hash, digits of the code) of each journal, and of a station's deliveries."""
    found = []
    for book in closing.books:
        title = book.label if closing.is_of_many else N_("Journal")
        found.append((title, book.entries, book.head, head_code(book.entries, bytes.fromhex(book.head))))
        if book.deliveries and not closing.is_of_many:
            digits = head_code(book.deliveries, bytes.fromhex(book.deliveries_head))
            found.append(
                (N_("Deliveries"), book.deliveries, book.deliveries_head, DELIVERIES_CODE + digits[2:])
            )
    return found


def _codes(pages: Pages, closing: Closing) -> None:
    """Print the heads as codes: whoever keeps the paper can hold the books against it later."""
    writer = pages.writer
    codes = head_codes(closing)
    across, side = (_CODES_ACROSS, _SMALL_CODE) if closing.is_of_many else (2, _CODE_SIDE)
    rows = -(-len(codes) // across)
    keep = min(rows * (side + 6) + 40 + _SIGNATURES, _PAGE)
    pages.title(writer.say(N_("Heads of the books")), keep)
    for begin in range(0, len(codes), across):
        pages.put(_row_of_codes(writer, codes[begin : begin + across], across, side))
    digest = _digest(closing)
    pages.words(writer.say(N_("SHA-256 of these facts, as the audit names it: {digest}"), digest=digest),
                SMALL, GREY)  # fmt: skip
    check = N_("Check a code later with: downtime outage check CODE. If it says no, keep this paper.")
    at_hub = N_("Check a code later with: downtime-sync hub check CODE. If it says no, keep this paper.")
    pages.words(writer.say(at_hub if closing.is_of_many else check), SMALL, GREY)


def _digest(closing: Closing) -> str:
    """Return what the paper goes by: of many stations what is signed, so that signing does not change it."""
    return closing.sha256_to_sign if closing.is_of_many else closing.sha256


def _row_of_codes(
    writer: Writer, codes: Sequence[tuple[str, int, str, str]], across: int, side: float
) -> Block:
    block, room = Block(side + 6), ROOM / across
    top, size, step = (22, SIZE, 12.0) if side == _CODE_SIDE else (15, SMALL, 10.5)
    for n, (title, length, head, _digits) in enumerate(codes):
        told = [f"{writer.say(title)}  {length:,}", *_parts(head)]
        for at, line in enumerate(told):
            text = String(n * room + side + 6, top + at * step, drawable(line), size, bold=at == 0)
            block.strings.append(text)

    def draw(canvas: Any, left: float, top: float) -> None:
        for n, (_title, _length, _head, digits) in enumerate(codes):
            _draw_code(canvas, digits, left + n * room, top, side)

    block.art = draw
    return block


def _parts(head: str) -> Sequence[str]:
    return [
        " ".join(head[at : at + 4] for at in range(begin, begin + 16, 4)) for begin in range(0, len(head), 16)
    ]


def _draw_code(canvas: Any, digits: str, left: float, top: float, side: float) -> None:
    matrix = modules_of(digits)
    module = side / (len(matrix) + 2 * QUIET)
    path = canvas.beginPath()
    for y, modules in enumerate(matrix, start=QUIET):
        for x, length in runs_of(modules):
            path.rect(left + (x + QUIET) * module, top - (y + 1) * module, length * module, module)
    canvas.setFillGray(0)
    canvas.drawPath(path, stroke=0, fill=1)


def _signatures(pages: Pages) -> None:
    """Leave room for the names of cashier, finance and IT, and the date."""
    height, across = _SIGNATURES, ROOM / len(SIGNED_BY)
    block = Block(height)
    for n, label in enumerate(SIGNED_BY):
        left = n * across
        text = drawable(pages.writer.say(label))
        block.strings.append(String(left, 22, text, 8.6))
        block.rules.append((left, left + across - 16, 52, 0.2))
    pages.put(block)
