"""The QR code of a receipt as rows of modules, the same on every paper."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

QUIET = 4
"""White modules around a code."""

_MASK = 3  # signed digits look random under every mask; trying all eight would take most of a receipt's time


@lru_cache(maxsize=16)
def modules_of(text: str) -> tuple[bytes, ...]:
    """Return the rows of the code of ``text``, one byte (0 or 1) for each module."""
    import segno

    made = segno.make(text, error="m", micro=False, boost_error=False, mask=_MASK)
    return tuple(bytes(row) for row in made.matrix)


def runs_of(modules: Sequence[int]) -> list[tuple[int, int]]:
    """Return (start, length) of each run of dark modules."""
    runs = []
    bits = bytes(modules)
    at = bits.find(1)
    while at >= 0:
        end = bits.find(0, at)
        end = len(bits) if end < 0 else end
        runs.append((at, end - at))
        at = bits.find(1, end)
    return runs
