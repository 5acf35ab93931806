"""A worksheet with one entry of each kind that gives a hand trouble, as the first page of its PDF."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from downtime.worksheet import worksheet_entry
from downtime.worksheet_paper import Sheet, worksheet_pdf
from downtime.worksheet_template import shipped_template
from tests.downtime.builders import (
    arrears,
    charge,
    line,
    make_home,
    open_current,
    registration,
    reversal,
    stand,
)

if TYPE_CHECKING:
    from PIL.Image import Image

    from downtime.entry import Entry
    from downtime.i18n import Language

DPI = 110
VISIT = {
    "number": "V000001",
    "kind": "outpatient",
    "department": "0101",
    "department_name": "内科门诊",
    "doctor": "2001",
    "doctor_name": "练习李医生",
}
LINES = (
    line("250101015", 2000, "1", name="血常规(五分类)"),
    line("86979474", 1250, "2", "drug", name="阿莫西林胶囊", spec="0.25g*24", unit="盒"),
    line("中药-001", 300, "7", "drug", name="甘草(编码含中文,只能手录)", unit="g"),
)
SHEETS = {
    "zh": Sheet(
        "练习医院", "1001 练习员王敏", "2026-11-22 停机", "2026-11-22T15:03:00.000+08:00", "1001 练习员王敏",
        "W03-2", "待补录", (("已补录", 3, 12_300), ("已核对", 5, 45_600)),
    ),
    "en": Sheet(
        "Practice Hospital", "1001 练习员王敏", "2026-11-22", "2026-11-22T15:03:00.000+08:00", "1001 练习员王敏",
        "W03-2", "still to be typed in", (("Entered", 3, 12_300), ("Verified", 5, 45_600)),
    ),
}  # fmt: skip


def _entries(folder: Path) -> list[Entry]:
    book = open_current(make_home(folder / "home"))
    nameless = {"number": "TW03A0100001", "name": "无名氏", "temporary": True}
    first = stand(book, charge(LINES, visit=VISIT))
    found = [
        first,
        stand(book, registration()),
        stand(book, arrears([line("A001")], patient=nameless, payer_kind="insured_pending", visit=None)),
        stand(book, reversal(first)),
    ]
    book.close()
    return found


def worksheet_page(language: Language) -> Image:
    """Return the first page."""
    from PIL import Image

    with tempfile.TemporaryDirectory() as folder:
        entries = _entries(Path(folder))
        listed = [
            worksheet_entry(
                entry,
                shipped_template(),
                language=language,
                currency="CNY",
                patients={},
                bills={entries[0].id: "2026112200018"},
            )
            for entry in entries
        ]
        path = Path(folder) / "w.pdf"
        path.write_bytes(worksheet_pdf(SHEETS[language], listed, language, "CNY"))
        subprocess.run(
            ["pdftoppm", "-r", str(DPI), "-png", "-singlefile", path, path.with_suffix("")], check=True
        )
        with Image.open(path.with_suffix(".png")) as drawn:
            return drawn.convert("RGB").quantize(32)
