"""The papers of the end of an outage as pictures: of one station, and of all stations with much that is missing."""

from __future__ import annotations

import subprocess
import tempfile
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from downtime.clock import ManualClock
from downtime.closing import closing_of
from downtime.closing_pdf import certificate_pdf, pack_pdf
from downtime.receipt_number import format_number
from tests.downtime.closings import OUTAGE, make_outage
from tests.downtime.kept_books import ring_of
from tests.sync.hub.collected import AT, CHINA, NOW, Collected, made_hub, make_stations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.Image import Image

    from downtime.i18n import Language

DPI: Final = 80
DOCS: Final = Path(__file__).resolve().parents[2] / "docs" / "closing"
STATIONS: Final = tuple(f"W{n:02d}" for n in range(1, 9))
PAGES: Final = 2
"""How many pages of each paper stand beside one another."""


def beside(pdf: bytes) -> Image:
    """Return the first pages of a PDF beside one another."""
    from PIL import Image

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "c.pdf"
        path.write_bytes(pdf)
        command = ["pdftoppm", "-r", str(DPI), "-png", "-l", str(PAGES), str(path), str(path.with_suffix(""))]
        subprocess.run(command, check=True)
        pages = [Image.open(one).convert("RGB") for one in sorted(Path(folder).glob("c-*.png"))]
        whole = Image.new("RGB", (sum(one.width for one in pages), pages[0].height), "white")
        for n, one in enumerate(pages):
            whole.paste(one, (n * one.width, 0))
        return whole.quantize(48)


@contextmanager
def _hospital(root: Path) -> Iterator[Collected]:
    """Give a hub with eight stations, of which one lags behind, one never came, and one is known from paper alone."""
    with made_hub(root / "hub") as hub:
        named = {"name": "练习医院", "name_en": "Practice Hospital"}
        hub.place.settings = hub.place.settings.model_copy(
            update={"hospital": hub.place.settings.hospital.model_copy(update=named)}
        )
        for home, ring in make_stations(root, STATIONS, 40):
            hub.bring(home, ring)
        hub.deliver(("refused", "refused"))
        hub.known("W09")
        hub.told("W05", NOW, '[["A", 1, 190]]')
        hub.ended()
        with hub.db.writing():
            for n in (1, 2):
                hub.db.rows(
                    "INSERT INTO recovered (number, station, incarnation, counter, form, amount_minor, outage, "
                    "happened_at, facts, codes, scanned_by, scanned_at) "
                    "VALUES (?, 'W10', 'A', ?, 'charge', ?, ?, ?, ?, ?, '4001', ?)",
                    (format_number("W10", "A", n, drill=False), n, 4500 * n, OUTAGE, AT, b"{}", b"[]", NOW),
                )
        yield hub


def draw(folder: Path = DOCS) -> None:
    """Draw all of them in both languages."""
    folder.mkdir(parents=True, exist_ok=True)
    languages: tuple[Language, ...] = ("zh", "en")
    with tempfile.TemporaryDirectory() as made:
        root = Path(made)
        clock = ManualClock(datetime(2026, 1, 5, 8, 20, tzinfo=CHINA))
        home = make_outage(root / "home", clock, 60)
        for language in languages:
            closing = closing_of(home, ring_of(home, "4003"), home.book(1), language, NOW)
            beside(certificate_pdf(closing, language)).save(
                folder / f"certificate-{language}.png", optimize=True
            )
            beside(pack_pdf(closing, language)).save(folder / f"pack-{language}.png", optimize=True)
        with _hospital(root / "all") as hub:
            for language in languages:
                whole = hub.read(language)
                drawn = certificate_pdf(whole.closing, language)
                beside(drawn).save(folder / f"hub-certificate-{language}.png", optimize=True)
                beside(pack_pdf(whole.closing, language)).save(
                    folder / f"hub-pack-{language}.png", optimize=True
                )
