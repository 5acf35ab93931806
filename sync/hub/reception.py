"""What the hub answers, request by request; the network around it is ``server``'s."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from downtime.canonical import UnsealableError, unseal
from downtime.outcome import HandedOver, Outcome, outcome_content
from downtime.receipt_number import parse_number
from downtime.store.journal import entry_from_sealed
from sync.facts import facts_of
from sync.hub import stations
from sync.hub.arrivals import HELD_ENOUGH, is_withdrawn, public_key
from sync.hub.keeping import Keeper, ids_waiting
from sync.hub.receiving import Receiver
from sync.hub.telling import standing_of, taken_back
from sync.hub.verifying import waiting
from sync.hub.wire import (
    IDS_MAX,
    RefusedError,
    Signature,
    bytes_of,
    list_of,
    number_of,
    object_of,
    text_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from downtime.entry import Entry
    from sync.hub.database import Database
    from sync.hub.offers import Offers

WAITING_FEW: Final = 20
"""Batches that wait; beyond that nobody is kept waiting for them."""
_HELD: Final = {
    "sqlite": """
SELECT id, body_hash, verdict, n FROM entry WHERE station = ? AND id IN (SELECT value FROM json_each(?)) ORDER BY n
""",
    "postgresql": """
SELECT id, body_hash, verdict, n FROM entry WHERE station = ? AND id = ANY(?) ORDER BY n
""",
}
_ENTRY: Final = """
SELECT sealed, seq, body_hash, hash, amount_minor FROM entry
WHERE station = ? AND id = ? AND verdict IN ('', 'gap', 'unsigned') ORDER BY chained DESC, n LIMIT 1
"""
_BY_NUMBER: Final = """
SELECT n, id, station, incarnation, form, amount_minor FROM entry WHERE number = ? AND verdict = '' ORDER BY n
"""
_USES: Final = """
SELECT e.station, e.incarnation, e.form, e.number, e.id, e.arrived_at FROM needs w JOIN entry e ON e.n = w.n
WHERE w.key IN (?, ?) ORDER BY e.n
"""
_ASKED: Final = "SELECT station, entry_id, at FROM receipt_use WHERE number = ? ORDER BY at"
_ASKING: Final = "INSERT INTO receipt_use VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"


class Reception:
    """Answers stations; used by one thread at a time."""

    def __init__(
        self, db: Database, hospital: str, secret: bytes, now: Callable[[], str], offers: Offers
    ) -> None:
        self._db = db
        self._hospital = hospital
        self._now = now
        self._offers = offers
        self.receiver = Receiver(db, hospital, secret, now)
        self.keeper = Keeper(db, now)
        self.call_verifier: Callable[[], None] = lambda: None

    def require(self, signature: Signature, method: str, target: str) -> None:
        """Go on only if a station that was let in signed this.

        Raises:
            RefusedError: it did not, or is not known.
        """
        public = public_key(self._db, signature.station, signature.incarnation)
        if public is None:
            raise RefusedError("unknown_station")
        signature.require(method, target, public)
        if is_withdrawn(self._db, signature.station, signature.incarnation):
            raise RefusedError("withdrawn")

    def answer(self, name: str, signature: Signature, body: bytes) -> dict[str, Any]:
        """Return the answer to request ``name``, whose signature was found good.

        Raises:
            RefusedError: it cannot be answered; nothing was kept.
        """
        if name == "entries":
            return self._keep_entries(signature, body)
        acts: dict[str, Callable[[Signature, dict[str, Any]], dict[str, Any]]] = {
            "keys": self._take_keys,
            "station": self._meet,
            "outcomes": self._outcomes,
            "facts": self._facts,
            "receipt": self._receipt,
            "package": self._package,
        }
        return acts[name](signature, _content(body))

    def join(self, signature: Signature, target: str, body: bytes) -> dict[str, Any]:
        """Let a station in that shows its code; its request is signed with the key it brings.

        Raises:
            RefusedError: the code or the signature is wrong.
        """
        content = _content(body)
        signature.require("POST", target, stations.brought_key(content, signature.incarnation))
        if is_withdrawn(self._db, signature.station, signature.incarnation):
            raise RefusedError("withdrawn")
        stations.let_in(self._db, self._hospital, signature.station, content, self._now())
        return {"hospital": self._hospital, **self._offers.public()}

    def _take_keys(self, signature: Signature, content: dict[str, Any]) -> dict[str, Any]:
        with self._db.writing():
            stations.keep_keys(self._db, signature.station, list_of(content, "keys", 26), self._now())
        return {}

    def _meet(self, signature: Signature, content: dict[str, Any]) -> dict[str, Any]:
        """Hear how far a station is; say how far its books stand here, and what there is for it."""
        version = self._offers.version(signature.station)
        stations.note_seen(self._db, signature.station, signature.incarnation, content, self._now(), version)
        return {
            "held": stations.held(self._db, signature.station, content),
            "package": version,
            "time": self._now(),
        }

    def _keep_entries(self, signature: Signature, body: bytes) -> dict[str, Any]:
        """Keep what was sent, durably; what it is worth the verifying worker says a moment later."""
        tip, entries = self.keeper.keep(signature.station, _content(body), body, signature.body)
        self.call_verifier()
        return {"seq": tip.seq, "head": tip.head.hex(), "kept": entries}

    def soon_verified(self, station: str) -> bool:
        """Return whether something of ``station`` waits to be verified, and few others do."""
        return waiting(self._db, station) > 0 and waiting(self._db) <= WAITING_FEW

    def _outcomes(self, signature: Signature, content: dict[str, Any]) -> dict[str, Any]:
        """Say of each of a station's entries where it stands; one that is not here is absent.

        What is in quarantine was certainly received: for the station it is handed over, the hub looks into it.
        """
        asked = {}
        for pair in list_of(content, "entries", IDS_MAX):
            told = object_of(pair)
            asked[_id(told.get("id"))] = bytes_of(told, "body_hash", 32)
        unread = ids_waiting(self._db, signature.station)
        here: dict[str, list[tuple[bytes, str, int]]] = {}
        for entry_id, body_hash, verdict, n in self._db.rows(
            _HELD[self._db.dialect], (signature.station, self._db.some(list(asked)))
        ):
            here.setdefault(entry_id, []).append((bytes(body_hash), verdict, n))
        found = {name: self._standing(here.get(name, []), asked[name], name) for name in asked}
        for name, told in found.items():
            # Nobody looked into it yet, but it is here: that much can be said.
            if told["state"] == "absent" and unread.get(name) == asked[name].hex():
                found[name] = outcome_content(HandedOver(name))
        return {"outcomes": found, "taken_back": taken_back(self._db, signature.station)}

    def _standing(
        self, here: list[tuple[bytes, str, int]], body_hash: bytes, entry_id: str
    ) -> dict[str, Any]:
        others = [verdict for held, verdict, _n in here if held != body_hash]
        if any(verdict in HELD_ENOUGH for verdict in others):
            return {"state": "other_body"}
        same = sorted((verdict != "", n) for held, verdict, n in here if held == body_hash)
        return outcome_content(self.outcome(same[0][1], entry_id)) if same else {"state": "absent"}

    def outcome(self, n: int, entry_id: str) -> Outcome:
        """Return what a station is told of entry ``n``: handed over, until a HIS has it."""
        return standing_of(self._db, n, entry_id)

    def _facts(self, signature: Signature, content: dict[str, Any]) -> dict[str, Any]:
        """Read back what the hub holds, from the sealed bytes."""
        ids = [_id(name) for name in list_of(content, "ids", IDS_MAX)]
        found = {}
        for entry_id in ids:
            entry = self._entry(signature.station, entry_id)
            if entry is not None:
                found[entry_id] = facts_of(entry)
        return {"facts": found}

    def _entry(self, station: str, entry_id: str) -> Entry | None:
        row = self._db.row(_ENTRY, (station, entry_id))
        return _entry(self._db, row) if row else None

    def _receipt(self, signature: Signature, content: dict[str, Any]) -> dict[str, Any]:
        """Say what is known of a receipt number and where it was used; note who is about to use it."""
        number = parse_number(text_of(content, "number", 40))
        if number is None:
            raise RefusedError("garbage")
        made = self._db.rows(_BY_NUMBER, (str(number),))
        ids = [row[1] for row in made] or [""]
        uses = [
            {"station": station, "form": form, "number": held, "entry_id": entry_id, "at": at}
            for entry_id in ids[:1]
            for station, _letter, form, held, entry_id, at in self._db.rows(
                _USES, (f"number {number}", f"id {entry_id}")
            )
        ]
        asking = str(content.get("using") or "")
        about = [
            {"station": station, "entry_id": entry_id, "at": at}
            for station, entry_id, at in self._db.rows(_ASKED, (str(number),))
            if entry_id != asking and all(use["entry_id"] != entry_id for use in uses)
        ]
        if asking:
            with self._db.writing():
                self._db.rows(_ASKING, (str(number), signature.station, _id(asking), self._now()))
        return {
            "number": str(number),
            "known": bool(made),
            "station": made[0][2] if made else "",
            "form": made[0][4] if made else "",
            "used": uses,
            "about_to_be_used": about,
        }

    def _package(self, signature: Signature, content: dict[str, Any]) -> dict[str, Any]:
        number_of(content, "have")
        return self._offers.manifest(signature.station, self._now())


def _entry(db: Database, row: Sequence[Any]) -> Entry:
    sealed, seq, body_hash, chain_hash, amount = row
    content = unseal(db.shown(sealed))["body"]["content"]
    return entry_from_sealed(
        db.shown(sealed),
        seq=seq,
        body_hash=bytes(body_hash),
        chain_hash=bytes(chain_hash),
        patient=(content.get("patient") or {}).get("number"),
        encounter=(content.get("visit") or {}).get("number"),
        amount_minor=amount,
    )


def _content(body: bytes) -> dict[str, Any]:
    try:
        return object_of(unseal(body) if body else {})
    except UnsealableError as error:
        raise RefusedError("garbage") from error


def _id(name: Any) -> str:
    if not isinstance(name, str) or len(name) > 64 or not name.isascii() or not name.isprintable():  # noqa: PLR2004 (an id)
        raise RefusedError("garbage")
    return name
