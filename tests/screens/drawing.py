"""A screen as a small picture: cell by cell, so that Chinese stands exactly where a terminal puts it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont
from rich.cells import cell_len

import downtime

if TYPE_CHECKING:
    from rich.color import Color
    from rich.style import Style
    from textual.strip import Strip

    from downtime.app import DowntimeApp

CELL_WIDTH, CELL_HEIGHT, GLYPH = 9, 18, 15
COLOURS = 48
_SHIPPED = Path(downtime.__file__).parent / "fonts" / "DowntimeSansSC-Regular.ttf"
_LATIN = (Path("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"), _SHIPPED)
_BLACK, _WHITE = (16, 23, 28), (232, 238, 242)


@cache
def _font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size)


def draw_screen(app: DowntimeApp, path: Path) -> None:
    """Write the screen in sight to ``path`` as a PNG with a small palette."""
    strips = app.screen._compositor.render_strips()
    width, height = app.size
    picture = Image.new("RGB", (width * CELL_WIDTH, height * CELL_HEIGHT), _BLACK)
    pen = ImageDraw.Draw(picture)
    for row, strip in enumerate(strips):
        _draw_row(pen, strip, row * CELL_HEIGHT)
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


def _draw_row(pen: ImageDraw.ImageDraw, strip: Strip, top: int) -> None:
    left = 0
    for segment in strip:
        ink, ground = _colours(segment.style)
        width = cell_len(segment.text) * CELL_WIDTH
        if width:
            pen.rectangle((left, top, left + width - 1, top + CELL_HEIGHT - 1), fill=ground)
        for sign in segment.text:
            size = max(cell_len(sign), 1) * CELL_WIDTH
            if not sign.isspace():
                _draw_sign(pen, sign, (left, top, size), ink)
            left += cell_len(sign) * CELL_WIDTH


def _draw_sign(
    pen: ImageDraw.ImageDraw, sign: str, place: tuple[int, int, int], ink: tuple[int, int, int]
) -> None:
    left, top, size = place
    latin = next(path for path in _LATIN if path.exists())
    font = _font(latin if size == CELL_WIDTH else _SHIPPED, GLYPH)
    pen.text((left + size / 2, top + CELL_HEIGHT / 2), sign, font=font, fill=ink, anchor="mm")


def _colours(style: Style | None) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    ink = _rgb(style.color if style else None, _WHITE)
    ground = _rgb(style.bgcolor if style else None, _BLACK)
    if style and style.reverse:
        ink, ground = ground, ink
    if style and style.dim:
        ink = tuple((a + b) // 2 for a, b in zip(ink, ground, strict=True))  # type: ignore[assignment]  # three of them
    return ink, ground


def _rgb(colour: Color | None, otherwise: tuple[int, int, int]) -> tuple[int, int, int]:
    if colour is None or colour.is_default:
        return otherwise
    return tuple(colour.get_truecolor())  # type: ignore[return-value]  # three numbers
