"""The draft report as files: Word for editing, Markdown for those without it; and where the station puts them."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

from downtime import os_calls
from downtime.errors import WrongPlaceError
from downtime.i18n import _
from downtime.inspection_report import Heading, Paragraph, Table, report_parts
from downtime.whole_file import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.home import Home
    from downtime.i18n import Language
    from downtime.inspection import Inspection
    from downtime.inspection_report import Part

EXPORT_FOLDER = "exports"
_PAGE_CENTIMETRES = (21.0, 29.7)
_MARGIN_CENTIMETRES = 2.2
_LATIN, _CHINESE = "Calibri", "SimSun"
_BODY_POINTS, _TABLE_POINTS = 10.5, 9
_HEAD_GROUND = "E7ECEF"
_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~])")


def export_path(home: Home, made_at: str, suffix: str) -> Path:
    """Return where the station puts a page or a report, in a folder of its own that nobody else can read."""
    folder = home.path / EXPORT_FOLDER
    os_calls.private_dir(folder)
    stamp = made_at[:19].replace(":", "").replace("-", "").replace("T", "-")
    return folder / f"inspection-{home.settings.station.code}-{stamp}{suffix}"


def write_file(target: Path, content: bytes) -> None:
    """Write a file complete or not at all; its owner alone can read it.

    Raises:
        WrongPlaceError: it cannot be written.
    """
    try:
        write_whole(target, content)
    except OSError as error:
        raise WrongPlaceError(
            _("{file} could not be written: {reason}.").format(
                file=target.name, reason=error.strerror or error
            ),
            _("Choose another place with enough room."),
        ) from error


# -- Markdown -----------------------------------------------------------------------------------------


def markdown(inspection: Inspection, language: Language) -> str:
    """Return the draft as Markdown; nothing in it acts as markup but ours."""
    return "\n".join(_markdown_of(part) for part in report_parts(inspection, language))


def _markdown_of(part: Part) -> str:
    match part:
        case Heading(text, level):
            return f"{'#' * (level + 1)} {_escaped(text)}\n"
        case Paragraph(text):
            return _escaped(text) + "\n"
        case Table(head, rows, _widths):
            lines = [_markdown_row(head), "|" + " --- |" * len(head), *(_markdown_row(row) for row in rows)]
            return "\n".join(lines) + "\n"


def _markdown_row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(_escaped(text).replace("\n", "<br>") for text in cells) + " |"


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", text)


# -- Word ---------------------------------------------------------------------------------------------


def word_document(inspection: Inspection, language: Language) -> bytes:
    """Return the draft as a .docx that Word, WPS and LibreOffice open."""
    from docx import Document
    from docx.shared import Cm

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = (Cm(side) for side in _PAGE_CENTIMETRES)
    section.left_margin = section.right_margin = Cm(_MARGIN_CENTIMETRES)
    section.top_margin = section.bottom_margin = Cm(_MARGIN_CENTIMETRES)
    _choose_fonts(document)
    about = document.core_properties
    about.author, about.comments = inspection.by, ""
    parts = report_parts(inspection, language)
    title = parts[0]
    about.title = title.text if isinstance(title, Heading) else ""
    for part in parts:
        _write(document, part)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _choose_fonts(document: Any) -> None:
    """Give every style a Chinese font beside the Latin one, and plain black headings."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name in ("Normal", "Title", "Heading 1", "Heading 2"):
        style = document.styles[name]
        style.font.name = _LATIN
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), _CHINESE)
        style.font.color.rgb = RGBColor(0, 0, 0)
    document.styles["Normal"].font.size = Pt(_BODY_POINTS)


def _write(document: Any, part: Part) -> None:
    match part:
        case Heading(text, level):
            document.add_heading(_xml(text), level)
        case Paragraph(text):
            document.add_paragraph(_xml(text))
        case Table():
            _write_table(document, part)


def _write_table(document: Any, part: Table) -> None:
    from docx.shared import Cm

    room = _PAGE_CENTIMETRES[0] - 2 * _MARGIN_CENTIMETRES
    widths = [Cm(room * width / sum(part.widths)) for width in part.widths]
    table = document.add_table(rows=0, cols=len(part.head))
    table.style = "Table Grid"
    table.autofit = False
    for n, texts in enumerate((part.head, *part.rows)):
        cells = table.add_row().cells
        for cell, text, width in zip(cells, texts, widths, strict=True):
            cell.width = width
            _fill(cell, text, is_head=n == 0)
    _repeat_head(table)
    document.add_paragraph()


def _fill(cell: Any, text: str, *, is_head: bool) -> None:
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement
    from docx.shared import Pt

    run = cell.paragraphs[0].add_run(_xml(text))
    run.font.size = Pt(_TABLE_POINTS)
    run.bold = is_head
    if is_head:
        ground = OxmlElement("w:shd")
        ground.set(qn("w:val"), "clear")
        ground.set(qn("w:fill"), _HEAD_GROUND)
        cell._tc.get_or_add_tcPr().append(ground)  # noqa: SLF001 (python-docx has no name for a ground)


def _repeat_head(table: Any) -> None:
    """Repeat the head on every page the table runs over."""
    from docx.oxml.parser import OxmlElement

    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # noqa: SLF001 (no name for it either)


def _xml(text: str) -> str:
    """Return text without what XML cannot hold; ``visible`` has spelled most of it out already."""
    return _IN_XML.sub("?", text)
