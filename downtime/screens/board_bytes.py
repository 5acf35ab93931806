"""Exact bytes, to be read: as text where they are text, every acting character spelled out, else as figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.widgets import Static

from downtime.i18n import _
from downtime.screens.base import StationScreen
from downtime.screens.text import CHARACTERS_MAX, cells, clean, lines, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult
    from textual.events import Resize

BYTES_MAX = 200_000
_PER_ROW = 16


def byte_rows(content: bytes, width: int) -> Iterator[str]:
    """Yield bytes in rows that fit ``width`` cells."""
    part = content[:BYTES_MAX]
    try:
        text = part.decode("utf-8")
    except UnicodeDecodeError:
        for at in range(0, len(part), _PER_ROW):
            row = part[at : at + _PER_ROW]
            signs = "".join(chr(one) if 32 <= one < 127 else "." for one in row)  # noqa: PLR2004 (printable ASCII)
            yield f"{at:06x}  {row.hex(' '):47}  {signs}"
        return
    for whole in text.split("\n"):
        yield from _cut(whole, width)


def _cut(text: str, width: int) -> Iterator[str]:
    row, used = "", 0
    for at in range(0, len(text), CHARACTERS_MAX):
        for sign in clean(text[at : at + CHARACTERS_MAX]):
            size = cells(sign)
            if used + size > width:
                yield row
                row, used = "", 0
            row += sign
            used += size
    yield row


class BytesScreen(StationScreen):
    """Shows some bytes whole."""

    needs = "look_up"

    DEFAULT_CSS = """
    BytesScreen #bytes-scroll { height: 1fr; padding: 1 2 0 2; scrollbar-size: 0 1; scrollbar-gutter: stable; }
    BytesScreen #bytes-text { height: auto; }
    """

    def __init__(self, title: str, content: bytes) -> None:
        super().__init__()
        self._title_told, self._content = title, content

    def body(self) -> ComposeResult:
        """The bytes, to be scrolled."""
        with VerticalScroll(id="bytes-scroll"):
            yield Static("", id="bytes-text", markup=False)

    def on_mount(self) -> None:
        """Let the arrow keys scroll."""
        super().on_mount()
        self.query_one("#bytes-scroll").focus()

    def on_resize(self, _event: Resize) -> None:
        """Fit the new width."""
        self.redraw()

    def redraw(self) -> None:
        """Write them."""
        size = _("{count} bytes").format(count=f"{len(self._content):,}")
        width = max((self.size.width or 80) - 6, 40)
        told = [shown(f"{self._title_told}  {size}", "bold"), shown("")]
        told += [shown(row) for row in byte_rows(self._content, width)]
        self.query_one("#bytes-text", Static).update(lines(told))

    def help_words(self) -> str:
        """Return what to do here."""
        return _("Arrows scroll; Esc goes back.")
