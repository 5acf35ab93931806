"""The lists beside the states: the very questions a station asks of its journal, asked of all books as one.

What the tick-off says (prices that changed, rows nobody explains) comes from the rows in memory and the hub's
tables. The books are laid out the first time a list is wanted, and brought up to date each time after.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from downtime import worklists
from downtime.board_lists import LISTS, ListRow, ListSum
from downtime.pack_ledger import ledger_in
from downtime.shift_money import payment_rows
from downtime.store import journal
from downtime.store.shift_queries import MONEY_FORMS
from forms.text import N_
from forms.trust import COUNTERSIGNED_LATER, Approval, Countersigned
from sync.hub.mirror import Mirror

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from zoneinfo import ZoneInfo

    from downtime.board import BoardRow, StateSum
    from downtime.entry import Entry
    from downtime.store.sqlite import Database as Journal
    from sync.board.index import Snapshot
    from sync.hub.database import Database

_Answer = TypeVar("_Answer")

_OF_A_STATION: Final = frozenset(
    {"advances", "insured", "unverified", "owing", "cards", "not_exchanged"} & LISTS.keys()
)
_UNLISTED: Final = """
SELECT e.seq, sum(json_extract(part.value, '$.amount_minor'))
FROM entry e, json_each(CAST(e.sealed AS TEXT), '$.body.content.lines') part
WHERE e.form IN ('charge', 'itemisation', 'bookkeeping') AND json_extract(part.value, '$.kind') = 'unlisted'
  AND NOT EXISTS (SELECT 1 FROM entry_reference r CROSS JOIN entry x ON x.seq = r.seq
                  WHERE r.to_id = e.id AND x.form = 'reversal')
GROUP BY e.seq ORDER BY e.seq
"""
_DRAWERS: Final = f"""
SELECT coalesce(sum(p.amount), 0) FROM posting p JOIN entry e ON e.seq = p.seq
WHERE (p.account LIKE 'drawer:%' OR p.account LIKE 'suspense:unverified:%')
  AND e.form IN ({", ".join(f"'{name}'" for name in sorted(MONEY_FORMS))})
