"""Help: what to do in this place, and every key it has; a key that does not work now says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static

from downtime.i18n import _
from downtime.screens.base import Dialog
from downtime.screens.keyline import Words
from downtime.screens.keymap import ACTS, key_words
from downtime.screens.text import cell, line, lines, shown

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.content import Content

    from downtime.screens.base import Acting


class HelpDialog(Dialog):
    """One sentence about the place, then the keys."""

    def __init__(self, below: Acting) -> None:
        super().__init__()
        self._below = below
        self._offered = [
            (act, below.why_not(act)) for act in ACTS if below.offers(act) and below.is_allowed(act)
        ]

    def body(self) -> ComposeResult:
        """Sentence and keys."""
        yield Words(self._below.help_words, classes="sentence")
        yield Static("", id="help-keys", markup=False)

    def redraw(self) -> None:
        """Write the keys."""
        self.entitle(_("Help"))
        texts = [
            (" / ".join(map(key_words, self.station.keys_in_force[act])), self._below.label_of(act), reason)
            for act, reason in self._offered
        ]
        texts += [("Enter", _("go on, take row 1"), None), ("1-9", _("take that row"), None)]
        half = (len(texts) + 1) // 2
        rows = [line(*map(_key_row, texts[n::half])) for n in range(half)]
        self.query_one("#help-keys", Static).update(
            lines(["", *rows, "", shown(_("Grey keys say why."), "$text-muted")])
        )


def _key_row(text: tuple[str, str, str | None]) -> Content:
    keys, label, reason = text
    return line(cell(f"  {keys}", 20, "bold $accent"), cell(label, 16, "$text-muted" if reason else ""))
