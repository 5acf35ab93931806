"""Paper forms that keep a finished book from being signed off: missing ones, differences, what was keyed once.

The book itself is closed, so what is missing in it may be typed in, returned or explained in a later one.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from downtime.i18n import _
from downtime.obstacles import Obstacle
from downtime.pack_ledger import ledger_of
from downtime.shelf import readable_books
from downtime.store.pack_queries import paper_events
from downtime.store.verification import open_evidence
from forms.paper_pack import PacksCarried

if TYPE_CHECKING:
    from downtime.home import Home
    from downtime.keys import Keyring
    from downtime.store.pack_queries import PaperEvent

_NUMBERS_SHOWN = 6


def paper_unaccounted(home: Home, ring: Keyring, number: int) -> list[Obstacle]:
    """Return what of the paper forms of book ``number`` is not settled, there or in a later book."""
    own, later = _events(home, ring, number)
    if not own:
        return []
    drill = home.settings.station.drill
    then = ledger_of(own, drill=drill)
    conflicts, once = set(then.conflicts), set(then.once)
    now = ledger_of([*own, *later], drill=drill)
    accounted = _returned(later) | {
        place for place, held in now.forms.items() if held.state in {"used", "void", "lost"}
    }
    missing = set(then.missing()) - accounted
    found = []
    if missing:
        names = [now.name(*place) for place in sorted(missing)]
        shown = ", ".join(names[:_NUMBERS_SHOWN]) + (" ..." if len(names) > _NUMBERS_SHOWN else "")
        what = _("{count} paper forms are missing: {numbers}.").format(count=len(names), numbers=shown)
        found.append(Obstacle("paper_missing", what))
    if open_conflicts := conflicts & set(now.conflicts):
        what = _("{count} paper forms were typed in twice, differently, and nobody has decided.")
        found.append(Obstacle("paper_conflict", what.format(count=len(open_conflicts))))
    if home.settings.paper.keyed_twice and (waiting := once & set(now.once)):
        what = _("{count} paper forms were keyed once only.").format(count=len(waiting))
        found.append(Obstacle("paper_once", what, "needs_reason"))
    return found


def _events(home: Home, ring: Keyring, number: int) -> tuple[list[PaperEvent], list[PaperEvent]]:
    """Return the entries about paper in the book, and in later ones but for what these carried over."""
    own: list[PaperEvent] = []
    later: list[PaperEvent] = []
    for paths in readable_books(home, since=number):
        with closing(open_evidence(paths.journal, ring.book_key(paths.number))) as db:
            events = paper_events(db)
            if paths.number == number:
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
