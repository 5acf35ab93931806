"""How many? One number; what cannot be is said beside it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.widgets import Static

from downtime.i18n import _
from downtime.screens.base import Dialog
from downtime.screens.keyline import Words
from downtime.screens.text import lines, shown
from downtime.screens.typed_fields import Field, NumberField
from forms.money import UnreadableNumberError
from forms.quantity import parse_quantity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.content import Content


class QuantityDialog(Dialog):
    """Gives a Decimal, or None."""

    CSS_PATH = "quantity.tcss"

    def __init__(self, told: Callable[[], Sequence[Content | str]], quantity: str, most: Decimal) -> None:
        super().__init__()
        self._told, self._quantity, self._most = told, quantity, most

    def body(self) -> ComposeResult:
        """What it is about, and the field."""
        yield Static("", id="quantity-told", markup=False)
        with Horizontal(id="quantity-row"):
            yield Words(lambda: _("Quantity"), classes="label quantity-label")
            yield NumberField(self._quantity, id="quantity")
        yield Static("", id="quantity-problem", markup=False)
        yield Words(lambda: _("Enter goes on.  Esc: leave all as it was."), id="quantity-next")

    def on_mount(self) -> None:
        """Put the cursor into the field; the first key replaces what stands there."""
        super().on_mount()
        field = self.query_one("#quantity", Field)
        field.focus()
        field.select_all()

    def redraw(self) -> None:
        """Write everything in the language in use."""
        self.entitle(_("Quantity"))
        self.query_one("#quantity-told", Static).update(lines(self._told()))

    def on_input_submitted(self, event: Field.Submitted) -> None:
        """Take it, or say what is wrong."""
        event.stop()
        try:
            quantity = Decimal(parse_quantity(event.value))
        except UnreadableNumberError as error:
            self._problem(_(error.msgid).format(**error.fields))
            return
        if quantity > self._most:
            self._problem(
                _("Only {left} are left on this charge.").format(left=f"{self._most.normalize():f}")
            )
            return
        self.dismiss(quantity)

    def _problem(self, text: str) -> None:
        self.query_one("#quantity-problem", Static).update(shown(text))
