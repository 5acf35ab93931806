"""What the charge screen asks between lines: a quantity, or name and price of an unlisted item."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Static

from downtime.i18n import _
from downtime.problem_text import problem_words
from downtime.screens.keyline import Words
from downtime.screens.text import cut, shown
from downtime.screens.typed_fields import AmountField, Field, NumberField
from forms.base import Problem
from forms.money import UnreadableNumberError, parse_amount
from forms.quantity import parse_quantity

if TYPE_CHECKING:
    from textual.app import ComposeResult


class AskQuantity(Horizontal):
    """One number for one line."""

    class Given(Message):
        """A quantity was typed; canonical text."""

        def __init__(self, quantity: str) -> None:
            super().__init__()
            self.quantity = quantity

    def compose(self) -> ComposeResult:
        """What for, the number, what is wrong with it."""
        yield Static("", classes="ask-what", markup=False)
        yield NumberField(id="quantity", max_length=12)
        yield Static("", classes="problem", markup=False)

    def ask(self, name: str, quantity: str) -> None:
        """Ask how many of ``name``."""
        self.query_one(".ask-what", Static).update(shown(_("Quantity of {name}:").format(name=cut(name, 30))))
        self.query_one(".problem", Static).update(shown(""))
        field = self.query_one("#quantity", Field)
        field.take(quantity)
        self.display = True
        field.focus()
        field.select_all()

    def on_input_submitted(self, event: Field.Submitted) -> None:
        """Take it, or say what is wrong beside it."""
        event.stop()
        try:
            self.post_message(self.Given(parse_quantity(event.value)))
        except UnreadableNumberError as error:
            self.query_one(".problem", Static).update(shown(_words(error)))


class AskUnlisted(Horizontal):
    """Name and price of something no list has."""

    class Given(Message):
        """Both were typed."""

        def __init__(self, name: str, price_minor: int) -> None:
            super().__init__()
            self.name, self.price_minor = name, price_minor

    def __init__(self, currency: str, **named: Any) -> None:
        super().__init__(**named)
        self._currency = currency

    def compose(self) -> ComposeResult:
        """Name, price, what is wrong."""
        yield Words(lambda: _("Not in the list. Name:"), classes="ask-what")
        yield Field(id="unlisted-name", max_length=200)
        yield Words(lambda: _("Price:"), classes="ask-what")
        yield AmountField(id="unlisted-price")
        yield Static("", classes="problem", markup=False)

    def ask(self, name: str) -> None:
        """Ask for what is missing; ``name`` is what was searched for."""
        self.query_one(".problem", Static).update(shown(""))
        self.query_one("#unlisted-price", Field).take("")
        field = self.query_one("#unlisted-name", Field)
        field.take(name)
        self.display = True
        (field if not name else self.query_one("#unlisted-price")).focus()

    def on_input_submitted(self, event: Field.Submitted) -> None:
        """From the name to the price; then both are given."""
        event.stop()
        name = self.query_one("#unlisted-name", Field)
        problem = self.query_one(".problem", Static)
        if not name.value.strip():
            problem.update(shown(_("Type its name.")))
            name.focus()
        elif event.input is name:
            self.query_one("#unlisted-price").focus()
        else:
            try:
                price_minor = parse_amount(event.value, self._currency)
            except UnreadableNumberError as error:
                problem.update(shown(_words(error)))
            else:
                self.post_message(self.Given(name.value.strip(), price_minor))


class AskPrice(Horizontal):
    """Another price than the list's for one line, and why."""

    class Given(Message):
        """Both were typed."""

        def __init__(self, price_minor: int, reason: str) -> None:
            super().__init__()
            self.price_minor, self.reason = price_minor, reason

    def __init__(self, currency: str, **named: Any) -> None:
        super().__init__(**named)
        self._currency = currency

    def compose(self) -> ComposeResult:
        """For what, the price, the reason, what is wrong."""
        yield Static("", classes="ask-what", markup=False)
        yield AmountField(id="other-price")
        yield Words(lambda: _("Why:"), classes="ask-what ask-more")
        yield Field(id="other-price-why", max_length=200)
        yield Static("", classes="problem", markup=False)

    def ask(self, name: str, price: str, reason: str) -> None:
        """Ask for the price of ``name``."""
        self.query_one(".ask-what", Static).update(shown(_("Price of {name}:").format(name=cut(name, 18))))
        self.query_one(".problem", Static).update(shown(""))
        self.query_one("#other-price-why", Field).take(reason)
        field = self.query_one("#other-price", Field)
        field.take(price)
        self.display = True
        field.focus()
        field.select_all()

    def on_input_submitted(self, event: Field.Submitted) -> None:
        """From the price to the reason; then both are given."""
        event.stop()
        price, why = self.query_one("#other-price", Field), self.query_one("#other-price-why", Field)
        problem = self.query_one(".problem", Static)
        try:
            price_minor = parse_amount(price.value, self._currency)
        except UnreadableNumberError as error:
            problem.update(shown(_words(error)))
            price.focus()
            return
        if event.input is price:
            why.focus()
        elif not why.value.strip():
            problem.update(shown(_("Say why.")))
        else:
            self.post_message(self.Given(price_minor, why.value.strip()))


def _words(error: UnreadableNumberError) -> str:
    return problem_words(Problem("", error.msgid, error.fields))
