"""What the keys of the board do: open, mark, narrow, decide, take out, send."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from downtime.board import ERRORS, Kept
from downtime.board_csv import as_csv, export_board, export_path
from downtime.board_pace import Pace
from downtime.errors import DowntimeError
from downtime.i18n import _, chosen_language
from downtime.screens import board_decide
from downtime.screens.ask import AskDialog
from downtime.screens.beside import run_beside
from downtime.screens.fields_dialog import FieldsDialog, Line
from downtime.screens.text import shown
from downtime.screens.typed_fields import Field
from forms.base import Problem
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from downtime.board import BoardRow
    from downtime.screens.board import BoardScreen
    from downtime.screens.scans import Scan

HUB = "hub"


def label_of(screen: BoardScreen, act: str) -> str | None:
    """Return what a key is called on the board, where that is a name of its own."""
    if act == "deliver" and screen.is_sending:
        return _("Stop")
    return {
        "patient": _("Find"),
        "item": _("All lists"),
        "settle": _("Decide"),
        "payer": _("Other way"),
        "back": _("Clear"),
    }.get(act)


def why_not(screen: BoardScreen, act: str) -> str | None:
    """Return why an act does not work now."""
    if act in {"settle", "resend"}:
        rows = targets(screen)
        if not rows:
            return _("Mark a row first.")
        return board_decide.why_not_resend(screen, rows) if act == "resend" else None
    if act == "export" and not len(screen.rows.values):
        return _("Nothing is listed.")
    if act == "deliver" and not screen.source.connector:
        return _("The hub has no way into the HIS: see connectors in hub.toml.")
    return _("It stops behind this batch.") if act == "deliver" and screen.is_stopping else None


# -- marking ------------------------------------------------------------------------------------------------


def targets(screen: BoardScreen) -> list[BoardRow]:
    """Return what a decision is about: the rows that were marked with Space, or else the one the mark is on."""
    if screen.chosen:
        found = [screen.source.fresh(n) for n in sorted(screen.chosen)]
        return [row for row in found if row is not None]
    marked = screen.marked
    return [marked] if marked is not None else []


def choose(screen: BoardScreen) -> None:
    """Mark the row, or take its mark away, and go on to the next."""
    marked = screen.marked
    if marked is not None:
        screen.chosen ^= {marked.n}
        screen.rows.mark(min(screen.rows.place + 1, len(screen.rows.values) - 1))


def choose_errors(screen: BoardScreen) -> None:
    """Mark every error listed, or take all marks away."""
    errors = {row.n for row in screen.rows.values if row.state in ERRORS and not row.again}
    screen.chosen = set() if screen.chosen and errors <= screen.chosen else errors
    screen.redraw()


# -- opening ------------------------------------------------------------------------------------------------


def open_row(screen: BoardScreen, row: BoardRow) -> None:
    """Show one entry whole."""
    from downtime.screens.board_item import BoardItemScreen

    if screen.allows("look_up"):
        screen.station.push_screen(BoardItemScreen(screen, row))


def take_scan(screen: BoardScreen, scan: Scan) -> bool:
    """Open the slip that was scanned, of whatever station; a card finds its patient."""
    if scan.kind == "patient":
        screen.act_patient()
        screen.query_one("#board-asked", Field).take(scan.value.number)
        return True
    number = {"receipt": lambda: scan.value.number, "foreign_receipt": lambda: scan.value.facts.number}
    row = screen.source.row(str(number[scan.kind]())) if scan.kind in number else None
    if row is None:
        return False
    open_row(screen, row)
    return True


# -- narrowing ------------------------------------------------------------------------------------------------


def ask_filter(screen: BoardScreen) -> None:
    """Ask for station, cashier and day; empty is all."""
    stations, people, days = screen.source.choices()
    kept = screen.kept

    async def finish(answers: Mapping[str, str]) -> Sequence[Problem]:
        known = {"station": stations, "operator": [number for number, _name in people], "day": days}
        return [
            Problem(name, N_("Nothing of that is on the board."))
            for name, typed in answers.items()
            if typed and typed not in known[name]
        ]

    def told() -> list[Any]:
        listed = "  ".join(f"{number} {name}" for number, name in people[:40])
        return [
            shown(_("Stations {names}").format(names=" ".join(stations)), "$secondary"),
            shown(_("Cashiers {names}").format(names=listed), "$secondary"),
            shown(_("Days {names}").format(names=" ".join(days)), "$secondary"),
            shown(_("Empty lists all.")),
        ]

    def answered(answers: Mapping[str, str] | None) -> None:
        if answers is not None:
            screen.narrow(**answers)

    screen.station.push_screen(
        FieldsDialog(
            lambda: _("What is listed"),
            told,
            (
                Line("station", lambda: _("Station"), "code", kept.station),
                Line("operator", lambda: _("Cashier"), "code", kept.operator),
                Line("day", lambda: _("Day"), "code", kept.day),
            ),
            finish,
        ),
        answered,
    )


def kept_text(kept: Kept) -> str:
    """Return what was listed in one line, for the entry about an export; nothing that was typed to search."""
    told = {"view": kept.view, "station": kept.station, "by": kept.operator, "day": kept.day}
    return " ".join(f"{name}={text}" for name, text in told.items() if text)


async def export(screen: BoardScreen) -> None:
    """Write what is listed into a file, and record that."""
    desk, rows = screen.desk, list(screen.rows.values)
    with_names = screen.station.may("look_up")
    target = export_path(desk.home, screen.station.now())

    def write() -> Any:
        content = as_csv(rows, desk.currency, with_names=with_names)
        return export_board(target, desk.book.paths.number, rows, content, kept_text(screen.kept))

    try:
        form = await asyncio.to_thread(write)
        await desk.recording_event(form)
    except DowntimeError as error:
        screen.station.alarm(error)
        return
    screen.say(partial(_("{count} lines written to {file}.").format, count=len(rows), file=target), "done")


# -- deciding -------------------------------------------------------------------------------------------------


def decide(screen: BoardScreen) -> None:
    """Offer what can be decided about the marked rows."""
    board_decide.offer(screen, screen, targets(screen))


def resend(screen: BoardScreen) -> None:
    """Let them go to the HIS again."""
    board_decide.resend(screen, screen, targets(screen))


async def bring_up(screen: BoardScreen) -> None:
    """Bring what was decided to the hub, in a program beside."""
    home = screen.station.home
    if HUB not in home.settings.connectors or not home.keys.service_password_file.is_file():
        screen.say(
            lambda: _("Recorded here; this station does not bring it to the hub by itself: join it."),
            "problem",
        )
        return
    if screen.is_bringing_up:
        return
    screen.is_bringing_up = True
    said: list[str] = []
    try:
        code = await run_beside(home, ("sync", "once", "--connector", HUB), said.append)
    except OSError as error:
        code, said = 1, [str(error)]
    finally:
        screen.is_bringing_up = False
    if code:
        screen.told = said
        screen.say(lambda: _("Recorded here, and not at the hub yet: see above."), "problem", lasting=True)
    screen.look_again()


# -- sending --------------------------------------------------------------------------------------------------


async def choose_way(screen: BoardScreen, connector: str) -> None:
    """Show another way's answers."""
    await asyncio.to_thread(screen.source.choose, connector)
    screen.chosen = set()
    screen.look_again()


