"""Help: what to do in this place, and every key it has; a key that does not work now says why."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.widgets import Static

from downtime.i18n import _
from downtime.screens.base import Dialog
from downtime.screens.keymap import key_words
from downtime.screens.text import cell, line, lines, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.content import Content

    from downtime.screens.base import Acting


class HelpDialog(Dialog):
    """One sentence about the place, then the keys."""

    def __init__(self, words: str, offered: Sequence[tuple[str, str | None]]) -> None:
        super().__init__()
        self._words, self._offered = words, offered

    def body(self) -> ComposeResult:
        """Sentence and keys."""
        yield Static(shown(self._words), classes="sentence")
        yield Static("", id="help-keys", markup=False)

    def redraw(self) -> None:
        """Write the keys."""
        self.entitle(_("Help"))
        rows: list[Content | str] = [""]
        label = cast("Acting", self.station.screen_stack[-2]).label_of
        for act, reason in self._offered:
            keys = " / ".join(key_words(key) for key in self.station.keys_in_force[act])
            style = "$text-muted" if reason else ""
            rows.append(
                line(
                    cell(f"  {keys}", 16, "bold $accent"),
                    shown(f"{label(act)}  {reason or ''}", style),
                )
            )
        rows.append(
            line(cell("  Enter", 16, "bold $accent"), shown(_("go on; in a list take the first row")))
        )
        rows.append(line(cell("  1-9", 16, "bold $accent"), shown(_("take that row of a list"))))
        self.query_one("#help-keys", Static).update(lines(rows))
