"""What stands between an outage and its sign-off: each thing with a name, what it is, and where it is settled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from downtime.closing_money import gaps_of
from downtime.i18n import _
from downtime.numbers import MISSING
from downtime.obstacles import Item, Obstacle, never_printed, to_countersign, unanswered
from downtime.pack_obstacles import paper_open
from downtime.store import journal
from forms.text import N_
from sync.hub.closing_alarms import set_aside
from sync.hub.closing_tables import ALARMS, PAPER_ONLY
from sync.hub.words import verdict_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from downtime.numbers import NumberLine
    from downtime.store.sqlite import Database as Journal
    from sync.hub.closing_tables import Alarm, PaperReceipt
    from sync.hub.database import Database
    from sync.hub.mirror import Mirror
    from sync.hub.mirror_rows import Mirrored

_SETTLE: Final = {
    "broken": N_("Stop. Keep the hub's store as evidence and call whoever answers for it."),
    "never_seen": N_("Let it join, or say why it took no part."),
    "not_reached": N_(
        "Let it reach the hub once, or import its bundle; a dead PC's day is scanned from its receipts."
    ),
    "behind": N_("Let it reach the hub, or import its bundle."),
    "arriving": N_("Wait a moment: the hub verifies them."),
    "waiting": N_("Let the station come again: what is missing comes first."),
    "lost": N_(
        "Ask at the station what happened to it; its certificate and the hub's books must be compared."
    ),
    "not_ended": N_("End it at the station: screen Outage, F8; or say why nobody can."),
    "withdrawn": N_("Say how it was made sure that nothing of it is missing."),
    "recovered": N_("Bring these receipts into the HIS by hand and say so."),
    "quarantined": N_("Look at it on the board, quarantine; mend what is behind it, or say what it is."),
    "missing": N_("Look for the paper with whoever held the number; say what became of it."),
    "shift": N_("Count and close the shift at the station: screen Shift."),
    "differs": N_("Mend it in the HIS or say why it stands there otherwise: board, differences."),
    "twice": N_("Take one back in the HIS: board, doubles."),
    "doubtful": N_("Say on the board which rows it is: board, a person."),
    "gone": N_("Type it in again or say where it is: board, missing."),
}
_TICKS: Final = {
    "twice": N_("{count} entries stand in {connector} twice."),
    "differs": N_("{count} entries stand in {connector} otherwise than recorded."),
    "doubtful": N_("{count} entries cannot be told apart in {connector}."),
    "gone": N_("{count} entries were typed in or stood in {connector}, and are not there."),
}
_TICKED: Final = """
SELECT t.connector, t.entry_n, t.outcome, t.what, t.word, t.his_amount_minor FROM tick t
ORDER BY t.connector, t.entry_n
"""


def _settled(kind: str) -> str:
    return _(_SETTLE[kind])


@dataclass(frozen=True, slots=True)
class MirrorShelf:
    """The books of one station as they lie in a mirror, whatever letter it went on under."""

    mirror: Mirror
    station: str

    def books(self, since: int = 1) -> Iterator[tuple[int, Journal]]:
        """Yield (number, journal) of each book from ``since`` on, oldest first; each is open until the next."""
        for book in self.mirror.of_station(self.station):
            if book.place.book >= since:
                with book.look() as db:
                    yield book.place.book, db


def open_alarms(
    alarms: Sequence[Alarm],
    db: Database,
    outage: str,
    books: Sequence[Mirrored],
    paper: Sequence[PaperReceipt],
) -> list[Obstacle]:
    """Return what the alarms leave open."""
    found = []
    for one in alarms:
        if one.kind in {*PAPER_ONLY, "quarantined"}:
            continue
        count = f"{one.count} " if one.count is not None else ""
        what = f"{count}{_(ALARMS[one.kind])}"
        items: tuple[Item, ...] = (Item(f"{one.kind} {one.station}", one.station),)
        if one.kind == "recovered":
            mine = (receipt for receipt in paper if receipt.station == one.station)
            items = tuple(Item(f"recovered {each.number}", each.number, each.amount_minor) for each in mine)
        elif one.kind == "broken":
            items = ()
        found.append(
            Obstacle(
                one.kind,
                what,
                settle=_settled(one.kind),
                items=items,
                station=one.station.partition("-")[0],
            )
        )
    by_book: dict[str, list[Item]] = {}
    for label, seq, entry_id, verdict, why, number, amount in set_aside(db, outage, books):
        if verdict not in {"gap", "unsigned"}:
            what = f"{number or f'#{seq}'} {verdict_words(verdict)}"
            item = Item(f"quarantine {label} #{seq} {entry_id[:8]} {verdict}", what, amount, why)
            by_book.setdefault(label, []).append(item)
    for label, odd in by_book.items():
        what = _("{count} entries stand in quarantine.").format(count=len(odd))
        station = label.partition("-")[0]
        found.append(
            Obstacle("quarantined", what, settle=_settled("quarantined"), items=tuple(odd), station=station)
        )
    return found


def open_in_book(
    shelf: MirrorShelf,
    book: Mirrored,
    db: Journal,
    connectors: Sequence[str],
    lines: Sequence[NumberLine],
) -> list[Obstacle]:
    """Return what of one book is not settled; ``db`` sees its deliveries, ``lines`` are the station's numbers."""
    number, label = book.place.book, book.label
    found = [
        *unanswered(db, connectors, label),
        *to_countersign(shelf, number, label),
        *paper_open(shelf, number, label),
        *_gaps(lines, db, number),
        *_shift(db, label),
        *never_printed(db),
    ]
    station = f"{book.place.station}{book.place.incarnation}"
    return [replace(one, station=station) for one in found]