def begin_sending(screen: BoardScreen) -> None:
    """Begin a round; where stations may still be in the outage, only after that was said and agreed to."""
    open_still = screen.source.summary().still_open
    if not open_still:
        _begin(screen, ())
        return

    def question() -> str:
        return _(
            "Not every station has stopped: {stations}. Send what the others recorded all the same?"
        ).format(stations=", ".join(open_still))

    def answered(sure: object) -> None:
        if sure:
            _begin(screen, open_still)

    screen.station.push_screen(AskDialog(question), answered)


def _begin(screen: BoardScreen, although_open: Sequence[str]) -> None:
    screen.pace = Pace()
    screen.pace.look(time.monotonic(), screen.source.summary().to_send)
    try:
        screen.sending = screen.source.send(chosen_language(), although_open)
    except OSError as error:
        failed = str(error)
        screen.say(lambda: failed, "problem")
    screen.draw_pace()
    screen.keys_changed()


def watch_sending(screen: BoardScreen) -> None:
    """Say what became of the round once it is over; asked again and again."""
    sending = screen.sending
    if sending is None or sending.code is None:
        return
    screen.sending = None
    screen.told = list(sending.lines)
    screen.look_again()
    words = _("Stopped; the next round goes on there.") if sending.is_stopping else _("The round is over.")
    good = sending.code == 0 or sending.is_stopping
    screen.say(lambda: words, "done" if good else "problem", lasting=True)
    screen.keys_changed()