"""  # noqa: S608 (names of our own forms)
_RECOVERED: Final = """
SELECT r.number, r.station, r.form, r.amount_minor, r.happened_at, r.scanned_by FROM recovered r
WHERE NOT EXISTS (SELECT 1 FROM entry e WHERE e.number = r.number AND e.verdict = '') ORDER BY r.n
"""
_UNKNOWN: Final = "SELECT told FROM tick_row WHERE connector = ? ORDER BY place"
_IN_HIS: Final = ("verified", "entered", "double", "differs")


class Board(Protocol):
    """What the lists take from the board they stand beside."""

    @property
    def connector(self) -> str:
        """Whose tick-off counts."""

    @property
    def zone(self) -> ZoneInfo:
        """Of the times it shows."""

    @property
    def snapshot(self) -> Snapshot:
        """Its rows."""


class BoardLists:
    """The lists over one hub."""

    def __init__(self, db: Database, board: Board) -> None:
        self._db, self._board = db, board
        self._mirror: Mirror | None = None

    def close(self) -> None:
        """Delete what was laid out."""
        if self._mirror is not None:
            self._mirror.close()
            self._mirror = None

    def sums(self) -> list[ListSum]:
        """Return what every list comes to, in their order."""
        found = []
        for name in LISTS:
            rows = self.rows(name)
            found.append(ListSum(name, len(rows), sum(row.amount_minor for row in rows)))
        return found

    def rows(self, name: str) -> list[ListRow]:
        """Return the rows of a list, oldest first."""
        if name == "price_changed":
            return [_changed(row) for row in self._board.snapshot.rows if _is_price(row)]
        if name == "unknown":
            return list(self._unknown())
        if name == "recovered":
            return [
                ListRow(station, number, "", form, at, "", "", scanned_by, amount)
                for number, station, form, amount, at, scanned_by in self._db.rows(_RECOVERED)
            ]
        asked: dict[str, Callable[[Journal], list[ListRow]]] = {
            "unlisted": _unlisted,
            "countersign": _to_countersign,
            "paper": _paper_missing,
        }
        return self._asking(lambda db: asked[name](db) if name in asked else _waiting(db, name))

    def money(self) -> list[tuple[str, int, str]]:
        """Return cash, receipts and the HIS below one another."""
        cash, receipts = self._asking(lambda db: (_drawers(db), _on_receipts(db)))
        snapshot = self._board.snapshot
        total = snapshot.summary.total.amount_minor
        inside = self._sum(_IN_HIS)
        compared = [row for row in snapshot.rows if row.his_minor is not None and row.found != "doubtful"]
        ours = sum(row.counted_minor for row in compared)
        theirs = sum(row.his_minor or 0 for row in compared)
        return [
            (N_("On receipts, net"), receipts, N_("taken, less what went back")),
            (N_("By drawer accounts"), cash, N_("with what nobody has seen arrive yet")),
            (N_("Difference"), receipts - cash, ""),
            (N_("Entries for the HIS"), total, ""),
            (N_("of them in the HIS"), inside, ""),
            (N_("not there yet"), total - inside, ""),
            (N_("Compared, our amount"), ours, N_("entries whose rows the HIS shows")),
            (N_("Compared, HIS amount"), theirs, ""),
            (N_("HIS less ours"), theirs - ours, N_("to collect if above zero, to give back if below")),
        ]

    def _sum(self, states: Sequence[str]) -> int:
        found: dict[str, StateSum] = dict(self._board.snapshot.summary.states)
        return sum(found[state].amount_minor for state in states)

    def _asking(self, ask: Callable[[Journal], _Answer]) -> _Answer:
        """Ask all books as one journal."""
        if self._mirror is None:
            self._mirror = Mirror(self._db)
        self._mirror.refresh()
        with self._mirror.everything().look() as db:
            return ask(db)

    def _unknown(self) -> Iterator[ListRow]:
        for (stored,) in self._db.rows(_UNKNOWN, (self._board.connector,)):
            for row in json.loads(self._db.shown(stored)):
                goods = f"{row['item_name'] or row['item']} {row['bill']}".strip()
                at = datetime.fromtimestamp(row["begins"], self._board.zone).isoformat()
                yield ListRow(
                    "", row["receipt"] or row["id"], "", row["kind"], at, row["patient"], row["name"],
                    row["operator"], row["amount_minor"], goods,
                )  # fmt: skip


def _is_price(row: BoardRow) -> bool:
    """Whether the HIS has it once, at another amount."""
    return row.his_minor is not None and row.state == "differs" and row.his_minor != row.counted_minor


def _changed(row: BoardRow) -> ListRow:
    return ListRow(
        row.station, row.number, row.entry_id, row.form, row.at, row.patient, row.name, row.operator,
        (row.his_minor or 0) - row.counted_minor,
    )  # fmt: skip


def _waiting(db: Journal, name: str) -> list[ListRow]:
    assert name in _OF_A_STATION, name
    amounts = worklists.waiting(db, name)
    return [_listed(entry, amounts[entry.seq]) for entry in _entries(db, list(amounts))]


def _unlisted(db: Journal) -> list[ListRow]:
    amounts = {row[0]: int(row[1] or 0) for row in db.execute(_UNLISTED)}
    return [_listed(entry, amounts[entry.seq]) for entry in _entries(db, list(amounts))]


def _to_countersign(db: Journal) -> list[ListRow]:
    told = list(journal.entries(db, forms=(Approval.name, Countersigned.name)))
    answered = {one.content["approval_id"] for one in told if one.form == Countersigned.name}
    found = []
    for one in told:
        if one.form == Approval.name and one.content["way"] in COUNTERSIGNED_LATER and one.id not in answered:
            entry = journal.entry_by_id(db, str(one.content["entry_id"]))
            found.append(_listed(entry or one, (entry.amount_minor or 0) if entry is not None else 0))
    return found


def _paper_missing(db: Journal) -> list[ListRow]:
    ledger = ledger_in(db)
    found = []
    for series, count in ledger.missing():
        held, pack = ledger.forms[series, count], ledger.pack_of(series, count)
        found.append(
            ListRow(
                station="",
                number=ledger.name(series, count),
                entry_id="",
                form=pack.kind if pack is not None else "",
                at=held.at,
                patient="",
                name="",
                operator=held.holder,
                amount_minor=0,
                said=held.holder_name,
            )
        )
    return found


def _entries(db: Journal, seqs: Sequence[int]) -> Iterator[Entry]:
    for seq in seqs:
        entry = journal.entry_by_seq(db, seq)
        if entry is not None:
            yield entry


def _listed(entry: Entry, amount_minor: int) -> ListRow:
    patient = entry.content.get("patient") or {}
    return ListRow(
        entry.station, entry.number or "", entry.id, entry.form, entry.happened_at, entry.patient or "",
        str(patient.get("name") or ""), entry.operator, amount_minor,
    )  # fmt: skip


def _drawers(db: Journal) -> int:
    return int(db.execute(_DRAWERS).fetchone()[0])


def _on_receipts(db: Journal) -> int:
    return sum(
        row.amount_minor
        for entry in journal.entries(db, forms=tuple(MONEY_FORMS))
        for row in payment_rows(entry.form, entry.content)
    )
