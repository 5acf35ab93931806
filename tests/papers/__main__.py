"""Draw docs/papers and docs/closing: ``make papers``, that is ``python -m tests.papers [FOLDER]``.

One receipt large on every paper, and for each paper one sheet of everything anybody is handed. A5 is drawn by
poppler from the PDF, thermal dots and dot-matrix forms from the bytes the printer is sent.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from downtime.i18n import Language
from downtime.printer_profile import PrinterSettings
from downtime.printers import escp, escpos
from downtime.printers.matrix_face import LINES_OF_SIXTH
from downtime.printers.matrix_pages import trial_strokes
from downtime.printers.pdf import pdf_of
from tests.downtime.printers.matrix_paper import MatrixPrinter, sheets
from tests.downtime.printers.thermal_paper import ThermalPrinter
from tests.downtime.test_receipt import paper
from tests.papers import closings
from tests.papers.kinds import KINDS, drawn_of
from tests.papers.worksheets import worksheet_page

if TYPE_CHECKING:
    from PIL.Image import Image

    from downtime.receipt_rows import Receipt

DOCS = Path(__file__).resolve().parents[2] / "docs" / "papers"
COLUMNS = {"80": 48, "58": 32}
DPI = 110
PAPERS = {
    "80": "thermal-80",
    "58": "thermal-58",
    "a5": "a5",
    "241x93": "form-241x93",
    "241x140": "form-241x140",
    "241x280": "form-241x280",
}
"""Each paper and what its pictures are called."""
SHEETS = {
    "80": (0.45, 7),
    "58": (0.48, 7),
    "a5": (0.5, 4),
    "241x93": (0.45, 4),
    "241x140": (0.42, 4),
    "241x280": (0.35, 5),
}
"""How much smaller each copy is on a sheet of all, and how many stand side by side."""
GAP = 6


def page(receipt: Receipt, name: str) -> Image:
    """Return the first page of the PDF on the paper called ``name``."""
    from PIL import Image

    profile = PrinterSettings.model_validate({"kind": "pdf_folder", "paper": name})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "r.pdf"
        path.write_bytes(pdf_of(receipt, profile))
        subprocess.run(
            ["pdftoppm", "-r", str(DPI), "-png", "-singlefile", path, path.with_suffix("")], check=True
        )
        with Image.open(path.with_suffix(".png")) as drawn:
            return drawn.convert("L").quantize(16)


def roll(receipt: Receipt, name: str) -> Image:
    """Return what a thermal head prints on the roll called ``name``."""
    from PIL import ImageOps

    profile = PrinterSettings.model_validate({"kind": "escpos", "device": "-", "paper": name})
    printer = ThermalPrinter(columns=COLUMNS[name]).take(escpos.receipt_bytes(receipt, profile))
    return ImageOps.invert(printer.picture().convert("L")).convert("1")


def form(octets: bytes, name: str, parts: int) -> Image:
    """Return the forms a dot-matrix printer is sent, as they hang out of it, half as large."""
    printer = MatrixPrinter().take(octets)
    lines = LINES_OF_SIXTH[name]
    whole = sheets(printer, lines, max(1, printer.y // (lines * 30)), parts)
    return whole.resize((whole.width * 2 // 3, whole.height * 2 // 3)).quantize(16)


def copy_of(receipt: Receipt, name: str) -> Image:
    """Return one copy on the paper called ``name``, as its usual printer makes it."""
    if name in COLUMNS:
        return roll(receipt, name)
    if name == "a5":
        return page(receipt, name)
    profile = PrinterSettings.model_validate(
        {"kind": "escp", "device": "-", "paper": name, "parts": 3 if name != "241x280" else 2}
    )
    return form(escp.receipt_bytes(receipt, profile), name, profile.parts)


def contact_sheet(name: str, language: Language) -> Image:
    """Return every kind of paper side by side, small."""
    from PIL import Image

    scale, columns = SHEETS[name]
    small = []
    for kind in KINDS:
        whole = copy_of(drawn_of(kind, language), name).convert("L")
        small.append(whole.resize((int(whole.width * scale), int(whole.height * scale))))
    rows = [small[n : n + columns] for n in range(0, len(small), columns)]
    width = columns * (max(one.width for one in small) + GAP) + GAP
    height = sum(max(one.height for one in row) + GAP for row in rows) + GAP
    sheet = Image.new("L", (width, height), 150)
    y = GAP
    for row in rows:
        for n, one in enumerate(row):
            sheet.paste(one, (GAP + n * (width - GAP) // columns, y))
        y += max(one.height for one in row) + GAP
    return sheet.quantize(4)


def main() -> int:
    """Draw everything and return the exit code."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS
    folder.mkdir(parents=True, exist_ok=True)
    for language in get_args(Language):
        receipt = paper("charge", language)
        for name, stem in PAPERS.items():
            copy_of(receipt, name).save(folder / f"{stem}-{language}.png", optimize=True)
            contact_sheet(name, language).save(folder / f"all-{stem}-{language}.png", optimize=True)
        profile = PrinterSettings(kind="escp", device="-")
        trial = form(escp.job_bytes(trial_strokes(language), profile), "241x140", 1)
        trial.save(folder / f"form-test-{language}.png", optimize=True)
        worksheet_page(language).save(folder / f"worksheet-{language}.png", optimize=True)
    closings.draw(folder if folder != DOCS else closings.DOCS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
