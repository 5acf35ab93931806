"""What a station is told of its entries: handed over, accepted with its document, and what the HIS's rows say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from downtime.his_word import HisWord, reference_of
from downtime.outcome import HandedOver, outcome_content, outcome_of

if TYPE_CHECKING:
    from downtime.outcome import Outcome
    from sync.hub.database import Database

_FACTS: Final = "SELECT connector, state, outcome FROM delivery WHERE entry_n = ? ORDER BY step"
_WORD: Final = "SELECT word FROM tick WHERE entry_n = ? AND word <> '' ORDER BY connector LIMIT 1"
_TAKEN_BACK: Final = """
SELECT DISTINCT e.n, e.id FROM delivery r JOIN entry e ON e.n = r.entry_n
WHERE r.state = 'rejected' AND e.station = ? AND e.verdict = '' AND EXISTS (
  SELECT 1 FROM delivery a WHERE a.entry_n = r.entry_n AND a.connector = r.connector AND a.state = 'accepted'
    AND a.step < r.step)
"""


def standing_of(db: Database, n: int, entry_id: str) -> Outcome:
    """Return what a station is told of entry ``n``: handed over, with a word where there is one, until it is accepted.

    What the HIS voided is handed over again: it stands here, and somebody looks into it.
    """
    last: dict[str, tuple[str, str]] = {}
    was_accepted = False
    for connector, state, outcome in db.rows(_FACTS, (n,)):
        last[connector] = (state, outcome)
        was_accepted = was_accepted or state == "accepted"
    accepted = next((outcome for state, outcome in last.values() if state == "accepted"), None)
    if accepted is not None:
        return outcome_of(json.loads(accepted))
    word = db.row(_WORD, (n,))
    if word is not None:
        return HandedOver(word[0])
    return HandedOver(reference_of(HisWord("taken_back")) if was_accepted else entry_id)


def taken_back(db: Database, station: str) -> dict[str, dict[str, Any]]:
    """Return what a station is told of those of its entries that had been accepted and are no more, by id."""
    told = {entry_id: standing_of(db, n, entry_id) for n, entry_id in db.rows(_TAKEN_BACK, (station,))}
    return {name: outcome_content(one) for name, one in told.items() if one.state != "accepted"}
