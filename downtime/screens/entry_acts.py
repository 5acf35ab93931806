"""What can be done about a recorded entry, the same from every screen that shows one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime import desk_queries
from downtime.errors import DowntimeError
from downtime.i18n import _
from downtime.record import new_entry_id
from downtime.screens.entry_lines import form_title, method_word
from downtime.screens.reason import ReasonDialog
from downtime.screens.recorded import RecordedLine, money
from downtime.screens.text import line, shown
from forms.base import read_form
from forms.reversal import Reversal
from forms.station_book import ResendDecided

if TYPE_CHECKING:
    from textual.content import Content

    from downtime.desk import Desk
    from downtime.entry import Entry
    from downtime.record import Recorded
    from downtime.screens.base import Acting


def _told(desk: Desk, entry: Entry) -> list[Content | str]:
    amount = money(entry.amount_minor, desk.currency) if entry.amount_minor is not None else ""
    name = str((entry.content.get("patient") or {}).get("name", ""))
    return [shown(f"{form_title(entry)}  {entry.number or ''}", "bold"), shown(f"{name}  {amount}".strip())]


# -- printing again -------------------------------------------------------------------------------------


def reprint(screen: Acting, entry: Entry) -> None:
    """Ask why a further copy is wanted, then print it; a first copy needs no reason."""
    desk, app = screen.desk, screen.station
    copies = desk_queries.printouts(desk, entry.id)
    newest = max(copies, key=lambda one: one.seq, default=None)
    if newest is not None and newest.content["state"] == "maybe_printed":
        _ask_whether_whole(screen, entry, newest.content["copy_number"])
        return
    came_out = [copy for copy in copies if copy.content["state"] == "printed"]
    if not came_out:
        _print(screen, entry, "")
        return
    copy = max(one.content["copy_number"] for one in copies) + 1

    def decided(reason: str | None) -> None:
        if reason is not None:
            _print(screen, entry, reason)

    app.push_screen(
        ReasonDialog(
            lambda: _("Print again as copy {n}").format(n=copy),
            lambda: _told(desk, entry),
            (
                lambda: _("Did not come out, or not readable"),
                lambda: _("The patient lost it"),
                lambda: _("Asked for at the counter"),
            ),
        ),
        decided,
    )


def _ask_whether_whole(screen: Acting, entry: Entry, copy: int) -> None:
    """Ask what became of a copy that was cut off: whole, it is recorded as seen; else the next one is printed."""
    app, desk = screen.station, screen.desk
    whole = _("It came out whole: print nothing")

    def decided(reason: str | None) -> None:
        if reason == whole:
            app.behind(_seeing(screen, entry, copy))
        elif reason is not None:
            _print(screen, entry, reason)

    app.push_screen(
        ReasonDialog(
            lambda: _("Look at the printer: what became of copy {n}?").format(n=copy),
            lambda: _told(desk, entry),
            (lambda: whole, lambda: _("Nothing came out"), lambda: _("Only a part came out")),
        ),
        decided,
    )


async def _seeing(screen: Acting, entry: Entry, copy: int) -> None:
    await screen.desk.paper.seeing(entry, copy)
    if screen.is_attached:
        screen.redraw()


def _print(screen: Acting, entry: Entry, reason: str) -> None:
    app = screen.station
    app.last = RecordedLine(app, entry)
    app.behind(_printing(screen, app.last, reason))


async def _printing(screen: Acting, last: RecordedLine, reason: str) -> None:
    await last.print_copy(reason)
    if screen.is_attached:
        screen.redraw()


# -- reversing ------------------------------------------------------------------------------------------


def reverse(screen: Acting, entry: Entry) -> None:
    """Ask why, show what is given back, and reverse on the second Enter."""
    desk = screen.desk
    said = screen.station.remembered.setdefault("reversing", {})  # by entry: nothing came of it yet
    entry_id = new_entry_id()  # one for this decision: however often Enter is pressed, it is one reversal
    refunds = desk_queries.reversal_content(entry, "-", desk.currency)["refunds"]

    def told() -> list[Content | str]:
        back = [
            line(
                shown(_("Give back"), "bold $warning"),
                f"  {method_word(part['method'])}  ",
                _amount(desk, part),
            )
            for part in refunds
        ]
        return [*_told(desk, entry), *(back or [shown(_("No money goes back."), "$secondary")])]

    def decided(reason: str | None) -> None:
        if reason is not None:
            said[entry.id] = reason
            screen.station.behind(_reversing(screen, entry, reason, entry_id))

    screen.station.push_screen(
        ReasonDialog(
            lambda: _("Reverse {number}").format(number=entry.number or entry.id),
            told,
            (
                lambda: _("Wrong item or quantity"),
                lambda: _("Wrong patient"),
                lambda: _("Recorded twice"),
                lambda: _("The patient wants it back"),
            ),
            sure=lambda: _(" Enter again: reverse the whole entry. Esc: leave it. "),
            typed=said.get(entry.id, ""),
        ),
        decided,
    )


def _amount(desk: Desk, part: dict[str, Any]) -> Content:
    return shown(money(part["amount_minor"], desk.currency), "bold")


async def _reversing(screen: Acting, entry: Entry, reason: str, entry_id: str) -> None:
    form = read_form(Reversal, desk_queries.reversal_content(entry, reason, screen.desk.currency))
    if isinstance(form, list):
        screen.show_problems(form)
        return

    def stands(recorded: Recorded) -> None:
        screen.redraw()
        screen.station.tell_recorded(recorded.entry)

    await screen.record(form, entry_id, stands)


# -- sending again --------------------------------------------------------------------------------------


def why_not_resend(desk: Desk, entry: Entry) -> str | None:
    """Return why an entry does not go to the HIS again by a person's decision, or None if it may."""
    if not rejecting(desk, entry):
        return _("Only an entry the HIS rejected is sent again by hand.")
    return None


def rejecting(desk: Desk, entry: Entry) -> list[str]:
    """Return the connectors whose HIS rejected the entry and nobody has decided since."""
    names = desk.home.settings.connectors
    return [name for name in names if desk_queries.state_with(desk, entry.id, name) == "rejected"]


def resend(screen: Acting, entry: Entry) -> None:
    """Ask why, then record the decision; the next round sends the entry."""
    desk = screen.desk
    names = rejecting(desk, entry)

    def told() -> list[Content | str]:
        said = [desk_queries.last_reason(desk, entry.id, name) for name in names]
        return [
            *_told(desk, entry),
            *(line(shown(_("The HIS said"), "$secondary"), f"  {one}") for one in said),
        ]

    def decided(reason: str | None) -> None:
        if reason is not None:
            screen.station.behind(_resending(screen, entry, names, reason))

    screen.station.push_screen(
        ReasonDialog(
            lambda: _("Send {number} to the HIS again").format(number=entry.number or entry.id),
            told,
            (
                lambda: _("The HIS has been put right"),
                lambda: _("The code or patient is known there now"),
                lambda: _("It was rejected by mistake"),
            ),
        ),
        decided,
    )


async def _resending(screen: Acting, entry: Entry, names: list[str], reason: str) -> None:
    try:
        for name in names:
            await screen.desk.recording_event(ResendDecided(entry_id=entry.id, connector=name, reason=reason))
    except DowntimeError as error:
        screen.station.alarm(error)
        return
    screen.redraw()
    screen.say(lambda: _("Decided: {number} goes with the next round.").format(number=entry.number), "done")
    screen.station.look()
