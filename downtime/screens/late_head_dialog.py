"""Another number, time or writer in the middle of a pile of papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from downtime.i18n import _
from downtime.screens.base import Dialog
from downtime.screens.late_head import HeadFields

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from downtime.late import LateHead


class LateHeadDialog(Dialog):
    """Another number, time or writer in the middle of a pile. Gives the head, or None."""

    acts: ClassVar[tuple[str, ...]] = ()

    DEFAULT_CSS = "LateHeadDialog #dialog { width: 78; }"

    def __init__(self, head: LateHead) -> None:
        super().__init__()
        self._of = head

    def body(self) -> ComposeResult:
        """The fields."""
        yield HeadFields(self._of)

    def on_mount(self) -> None:
        """Wait at the number."""
        super().on_mount()
        self.query_one(HeadFields).ask()

    def redraw(self) -> None:
        """Write everything in the language in use."""
        self.entitle(_("Which paper?"))
        self.query_one(HeadFields).retell()

    def take_number(self, text: str) -> None:
        """Take a number that was scanned."""
        self.query_one(HeadFields).take_number(text)

    def on_head_fields_done(self, event: HeadFields.Done) -> None:
        """Go on with it."""
        self.dismiss(event.head)
