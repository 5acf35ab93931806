"""One entry of the board whole: its bytes, the HIS's rows beside it, its attempts, and what people said of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from downtime.board import BoardRow
    from downtime.entry import Entry


@dataclass(frozen=True, slots=True)
class HisLine:
    """One row of the HIS that is, or may be, an entry.

    Attributes:
        key: the HIS's own.
        shown: its fields by the names of docs/tick-off.md, as text.
    """

    key: str
    amount_minor: int
    shown: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One fact about an entry and a HIS.

    Attributes:
        said: its reason, or the reference it came with.
        documents: formal documents, as text.
        sent: the exact bytes, or None where they are those of the attempt before.
    """

    at: str
    connector: str
    step: int
    state: str
    said: str
    documents: tuple[str, ...]
    sent: bytes | None


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody said about an entry; ``content`` as in its form."""

    id: str
    form: str
    at: str
    operator: str
    operator_name: str
    station: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BoardItem:
    """One entry whole.

    Attributes:
        entry: None where its bytes cannot be read.
        sealed: those bytes.
        his_lines: rows of the HIS that are or may be this entry, as of the last tick-off.
    """

    row: BoardRow
    entry: Entry | None
    sealed: bytes
    his_lines: tuple[HisLine, ...]
    attempts: tuple[Attempt, ...]
    decisions: tuple[Decision, ...]
