"""The closing certificate 停机收据汇总单 and the after-action pack on A4, in one language each."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from downtime import __version__
from downtime.clean import visible
from downtime.closing_charts import bars_by_name, bars_over_time
from downtime.closing_day import CLOSED_DAY
from downtime.closing_sheet import BLUE, GREY, RED, ROOM, SIZE, SMALL, Block, Pages, String
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
_ALARMING = {"missing", "paper_missing", "in_doubt", "rejected", "over_short_minor", "clock_jumps", "stops"}
_ACROSS: Final = 4
_CODE_SIDE: Final = 92.0
_SIGNATURES: Final = 62.0
CERTIFIED = ("methods", "cashiers", "numbers", "his", "lists", "shifts", "papers")
ONE_BY_ONE = ("returns", "open", "owed", "receipts")
"""The tables of the certificate: sums before the signatures, what they are made of behind them."""
PACKED = (
    *(
        "obstacles",
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
    *("open", "owed", "intervals", "receipts", "events", "audit"),
)


def certificate_pdf(closing: Closing, language: Language, copy: int = 1) -> bytes:
    """Return the certificate; the same book in the same state gives the same bytes for the same copy."""
    pages = Pages(Writer(language, str(closing.place["currency"])))
    font()
    _heading(pages, closing, CERTIFICATE, copy)
    _figures(pages, closing)
    for name in CERTIFIED:
        pages.table(closing.tables[name])
    _codes(pages, closing)
    _signatures(pages)
    pages.turn()
    for name in ONE_BY_ONE:
        pages.table(closing.tables[name])
    return _drawn(pages, closing, CERTIFICATE)


def pack_pdf(closing: Closing, language: Language) -> bytes:
    """Return the pack: cover, charts and course, then every table behind the figures."""
    writer = Writer(language, str(closing.place["currency"]))
    pages = Pages(writer)
    font()
    _heading(pages, closing, PACK, 1)
    _figures(pages, closing)
    _charts(pages, closing)
    pages.table(closing.tables["course"])
    for name in PACKED:
        pages.table(closing.tables[name])
    _codes(pages, closing)
    _signatures(pages)
    return _drawn(pages, closing, PACK)


def _drawn(pages: Pages, closing: Closing, title: str) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    writer, place = pages.writer, closing.place
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595.28, 841.89), invariant=1, pageCompression=1)
    named = f"{place['station']}{place['incarnation']} {place['book']:04d}"
    canvas.setTitle(f"{writer.say(title)} {named}")
    foot = f"{named}  {closing.made_at[:16].replace('T', ' ')}  SHA-256 {closing.sha256[:16]}"
    across = writer.say(N_("DRILL")) if place["drill"] else ""
    pages.draw(canvas, f"{writer.say(title)}  {_hospital(pages, closing)}", visible(foot), across)
    canvas.save()
    return out.getvalue()


def _hospital(pages: Pages, closing: Closing) -> str:
    place = closing.place
    english = place["hospital_name_en"] if pages.writer.language == "en" else ""
    return visible(str(english or place["hospital_name"]))


def _heading(pages: Pages, closing: Closing, title: str, copy: int) -> None:
    """Say whose paper this is, of what, and how much it may be trusted."""
    writer, place = pages.writer, closing.place
    pages.words(_hospital(pages, closing), 9.6, GREY)
    pages.words(writer.say(title), 17, BLUE, bold=True)
    told = [
        writer.say(N_("Station {station} {name}"), station=f"{place['station']}{place['incarnation']}",
                   name=place["station_name"]),
        writer.say(N_("Book {book}"), book=f"{place['book']:04d}"),
        writer.say(N_("Outage {outages}"), outages=", ".join(place["outages"]) or "-"),
    ]  # fmt: skip
    pages.words(visible("    ".join(told)), 9.2)
    made = closing.made_at[:19].replace("T", " ")
    told = [writer.say(N_("Made {at}, program {version}"), at=made, version=__version__)]
    if copy > 1:
        told.append(writer.say(N_("DUPLICATE: copy {copy}"), copy=copy))
    pages.words(visible("    ".join(told)), SIZE, GREY)
    if not closing.is_finished:
        what = N_("Interim: the book is still open. This is how it stands at entry {entries}.")
        pages.words("! " + writer.say(what, entries=closing.entries), 8.6, RED, bold=True)
    if not closing.is_whole:
        what = N_("NOT AS WRITTEN: {finding} Nothing below can be relied on; call IT.")
        pages.words("! " + visible(writer.say(what, finding=closing.verified)), 8.6, RED, bold=True)
    else:
        what = N_("Verified: all {entries} entries as they were written.")
        pages.words(writer.say(what, entries=f"{closing.entries:,}"), SIZE, GREY)
    if closing.signed_by:
        what = N_("Signed off {at} by {people}.")
        at = closing.signed_at[:16].replace("T", " ")
        pages.words(visible(writer.say(what, at=at, people=", ".join(closing.signed_by))), SIZE)
    pages.words(writer.say(CLOSED_DAY[str(place["closed_day"])]) + ".", SIZE, GREY)
    pages.gap(6)


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
    """Return (msgid of the name, length, chain hash, digits of the code) of journal and deliveries."""
    found = [
        (
            N_("Journal"),
            closing.entries,
            closing.head,
            head_code(closing.entries, bytes.fromhex(closing.head)),
        )
    ]
    if closing.deliveries:
        digits = head_code(closing.deliveries, bytes.fromhex(closing.deliveries_head))
        found.append(
            (N_("Deliveries"), closing.deliveries, closing.deliveries_head, DELIVERIES_CODE + digits[2:])
        )
    return found


def _codes(pages: Pages, closing: Closing) -> None:
    """Print the heads as codes: whoever keeps the paper can hold the books against it later."""
    writer = pages.writer
    pages.title(writer.say(N_("Heads of the books")), _CODE_SIDE + 40 + _SIGNATURES)
    codes = head_codes(closing)
    block = Block(_CODE_SIDE + 6)
    across = ROOM / 2
    for n, (title, length, head, _digits) in enumerate(codes):
        left = n * across + _CODE_SIDE + 8
        told = [f"{writer.say(title)}  {length:,}", *_parts(head)]
        for at, line in enumerate(told):
            block.strings.append(String(left, 22 + at * 12, drawable(line), SIZE, bold=at == 0))

    def draw(canvas: Any, left: float, top: float) -> None:
        for n, (_title, _length, _head, digits) in enumerate(codes):
            _draw_code(canvas, digits, left + n * across, top)

    block.art = draw
    pages.put(block)
    pages.words(writer.say(N_("SHA-256 of these facts, as the audit names it: {digest}"), digest=closing.sha256),
                SMALL, GREY)  # fmt: skip
    pages.words(
        writer.say(
            N_("Check a code later with: downtime outage check CODE. If it says no, keep this paper.")
        ),
        SMALL,
        GREY,
    )


def _parts(head: str) -> Sequence[str]:
    return [
        " ".join(head[at : at + 4] for at in range(begin, begin + 16, 4)) for begin in range(0, len(head), 16)
    ]


def _draw_code(canvas: Any, digits: str, left: float, top: float) -> None:
    matrix = modules_of(digits)
    module = _CODE_SIDE / (len(matrix) + 2 * QUIET)
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
