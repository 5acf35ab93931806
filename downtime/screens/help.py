"""Help: this screen's card for this role, then every key it has; a key that does not work now says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Static

from downtime.help_cards import card_of
from downtime.i18n import _, chosen_language
from downtime.screens.base import Dialog
from downtime.screens.keyline import Words
from downtime.screens.keymap import ACTS, key_words
from downtime.screens.text import cell, line, lines, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult
    from textual.content import Content
    from textual.widget import Widget

    from downtime.help_cards import Block, Card
    from downtime.screens.base import Acting

_FACES = {"HomeScreen": "home", "LoginScreen": "login", "SettleDialog": "settle"}
"""Screens that are no place of their own."""
_STYLES = {"": "", "bold": "bold", "key": "bold $accent"}


class HelpDialog(Dialog):
    """The card, then the keys; it scrolls where the screen is too small for both."""

    CSS_PATH = "help.tcss"

    def __init__(self, below: Acting) -> None:
        super().__init__()
        self._below = below
        self._card: Card | None = None
        self._offered = [
            (act, below.why_not(act)) for act in ACTS if below.offers(act) and below.is_allowed(act)
        ]

    def offers(self, act: str) -> bool:
        """Before the login there is nothing to lock."""
        return super().offers(act) and (act != "lock" or self.station.desk is not None)

    def body(self) -> ComposeResult:
        """Card and keys."""
        with VerticalScroll(id="help-scroll"):
            yield Vertical(id="help-card")
            yield Words(self._sentence, classes="sentence", id="help-sentence")
            yield Static("", id="help-keys", markup=False)

    def on_mount(self) -> None:
        """The arrows scroll."""
        super().on_mount()
        self.query_one("#help-scroll").focus()

    def _sentence(self) -> str:
        return self._below.help_words()

    def redraw(self) -> None:
        """Write card and keys in the language in use."""
        self._card = card = self._read_card()
        title = card.title if card is not None else ""
        self.entitle(f"{_('Help')}  {title}" if title else _("Help"))
        self.query_one("#help-sentence").display = card is None
        self.query_one("#help-card").display = card is not None
        self.call_later(self._fill, card)
        self.query_one("#help-keys", Static).update(self._keys())

    def _read_card(self) -> Card | None:
        station = self.station
        keys = {act: key_words(found[0]) for act, found in station.keys_in_force.items()}
        place = self._below.place or _FACES.get(type(self._below).__name__, "")
        return card_of(station.home.path, chosen_language(), place, station.roles, keys) if place else None

    async def _fill(self, card: Card | None) -> None:
        for held in self.query("#help-card"):  # none if it was closed again at once
            await held.remove_children()
            await held.mount(*_drawn(card))
        self.call_after_refresh(self._tell_more)

    def _tell_more(self) -> None:
        more = any(part.max_scroll_y > 0 for part in self.query("#help-scroll"))  # none: closed again already
        self.say((lambda: _("Down or PgDn shows more.")) if more else str)

    def _keys(self) -> Content:
        texts = [
            (" / ".join(map(key_words, self.station.keys_in_force[act])), self._below.label_of(act), reason)
            for act, reason in self._offered
        ]
        texts += [("Enter", _("go on, take row 1"), None), ("1-9", _("take that row"), None)]
        half = (len(texts) + 1) // 2
        rows = [line(*map(_key_row, texts[n::half])) for n in range(half)]
        return lines([*rows, "", shown(_("Grey keys say why."), "$text-muted")])


def _drawn(card: Card | None) -> Iterator[Widget]:
    for block in card.blocks if card is not None else ():
        if block.mark:
            mark = Static(cell(block.mark, 3, "bold", right=True), markup=False, classes="help-mark")
            said = Static(_content(block), markup=False, classes="help-said")
            yield Horizontal(mark, said, classes="help-item")
        else:
            yield Static(_content(block), markup=False, classes="help-paragraph")


def _content(block: Block) -> Content:
    return line(*(shown(part.text, _STYLES[part.kind]) for part in block.parts))


def _key_row(text: tuple[str, str, str | None]) -> Content:
    keys, label, reason = text
    return line(cell(f"  {keys}", 20, "bold $accent"), cell(label, 16, "$text-muted" if reason else ""))
