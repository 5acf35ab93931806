"""What in a finished book is not settled: each thing as a value with words, and whether it stops anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from downtime.i18n import _
from downtime.shelf import entries_since
from downtime.store import delivery_queries, journal, reports
from downtime.store import retention as kept
from downtime.store.drafts import Drafts
from downtime.store.owed import open_entries
from forms.station_book import OutageDeclared, OutageEnded
from forms.trust import COUNTERSIGNED_LATER, Approval, Countersigned

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.home import BookPaths, Home
    from downtime.keys import Keyring
    from downtime.store.owed import OpenEntry
    from downtime.store.sqlite import Database

_NEVER_THERE = (None, "unreachable", "rejected")

Weight = Literal["stops", "needs_reason", "listed"]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something about a book that is not settled.

    Attributes:
        kind: for scripts.
        what: one sentence, in the language in use.
        weight: whether it stops the act, asks for a reason, or is only to be known.
    """

    kind: str
    what: str
    weight: Weight = "stops"


@dataclass(frozen=True, slots=True)
class NotYet:
    """Nothing was written; this stands in the way."""

    obstacles: Sequence[Obstacle]


def outages_not_ended(home: Home, ring: Keyring, number: int) -> list[Obstacle]:
    """An outage declared in the book must be ended, there or in a later book."""
    names = (OutageDeclared.name, OutageEnded.name)
    told = list(entries_since(home, ring, number, names))
    ended = {entry.content["outage"] for entry in told if entry.form == OutageEnded.name}
    declared = {
        entry.content["outage"]: None
        for entry in told
        if entry.form == OutageDeclared.name and entry.book == number
    }
    what = _("The outage {outage} was declared in this book and never ended.")
    return [Obstacle("outage", what.format(outage=outage)) for outage in declared if outage not in ended]


def unanswered(home: Home, db: Database) -> list[Obstacle]:
    """Every entry for the HIS needs its final answer from every connector; a drill's has none to wait for."""
    if home.settings.station.drill:
        return []
    owed = delivery_queries.standing_total(db).entries
    if not home.settings.connectors:
        what = _("No HIS is connected here; {count} entries must have been brought there by hand.").format(
            count=owed
        )
        return [Obstacle("no_connector", what, "needs_reason")] if owed else []
    found = []
    for name in home.settings.connectors:
        waiting = _unsettled(open_entries(db, name), kept.reversed_ids(db))
        refused = sum(entry.state == "rejected" and not entry.reopened for entry in waiting)
        if refused:
            what = _("{count} entries were refused by {connector} and nobody has decided about them.")
            found.append(Obstacle("rejected", what.format(count=refused, connector=name)))
        if len(waiting) > refused:
            what = _("{count} entries have no final answer from {connector}.")
            found.append(Obstacle("unanswered", what.format(count=len(waiting) - refused, connector=name)))
    return found


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


def to_countersign(home: Home, ring: Keyring, number: int) -> list[Obstacle]:
    """What was approved by a code or alone in this book must be countersigned, there or later."""
    told = list(entries_since(home, ring, number, (Approval.name, Countersigned.name)))
    signed = {entry.content["approval_id"] for entry in told if entry.form == Countersigned.name}
    waiting = sum(
        entry.form == Approval.name
        and entry.book == number
        and entry.content["way"] in COUNTERSIGNED_LATER
        and entry.id not in signed
        for entry in told
    )
    what = _("{count} approvals made alone or by a code wait for a countersignature.").format(count=waiting)
    return [Obstacle("countersign", what)] if waiting else []


def only_listed(db: Database, paths: BookPaths, key: bytes) -> list[Obstacle]:
    """Receipts nobody saw and forms nobody finished are told, and stop nothing."""
    numbered = [entry_id for _seq, entry_id in reports.numbered_ids(db)]
    confirmed, half_filled = _drafts(db, paths, key)
    counts = {
        "not_printed": (_("{count} receipts were never printed."), reports.not_printed_count(db)),
        "unconfirmed": (
            _("{count} receipts were recorded without anybody being told."),
            sum(entry_id not in confirmed for entry_id in numbered),
        ),
        "half_filled": (_("{count} forms were begun and never recorded."), half_filled),
    }
    return [
        Obstacle(kind, what.format(count=count), "listed") for kind, (what, count) in counts.items() if count
    ]


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
