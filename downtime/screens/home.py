"""Home: what can be done here, one digit each; first what the person's role does most."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from downtime.i18n import _
from downtime.screens.base import StationScreen
from downtime.screens.places import places
from downtime.screens.side import recent_lines
from downtime.screens.text import cell, line, lines, shown
from downtime.screens.topline import mode_of

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.content import Content
    from textual.events import Click, Key

    from downtime.app import DowntimeApp
    from downtime.screens.places import Place

_DIGITS = "123456789"


def after_login(app: DowntimeApp) -> None:
    """Show what the person must know first: entries nobody was told about, work left open; then home."""
    from downtime.screens.unconfirmed import UnconfirmedScreen, anything_left

    while len(app.screen_stack) > 2:  # noqa: PLR2004 (the default screen and the login stay)
        app.pop_screen()
    app.switch_screen(HomeScreen())
    if app.desk is not None and anything_left(app.desk):
        app.push_screen(UnconfirmedScreen())


class HomeScreen(StationScreen):
    """The list of places."""

    CSS_PATH = "home.tcss"
    is_home = True
    acts: ClassVar[tuple[str, ...]] = ("patient", "reprint")

    def __init__(self) -> None:
        super().__init__()
        self._chosen = 0

    def body(self) -> ComposeResult:
        """Mode, places, and at wide screens the last receipts."""
        yield Static("", id="home-mode", markup=False)
        with Horizontal():
            with Vertical(id="home-places"):
                yield PlaceList(id="places")
            yield Static("", id="side", markup=False)

    def offers(self, act: str) -> bool:
        """Home is the last step back."""
        return act != "back" and super().offers(act)

    def why_not(self, act: str) -> str | None:
        """Reprinting needs a receipt."""
        if act == "reprint" and self.station.last is None:
            return _("Nothing was recorded since the login.")
        return None

    def help_words(self) -> str:
        """Return what to do here."""
        return _("A digit opens that line, Enter the marked one. A scan or F2 starts a charge at once.")

    def places_here(self) -> list[Place]:
        """Return the places, those of the person's roles first."""
        mine = self.desk.person.roles
        return sorted(places(), key=lambda place: bool(place.roles) and not set(place.roles) & set(mine))

    def redraw(self) -> None:
        """Write mode and places."""
        if not self.query(PlaceList):
            return  # the news came before the screen was whole
        app = self.station
        word, shape, style = mode_of(app)
        told = {
            "outage": _("The HIS is down. Record here; everything goes to the HIS afterwards, once."),
            "drill": _("This is a drill. Nothing recorded here goes to the HIS."),
            "normal": _("No outage is declared. What is recorded here goes to the HIS as well."),
        }[style]
        self.query_one("#home-mode", Static).update(
            line(shown(f" {shape} {word} ", f"bold $text-on-{style} on ${style}"), "  ", told)
        )
        self.query_one(PlaceList).draw(self.places_here(), self._chosen)
        self.query_one("#side", Static).update(recent_lines(self.desk, 40, self.size.height - 6))

    def on_key(self, event: Key) -> None:
        """A digit goes there; up and down move the mark; Enter opens it."""
        shown_places = self.places_here()
        if event.character and event.character in _DIGITS[: len(shown_places)]:
            self._open(shown_places[int(event.character) - 1])
        elif event.key in {"down", "up"}:
            self._chosen = (self._chosen + (1 if event.key == "down" else -1)) % len(shown_places)
            self.redraw()
        elif event.key == "enter":
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

    def act_reprint(self) -> None:
        """Print the last receipt again."""
        last = self.station.last
        if last is not None:
            self.station.behind(last.print_copy(_("asked for at the counter")))


class PlaceList(Static):
    """The numbered rows."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 (Textual's name for it)
        super().__init__("", markup=False, id=id)

    def draw(self, found: list[Place], chosen: int) -> None:
        """Write the rows, the chosen one marked."""
        rows: list[Content | str] = []
        for place, there in enumerate(found):
            style = "$block-cursor-foreground on $block-cursor-background bold" if place == chosen else ""
            digit = _DIGITS[place] if place < len(_DIGITS) else " "
            rows.append(cell(f"  {digit}  {_(there.title)}", 40, style))
            rows.append("")
        self.update(lines(rows))

    def on_click(self, event: Click) -> None:
        """A click opens the row."""
        screen = self.screen
        assert isinstance(screen, HomeScreen)
        screen.open_row(event.y // 2)
