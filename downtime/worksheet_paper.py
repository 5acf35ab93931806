"""The worksheet 补录工作单 on A4: entries one below the other in the HIS's field order, and sums that add up."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from downtime.clean import visible
from downtime.closing_sheet import (
    BLACK,
    BLUE,
    GREY,
    HEIGHT,
    RED,
    ROOM,
    WIDTH,
    Block,
    Pages,
    String,
)
from downtime.closing_tables import Column, Table, Writer
from downtime.receipt_font import drawable, font, width_of
from downtime.worksheet import DRILL
from downtime.worksheet_blocks import entry_blocks, head_block
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from downtime.i18n import Language
    from downtime.worksheet import WorksheetEntry

TITLE = N_("Worksheet: type into the HIS")
HOW = N_(
    "In the order of the HIS's screen: scan the bars, type what is bold, compare what is grey. Tick the box once it "
    "stands in the HIS."
)
_WHOLE_MAX: Final = 360.0
"""An entry lower than this stays on one page."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a worksheet says beside its entries.

    Attributes:
        hospital: its name.
        whose: whose entries: names and numbers, in words.
        outage: which outage, or "" for all.
        made_at: RFC 3339.
        made_by: who printed it.
        number: of this sheet: station, or H for the hub, and a count.
        listed: which entries, in words: those still open, or all.
        left_out: how many there are besides, by state in words: (words, entries, minor units).
        remarks: by entry id, what to mind besides, in words: on which earlier sheet it stood, what reverses it.
        again: ids of entries that stood on an earlier sheet.
        drill: whether it is a drill's.
    """

    hospital: str
    whose: str
    outage: str
    made_at: str
    made_by: str
    number: str
    listed: str
    left_out: tuple[tuple[str, int, int], ...] = ()
    remarks: Mapping[str, str] = field(default_factory=dict)
    again: frozenset[str] = frozenset()
    drill: bool = False


@dataclass(frozen=True, slots=True)
class FormSum:
    """How many entries of one form stand on a sheet, and what they come to."""

    title: str
    entries: int
    amount_minor: int


def sums_of(listed: Sequence[WorksheetEntry]) -> list[FormSum]:
    """Return a line for each form, in the order they first stand there; all of them add up to the sheet."""
    found: dict[str, FormSum] = {}
    for one in listed:
        before = found.get(one.entry.form) or FormSum(one.title, 0, 0)
        found[one.entry.form] = FormSum(one.title, before.entries + 1, before.amount_minor + one.amount_minor)
    return list(found.values())


def worksheet_pdf(sheet: Sheet, listed: Sequence[WorksheetEntry], language: Language, currency: str) -> bytes:
    """Return the PDF; the same entries and the same sheet give the same bytes."""
    from reportlab.pdfgen.canvas import Canvas

    font()
    writer = Writer(language, currency)
    pages = Pages(writer)
    _heading(pages, sheet, listed)
    for one in listed:
        _put_entry(pages, one, sheet.remarks.get(one.entry.id, ""))
    _sums(pages, sheet, listed)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1)
    title = f"{writer.say(TITLE)}  {sheet.whose}"
    canvas.setTitle(visible(title))
    foot = "  ".join(
        filter(None, (_sheet_words(writer, sheet), sheet.made_at[:16].replace("T", " "), sheet.made_by))
    )
    across = writer.say(N_("DRILL")) if sheet.drill else ""
    pages.draw(canvas, visible(f"{title}  {sheet.outage}"), visible(foot), across)
    canvas.save()
    return out.getvalue()


def _sheet_words(writer: Writer, sheet: Sheet) -> str:
    return writer.say(N_("Sheet {number}"), number=sheet.number)


def _heading(pages: Pages, sheet: Sheet, listed: Sequence[WorksheetEntry]) -> None:
    writer = pages.writer
    block = Block(50)
    number = drawable(_sheet_words(writer, sheet))
    block.strings = [
        String(0, 9, drawable(visible(sheet.hospital)), 9),
        String(0, 30, drawable(writer.say(TITLE)), 16, BLUE, bold=True),
        String(ROOM - width_of(number, 14), 30, number, 14, bold=True),
        String(0, 45, drawable(visible(f"{sheet.whose}   {sheet.outage}   {sheet.listed}")), 10, bold=True),
    ]
    pages.put(block)
    if sheet.drill:
        pages.words(writer.say(DRILL), 11, RED, bold=True)
    again = sum(one.entry.id in sheet.again for one in listed)
    if again:
        told = writer.say(
            N_("REPRINT: {again} of these {all} stood on an earlier sheet. Take that one away."),
            again=again,
            all=len(listed),
        )
        pages.words(told, 11, RED, bold=True)
    pages.words(writer.say(HOW), 7.6, GREY)
    pages.gap(6)


def _put_entry(pages: Pages, one: WorksheetEntry, remark: str) -> None:
    blocks = list(entry_blocks(one, pages.writer, [remark] if remark else []))
    whole = sum(block.height for block in blocks)
    beginning = sum(block.height for block in blocks[:4])
    pages.room_for(whole if whole <= _WHOLE_MAX else min(beginning, _WHOLE_MAX))
    for block in blocks:
        if pages.left < block.height:
            pages.turn()
            if block.strings or block.art:
                pages.put(head_block(one, pages.writer, again=True))
        if pages.left >= block.height:
            pages.put(block)


_SUM_COLUMNS = (
    Column("what", N_("What"), width=3.0),
    Column("entries", N_("Entries"), "count", summed=True),
    Column("amount", N_("Amount"), "money", 1.6, summed=True),
)


def _sums(pages: Pages, sheet: Sheet, listed: Sequence[WorksheetEntry]) -> None:
    writer = pages.writer
    on_it = tuple((one.title, one.entries, one.amount_minor) for one in sums_of(listed))
    pages.table(Table("sums", N_("On this sheet"), _SUM_COLUMNS, on_it))
    if sheet.left_out:
        entries, minor = len(listed), sum(one.amount_minor for one in listed)
        rows = ((writer.say(N_("On this sheet")), entries, minor), *sheet.left_out)
        pages.table(
            Table(
                "all",
                N_("And what is not on it"),
                _SUM_COLUMNS,
                rows,
                N_("Together these are all entries that the HIS must get."),
            )
        )
    block = Block(60)
    across = ROOM / 3
    for n, label in enumerate((N_("Typed in by"), N_("Compared by"), N_("Date"))):
        block.strings.append(String(n * across, 24, drawable(writer.say(label)), 8.6, BLACK))
        block.rules.append((n * across, n * across + across - 16, 52, 0.2))
    pages.put(block)
