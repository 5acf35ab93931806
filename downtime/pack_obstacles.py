"""Paper forms that keep a finished book from being signed off: missing ones, differences, what was keyed once.

The book itself is closed, so what is missing in it may be typed in, returned or explained in a later one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.i18n import _
from downtime.obstacles import Item, Obstacle
from downtime.pack_ledger import ledger_of
from downtime.shelf import HomeShelf
from downtime.store.pack_queries import paper_events
from forms.paper_pack import PacksCarried

if TYPE_CHECKING:
    from downtime.home import Home
    from downtime.keys import Keyring
    from downtime.pack_ledger import Ledger
    from downtime.shelf import Shelf
    from downtime.store.pack_queries import PaperEvent

_NUMBERS_SHOWN = 6


def paper_unaccounted(home: Home, ring: Keyring, number: int) -> list[Obstacle]:
    """Return what of the paper forms of book ``number`` is not settled, there or in a later book."""
    station = home.settings.station
    book = f"{station.code}-{number:04d}"
    return paper_open(
        HomeShelf(home, ring),
        number,
        book,
        drill=station.drill,
        keyed_twice=home.settings.paper.keyed_twice,
    )


def paper_open(
    shelf: Shelf, number: int, book: str, *, drill: bool = False, keyed_twice: bool = False
) -> list[Obstacle]:
    """Return the same of the books of a shelf.

    Args:
        shelf: of one station.
        number: the book.
        book: what it is called in the keys of items.
        drill: whether its numbers carry the mark of a drill.
        keyed_twice: whether the site wants every paper form typed in twice.
    """
    own, later = _events(shelf, number)
    if not own:
        return []
    then = ledger_of(own, drill=drill)
    conflicts, once = set(then.conflicts), set(then.once)
    now = ledger_of([*own, *later], drill=drill)
    accounted = _returned(later) | {
        place for place, held in now.forms.items() if held.state in {"used", "void", "lost"}
    }
    missing = sorted(set(then.missing()) - accounted)
    found = []
    if missing:
        names = [now.name(*place) for place in missing]
        shown = ", ".join(names[:_NUMBERS_SHOWN]) + (" ..." if len(names) > _NUMBERS_SHOWN else "")
        what = _("{count} paper forms are missing: {numbers}.").format(count=len(names), numbers=shown)
        items = tuple(
            Item(f"paper_missing {book} {now.name(*place)}", now.name(*place), None, _holder(then, place))
            for place in missing
        )
        settle = _("Type it in, take it back or say that it is lost at the station: screen Paper forms.")
        found.append(Obstacle("paper_missing", what, settle=settle, items=items))
    if open_conflicts := conflicts & set(now.conflicts):
        what = _("{count} paper forms were typed in twice, differently, and nobody has decided.")
        items = tuple(
            Item(f"paper_conflict {book} {now.conflicts[one].number}", now.conflicts[one].number)
            for one in sorted(open_conflicts)
        )
        settle = _("Decide which of the two holds at the station: screen Paper forms.")
        found.append(
            Obstacle("paper_conflict", what.format(count=len(open_conflicts)), settle=settle, items=items)
        )
    if keyed_twice and (waiting := once & set(now.once)):
        what = _("{count} paper forms were keyed once only.").format(count=len(waiting))
        found.append(Obstacle("paper_once", what, "needs_reason"))
    return found


def _holder(ledger: Ledger, place: tuple[str, int]) -> str:
    held = ledger.forms[place]
    return f"{held.holder} {held.holder_name}".strip()


def _events(shelf: Shelf, number: int) -> tuple[list[PaperEvent], list[PaperEvent]]:
    """Return the entries about paper in the book, and in later ones but for what these carried over."""
    own: list[PaperEvent] = []
    later: list[PaperEvent] = []
    for at, db in shelf.books(number):
        events = paper_events(db)
        if at == number:
            own = list(events)
        else:
            later += [event for event in events if event.form != PacksCarried.name]
    return own, later


def _returned(later: list[PaperEvent]) -> set[tuple[str, int]]:
    """Return the forms that a later book said came back: issued again after that is that book's matter."""
    return {
        (event.content["series"], n)
        for event in later
        if event.form == "pack_returned"
        for n in range(event.content["first"], event.content["last"] + 1)
    }
