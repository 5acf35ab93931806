"""What becomes of entries without anything being sent: the HIS voided them, or a person said that they stand there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from downtime.canonical import seal
from downtime.outcome import Accepted, outcome_content, outcome_of
from sync.hub import delivered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from downtime.outcome import Outcome
    from sync.connector import Connector
    from sync.hub.database import Database

_LAST: Final = """
SELECT e.id, e.n, d.step, d.state, d.outcome FROM entry e JOIN delivery d ON d.n = (
  SELECT x.n FROM delivery x WHERE x.entry_n = e.n AND x.connector = ? ORDER BY x.step DESC LIMIT 1)
WHERE e.deliverable = 1 AND e.verdict = ''
"""


class Last(NamedTuple):
    """The last fact about the entry at place ``n``; ``outcome`` as stored."""

    n: int
    step: int
    state: str
    outcome: str


def last_of(db: Database, connector: str) -> dict[str, Last]:
    """Return the last fact about each entry that has one with ``connector``, by the entry's id."""
    return {row[0]: Last(*row[1:]) for row in db.rows(_LAST, (connector,))}


def take_back(db: Database, connector: str, source: Connector, at: str) -> int:
    """Write down, as a new fact each, what the HIS voided since it accepted it; return how many.

    Args:
        db: the hub's store.
        connector: under whose name facts are written.
        source: tells; it asks for what is accepted only if it has something to tell.
        at: RFC 3339.
    """
    last: dict[str, Last] = {}

    def accepted() -> Iterator[tuple[str, Accepted]]:
        last.update(last_of(db, connector))
        for entry_id, one in last.items():
            if one.state == Accepted.state:
                told = outcome_of(json.loads(one.outcome))
                assert isinstance(told, Accepted)
                yield entry_id, told

    news = list(source.taken_back(accepted()))
    return write(db, connector, ((last[entry_id], told) for entry_id, told in news if entry_id in last), at)


def write(db: Database, connector: str, news: Iterable[tuple[Last, Outcome]], at: str) -> int:
    """Write outcomes behind the last facts they follow, in one commit; return how many."""
    rows = [
        delivered.FactRow(connector, last.n, last.step + 1, told.state, _stored(told), at)
        for last, told in news
    ]
    if rows:
        with db.writing():
            delivered.begin(db)
            delivered.append(db, rows)
    return len(rows)


def never_tried(n_of: Mapping[str, int], entry_id: str) -> Last:
    """Return what stands before the first fact about an entry."""
    return Last(n_of[entry_id], 0, "", "null")


def _stored(told: Outcome) -> str:
    return seal(outcome_content(told)).decode()
