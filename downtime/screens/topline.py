"""The top line: it never lies and never scrolls. Mode is a word, a colour and a shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.widgets import Static

from downtime.hub_notice import told_here
from downtime.i18n import _
from downtime.number_words import running_low
from downtime.screens.glance import Glance, elapsed
from downtime.screens.text import cell, cells, cut, lines, shown

if TYPE_CHECKING:
    from textual.content import Content

    from downtime.app import DowntimeApp
    from downtime.hub_notice import Told

_NAMES = ((14, 14), (10, 14), (0, 14), (0, 10), (0, 6), (0, 0))
"""Cells for the names of station and operator, from much room to little; the numbers always stay."""
_DATE, _MINUTES = 10, slice(11, 16)
_STALE_HOURS = 36


class TopLine(Static):
    """One row at the top of every screen."""

    DEFAULT_CSS = "TopLine { height: 1; dock: top; background: $topline; }"

    def __init__(self) -> None:
        super().__init__("", markup=False)

    def on_mount(self) -> None:
        """Show the elapsed time once a second; what it says is looked up elsewhere."""
        self.set_interval(1, self.draw)
        self.draw()

    def on_resize(self) -> None:
        """Fit the new width."""
        self.draw()

    def draw(self) -> None:
        """Write the line again."""
        app = cast("DowntimeApp", self.app)
        width = self.size.width or 80
        for names in _NAMES:  # names give way before anything that counts
            parts = _parts(app, *names)
            for gap in ("   ", "  "):
                if sum(part.cell_length for part in parts) + len(gap) * (len(parts) - 1) <= width:
                    self.update(shown(gap).join(parts))
                    return
        self.update(shown(" ").join(parts))


def mode_of(app: DowntimeApp) -> tuple[str, str, str]:
    """Return (word, shape, style name) of the mode in force."""
    if app.is_drill:
        return _("DRILL"), "<>", "drill"
    if app.desk is None:
        return _("NOT LOGGED IN"), "--", "closed"  # the book is not open yet: nothing is known
    return (_("OUTAGE"), "!!", "outage") if app.glance.outage else (_("NORMAL"), "==", "normal")


def _parts(app: DowntimeApp, station_cells: int, person_cells: int) -> list[Content]:
    word, shape, style = mode_of(app)
    glance, desk, door = app.glance, app.desk, app.door
    since = elapsed(glance.outage_since, app.now()) if glance.outage_since else ""
    mode = shown(f" {shape} {word} {since}".rstrip() + " ", f"bold $text-on-{style} on ${style}")
    station = shown(f"{door.station} {cut(door.station_name, station_cells)}".rstrip())
    if desk is None:
        return [mode, station, shown(cut(_hospital(app), 40))]
    person = shown(f"{desk.person.operator} {cut(desk.person.name, person_cells)}".rstrip())
    waiting = shown(_("To send {count}").format(count=glance.waiting), "bold" if glance.waiting else "")
    warned = [shown(" " + _("CLOCK JUMPED") + " ", "bold $text-on-error on $error")] if app.warning else []
    warned += [*_hub(app), *_numbers(app), *_safety(app), *_to_sign(app)]
    # A warning needs the room of what is as it should be.
    usual = [waiting] if glance.waiting or not warned else []
    usual += [_printer(app)] if app.printing or glance.not_printed or not warned else []
    return [mode, station, person, _age(glance, app.now()), *usual, *warned]


def hub_word(app: DowntimeApp) -> Told | None:
    """Return what to show of the hub's last word about an outage, or None."""
    return None if app.is_drill else told_here(app.glance.hub, app.glance.outage, app.now())


def _hub(app: DowntimeApp) -> list[Content]:
    """Return that the hub says otherwise than what is in force here."""
    told = hub_word(app)
    if told is None or not told.is_urgent:
        return []
    return [shown(f" {told.short} ", "bold $text-on-error on $error")]


def _numbers(app: DowntimeApp) -> list[Content]:
    """Return that receipt numbers run low."""
    left = app.glance.numbers_left
    if left is None or not running_low(left, app.settings.numbers.warn_below):
        return []
    style = "bold $text-on-warning on $warning" if left else "bold $text-on-error on $error"
    return [shown(" " + _("Numbers {left}").format(left=left) + " ", style)]


def _safety(app: DowntimeApp) -> list[Content]:
    """Return what is wrong with the disk, the site's paper template and the second copy of the head log."""
    room, mirror = app.glance.room, app.desk.kept.mirror if app.desk is not None else None
    style = (
        "bold $text-on-error on $error" if room.level == "very_low" else "bold $text-on-warning on $warning"
    )
    found = []
    if room.level:
        found.append(shown(" " + _("DISK {free} MB").format(free=room.free_bytes >> 20) + " ", style))
    if app.glance.paper_fault:
        found.append(shown(" " + _("PAPER TEMPLATE") + " ", "bold $text-on-warning on $warning"))
    if mirror is not None and mirror.state:
        found.append(shown(" " + _("NO HEAD COPY") + " ", "bold $text-on-warning on $warning"))
    return found


def _to_sign(app: DowntimeApp) -> list[Content]:
    """Return how much waits for a countersignature that this person may give."""
    assert app.desk is not None
    person = app.desk.person
    waiting = [one for one in app.glance.awaiting if one.may_be_signed_by(person)]
    if not waiting:
        return []
    late = sum(one.is_overdue(app.now()) for one in waiting)
    if late:
        return [shown(" " + _("OVERDUE {count}").format(count=late) + " ", "bold $text-on-error on $error")]
    text = _("Sign {count}").format(count=len(waiting))
    return [shown(f" {text} ", "bold $text-on-warning on $warning")]


def _hospital(app: DowntimeApp) -> str:
    from downtime.i18n import chosen_language

    return app.door.hospital if chosen_language() == "zh" else app.door.hospital_en or app.door.hospital


def _age(glance: Glance, now: str) -> Content:
    if glance.reference_version is None:
        return shown(_("No reference data"), "bold $text-on-warning on $warning")
    taken = glance.taken_at
    when = taken[_MINUTES] if taken[:_DATE] == now[:_DATE] else taken[5:_DATE] + " " + taken[_MINUTES]
    hours = elapsed(taken, now)
    stale = "d" in hours or (hours[:2].isdigit() and int(hours[:2]) >= _STALE_HOURS)
    text = _("Data {when} v{version}").format(when=when, version=glance.reference_version)
    return shown(text, "bold $warning" if stale else "")


def _printer(app: DowntimeApp) -> Content:
    if app.printing:
        return shown(_("Printing"))
    if app.glance.not_printed:
        text = _("Not printed {count}").format(count=app.glance.not_printed)
        return shown(text, "bold $text-on-warning on $warning")
    return shown(_("Printer ok"))


class DrillEdge(Static):
    """One side of the frame that a drill has around every screen."""

    DEFAULT_CSS = """
    DrillEdge { background: $drill; color: $text-on-drill; text-style: bold; }
    DrillEdge.across { height: 1; width: 1fr; }
    DrillEdge.down { width: 2; height: 1fr; }
    """

    def __init__(self, side: str) -> None:
        super().__init__("", markup=False, classes=side)

    def on_resize(self) -> None:
        """Fill the side."""
        self.draw()

    def draw(self) -> None:
        """Write the word as often as it fits."""
        word, (width, height) = _("DRILL"), self.size
        if self.has_class("across"):
            self.update(shown(f" {word} " * (width // (cells(word) + 2))))
        else:
            signs = (word + " ") * (height // (len(word) + 1) + 1)
            self.update(lines([cell(sign, width) for sign in signs[:height]]))
