"""Draw docs/papers: ``make papers``, that is ``python -m tests.papers [FOLDER]``.

Rolls and A5 are drawn by poppler from the PDF, thermal dots and dot-matrix forms from the bytes the printer is
sent. Files of pictures that are gone are removed; the certificate and its like belong to others and stay.
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

if TYPE_CHECKING:
    from PIL.Image import Image

    from downtime.receipt_rows import Receipt

DOCS = Path(__file__).resolve().parents[2] / "docs" / "papers"
COLUMNS = {"80": 48, "58": 32}
DPI = 110


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


def main() -> int:
    """Draw everything and return the exit code."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS
    folder.mkdir(parents=True, exist_ok=True)
    for language in get_args(Language):
        receipt = paper("charge", language)
        page(receipt, "a5").save(folder / f"a5-{language}.png", optimize=True)
        for name in COLUMNS:
            roll(receipt, name).save(folder / f"thermal-{name}-{language}.png", optimize=True)
        for name in LINES_OF_SIXTH:
            profile = PrinterSettings.model_validate(
                {"kind": "escp", "device": "-", "paper": name, "parts": 3 if name != "241x280" else 2}
            )
            made = form(escp.receipt_bytes(receipt, profile), name, profile.parts)
            made.save(folder / f"form-{name}-{language}.png", optimize=True)
        profile = PrinterSettings(kind="escp", device="-")
        trial = form(escp.job_bytes(trial_strokes(language), profile), "241x140", 1)
        trial.save(folder / f"form-test-{language}.png", optimize=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
