"""The hub as a connector: it takes every entry, and answers handed over until a HIS has it.

Class 1: the hub keeps our ids, so the same bytes may go again freely. At a station the whole chain goes up, the
station's own entries too, because the hub verifies it; the connector then only has to ask what arrived.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, Protocol

from downtime.canonical import unseal
from downtime.i18n import _
from downtime.outcome import HandedOver, InDoubt, Outcome, Rejected, Unreachable, outcome_of
from sync.connector import Connector, Guarantee, NotReadBackError, Parcel, other_body
from sync.connectors.hub_link import HubLink, LinkError, NoAnswerError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from downtime.entry import Entry
    from downtime.outcome import Accepted
    from sync.facts import Facts

ASKED_AT_ONCE: Final = 500
_BATCH_BYTES_MAX: Final = 1 << 20


class Collecting(Protocol):
    """Brings everything that is new at a station up to the hub, the chain with its signed heads."""

    def collect(self, link: HubLink) -> None:
        """Raise a `LinkError` where it could not be finished; what arrived stays there."""


class HubConnector(Connector):
    """Hands entries over to the hub."""

    name: ClassVar[str] = "hub"
    guarantee = Guarantee.RESEND
    received_is_enough = True
    may_know_at_once = False
    takes_back = True

    def __init__(self, hospital: str, link: HubLink, collecting: Collecting | None = None) -> None:
        super().__init__(hospital)
        self._link = link
        self.collecting = collecting

    def close(self) -> None:
        """Hang up."""
        self._link.close()

    def reach(self) -> Unreachable | None:
        """Return None if the hub answers and what is new was collected."""
        try:
            if self.collecting is not None:
                self.collecting.collect(self._link)
            else:
                self._link.ask("outcomes", {"entries": []})
        except LinkError as error:
            return Unreachable(error.reason)
        return None

    def compose(self, entry: Entry) -> bytes | Rejected:
        """Return the canonical bytes as sealed; they are never made anew."""
        return entry.sealed

    def _send(self, batch: Sequence[Parcel]) -> Iterator[tuple[str, Outcome]]:
        """Send what the hub does not hold yet; what it holds already counts as received."""
        try:
            held = self._standing([parcel.entry for parcel in batch])
        except LinkError as error:
            yield from ((parcel.entry.id, Unreachable(error.reason)) for parcel in batch)
            return
        clash: Entry | None = None
        missing = []
        for parcel in batch:
            state = held[parcel.entry.id]["state"]
            if state == "other_body":
                clash = parcel.entry
                yield parcel.entry.id, Rejected(other_body(parcel.entry).what)
            elif state == "absent":
                missing.append(parcel)
            else:
                yield parcel.entry.id, HandedOver(parcel.entry.id)
        for part in _parts(missing):
            yield from self._send_part(part)
        if clash is not None:
            raise other_body(clash)

    def _send_part(self, part: Sequence[Parcel]) -> Iterator[tuple[str, Outcome]]:
        """Send some entries of one book; the hub keeps them whatever they are, and looks into them afterwards."""
        first = part[0].entry
        content = {
            "incarnation": first.incarnation,
            "book": first.book,
            "rows": [_row(parcel) for parcel in part],
            "heads": [],
        }
        outcome: Outcome | None = None
        try:
            if self._link.ask("entries", content).get("kept") != len(part):
                outcome = InDoubt(_("The hub's answer cannot be read."))
        except NoAnswerError as error:
            outcome = InDoubt(error.reason)
        except LinkError as error:
            outcome = Unreachable(error.reason)
        yield from ((parcel.entry.id, outcome or HandedOver(parcel.entry.id)) for parcel in part)

    def ask(self, batch: Sequence[Entry]) -> Iterator[tuple[str, Outcome]]:
        """Yield what the hub says; nothing if it cannot be asked."""
        for at in range(0, len(batch), ASKED_AT_ONCE):
            part = batch[at : at + ASKED_AT_ONCE]
            try:
                held = self._standing(part)
            except LinkError:
                return
            for entry in part:
                told = held[entry.id]
                if told["state"] == "absent":
                    yield entry.id, Unreachable(_("The hub does not have it."))
                elif told["state"] == "other_body":
                    yield entry.id, Rejected(other_body(entry).what)
                else:
                    yield entry.id, outcome_of(told)

    def taken_back(self, accepted: Iterable[tuple[str, Accepted]]) -> Iterator[tuple[str, Outcome]]:
        """Yield what the HIS voided since it was accepted: it is handed over again, and the hub looks into it."""
        known = {entry_id for entry_id, _outcome in accepted}
        if not known:
            return
        try:
            told = self._link.ask("outcomes", {"entries": []}).get("taken_back")
        except LinkError:
            return
        for entry_id, one in (told if isinstance(told, dict) else {}).items():
            if entry_id in known and _is_outcome(one) and one["state"] == HandedOver.state:
                yield entry_id, outcome_of(one)

    def read_back(self, ids: Sequence[str]) -> Iterable[tuple[str, Facts]]:
        """Yield what the hub reads out of the bytes it holds."""
        for at in range(0, len(ids), ASKED_AT_ONCE):
            try:
                answer = self._link.ask("facts", {"ids": list(ids[at : at + ASKED_AT_ONCE])})
            except LinkError as error:
                raise NotReadBackError(error.reason) from error
            yield from dict(answer["facts"]).items()

    def _standing(self, entries: Sequence[Entry]) -> dict[str, dict[str, Any]]:
        asked = [{"id": entry.id, "body_hash": entry.body_hash.hex()} for entry in entries]
        told = self._link.ask("outcomes", {"entries": asked}).get("outcomes")
        if not isinstance(told, dict) or any(not _is_outcome(told.get(entry.id)) for entry in entries):
            raise NoAnswerError(_("The hub's answer cannot be read."))
        return told


def _is_outcome(told: Any) -> bool:
    if not isinstance(told, dict):
        return False
    if told.get("state") in {"absent", "other_body"}:
        return True
    try:
        outcome_of(told)
    except (ValueError, KeyError, TypeError):
        return False
    return True


def _row(parcel: Parcel) -> dict[str, Any]:
    entry = parcel.entry
    salt = unseal(entry.sealed)["envelope"]["salt"]
    return {"seq": entry.seq, "salt": salt, "sealed": entry.sealed.decode(), "hash": entry.hash.hex()}


def _parts(parcels: Sequence[Parcel]) -> Iterator[list[Parcel]]:
    """Yield ``parcels`` in order in parts of one book and of a size the hub takes at once."""
    part: list[Parcel] = []
    size = 0
    for parcel in parcels:
        entry = parcel.entry
        other = part and (part[0].entry.incarnation, part[0].entry.book) != (entry.incarnation, entry.book)
        if part and (other or size + len(entry.sealed) > _BATCH_BYTES_MAX or len(part) >= ASKED_AT_ONCE):
            yield part
            part, size = [], 0
        part.append(parcel)
        size += len(entry.sealed)
    if part:
        yield part
