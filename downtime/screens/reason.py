"""Why? A decision that names its reason: a digit writes one of the usual, or it is typed; then Enter.

A heavy decision asks for Enter twice: the first shows what will be done, the second does it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal
from textual.widgets import Static

from downtime.i18n import _
from downtime.screens.base import Dialog
from downtime.screens.keyline import Words
from downtime.screens.rows import DIGITS
from downtime.screens.text import line, lines, shown
from downtime.screens.typed_fields import AskedField, Field

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.content import Content
    from textual.events import Key


class ReasonDialog(Dialog):
    """Gives the reason, or None.

    Args:
        title: what is about to be done.
        told: returns the lines that say on what.
        usual: the usual reasons.
        sure: returns the sentence shown after the first Enter; without it one Enter is enough.
        typed: what was said a moment ago, where nothing came of it.
    """

    CSS_PATH = "reason.tcss"

    def __init__(
        self,
        title: Callable[[], str],
        told: Callable[[], Sequence[Content | str]],
        usual: Sequence[Callable[[], str]],
        sure: Callable[[], str] | None = None,
        typed: str = "",
    ) -> None:
        super().__init__()
        self._typed = typed
        self._title, self._told, self._usual, self._sure = title, told, tuple(usual), sure
        self._asked = False

    def body(self) -> ComposeResult:
        """What it is about, the usual reasons, the field, what the next Enter does."""
        yield Static("", id="reason-told", markup=False)
        yield Static("", id="reason-usual", markup=False)
        with Horizontal(id="reason-row"):
            yield Words(lambda: _("Reason"), classes="label reason-label")
            yield AskedField(self._takes, self._picks, id="reason")
        yield Static("", id="reason-next", markup=False)

    def on_mount(self) -> None:
        """Put the cursor into the field."""
        super().on_mount()
        self.query_one(AskedField).take(self._typed)
        self.query_one(AskedField).focus()

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "A digit takes one of the usual reasons, or type your own. Enter goes on, Esc leaves all as it was."
        )

    def redraw(self) -> None:
        """Write everything in the language in use."""
        self.entitle(self._title())
        self.query_one("#reason-told", Static).update(lines(self._told()))
        usual: list[Content | str] = []
        for n, words in enumerate(self._usual, 1):
            usual.append(line(shown(f" {n} ", "bold $accent"), words()))
        self.query_one("#reason-usual", Static).update(lines(usual))
        if self._asked and self._sure is not None:
            told = shown(self._sure(), "bold $text-on-warning on $warning")
        else:
            told = shown(_("Enter goes on.  Esc: leave all as it was."), "$secondary")
        self.query_one("#reason-next", Static).update(told)

    def _picks(self, character: str) -> bool:
        """A digit takes one of the usual reasons while the field is empty."""
        return character in DIGITS[: len(self._usual)] and not self.query_one(AskedField).value

    def _takes(self, event: Key) -> bool:
        taken = bool(event.character) and self._picks(str(event.character))
        if taken:
            self.query_one(AskedField).take(self._usual[int(str(event.character)) - 1]())
        return taken

    def on_input_changed(self, event: Field.Changed) -> None:
        """Another reason is asked about again."""
        event.stop()
        if self._asked:
            self._asked = False
            self.redraw()

    def on_input_submitted(self, event: Field.Submitted) -> None:
        """The first Enter shows what will be done, the second does it."""
        event.stop()
        reason = event.value.strip()
        if not reason:
            self.say(lambda: _("Say why: a digit takes one of the usual reasons."), "problem")
        elif self._sure is not None and not self._asked:
            self._asked = True
            self.redraw()
        else:
            self.dismiss(reason)
