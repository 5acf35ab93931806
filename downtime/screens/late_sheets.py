"""What is filled in from a paper: the sheets of the window, kept together with the paper they come from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from downtime.late import LateHead
from downtime.screens.charge_sheet import Sheet
from downtime.screens.deposit import DepositSheet
from downtime.screens.lines_sheets import BookkeepingSheet
from downtime.screens.window_sheet import WindowSheet

LATE = "late_entry"
"""Drafts of papers are kept under this name, whatever form they become."""


@dataclass
class FromPaper(WindowSheet):
    """What every sheet from paper keeps beside its own.

    Attributes:
        kind: of the paper.
        head: number, time, writer.
    """

    form_name: ClassVar[str] = LATE
    kind: ClassVar[str] = ""

    head: LateHead | None = field(default=None, kw_only=True)

    def kept(self) -> dict[str, Any]:
        """Return what the form keeps, and the paper."""
        head = self.head.as_content() if self.head is not None else None
        return {**super().kept(), "head": head, "kind": self.kind}

    @classmethod
    def read_kept(cls, content: dict[str, Any]) -> dict[str, Any]:
        """Return that of a draft."""
        head = content.get("head")
        return {**super().read_kept(content), "head": LateHead.of_content(head) if head else None}


@dataclass
class LateChargeSheet(FromPaper, Sheet):
    """A charge from paper."""

    form_name: ClassVar[str] = LATE
    kind: ClassVar[str] = "charge"


@dataclass
class LateBookkeepingSheet(FromPaper, BookkeepingSheet):
    """Bookkeeping from paper."""

    form_name: ClassVar[str] = LATE
    kind: ClassVar[str] = "bookkeeping"


@dataclass
class LateDepositSheet(FromPaper, DepositSheet):
    """A deposit from paper."""

    form_name: ClassVar[str] = LATE
    kind: ClassVar[str] = "deposit"
