"""What in a finished book is not settled: each thing as a value with words, and whether it stops anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from downtime.i18n import _
from downtime.shelf import told_since
from downtime.store import closing_queries, delivery_queries, journal, reports
from downtime.store import retention as kept
from downtime.store.drafts import Drafts
from downtime.store.owed import open_entries
from forms.station_book import OutageDeclared, OutageEnded
from forms.text import N_
from forms.trust import COUNTERSIGNED_LATER, Approval, Countersigned

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from downtime.home import BookPaths
    from downtime.shelf import Shelf
    from downtime.store.owed import OpenEntry
    from downtime.store.sqlite import Database

_NEVER_THERE = (None, "unreachable", "rejected")

Weight = Literal["stops", "needs_reason", "listed"]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is open.

    Attributes:
        key: names it among all there are, the same each time it is asked for.
        what: a receipt number, or what else people know it by.
        amount_minor: its money, or None.
        why: what the HIS said, who holds it; or "".
    """

    key: str
    what: str
    amount_minor: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something about a book that is not settled.

    Attributes:
        kind: for scripts.
        what: one sentence, in the language in use.
        weight: whether it stops the act, asks for a reason, or is only to be known.
        settle: where it is settled, one sentence; or "".
        items: each thing it speaks of. What stops may be accepted as it is where a person explains each of them;
            without items nothing can be explained away.
        station: station and incarnation, where there are several.
    """

    kind: str
    what: str
    weight: Weight = "stops"
    settle: str = ""
    items: tuple[Item, ...] = ()
    station: str = ""

    def unexplained(self, explained: Collection[str]) -> tuple[Item, ...]:
        """Return the items nobody explained."""
        return tuple(item for item in self.items if item.key not in explained)

    def stops(self, explained: Collection[str] = ()) -> bool:
        """Return whether it stops the act, given the keys of what a person explained."""
        return self.weight == "stops" and (not self.items or bool(self.unexplained(explained)))


@dataclass(frozen=True, slots=True)
class NotYet:
    """Nothing was written; this stands in the way."""

    obstacles: Sequence[Obstacle]


def outages_not_ended(shelf: Shelf, number: int) -> list[Obstacle]:
    """An outage declared in the book must be ended, there or in a later book."""
    names = (OutageDeclared.name, OutageEnded.name)
    told = list(told_since(shelf, number, names))
    ended = {entry.content["outage"] for entry in told if entry.form == OutageEnded.name}
    declared = {
        entry.content["outage"]: None
        for entry in told
        if entry.form == OutageDeclared.name and entry.book == number
    }
    what = _("The outage {outage} was declared in this book and never ended.")
    settle = _("End it at the station: screen Outage, F8.")
    return [
        Obstacle("outage", what.format(outage=outage), settle=settle)
        for outage in declared
        if outage not in ended
    ]


def unanswered(db: Database, connectors: Iterable[str], book: str) -> list[Obstacle]:
    """Every entry for the HIS needs its final answer from every connector.

    Args:
        db: a connection that sees the deliveries.
        connectors: their names.
        book: what the book is called in the keys of items.
    """
    connectors = list(connectors)
    owed = delivery_queries.standing_total(db).entries
    if not connectors:
        what = _("No HIS is connected here; {count} entries must have been brought there by hand.").format(
            count=owed
        )
        return [Obstacle("no_connector", what, "needs_reason")] if owed else []
    found = []
    for name in connectors:
        waiting = _unsettled(open_entries(db, name), kept.reversed_ids(db))
        told = {one.seq: one for one in closing_queries.told(db, name, [entry.seq for entry in waiting])}
        kinds: dict[str, list[Item]] = {"rejected": [], "in_doubt": [], "unanswered": []}
        for entry in waiting:
            is_refused = entry.state == "rejected" and not entry.reopened
            kind = "rejected" if is_refused else "in_doubt" if entry.state == "in_doubt" else "unanswered"
            one = told[entry.seq]
            key = f"{kind} {name} {book} {one.number or f'#{entry.seq}'}"
            kinds[kind].append(Item(key, one.number or f"#{entry.seq}", one.amount_minor, one.reason))
        for kind, items in kinds.items():
            if items:
                what = _ANSWERS[kind][0]
                found.append(
                    Obstacle(
                        kind,
                        _(what).format(count=len(items), connector=name),
                        settle=_(_ANSWERS[kind][1]),
                        items=tuple(items),
                    )
                )
    return found


_ANSWERS = {
    "rejected": (
        N_("{count} entries were refused by {connector} and nobody has decided about them."),
        N_("Mend what the HIS misses and send it again, or reverse it; or type it into the HIS and say so."),
    ),
    "in_doubt": (
        N_("{count} entries may or may not be in {connector}."),
        N_("Look into the HIS by number and amount; the tick-off answers most of them."),
    ),
    "unanswered": (
        N_("{count} entries have no final answer from {connector}."),
        N_("Let the delivery run on, or retype them; then tick off."),
    ),
}


def _unsettled(waiting: Sequence[OpenEntry], reversed_ids: set[str]) -> list[OpenEntry]:
    """Leave out what the HIS refused and we reversed, with whatever hung on it: it never was there.

    Reversals of such entries, and reversed entries that name them, can never be delivered either.
    """
    settled: set[str] = set()
    for entry in waiting:
        undone = entry.id in reversed_ids or entry.form == "reversal"
        refused = entry.state == "rejected" and not entry.reopened and entry.id in reversed_ids
        follows = entry.state in _NEVER_THERE and undone and any(name in settled for name in entry.names)
        if refused or follows:
            settled.add(entry.id)
    return [entry for entry in waiting if entry.id not in settled]


def to_countersign(shelf: Shelf, number: int, book: str) -> list[Obstacle]:
    """What was approved by a code or alone in this book must be countersigned, there or later."""
    told = list(told_since(shelf, number, (Approval.name, Countersigned.name)))
    signed = {entry.content["approval_id"] for entry in told if entry.form == Countersigned.name}
    waiting = [
        entry
        for entry in told
        if entry.form == Approval.name
        and entry.book == number
        and entry.content["way"] in COUNTERSIGNED_LATER
        and entry.id not in signed
    ]
    what = _("{count} approvals made alone or by a code wait for a countersignature.").format(
        count=len(waiting)
    )
    settle = _("Countersign them at the station: screen Countersign.")
    items = tuple(
        Item(f"countersign {book} #{entry.seq}", f"#{entry.seq}", None, entry.operator) for entry in waiting
    )
    return [Obstacle("countersign", what, settle=settle, items=items)] if waiting else []


def never_printed(db: Database) -> list[Obstacle]:
    """Receipts nobody saw are told, and stop nothing."""
    count = reports.not_printed_count(db)
    what = _("{count} receipts were never printed.").format(count=count)
    return [Obstacle("not_printed", what, "listed")] if count else []


def only_listed(db: Database, paths: BookPaths, key: bytes) -> list[Obstacle]:
    """Receipts nobody saw and forms nobody finished are told, and stop nothing."""
    numbered = [entry_id for _seq, entry_id in reports.numbered_ids(db)]
    confirmed, half_filled = _drafts(db, paths, key)
    counts = {
        "unconfirmed": (
            _("{count} receipts were recorded without anybody being told."),
            sum(entry_id not in confirmed for entry_id in numbered),
        ),
        "half_filled": (_("{count} forms were begun and never recorded."), half_filled),
    }
    found = [
        Obstacle(kind, what.format(count=count), "listed") for kind, (what, count) in counts.items() if count
    ]
    return never_printed(db) + found


def _drafts(db: Database, paths: BookPaths, key: bytes) -> tuple[set[str], int]:
    """Return the ids somebody was told about, and how many forms were begun and never recorded."""
    if not paths.drafts.exists():
        return set(), 0
    drafts = Drafts(paths.drafts, key)
    try:
        begun = sum(journal.body_hash_of(db, draft.id) is None for draft in drafts.all())
        return drafts.confirmed(), begun
    finally:
        drafts.close()
