"""An amount at the window, without lines: what was typed is kept as it was typed, readable or not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from downtime.screens.window_sheet import WindowSheet
from forms.money import UnreadableNumberError, parse_amount


@dataclass
class AmountSheet(WindowSheet):
    """Answers by name.

    Attributes:
        typed: what stands in each field; "amount" is one of them.
    """

    typed: dict[str, str] = field(default_factory=dict)

    def answer(self, name: str) -> str:
        """Return what stands in a field, without space around it."""
        return self.typed.get(name, "").strip()

    @property
    def total_minor(self) -> int:
        """The amount, or 0 as long as it cannot be read."""
        try:
            return parse_amount(self.answer("amount"), self.currency)
        except UnreadableNumberError:
            return 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be lost."""
        return self.patient is None and not any(self.typed.values())

    def kept(self) -> dict[str, Any]:
        """Return the answers."""
        return {"typed": dict(self.typed)}

    @classmethod
    def read_kept(cls, content: dict[str, Any]) -> dict[str, Any]:
        """Return the answers of a draft."""
        return {"typed": {name: str(text) for name, text in (content.get("typed") or {}).items()}}
