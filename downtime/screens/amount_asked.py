"""What one field of a screen that asks for an amount is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Asked:
    """One field.

    Attributes:
        name: of the answer.
        label: returns what is asked.
        kind: pick opens a list; see ``AmountScreen.rows_of``.
        needed: Enter stops here as long as it is empty and was not passed over.
    """

    name: str
    label: Callable[[], str]
    kind: Literal["amount", "text", "phone", "pick"] = "text"
    needed: bool = False
