"""Counting a drawer by note and coin: so many, Enter, the next; the total grows. Blind: nothing else is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal
from textual.widgets import Static

from downtime.i18n import _
from downtime.screens.base import Dialog
from downtime.screens.keyline import Words
from downtime.screens.settle_amount import Amount
from downtime.screens.text import lines, shown
from downtime.screens.typed_fields import Field, NumberField
from forms.money import SYMBOLS, format_amount
from forms.shift_rules import DENOMINATIONS, Pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from textual.app import ComposeResult
    from textual.content import Content
    from textual.events import Key

PIECES_MAX = 100_000
_ANY = (10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 1)
"""Notes and coins of a currency nobody listed."""
_YUAN, _JIAO = 100, 10


def denominations_of(currency: str) -> tuple[int, ...]:
    """Return the notes and coins to count, largest first, in minor units."""
    return DENOMINATIONS.get(currency, _ANY)


def denomination_words(minor: int, currency: str) -> str:
    """Return what a note or coin is called."""
    if currency == "CNY":
        return (
            _("{n} yuan").format(n=minor // _YUAN)
            if minor >= _YUAN
            else _("{n} jiao").format(n=minor // _JIAO)
        )
    return f"{SYMBOLS.get(currency, '')}{format_amount(minor, currency)}"


class CountDialog(Dialog):
    """Gives the pile as a tuple of ``Pieces`` (none of what there is none), or None.

    Args:
        title: what is counted.
        told: who counts, and what comes then.
        currency: whose notes and coins.
        kept: what was typed before a lock or power cut, by denomination.
        keep: keeps what is typed so far.
    """

    CSS_PATH = "shift.tcss"
    acts: ClassVar[tuple[str, ...]] = ("settle",)

    def __init__(
        self,
        title: Callable[[], str],
        told: Callable[[], Sequence[Content | str]],
        currency: str,
        kept: Mapping[str, str],
        keep: Callable[[dict[str, str]], None],
    ) -> None:
        super().__init__()
        self._title, self._told, self._currency = title, told, currency
        self._kept, self._keep = dict(kept), keep
        self._notes = denominations_of(currency)
        self._asked_empty = False

    def body(self) -> ComposeResult:
        """One row for each note and coin, and the total."""
        yield Static("", id="count-told", markup=False)
        for note in self._notes:
            with Horizontal(classes="count-row"):
                yield Words(
                    lambda note=note: denomination_words(note, self._currency),  # type: ignore[misc]  # bound in the loop
                    classes="label count-label",
                )
                yield Static(shown("x"), classes="count-times", markup=False)
                yield NumberField(self._kept.get(str(note), ""), id=f"pieces-{note}", max_length=7)
                yield Static("", id=f"sum-{note}", classes="count-sum", markup=False)
        sign = SYMBOLS.get(self._currency, self._currency)
        yield Amount(Words(lambda: _("Counted")), sign, id="count-total")
        yield Static("", id="count-next", markup=False)

    def on_mount(self) -> None:
        """The cursor waits at the first note not counted yet."""
        super().on_mount()
        first = next((note for note in self._notes if not self._field(note).value), self._notes[-1])
        self._field(first).focus()

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "Count what lies in the drawer: how many of each, then Enter; Enter alone means none. Up and down go back. "
            "What should be there is shown only afterwards."
        )

    def label_of(self, act: str) -> str:
        """Return what finishing is called here."""
        return _("Counted") if act == "settle" else super().label_of(act)

    def redraw(self) -> None:
        """Write everything in the language in use."""
        self.entitle(self._title())
        self.query_one("#count-told", Static).update(lines(self._told()))
        self._draw()

    def _field(self, note: int) -> Field:
        return self.query_one(f"#pieces-{note}", Field)

    def _draw(self) -> None:
        total = 0
        for note in self._notes:
            typed = self._field(note).value
            count = pieces_of(typed)
            total += note * (count or 0)
            if count is None:
                told = shown(_("A whole number, please."), "bold $warning")
            else:
                told = shown(format_amount(note * count, self._currency, thousands=True) if typed else "")
            self.query_one(f"#sum-{note}", Static).update(told)
        figures = format_amount(total, self._currency, thousands=True)
        self.query_one("#count-total", Amount).show_figures(figures)
        if self._asked_empty:
            words = shown(
                _(" Enter again: nothing at all is in the drawer. "), "bold $text-on-warning on $warning"
            )
        else:
            words = shown(_("Enter: next.  F8 or Enter on the last line: counted."), "$secondary")
        self.query_one("#count-next", Static).update(words)

    def on_input_changed(self, event: Field.Changed) -> None:
        """Add up with every key."""
        event.stop()
        self._asked_empty = False
        self._draw()

    def on_input_submitted(self, event: Field.Submitted) -> None:
        """On to the next note; after the last one it is counted."""
        event.stop()
        note = int((event.input.id or "").removeprefix("pieces-"))
        self._keep(self._typed())
        if pieces_of(event.value) is None:
            return
        place = self._notes.index(note) + 1
        if place < len(self._notes):
            self._field(self._notes[place]).focus()
        else:
            self.act_settle()

    def on_key(self, event: Key) -> None:
        """Up and down go from note to note."""
        named = (self.focused.id or "") if self.focused is not None else ""
        if event.key in {"up", "down"} and named.startswith("pieces-"):
            event.stop()
            place = self._notes.index(int(named.removeprefix("pieces-"))) + (1 if event.key == "down" else -1)
            self._field(self._notes[min(max(place, 0), len(self._notes) - 1)]).focus()

    def _typed(self) -> dict[str, str]:
        return {str(note): self._field(note).value for note in self._notes if self._field(note).value}

    def act_settle(self) -> None:
        """It is counted."""
        self._keep(self._typed())
        counts = {note: pieces_of(self._field(note).value) for note in self._notes}
        wrong = next((note for note, count in counts.items() if count is None), None)
        if wrong is not None:
            self._field(wrong).focus()
            return
        pile = tuple(Pieces(denomination_minor=note, pieces=count) for note, count in counts.items() if count)
        if not pile and not self._asked_empty:
            self._asked_empty = True
            self._draw()
            return
        self.dismiss(pile or (Pieces(denomination_minor=self._notes[-1], pieces=0),))

    def step_back(self) -> None:
        """Leave; what was typed is kept."""
        self._keep(self._typed())
        super().step_back()


def pieces_of(typed: str) -> int | None:
    """Return how many were typed, 0 for nothing, or None if that is no whole number."""
    text = typed.strip()
    if not text:
        return 0
    return int(text) if text.isascii() and text.isdigit() and int(text) <= PIECES_MAX else None


def sum_of(pile: Sequence[Pieces]) -> int:
    """Return what a pile comes to, in minor units."""
    return sum(one.denomination_minor * one.pieces for one in pile)
