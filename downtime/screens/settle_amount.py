"""What stands in the settle dialog: amounts in large figures, and the field for the end of a slip's number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.widgets import Digits, Static

from downtime.i18n import _
from downtime.screens.keyline import Words
from downtime.screens.text import is_plain, shown
from downtime.screens.typed_fields import AmountField, CodeField

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

SLIP_CHARACTERS_MAX = 8


class Amount(Horizontal):
    """An amount in large figures; in the plain look in spaced bold ones."""

    DEFAULT_CSS = """
    Amount { height: 3; }
    Amount.plain-amount { height: 1; }
    Amount .amount-label { width: 14; padding: 1 0 0 2; color: $text-muted; }
    Amount.plain-amount .amount-label { padding: 0 0 0 2; }
    Amount Digits { width: 1fr; text-align: right; padding: 0 3 0 0; }
    Amount .figures { width: 1fr; text-align: right; text-style: bold; padding: 0 3 0 0; }
    Amount .sign { width: 5; padding: 1 0 0 0; text-style: bold; }
    Amount.plain-amount .sign { padding: 0; }
    """

    def __init__(self, label: Words, sign: str, *, id: str) -> None:  # noqa: A002 (Textual's name for it)
        super().__init__(id=id, classes="plain-amount" if is_plain() else "")
        self._label, self._sign = label, sign

    def compose(self) -> ComposeResult:
        """Label, sign and figures."""
        self._label.add_class("amount-label")
        yield self._label
        yield Static(shown(self._sign), classes="sign")
        yield Static("", classes="figures", markup=False) if is_plain() else Digits("")

    def show_figures(self, figures: str) -> None:
        """Write the figures."""
        if is_plain():
            self.query_one(".figures", Static).update(shown(" ".join(figures)))
        else:
            self.query_one(Digits).update(figures)


class SlipField(CodeField):
    """The last digits of a slip; of a longer number that is scanned or pasted, the last ones stay."""

    def insert_text_at_cursor(self, text: str) -> None:
        """Take the end of what does not fit."""
        whole = self.fold(self.value + text)
        if len(whole) > SLIP_CHARACTERS_MAX and len(text) > 1:
            self.take(whole[-SLIP_CHARACTERS_MAX:])
        else:
            super().insert_text_at_cursor(text)


_METHODS: dict[str, Callable[[], str]] = {
    "cash": lambda: _("Cash"),
    "card": lambda: _("Card"),
    "mobile": lambda: _("Mobile pay"),
}


def method_rows(method: str) -> ComposeResult:
    """Yield the row of one method, and below it what is wrong with it."""
    with Horizontal(classes="row"):
        yield Words(_METHODS[method], classes="label settle-label")
        yield AmountField(id=method)
        if method != "cash":
            yield Words(lambda: _("slip"), classes="label slip-label")
            yield SlipField(id=f"{method}-slip", max_length=SLIP_CHARACTERS_MAX)
            yield Static("", id=f"{method}-seen", classes="seen", markup=False)
    yield Static("", id=f"{method}-problem", classes="problem settle-problem", markup=False)
