"""What people decided about entries at the hub, read from the entries that came up, and each of it done once.

A decision to send again becomes one row of the deliveries that names it. Made on a step from which the entry has
moved on meanwhile it is void: ten presses are one sending.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from downtime.canonical import unseal
from downtime.store.journal import entry_from_sealed
from forms.his_decided import corrected
from sync.hub import delivered
from sync.tick_sayings import SAYING_FORMS, Sayings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from downtime.entry import Entry
    from sync.hub.database import Database

RESEND: Final = "resend_decided"
"""State of an entry that a person let go again, and the form of that decision."""
CORRECTED: Final = "sent_corrected"
LATE: Final = "late_entry"
_FORMS: Final = ", ".join(f"'{name}'" for name in (*SAYING_FORMS, RESEND, CORRECTED, LATE))
_SAID: Final = f"""
SELECT n, turn, id, form, sealed, arrived_at FROM entry
WHERE deliverable = 0 AND form <> 'audit' AND form <> 'printed' AND form IN ({_FORMS}) AND turn > ? ORDER BY turn
"""  # noqa: S608 (constant names)
_ABOUT: Final = """
SELECT e.n, e.sealed, d.step, d.state, d.turn FROM entry e LEFT JOIN delivery d ON d.n = (
  SELECT x.n FROM delivery x WHERE x.entry_n = e.n AND x.connector = ? ORDER BY x.step DESC LIMIT 1)
WHERE e.id = ? AND e.verdict = '' AND e.deliverable = 1
"""
_CORRECTIONS: Final = """
SELECT d.entry_n, e.sealed FROM delivery d JOIN entry e ON e.n = d.decided_n
WHERE d.decided_n IS NOT NULL AND d.connector = ? AND e.form = 'sent_corrected' ORDER BY d.n
"""

Changes = dict[str, tuple[str, str]]
"""(old, new) by field."""


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision to send an entry again, at place ``n`` of the hub."""

    n: int
    turn: int
    entry_id: str
    step: int
    changes: tuple[tuple[str, str, str], ...]


class HubSayings(Sayings):
    """What people said, of all stations; reads on from where it was."""

    def __init__(self, db: Database) -> None:
        super().__init__()
        self._db = db
        self._turn = 0
        self.waiting: defaultdict[str, list[Decided]] = defaultdict(list)
        """Decisions to send again that nobody has looked at yet, by connector."""
        self.late: dict[str, Mapping[str, Any]] = {}
        """What is known of the paper an entry was typed in from, by the entry's id."""

    def read(self) -> None:
        """Take in what came up since."""
        for n, turn, entry_id, form, sealed, arrived_at in self._db.rows(_SAID, (self._turn,)):
            content = unseal(self._db.shown(sealed))["body"]["content"]
            if form in SAYING_FORMS:
                self.add(entry_id, form, content, datetime.fromisoformat(arrived_at).timestamp())
            elif form == LATE:
                self.late[str(content["entry_id"])] = content
            else:
                self.waiting[str(content["connector"])].append(_decided(n, turn, content))
            self._turn = turn


def _decided(n: int, turn: int, content: Mapping[str, Any]) -> Decided:
    changes = tuple((one["field"], one["old"], one["new"]) for one in content.get("changes", ()))
    return Decided(n, turn, str(content["entry_id"]), int(content.get("step", 0)), changes)


def send_again(
    db: Database, connector: str, decisions: Sequence[Decided], at: str, *, from_doubt: bool
) -> list[Decided]:
    """Let refused entries go again where a decision still holds; return decisions whose entry is not here yet.

    Args:
        db: the hub's store.
        connector: whose decisions these are.
        decisions: in the order in which they came up.
        at: RFC 3339.
        from_doubt: what is in doubt can be let go as well, because nobody but a person can tell.
    """
    if not decisions:
        return []
    absent = []
    with db.writing():
        delivered.begin(db)
        for decided in decisions:
            found = db.row(_ABOUT, (connector, decided.entry_id))
            if found is None:
                absent.append(decided)
                continue
            n, sealed, step, state, turn = found
            is_refused = state == "rejected" or (state == "in_doubt" and from_doubt)
            is_meant = is_refused and (decided.step == step if decided.step else decided.turn > turn)
            if not is_meant or not _fits(db.shown(sealed), decided):
                continue
            row = delivered.FactRow(connector, n, step + 1, RESEND, "null", at, decided_n=decided.n)
            delivered.append(db, [row])
    return absent


def _fits(sealed: bytes, decided: Decided) -> bool:
    """Whether what is to be corrected stands there so."""
    changes = {field: (old, new) for field, old, new in decided.changes}
    return not changes or corrected(unseal(sealed)["body"]["content"], changes) is not None


def corrections(db: Database, connector: str) -> dict[int, Changes]:
    """Return what is sent otherwise than recorded, by place of the entry; the last correction of a field counts."""
    found: dict[int, Changes] = {}
    for n, sealed in db.rows(_CORRECTIONS, (connector,)):
        told = found.setdefault(n, {})
        for one in unseal(db.shown(sealed))["body"]["content"]["changes"]:
            told[one["field"]] = (one["old"], one["new"])
    return found


def entry_as_sent(row: Iterable[Any], changes: Changes | None = None) -> Entry:
    """Return an entry as it goes to the HIS.

    Args:
        row: sealed bytes (shown), body hash, chain hash, minor units, sequence number.
        changes: what is sent otherwise than recorded.
    """
    sealed, body_hash, chain_hash, amount_minor, seq = row
    entry = entry_from_sealed(
        sealed,
        seq=seq,
        body_hash=bytes(body_hash),
        chain_hash=bytes(chain_hash),
        patient=None,
        encounter=None,
        amount_minor=amount_minor,
    )
    content = (corrected(entry.content, changes) if changes else None) or entry.content
    patient, visit = content.get("patient") or {}, content.get("visit") or {}
    return replace(entry, content=content, patient=patient.get("number"), encounter=visit.get("number"))
