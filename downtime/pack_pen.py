"""The pen that draws paper forms: labels in both languages, text, lines, the code of a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.clean import visible
from downtime.i18n import in_language
from downtime.receipt_font import FONT, drawable, width_of
from downtime.receipt_modules import runs_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.i18n import Language
    from downtime.pack_number import PaperNumber

MM = 72 / 25.4
A5_HEIGHT = 148.5 * MM
MODULE = 0.85 * MM
LABEL, SMALL = 6.6, 4.9
THIN = 0.45
GREY = 0.55
_OTHER_MIN, _OWN_MIN = 3.4, 5.6


class Pen:
    """Draws on one form from its upper edge down; the origin is the lower left corner of its A5.

    Attributes:
        top: how far down it has come.
    """

    def __init__(self, canvas: Any, language: Language) -> None:
        self.canvas, self.language = canvas, language
        self.top = A5_HEIGHT

    def label(self, message: str, left: float, width: float, down: float = 2.2) -> None:
        """Write a label in both languages, as small as it must be to fit its box."""
        own, other = drawable(self.own(message)), drawable(self.other(message))
        own_size, other_size = LABEL, SMALL
        room = width - 6
        while width_of(own, own_size) + 4 + width_of(other, other_size) > room and other_size > _OTHER_MIN:
            other_size -= 0.2
            own_size = max(own_size - 0.1, _OWN_MIN)
        base = self.top - down - own_size * 0.85
        self.write(left + 3, base, own, own_size, grey=0.15)
        if own != other and width_of(own, own_size) + 4 + width_of(other, other_size) <= room:
            self.write(left + 6 + width_of(own, own_size), base, other, other_size, grey=GREY)

    def write(
        self,
        left: float,
        base: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        white: bool = False,
        right: bool = False,
        grey: float = 0.0,
    ) -> None:
        """Write a text that nothing parses."""
        seen = drawable(visible(text))
        shade = 1.0 if white else grey
        self.canvas.setFillGray(shade)
        if bold:
            self.canvas.setStrokeGray(shade)
            self.canvas.setLineWidth(size * 0.028)
        self.canvas.setFont(FONT, size)
        draw = self.canvas.drawRightString if right else self.canvas.drawString
        draw(left, base, seen, mode=2 if bold else 0)

    def line(self, left: float, top: float, right: float, low: float) -> None:
        """Draw a thin line."""
        self.canvas.setLineWidth(THIN)
        self.canvas.setStrokeGray(0.25)
        self.canvas.line(left, top, right, low)

    def qr(self, number: PaperNumber, left: float, top: float) -> None:
        """Draw the code of a number on white."""
        self.canvas.setFillGray(1)
        rows = self.code(number)
        side = len(rows) * MODULE
        self.canvas.rect(left - 2, top - side - 2, side + 4, side + 4, stroke=0, fill=1)
        self.canvas.setFillGray(0)
        path = self.canvas.beginPath()
        for y, row in enumerate(rows):
            for at, length in runs_of(row):
                path.rect(left + at * MODULE, top - (y + 1) * MODULE, length * MODULE, MODULE)
        self.canvas.drawPath(path, stroke=0, fill=1)

    @staticmethod
    def code(number: PaperNumber) -> Sequence[bytes]:
        """Return the rows of modules: 21 by 21 whatever the number."""
        import segno

        made = segno.make(number.code(), error="q", micro=False, boost_error=False, version=1)
        return [bytes(row) for row in made.matrix]

    def own(self, message: str) -> str:
        """Return a msgid in the chosen language."""
        return in_language(message, self.language)

    def other(self, message: str) -> str:
        """Return a msgid in the other language."""
        return in_language(message, "en" if self.language == "zh" else "zh")

    def both(self, message: str) -> str:
        """Return both, the chosen one first."""
        return f"{self.own(message)}  {self.other(message)}"