def _gaps(lines: Sequence[NumberLine], db: Journal, number: int) -> list[Obstacle]:
    gaps = [line for line in gaps_of(lines, db, number) if line.state == MISSING]
    if not gaps:
        return []
    what = _("{count} receipt numbers are missing.").format(count=sum(line.count for line in gaps))
    items = tuple(
        Item(
            f"missing {line.first}" + (f" {line.last}" if line.last != line.first else ""),
            line.first if line.last == line.first else f"{line.first} - {line.last}",
            None,
            line.held_by,
        )
        for line in gaps
    )
    return [Obstacle("missing", what, settle=_settled("missing"), items=items)]


def _shift(db: Journal, label: str) -> list[Obstacle]:
    opened = journal.last_seq_of(db, ("shift_opened",))
    if not opened or opened < journal.last_seq_of(db, ("shift_closed",)):
        return []
    entry = journal.entry_by_seq(db, opened)
    assert entry is not None
    name = str(entry.content["shift"])
    what = _("Shift {shift} was never closed.").format(shift=name)
    item = Item(f"shift {label} {name}", name, None, entry.operator)
    return [Obstacle("shift", what, settle=_settled("shift"), items=(item,))]


def open_ticks(db: Database, mirror: Mirror, books: Sequence[Mirrored]) -> list[Obstacle]:
    """Return what the last comparison with the HIS found wrong in these books."""
    mine = {book.place for book in books}
    decided = _decided(mirror)
    found: dict[tuple[str, str, str], list[Item]] = {}
    for connector, n, outcome, what, word, his_minor in db.rows(_TICKED):
        kind = _kind_of(outcome, what, word)
        held = mirror.whose(n)
        if kind is None or held is None or held.place not in mine:
            continue
        if kind == "differs" and (connector, held.id) in decided:
            continue
        key = f"{kind} {connector} {held.label}-{held.place.book:04d} {held.shown}"
        item = Item(key, held.shown, his_minor)
        found.setdefault((held.label, kind, connector), []).append(item)
    return [
        Obstacle(
            kind,
            _(_TICKS[kind]).format(count=len(items), connector=connector),
            settle=_settled(kind),
            items=tuple(items),
            station=station,
        )
        for (station, kind, connector), items in found.items()
    ]


def _decided(mirror: Mirror) -> set[tuple[str, str]]:
    """Return (connector, entry id) of what a person said stands in the HIS as it does: the difference is known."""
    found: dict[tuple[str, str], bool] = {}
    with mirror.everything().look() as db:
        for entry in journal.entries(db, forms=("tick_decided",)):
            said = entry.content
            found[str(said["connector"]), str(said["entry_id"])] = bool(said["is_same"] and said["rows"])
    return {about for about, is_same in found.items() if is_same}


def _kind_of(outcome: str, what: Any, word: str) -> str | None:
    """Return what is the matter with one entry as it was ticked off, or None."""
    if outcome == "different":
        return "twice" if "twice" in str(what) else "differs"
    if outcome == "doubtful":
        return "doubtful"
    return "gone" if outcome == "missing_there" and word else None
