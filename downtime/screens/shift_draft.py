"""What is typed on the shift screen and not recorded yet; it survives a lock, a crash and a power cut."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from downtime.record import new_entry_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from downtime.store.drafts import Draft

FORM = "shift"
"""Under which name it is kept: that of the place where it goes on."""


@dataclass
class ShiftDraft:
    """The closing in the making.

    Attributes:
        entry_id: the closing will stand under this id, however often Enter is pressed.
        shift: label of the shift it belongs to.
        pieces: the count so far, by denomination.
        explained: reasons by receipt number.
        reason: why it is over or short.
        left: what stays in the drawer, as typed.
    """

    entry_id: str = field(default_factory=new_entry_id)
    shift: str = ""
    pieces: dict[str, str] = field(default_factory=dict)
    explained: dict[str, str] = field(default_factory=dict)
    reason: str = ""
    left: str = ""

    def content(self) -> dict[str, object]:
        """Return plain values to keep."""
        kept = asdict(self)
        del kept["entry_id"]
        return kept


def draft_of(drafts: Iterable[Draft], shift: str) -> ShiftDraft:
    """Return the draft of a shift, whoever began it, or a fresh one."""
    for draft in drafts:
        if draft.form == FORM and draft.content.get("shift") == shift:
            return ShiftDraft(entry_id=draft.id, **draft.content)
    return ShiftDraft(shift=shift)
