"""Reading what is new at the hub: entries by their number, facts by theirs, the last tick-off whole.

The first reading goes through everything; after it a look costs as much as what came since. Both stores are
asked the same: whoever writes entries or facts takes turns, so a higher number never stands before a lower one.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from downtime.board import DECISIONS
from downtime.his_word import word_in
from sync.board.index import Index, Known
from sync.board.states import NOT_YET, Facts, Ticked, is_on_sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from downtime.entry import Entry
    from sync.hub.database import Database

PAGE: Final = 2_000
_FORMS: Final = ", ".join(f"'{name}'" for name in DECISIONS)
_ENTRIES: Final = f"""
SELECT n, station, incarnation, book, seq, id, form, deliverable, number, amount_minor, sealed, verdict
FROM entry WHERE n > ? AND (deliverable = 1 OR verdict <> '' OR form IN ({_FORMS})) ORDER BY n LIMIT ?
"""  # noqa: S608 (names of our own forms)
_LAST_ENTRY: Final = "SELECT max(n) FROM entry"
_SET_ASIDE: Final = "SELECT n, verdict FROM entry WHERE verdict <> ''"
_FACTS: Final = """
SELECT n, entry_n, step, state, outcome, at FROM delivery
WHERE n > ? AND connector = ? AND entry_n IS NOT NULL ORDER BY n
"""
_TICKED: Final = "SELECT at, digest FROM tick_run WHERE connector = ?"
_TICKS: Final = "SELECT entry_n, outcome, what, reason, his_amount_minor, word FROM tick WHERE connector = ?"


class Reader:
    """Brings an index up to date with one connection.

    Attributes:
        index: what is known.
        decisions: everything people said, by the id of the entry it is about, oldest first.
        last_success: when the HIS last took an entry, or "".
        ticked_at: when the last tick-off ran, or "".
        read, total: how far the reading under way has come.
    """

    def __init__(self, db: Database, connector: str, currency: str) -> None:
        self._db, self._connector = db, connector
        self.index = Index(currency)
        self.decisions: dict[str, list[dict[str, Any]]] = {}
        self.last_success = self.ticked_at = ""
        self.read = self.total = 0
        self._last_entry = self._last_fact = 0
        self._decided: set[str] = set()
        self._early: dict[int, list[tuple[Any, ...]]] = {}
        self._verdicts: dict[int, str] = {}
        self._ticked = b""

    def refresh(self) -> bool:
        """Read what is new; return whether anything was."""
        self._read_entries()
        self._read_verdicts()
        self._read_facts()
        self._read_ticks()
        return self.index.has_changed

    @property
    def waiting(self) -> dict[int, str]:
        """Verdicts of the entries on the board that turn good by themselves, by their place."""
        return {n: word for n, word in self._verdicts.items() if word in NOT_YET and n in self.index.by_n}

    # -- entries --------------------------------------------------------------------------------------

    def _read_entries(self) -> None:
        last = self._db.row(_LAST_ENTRY)
        self.read, self.total = self._last_entry, int(last[0] or 0) if last else 0
        while rows := self._db.rows(_ENTRIES, (self._last_entry, PAGE)):
            for row in rows:
                self._take(row)
            self._last_entry = self.read = rows[-1][0]
            if len(rows) < PAGE:
                break
        self._last_entry = self.read = max(self._last_entry, self.total)

    def _take(self, row: tuple[Any, ...]) -> None:
        n, station, incarnation, book, seq, entry_id, form, deliverable, number, amount, sealed, verdict = row
        told = _told(lambda: self._db.shown(sealed))
        if verdict:
            self._verdicts[n] = verdict
        if form in DECISIONS and not verdict:
            self.decide(_decision(entry_id, form, station, told))
        if not deliverable and verdict in {"", *NOT_YET}:
            return
        content, envelope = told.get("body", {}).get("content", {}), told.get("envelope", {})
        patient = _object(content, "patient")
        facts = Facts(form, verdict)
        known = Known(
            n=n, entry_id=entry_id, place=(station, incarnation, book, seq), number=number or "", form=form,
            deliverable=bool(deliverable), at=_text(envelope, "happened_at"), patient=_text(patient, "number"),
            name=_text(patient, "name"), identity=_text(patient, "id_number"), operator=_text(envelope, "operator"),
            operator_name=_text(envelope, "operator_name"), amount_minor=amount, facts=facts,
        )  # fmt: skip
        self.index.add(known)
        self._overlay(entry_id)
        for fact in self._early.pop(n, ()):
            self._count(fact)

    def _read_verdicts(self) -> None:
        """See which of those that waited or were set aside stand good now, or are judged otherwise."""
        now = {n: verdict for n, verdict in self._db.rows(_SET_ASIDE) if n <= self._last_entry}
        for n in self._verdicts.keys() | now.keys():
            verdict = now.get(n, "")
            if verdict == self._verdicts.get(n, ""):
                continue
            known = self.index.change(n)
            if known is not None:
                known.facts.verdict = verdict
            else:  # it stood on the board only because it waited, or is a decision that counts now
                self._read_again(n)
        self._verdicts = now

    def _read_again(self, n: int) -> None:
        for row in self._db.rows(_ENTRIES, (n - 1, 1)):
            if row[0] == n:
                self._take(row)

    # -- what people said -----------------------------------------------------------------------------

    def know(self, entries: list[Entry]) -> bool:
        """Count decisions that stand in another book than the hub's; return whether any is new."""
        fresh = [entry for entry in entries if entry.id not in self._decided]
        for entry in fresh:
            self.decide(
                {
                    "id": entry.id, "form": entry.form, "at": entry.recorded_at, "operator": entry.operator,
                    "operator_name": entry.operator_name, "station": entry.station, "content": entry.content,
                }
            )  # fmt: skip
        return bool(fresh)

    def decide(self, decision: dict[str, Any]) -> None:
        """Take in what somebody said, once."""
        about = _text(decision["content"], "entry_id")
        if decision["id"] not in self._decided and about:
            self._decided.add(decision["id"])
            self.decisions.setdefault(about, []).append(decision)
            self._overlay(about)

    def _overlay(self, entry_id: str) -> None:
        """Let an entry know what was said about it."""
        said = self.decisions.get(entry_id)
        if not said:
            return
        for n in self.index.by_id.get(entry_id, ()):
            known = self.index.change(n)
            assert known is not None, "it is in the index"
            known.notes = sum(1 for one in said if one["form"] == "entry_noted")
            facts = known.facts
            for one in said:
                content, form = one["content"], one["form"]
                if form == "typed_in":
                    facts.typed = not content.get("is_undone")
                elif (
                    form in {"resend_decided", "sent_corrected"}
                    and content.get("connector") == self._connector
                ):
                    facts.decided, facts.decided_step = form, int(content.get("step") or 0)
                    facts.decided_at = one["at"]

    # -- facts of the connector -----------------------------------------------------------------------

    def _read_facts(self) -> None:
        for row in self._db.rows(_FACTS, (self._last_fact, self._connector)):
            self._count(row)
            self._last_fact = row[0]

    def _count(self, row: tuple[Any, ...]) -> None:
        _n, entry_n, step, state, outcome, at = row
        known = self.index.change(entry_n)
        if known is None:
            self._early.setdefault(entry_n, []).append(row)
            return
        facts = known.facts
        facts.tries += 1
        told = json.loads(outcome) or {}
        if state == "accepted":
            facts.accepted = True
        if state in {"accepted", "handed_over"}:
            self.last_success = max(self.last_success, at)
        if step < facts.step:
            return
        formal = told.get("formal") or ()
        facts.last, facts.step, facts.at = state, step, at
        facts.said = str(told.get("reason") or told.get("reference") or "")
        facts.on_sheet = facts.on_sheet or (state == "handed_over" and is_on_sheet(facts.said))
        facts.has_document = any(one.get("status") != "void" for one in formal)
        if state == "accepted":
            numbers = [str(one.get("number") or "") for one in formal]
            known.reference = " ".join(filter(None, [*numbers, facts.said]))

    # -- what the HIS shows ---------------------------------------------------------------------------

    def _read_ticks(self) -> None:
        run = self._db.row(_TICKED, (self._connector,))
        self.ticked_at = str(run[0]) if run is not None else ""
        digest = bytes(run[1]) if run is not None else b""
        if digest == self._ticked:
            return
        self._ticked = digest
        found = {row[0]: row[1:] for row in self._db.rows(_TICKS, (self._connector,))}
        for n, known in self.index.by_n.items():
            row = found.get(n)
            tick = None
            if row is not None:
                what, word = tuple(filter(None, str(row[1]).split(","))), word_in(row[4])
                tick = Ticked(row[0], what, row[2], row[3], word is not None and word.said == "there")
            if tick != known.facts.tick:
                self.index.change(n)
                known.facts.tick = tick


def _decision(entry_id: str, form: str, station: str, told: Mapping[str, Any]) -> dict[str, Any]:
    envelope = told.get("envelope", {})
    return {
        "id": entry_id, "form": form, "at": _text(envelope, "recorded_at"), "operator": _text(envelope, "operator"),
        "operator_name": _text(envelope, "operator_name"), "station": station,
        "content": told.get("body", {}).get("content", {}),
    }  # fmt: skip


def _told(read: Callable[[], bytes]) -> dict[str, Any]:
    """Return what the bytes of an entry say; nothing of what cannot be read."""
    with suppress(ValueError, RecursionError):
        told = json.loads(read())
        if isinstance(told, dict) and all(isinstance(told.get(part), dict) for part in ("body", "envelope")):
            return told
    return {}


def _object(content: Any, name: str) -> dict[str, Any]:
    found = content.get(name) if isinstance(content, dict) else None
    return found if isinstance(found, dict) else {}


def _text(content: Any, name: str) -> str:
    found = content.get(name) if isinstance(content, dict) else None
    return found if isinstance(found, str) else ""
