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
    """What happened, where, and what to do next. Gives True for Enter, None for Esc.

    Args:
        error: what happened.
        may_try_again: whether Enter does again what could not be done; else it only closes this.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "seen", show=False)]

    def __init__(self, error: DowntimeError, *, may_try_again: bool = False) -> None:
        super().__init__()
        self._error, self._may_try_again = error, may_try_again

    def body(self) -> ComposeResult:
        """Two sentences."""
        yield Words(lambda: self._error.what, classes="sentence alarm")
        yield Words(lambda: self._error.then, classes="sentence")
        yield Words(self._keys_words, classes="sentence muted")

    def _keys_words(self) -> str:
        return _("Enter: try again.  Esc: go back.") if self._may_try_again else _("Enter: understood.")

    def action_seen(self) -> None:
        """Go on."""
        self.dismiss(True)  # noqa: FBT003 (the answer itself)
