"""Fields one types into. Codes, numbers and amounts take full-width characters for what was meant."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from rich.text import Text
from textual.message import Message
from textual.widgets import Input

from downtime.i18n import _
from downtime.masking import mask_phone
from downtime.screens.text import cells, clean

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.events import Key, Paste

CHARACTERS_MAX = 12_000
"""More than any form takes; a stuck key or a pasted file stops here."""

NUMBER_PAD = {
    **{f"kp_{digit}": str(digit) for digit in range(10)},
    "decimal": ".",
    "kp_decimal": ".",
    "separator": ".",
    "kp_separator": ".",
    "add": "+",
    "kp_add": "+",
    "subtract": "-",
    "kp_subtract": "-",
    "multiply": "*",
    "kp_multiply": "*",
    "divide": "/",
    "kp_divide": "/",
}
"""Keys of the number pad that some terminals send without their character: 1.5 must never become 15."""


class Composed(Message):
    """An input method put characters where a code, number or amount belongs."""


class Field(Input):
    """One line of text, kept exactly as typed."""

    DEFAULT_CSS = "Field { height: 1; border: none; padding: 0; }"

    def __init__(self, value: str = "", **named: Any) -> None:
        named.setdefault("compact", True)
        named.setdefault("max_length", CHARACTERS_MAX)
        super().__init__(value, **named)
        self.cursor_blink = False

    @property
    def _value(self) -> Text:
        """Show what was typed so that nothing in it acts; a password shows its length only."""
        # One place per character, or the cursor would stand beside the text.
        seen = "".join("*" if self.password else _one_place(sign) for sign in self.value)
        return Text(seen, no_wrap=True, overflow="ignore", end="")

    def _on_paste(self, event: Paste) -> None:
        if not event.text.strip():
            event.stop()
            event.prevent_default()

    def restricted(self) -> None:
        """Make no noise: the window is loud enough."""

    def take(self, value: str) -> None:
        """Put ``value`` in and the cursor behind it."""
        self.value = value
        self.cursor_position = len(value)

    def picks(self, character: str) -> bool:  # noqa: ARG002 (for subclasses)
        """Whether this character would do something now instead of being typed."""
        return False


class AskedField(Field):
    """A field of somebody who looks at each key first: a list below it, a digit that picks.

    Args:
        takes: acts on a key; returns whether it meant something.
        picks: returns whether a character would be acted on rather than typed.
    """

    def __init__(self, takes: Callable[[Key], bool], picks: Callable[[str], bool], **named: Any) -> None:
        super().__init__(**named)
        self._takes, self._picks = takes, picks

    async def _on_key(self, event: Key) -> None:
        if self._takes(event):
            event.stop()
            event.prevent_default()
            return
        await super()._on_key(event)

    def picks(self, character: str) -> bool:
        """Whether this character would do something now instead of being typed."""
        return self._picks(character)


def _one_place(sign: str) -> str:
    seen = clean(sign)
    return seen if len(seen) == 1 else "?"


class _Folding(Field):
    def validate_value(self, value: str) -> str:
        """Fold full-width characters as they arrive."""
        folded = self.fold(value)
        if any(unicodedata.east_asian_width(sign) == "W" for sign in folded) and self.is_attached:
            self.post_message(Composed())
        return folded

    def fold(self, value: str) -> str:
        """Return what was meant by ``value``."""
        raise NotImplementedError


class CodeField(_Folding):
    """A code or number of something: ASCII letters and digits, no space."""

    def fold(self, value: str) -> str:
        """Return ``value`` as a code."""
        if value.isascii() and value.isalnum():
            return value
        from forms.typed import as_code  # the forms are not needed before somebody types

        return as_code(value)


class NumberOfPerson(CodeField):
    """An identity or phone number: in full while it is typed, masked as soon as the cursor is elsewhere."""

    def __init__(self, mask: Callable[[str], str], **named: Any) -> None:
        super().__init__(**named)
        self._mask = mask

    @property
    def _value(self) -> Text:
        """Show it as long as somebody types it."""
        if self.has_focus:
            return super()._value
        return Text(self._mask(clean(self.value)), no_wrap=True, overflow="ignore", end="")


class PhoneField(NumberOfPerson):
    """A phone number. What is no such number is kept as it was typed, with a word beside it."""

    def __init__(self, **named: Any) -> None:
        super().__init__(mask_phone, **named)

    def doubt(self) -> str:
        """Return what to say beside it, or ""."""
        from forms.typed import may_be_phone  # as below

        return "" if may_be_phone(self.value) else _("Not a phone; kept as typed.")


class NumberField(_Folding):
    """A quantity."""

    def fold(self, value: str) -> str:
        """Return ``value`` as a number."""
        from forms.typed import as_number  # the forms are not needed before somebody types

        return as_number(value)


class AmountField(NumberField):
    """An amount of money; figures stand at the right."""

    WIDTH = 14

    def __init__(self, value: str = "", **named: Any) -> None:
        super().__init__(value, **named)
        self.styles.width = self.WIDTH
        self._move_right()

    def watch_value(self) -> None:
        """Keep the figures at the right."""
        self._move_right()

    def _move_right(self) -> None:
        self.styles.padding = (0, 0, 0, max(self.WIDTH - 1 - cells(self.value), 0))
