"""The inspector's page and the draft report: complete, in both languages, without a patient and without a verdict."""

from __future__ import annotations

import io
import re
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from docx import Document
from pypdf import PdfReader

import downtime
from downtime.inspection import Inspection, inspect_station
from downtime.inspection_controls import FILE
from downtime.inspection_pdf import inspection_pdf
from downtime.inspection_ports import listening_ports, own_ports
from downtime.inspection_report import Heading, Table, report_parts
from downtime.inspection_text import state_words
from downtime.inspection_words import BLOCKS, STATES
from downtime.inspection_writing import markdown, word_document
from tests.downtime.builders import PATIENT, charge, stand, unlock

if TYPE_CHECKING:
    from downtime.book import OpenBook
    from downtime.i18n import Language

LANGUAGES: tuple[Language, ...] = ("zh", "en")
NEVER = "\u5408\u89c4"
IDENTITY = "110101198001310017"
PHONE = "13800138000"
_IDENTITIES = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])")
_PHONES = re.compile(r"(?<![0-9A-Za-z])1\d{10}(?![0-9A-Za-z])")
_NAMES = (PATIENT["name"], "练习患者乙", "练习担保人")


@pytest.fixture
def inspection(open_book: OpenBook) -> Inspection:
    """Return the inspection of a station with patients in it, and numbers of theirs in the hospital's own texts."""
    patient = {**PATIENT, "phone": PHONE, "id_number": IDENTITY, "name": "练习患者乙"}
    stand(open_book, charge())
    stand(open_book, charge(patient={key: patient[key] for key in ("number", "name", "sex", "birth_date")}))
    folder = open_book.home.path / "inspection"
    folder.mkdir()
    (folder / f"training {PHONE} {IDENTITY}.pdf").write_bytes(b"%PDF")
    first = inspect_station(open_book.home, unlock(open_book.home), open_book.clock)
    path = open_book.home.path / FILE
    text = path.read_text("utf-8").replace('responsible = ""', f'responsible = "练习员 {PHONE}"', 3)
    path.write_text(text, "utf-8")
    assert first.total() > 40
    return inspect_station(open_book.home, unlock(open_book.home), open_book.clock)


