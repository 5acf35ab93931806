"""Home: what can be done here, one key each; first what the person's role does most."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from downtime.i18n import _
from downtime.screens.base import StationScreen
from downtime.screens.keyline import Words
from downtime.screens.places import at_home
from downtime.screens.practice_words import first_receipt_words
from downtime.screens.side import recent_lines
from downtime.screens.text import cell, line, lines, shown
from downtime.screens.topline import hub_word, mode_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult
    from textual.content import Content
    from textual.events import Click, Key

    from downtime.app import DowntimeApp
    from downtime.screens.places import Place

KEYS = "123456789abcdefghijklmnopqrstuvwxyz"
"""The keys of the rows: what a role does most has a digit."""

_COLUMN_CELLS = 36
_ROWS_AROUND = 13
"""Rows of the screen that are no places: top, mode, hints, a drill's frame, keys."""


def after_login(app: DowntimeApp) -> None:
    """Show what the person must know first: entries nobody was told about, work left open; then home."""
    from downtime.screens.unconfirmed import UnconfirmedScreen, anything_left

    while len(app.screen_stack) > 2:  # noqa: PLR2004 (the default screen and the login stay)
        app.pop_screen()
    app.switch_screen(app.first_screen())
    if app.desk is not None and app.may("look_up") and anything_left(app.desk):
        app.push_screen(UnconfirmedScreen())


class HomeScreen(StationScreen):
    """The list of places."""

    CSS_PATH = "home.tcss"
    is_home = True
    acts: ClassVar[tuple[str, ...]] = ("patient", "reprint", "payer")
    rights: ClassVar[Mapping[str, str]] = {"patient": "price"}

    def __init__(self) -> None:
        super().__init__()
        self._chosen = 0

    def body(self) -> ComposeResult:
        """Mode, places, and at wide screens the last receipts."""
        yield Static("", id="home-mode", markup=False)
        with Horizontal():
            with Vertical(id="home-places"):
                yield PlaceList(id="places")
                yield Words(lambda: _("A line opens by its digit or letter."), classes="muted home-hint")
                for words in first_receipt_words(self.station.home.path) if self.station.may("cash") else ():
                    yield Words(words, classes="muted")
            yield Static("", id="side", markup=False)

    def on_mount(self) -> None:
        """Say that numbers run low, or that no shift is open, if so."""
        from downtime.screens.shift_hint import tell_before_taking_money

        super().on_mount()
        tell_before_taking_money(self)

    def offers(self, act: str) -> bool:
        """Home is the last step back, and has nothing to copy."""
        return act not in {"back", "copy"} and super().offers(act)

    def why_not(self, act: str) -> str | None:
        """Reprinting needs a receipt."""
        if act == "reprint" and self.station.last is None:
            return _("Nothing was recorded since the login.")
        return None

    def label_of(self, act: str) -> str:
        """Return what the key for passwords is called here."""
        return _("My password") if act == "payer" else super().label_of(act)

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "Its digit or letter opens a line, Enter the marked one. A scan or F2 starts a charge at once."
        )

    def places_here(self) -> list[Place]:
        """Return the places the person may open, those of their roles first."""
        return at_home(self.station.roles)

    def redraw(self) -> None:
        """Write mode and places."""
        if not self.query(PlaceList):
            return  # the news came before the screen was whole
        app = self.station
        word, shape, style = mode_of(app)
        told = {
            "outage": _("The HIS is down. Record here: it goes to the HIS later, once."),
            "drill": _("This is a drill. Nothing recorded here goes to the HIS."),
            "normal": _("No outage is declared. Entries here go to the HIS as well."),
        }[style]
        said = hub_word(app)  # it says what to do, so it stands instead of the usual sentence
        self.query_one("#home-mode", Static).update(
            line(
                shown(f" {shape} {word} ", f"bold $text-on-{style} on ${style}"),
                "  ",
                shown(said.words, "bold") if said is not None else told,
            )
        )
        shown_places = self.places_here()
        self._chosen = min(self._chosen, max(len(shown_places) - 1, 0))
        self.query_one(PlaceList).draw(shown_places, self._chosen)
        known = self.station.may("look_up")
        side = recent_lines(self.desk, 40, self.size.height - 6) if known else ""
        self.query_one("#side", Static).update(side)

    def on_key(self, event: Key) -> None:
        """The key of a row goes there; up and down move the mark; Enter opens it."""
        shown_places = self.places_here()
        row = KEYS.find((event.character or " ").lower())
        if 0 <= row < len(shown_places):
            self._open(shown_places[row])
        elif event.key in {"down", "up"} and shown_places:
            self._chosen = (self._chosen + (1 if event.key == "down" else -1)) % len(shown_places)
            self.redraw()
        elif event.key == "enter" and shown_places:
            self._open(shown_places[self._chosen])
        else:
            return
        event.stop()

    def open_row(self, row: int) -> None:
        """Open the place in that row of the list."""
        shown_places = self.places_here()
        if 0 <= row < len(shown_places):
            self._open(shown_places[row])

    def _open(self, place: Place) -> None:
        self.station.go(place.name)

    def act_patient(self) -> None:
        """Start a charge."""
        self.station.go("charge")

    def act_payer(self) -> None:
        """Change the own password."""
        from downtime.screens.password import PasswordDialog

        self.station.push_screen(PasswordDialog(self.desk), self._password_changed)

    def _password_changed(self, answers: object) -> None:
        if answers is not None:
            self.say(lambda: _("The new password is in force, here at once."), "done")

    def act_reprint(self) -> None:
        """Print the last receipt again."""
        last = self.station.last
        if last is not None:
            self.station.behind(last.print_copy(_("asked for at the counter")))


class PlaceList(Static):
    """The rows with their keys; in two columns where one is too short."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 (Textual's name for it)
        super().__init__("", markup=False, id=id)
        self._rows_each = 2
        self._rows = 1

    def draw(self, found: list[Place], chosen: int) -> None:
        """Write the rows, the chosen one marked; with room between them where there is some."""
        room = max(self.app.size.height - _ROWS_AROUND, 4)
        self._rows_each = 2 if 2 * len(found) <= room else 1
        self._rows = max(len(found) if len(found) <= room else (len(found) + 1) // 2, 1)
        rows: list[Content | str] = []
        for first in range(self._rows):
            row = [self._place(n, found[n], chosen) for n in range(first, len(found), self._rows)]
            rows += [line(*row)] + [""] * (self._rows_each - 1)
        self.update(lines(rows))

    @staticmethod
    def _place(n: int, there: Place, chosen: int) -> Content:
        style = "$block-cursor-foreground on $block-cursor-background bold" if n == chosen else ""
        return cell(f"  {KEYS[n]}  {_(there.title)}", _COLUMN_CELLS, style)

    def on_click(self, event: Click) -> None:
        """A click opens the row."""
        screen = self.screen
        assert isinstance(screen, HomeScreen)
        screen.open_row(event.y // self._rows_each + event.x // _COLUMN_CELLS * self._rows)
