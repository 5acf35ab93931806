"""What is unaccounted for when a shift should close, and the act for each: print it, say it came out, explain it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime import desk_queries
from downtime.i18n import _
from downtime.screens.entry_lines import form_title
from downtime.screens.reason import ReasonDialog
from downtime.screens.recorded import RecordedLine, money
from downtime.screens.text import shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from downtime.entry import Entry
    from downtime.screens.shift_parts import ShiftParts
    from downtime.shift import Matter


def settle_matter(screen: ShiftParts, matter: Matter) -> None:
    """Ask what became of a paper; a digit does what is usual, anything typed is the reason it stays open."""
    entry = screen.desk.find(matter.entry_id)
    if entry is None:
        return
    acts = _acts(screen, matter, entry)

    def told() -> list[Any]:
        name = str((entry.content.get("patient") or {}).get("name", ""))
        amount = money(entry.amount_minor, screen.desk.currency) if entry.amount_minor is not None else ""
        return [
            shown(f"{form_title(entry)}  {matter.number}", "bold"),
            shown(f"{name}  {amount}".strip()),
            shown(_WORDS[matter.kind](), "bold $warning"),
        ]

    def decided(reason: str | None) -> None:
        if reason is None:
            return
        act = next((act for words, act in acts if act is not None and words() == reason), None)
        if act is not None:
            act()
        else:
            screen.draft.explained[matter.number] = reason
            screen.keep()
            screen.look_again()

    screen.station.push_screen(
        ReasonDialog(
            lambda: _("What became of {number}?").format(number=matter.number),
            told,
            [words for words, _act in acts],
        ),
        decided,
    )


_WORDS: dict[str, Callable[[], str]] = {
    "not_printed": lambda: _("It stands in the journal, but its paper never came out."),
    "maybe_printed": lambda: _("The printer stopped in the middle: look at the paper."),
    "unconfirmed": lambda: _("It stands in the journal, but nobody was told so: was it handed over?"),
}


def _acts(
    screen: ShiftParts, matter: Matter, entry: Entry
) -> list[tuple[Callable[[], str], Callable[[], object] | None]]:
    """Return what a digit does: words and act, or no act where the words are the explanation."""
    station = screen.station

    def printing() -> None:
        station.last = RecordedLine(station, entry)
        station.behind(_printing(screen, station.last))

    found: list[tuple[Callable[[], str], Callable[[], object] | None]] = [
        (lambda: _("Print it now"), printing)
    ]
    if matter.kind == "maybe_printed":
        found.insert(0, (lambda: _("It came out whole"), lambda: station.behind(_seeing(screen, entry))))
    if matter.kind == "unconfirmed":
        found.insert(0, (lambda: _("It was handed over"), lambda: station.behind(_confirming(screen, entry))))
    return [
        *found,
        (lambda: _("A receipt was written by hand instead"), None),
        (lambda: _("The patient has left; it is printed when asked for"), None),
    ]


async def _printing(screen: ShiftParts, last: RecordedLine) -> None:
    await last.print_copy(_("before the shift closes"))
    await screen.desk.confirming(last.entry.id)
    if screen.is_attached:
        screen.look_again()


async def _seeing(screen: ShiftParts, entry: Entry) -> None:
    copies = desk_queries.printouts(screen.desk, entry.id)
    newest = max(copies, key=lambda one: one.seq)
    await screen.desk.paper.seeing(entry, newest.content["copy_number"])
    await screen.desk.confirming(entry.id)
    if screen.is_attached:
        screen.look_again()


async def _confirming(screen: ShiftParts, entry: Entry) -> None:
    await screen.desk.confirming(entry.id)
    if screen.is_attached:
        screen.look_again()