def _pdf_text(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def _docx_text(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def _all_texts(inspection: Inspection, language: Language) -> dict[str, str]:
    return {
        "pdf": "\n".join(_pdf_text(inspection_pdf(inspection, language))),
        "docx": _docx_text(word_document(inspection, language)),
        "md": markdown(inspection, language),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_patient_stands_on_any_paper(inspection: Inspection, language: Language) -> None:
    """No identity number, no phone, no patient's name: not from the book, not from what the hospital wrote."""
    for kind, text in _all_texts(inspection, language).items():
        assert not _IDENTITIES.search(text), kind
        assert not _PHONES.search(text), kind
        assert not any(name in text for name in _NAMES), kind
    told = str(inspection.as_json())
    assert not any(name in told for name in _NAMES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_paper_passes_judgement(inspection: Inspection, language: Language) -> None:
    """The word an assessor alone may use stands nowhere."""
    for kind, text in _all_texts(inspection, language).items():
        assert NEVER not in text, kind


def test_no_text_of_ours_passes_judgement() -> None:
    """Not on screen, in the catalogue, in the controls, in the documents."""
    root = Path(downtime.__file__).parent
    looked = [path for kind in ("*.py", "*.po", "*.toml", "*.tcss", "*.txt") for path in root.rglob(kind)]
    looked += (root.parent / "docs").rglob("*.md")
    found = [path.name for path in looked if NEVER in path.read_text("utf-8")]
    assert len(looked) > 100
    assert not found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_numbers_itself_and_says_when_it_was_made(
    inspection: Inspection, language: Language
) -> None:
    """A4, page x of y and the time on every page, room for signatures on the last."""
    content = inspection_pdf(inspection, language)
    pages = _pdf_text(content)
    for number, text in enumerate(pages, start=1):
        wanted = (
            f"第 {number} 页 共 {len(pages)} 页" if language == "zh" else f"Page {number} of {len(pages)}"
        )
        assert wanted in text
        assert inspection.made_at[:16].replace("T", " ") in text
    assert ("自查人" if language == "zh" else "Inspected by") in pages[-1]
    sizes = {
        tuple(round(float(side)) for side in page.mediabox[2:])
        for page in PdfReader(io.BytesIO(content)).pages
    }
    assert sizes == {(842, 595)}
    assert content == inspection_pdf(inspection, language)


def test_what_is_missing_stands_first(inspection: Inspection) -> None:
    """Missing, then out of date, then evidence; every control once."""
    text = "\n".join(_pdf_text(inspection_pdf(inspection, "zh")))
    places = [text.rfind(one.control.title_in("zh")[:6]) for one in inspection.urgent_first()]
    assert min(places) >= 0
    order = [STATES.index(one.state) for one in inspection.urgent_first()]
    assert order == sorted(order)
    table = text[text.index("本站证据") :]
    assert table.index(state_words("missing", "zh")) < table.index(state_words("evidence", "zh"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_draft_has_the_chapters_of_such_reports(inspection: Inspection, language: Language) -> None:
    """General, the five technical ones, problems, rectification, signatures; each control in its own."""
    parts = report_parts(inspection, language)
    chapters = [part.text for part in parts if isinstance(part, Heading) and part.level == 1]
    assert len(chapters) == 9
    if language == "zh":
        names = ("基本情况", "硬件", "网络", "数据库", "软件", "应急", "发现的问题", "整改计划", "签字")
        assert chapters == [
            f"{numeral}、{name}" for numeral, name in zip("一二三四五六七八九", names, strict=True)
        ]
        assert "「待医院填写」" in markdown(inspection, language)
    titles = [one.control.title_in(language) for one in inspection.checked]
    cells = [cell for part in parts if isinstance(part, Table) for row in part.rows for cell in row]
    assert all(any(title in cell for cell in cells) for title in titles)


def test_word_and_markdown_say_the_same(inspection: Inspection) -> None:
    """The .docx opens again with every table and heading the Markdown has, on A4, in a Chinese font."""
    document: Any = Document(io.BytesIO(word_document(inspection, "zh")))
    text = markdown(inspection, "zh")
    assert len(document.tables) == text.count("| --- |\n")
    headings = [one.text for one in document.paragraphs if one.style.name.startswith(("Heading", "Title"))]
    assert len(headings) == len(re.findall(r"^#+ ", text, re.MULTILINE))
    counts = document.tables[1]
    assert [cell.text for cell in counts.rows[-1].cells][-1] == str(inspection.total())
    assert sum(int(row.cells[-1].text) for row in counts.rows[1:-1]) == inspection.total()
    assert len(counts.rows) == len(BLOCKS) + 2
    assert "SimSun" in document.styles["Normal"].element.xml
    assert round(document.sections[0].page_width.cm, 1) == 21.0


def test_foreign_text_stays_text(open_book: OpenBook) -> None:
    """What the hospital writes into its file, or calls its files, acts nowhere: bidi, markup, table rows."""
    home = open_book.home
    inspect_station(home, unlock(home), open_book.clock)
    path = home.path / FILE
    hostile = "练习\\u202E|科长 [red]x[/red] <b> *y*"
    path.write_text(
        path.read_text("utf-8").replace('responsible = ""', f'responsible = "{hostile}"', 1), "utf-8"
    )
    found = inspect_station(home, unlock(home), open_book.clock)
    assert "\u202e" not in markdown(found, "zh")
    assert "\u202e" not in _docx_text(word_document(found, "zh"))
    assert "\\|科长 \\[red\\]" in markdown(found, "zh")
    assert inspection_pdf(found, "zh")


def test_no_socket_is_opened(open_book: OpenBook, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole of it works with the network off."""

    def refused(*_arguments: object, **_named: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    found = inspect_station(open_book.home, unlock(open_book.home), open_book.clock)
    assert inspection_pdf(found, "zh")
    assert word_document(found, "en")


_TABLE = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"


def _line(address: str, port: int, state: str, inode: int) -> str:
    return f"   0: {address}:{port:04X} 00000000:0000 {state} 00000000:00000000 00:00000000 00000000  0 0 {inode} 1\n"


def test_ports_are_read_from_the_kernels_tables(tmp_path: Path) -> None:
    """Only what listens and can be reached counts; ours are found by their open files, on any address."""
    proc = tmp_path / "proc"
    (proc / "net").mkdir(parents=True)
    tcp = [
        _line("00000000", 445, "0A", 11),
        _line("0100007F", 5432, "0A", 12),
        _line("0100A8C0", 6000, "01", 13),
    ]
    (proc / "net" / "tcp").write_text(_TABLE + "".join(tcp), "ascii")
    (proc / "net" / "tcp6").write_text(_TABLE + _line("0" * 24 + "01000000", 8080, "0A", 14), "ascii")
    ours = proc / "77"
    (ours / "fd").mkdir(parents=True)
    (ours / "cmdline").write_bytes(b"/usr/bin/python3\0/opt/bin/downtime-sync\0run\0")
    (ours / "fd" / "5").symlink_to("socket:[12]")
    (proc / "78" / "fd").mkdir(parents=True)
    (proc / "78" / "cmdline").write_bytes(b"/usr/sbin/smbd\0")
    (proc / "78" / "fd" / "5").symlink_to("socket:[11]")
    assert listening_ports(proc) == {445}
    assert own_ports(proc) == {5432}
    assert listening_ports(tmp_path / "nowhere") is None
