"""The bottom line: the keys that work now, each clickable; and above it the quiet line for news."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.widgets import Static

from downtime.screens.keymap import ACTS, MOST_WANTED, SHOWN_LAST, key_words
from downtime.screens.text import cell, cells, cut, line, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.content import Content
    from textual.events import Click

    from downtime.app import DowntimeApp
    from downtime.screens.base import Acting


class KeyLine(Static):
    """One row at the bottom of every screen and dialog."""

    DEFAULT_CSS = "KeyLine { height: 1; dock: bottom; background: $topline; }"

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self._places: list[tuple[int, int, str]] = []

    def on_resize(self) -> None:
        """Fit the new width."""
        self.draw()

    def draw(self) -> None:
        """Write the keys that work now, the most wanted first, help and back at the end."""
        app, screen = cast("DowntimeApp", self.app), cast("Acting", self.screen)
        width = self.size.width or 80
        offered = [
            act
            for act in ACTS
            if screen.offers(act) and screen.is_allowed(act) and screen.why_not(act) is None
        ]
        last = [act for act in SHOWN_LAST if act in offered]
        first = [act for act in offered if act not in last]
        texts = {act: (key_words(app.keys_in_force[act][0]), screen.label_of(act)) for act in offered}
        sizes = {act: cells(key) + cells(label) + 3 for act, (key, label) in texts.items()}
        if sum(sizes.values()) > width:  # close up before leaving anything out
            sizes = {act: size - 1 for act, size in sizes.items()}
        if sum(sizes.values()) > width and cast("Acting", self.screen).lock_gives_way:
            last = [act for act in last if act != "lock"]  # F1 names it; what is to be decided comes first
        room = width - sum(sizes[act] for act in last)
        kept = set()
        for act in sorted(first, key=lambda act: act not in MOST_WANTED):
            if sizes[act] <= room:
                kept.add(act)
                room -= sizes[act]
        self._places = []
        parts: list[Content] = []
        at = 0
        for act in [act for act in first if act in kept] + last:
            key, label = texts[act]
            parts += [shown(" "), shown(key, "bold $accent"), cell(f" {label}", sizes[act] - cells(key) - 1)]
            self._places.append((at, at + sizes[act], act))
            at += sizes[act]
        self.update(line(*parts))

    async def on_click(self, event: Click) -> None:
        """A click does what the key does."""
        for start, end, act in self._places:
            if start <= event.x < end:
                await cast("Acting", self.screen).act(act)


class QuietLine(Static):
    """Success is a quiet line that waits for no key; a hint or a problem stands here too."""

    DEFAULT_CSS = """
    QuietLine { height: 1; padding: 0 1; }
    QuietLine.done { color: $success; text-style: bold; }
    QuietLine.hint { color: $text-muted; }
    QuietLine.problem { background: $error; color: $text-on-error; text-style: bold; }
    """

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self._words: Callable[[], str] = str
        self._refusal: Callable[[], str] = str
        self._passing = False

    @property
    def is_empty(self) -> bool:
        """Whether there is no news."""
        return not self._words()

    def say(self, words: Callable[[], str], kind: str = "hint", *, passing: bool = False) -> None:
        """Show what ``words`` returns, now and in whatever language comes later; ``passing``: until the next step."""
        self._words, self._refusal, self._passing = words, str, passing
        self.set_classes(kind)
        self.draw()

    def refuse(self, words: Callable[[], str]) -> None:
        """Say why a key does nothing; what was recorded last stays beside it."""
        if self.has_class("done"):
            self._refusal = words
            self.draw()
        else:
            self.say(words, passing=True)

    def forget(self) -> None:
        """Take away what was wrong a step ago; what was recorded stays."""
        if self._passing:
            self.say(str)
        elif self._refusal is not str:
            self._refusal = str
            self.draw()

    def on_resize(self) -> None:
        """Fit the new width."""
        self.draw()

    def draw(self) -> None:
        """Write the line again."""
        said = "   ".join(part for part in (self._words(), self._refusal()) if part)
        self.update(shown(cut(said, (self.size.width or self.app.size.width) - 2)))


class Words(Static):
    """A fixed text of ours, in the language in use."""

    def __init__(self, words: Callable[[], str], **named: str) -> None:
        super().__init__("", markup=False, **named)  # type: ignore[arg-type]  # id and classes only
        self._words = words

    def on_mount(self) -> None:
        """Show it."""
        self.retranslate()

    def retranslate(self) -> None:
        """Show it in the language in use."""
        self.update(shown(self._words()))
