"""What a scanner reads from a picture of paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from PIL.Image import Image


def scanned(black: Image) -> list[str]:
    """Return the texts of all QR codes on a picture whose black is 1."""
    zxingcpp = pytest.importorskip("zxingcpp")
    from PIL import ImageOps

    shown = ImageOps.invert(black.convert("L"))
    found = zxingcpp.read_barcodes(shown, formats=zxingcpp.BarcodeFormat.QRCode)
    return sorted(code.text for code in found)
