"""A journal in a folder, written row by row as the app would, for trying delivery."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from downtime.store.chain import genesis
from downtime.store.journal import JournalRow, append, open_journal
from downtime.store.sqlite import writing
from forms import form_named
from sync.contract_entries import HOSPITAL, STATION, charge, dispense, made_up_entry, registration

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from downtime.entry import Entry

KEY = bytes(range(32))


@dataclass
class MadeUpBook:
    """One book's files; ``record`` appends entries to its journal."""

    folder: Path
    key: bytes = KEY
    sign: Callable[[bytes], bytes] = field(default=lambda content: content[-32:] * 2)
    entries: list[Entry] = field(default_factory=list)

    @property
    def journal_path(self) -> Path:
        """The journal."""
        return self.folder / "journal.db"

    @property
    def deliveries_path(self) -> Path:
        """The deliveries."""
        return self.folder / "deliveries.db"

    @property
    def head_path(self) -> Path:
        """The head log of the deliveries."""
        return self.folder / "deliveries.head"

    def record(self, *filled: tuple[str, dict[str, Any]]) -> list[Entry]:
        """Append forms as one commit group and return their entries."""
        db = open_journal(self.journal_path, self.key, create=True)
        new: list[Entry] = []
        first = len(self.entries) + 1
        with writing(db):
            for seq, (form, content) in enumerate(filled, first):
                previous = self.entries[-1].hash if self.entries else self._genesis()
                entry = made_up_entry(seq, form, content, previous_hash=previous)
                self.entries.append(entry)
                new.append(entry)
                append(db, _row(entry, first))
        db.close()
        return new

    @staticmethod
    def _genesis() -> bytes:
        return genesis(hospital=HOSPITAL, station=STATION, incarnation="A", book=7, previous_head="")


def _row(entry: Entry, group_first: int) -> JournalRow:
    kind = form_named(entry.form)
    assert kind is not None
    return JournalRow(
        seq=entry.seq, group_first=group_first, id=entry.id, form=entry.form, deliverable=kind.deliverable,
        body_hash=entry.body_hash, salt=bytes(16), sealed=entry.sealed, hash=entry.hash, number=entry.number,
        counter=None, patient=entry.patient, encounter=entry.encounter, operator=entry.operator,
        recorded_at=entry.recorded_at, amount_minor=entry.amount_minor, refers_to=entry.refers_to, postings=(),
    )  # fmt: skip


def resend_decided(entry_id: str, connector: str) -> tuple[str, dict[str, Any]]:
    """Return a person's decision that ``entry_id`` goes to ``connector`` again."""
    return "resend_decided", {"entry_id": entry_id, "connector": connector, "reason": ""}


def charges(count: int, *, first: int = 1) -> list[tuple[str, dict[str, Any]]]:
    """Return charges for as many made-up patients."""
    return [("charge", charge(n)) for n in range(first, first + count)]


__all__ = ["HOSPITAL", "KEY", "MadeUpBook", "charge", "charges", "dispense", "registration", "resend_decided"]
