"""A yes-or-no question, and the alarm that says what happened and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from downtime.i18n import _
from downtime.screens.base import Dialog
from downtime.screens.keyline import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from downtime.errors import DowntimeError


class AskDialog(Dialog):
    """Enter says yes, Esc says no. Gives True or None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "agree", show=False)]

    def __init__(self, question: Callable[[], str]) -> None:
        super().__init__()
        self._question = question

    def body(self) -> ComposeResult:
        """The question, and what the two keys mean."""
        yield Words(self._question, classes="sentence")
        yield Words(lambda: _("Enter: yes.  Esc: no."), classes="sentence muted")

    def action_agree(self) -> None:
        """Say yes."""
        self.dismiss(True)  # noqa: FBT003 (the answer itself)


class AlarmDialog(Dialog):
    """What happened, where, and what to do next; Enter or Esc closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "seen", show=False)]

    def __init__(self, error: DowntimeError) -> None:
        super().__init__()
        self._error = error

    def body(self) -> ComposeResult:
        """Two sentences."""
        yield Words(lambda: self._error.what, classes="sentence alarm")
        yield Words(lambda: self._error.then, classes="sentence")
        yield Words(lambda: _("Enter: understood."), classes="sentence muted")

    def action_seen(self) -> None:
        """Go on."""
        self.dismiss(None)
