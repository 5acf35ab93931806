"""The row above the keys at the window: what is held, money nobody saw arrive, a card to keep; and the total."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.containers import Horizontal
from textual.widgets import Static

from downtime.i18n import _
from downtime.screens.keyline import Words
from downtime.screens.recorded import money
from downtime.screens.text import shown
from forms.money import SYMBOLS, format_amount

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.content import Content

    from downtime.screens.window_parts import WindowParts

_FIGURES = 12


class WindowFoot(Horizontal):
    """One row. What it says about money comes from the last look at the book, never from a read of its own.

    Args:
        total_word: returns what the amount at the right is called.
    """

    DEFAULT_CSS = """
    WindowFoot { height: 1; dock: bottom; background: $surface; }
    WindowFoot #held { width: 1fr; height: 1; padding: 0 1; color: $text-muted; }
    WindowFoot #total-word { width: auto; padding: 0 2; }
    WindowFoot #total { width: auto; min-width: 17; text-align: right; padding: 0 1 0 0; }
    """

    def __init__(self, total_word: Callable[[], str]) -> None:
        super().__init__(id="total-row")
        self._total_word = total_word
        self._held = 0
        self._drawn: Content | None = None

    def compose(self) -> ComposeResult:
        """What waits, the word, the amount."""
        yield Static("", id="held", markup=False)
        yield Words(self._total_word, id="total-word")
        yield Static("", id="total", markup=False)

    def on_mount(self) -> None:
        """Follow the looks at the book."""
        self.set_interval(1, self.draw)

    def show(self, held: int, total_minor: int, currency: str) -> None:
        """Write how many forms are held, and the total."""
        self._held = held
        self.show_total(total_minor, currency)
        self.draw()

    def show_total(self, total_minor: int, currency: str) -> None:
        """Write the total and what it is called."""
        self.query_one("#total-word", Words).retranslate()
        sign = SYMBOLS.get(currency, currency)
        figures = format_amount(total_minor, currency, thousands=True)
        self.query_one("#total", Static).update(shown(f"{sign} {figures:>{_FIGURES}}", "bold $accent"))

    def draw(self) -> None:
        """Write what waits, if it changed."""
        screen = cast("WindowParts", self.screen)
        if screen.station.desk is None:
            return
        parts = screen.foot_parts()
        if unverified := screen.station.glance.unverified_minor:
            amount = money(unverified, screen.desk.currency)
            parts.append(shown(_("Unverified {amount}").format(amount=amount), "bold $warning"))
        if self._held:
            parts.append(shown(_("Held: {count}").format(count=self._held)))
        words = shown("   ").join(parts)
        if words != self._drawn:
            self._drawn = words
            self.query_one("#held", Static).update(words)
