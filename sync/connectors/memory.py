"""A HIS in memory whose faults follow a script: for practice runs, and for trying the worker."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

from downtime.canonical import seal, unseal
from downtime.i18n import _
from downtime.outcome import Accepted, FormalDocument, HandedOver, InDoubt, Outcome, Rejected, Unreachable
from sync.connector import Connector, Guarantee, Parcel, other_body, waits_for
from sync.facts import Facts, facts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from downtime.entry import Entry

Fault: TypeAlias = Literal[
    "reply_lost",  # posted, and the answer never came
    "request_lost",  # never arrived, which looks the same from here
    "late",  # arrives only after the HIS has settled; no answer
    "refused",  # the HIS says no
    "unreachable",  # certainly not received
    "slow",  # received; posted only when asked again
    "wrong_id",  # posted, answered under another id
    "double_reply",  # posted, answered twice, the second time with a refusal
    "breaks",  # posted, then the program stops
]


class BrokenLinkError(Exception):
    """The fault "breaks": stands for a program that stops in mid-send."""


@dataclass
class MemoryHis:
    """The far end.

    Attributes:
        postings: every posting made, by entry id; two under one id is a double.
        refused: reasons, by entry id.
        received: handed over, not yet posted, by entry id.
        late: on the way, in order.
        is_down: nothing gets through.
    """

    postings: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    received: dict[str, bytes] = field(default_factory=dict)
    late: list[bytes] = field(default_factory=list)
    is_down: bool = False
    keeps_our_key: bool = True

    def post(self, sent: bytes) -> None:
        """Book what was sent; a HIS that keeps our key books it once."""
        content = unseal(sent)
        booked = self.postings.setdefault(content["id"], [])
        if not (booked and self.keeps_our_key):
            booked.append(content)

    def settle(self) -> None:
        """Let what is on the way arrive."""
        for sent in self.late:
            self.post(sent)
        self.late.clear()


class MemoryConnector(Connector):
    """Delivers to a `MemoryHis`, one fault of ``faults`` (or None) per entry sent, then none."""

    name: ClassVar[str] = "memory"

    def __init__(
        self,
        hospital: str,
        *,
        guarantee: Guarantee = Guarantee.RESEND,
        faults: Iterable[Fault | None] = (),
        his: MemoryHis | None = None,
        settle_seconds: int = 0,
        batch_max: int = 500,
    ) -> None:
        super().__init__(hospital)
        self.guarantee = guarantee
        self.settle_seconds = settle_seconds
        self.batch_max = batch_max
        self.his = MemoryHis() if his is None else his
        self.his.keeps_our_key = guarantee is Guarantee.RESEND
        self._faults = iter(faults)

    def reach(self) -> Unreachable | None:
        """Return None unless the HIS is down."""
        return Unreachable(_("The HIS does not answer.")) if self.his.is_down else None

    def compose(self, entry: Entry) -> bytes | Rejected:
        """Return id, body hash and facts."""
        return seal({"id": entry.id, "body_hash": entry.body_hash.hex(), "facts": facts_of(entry)})

    def _send(self, batch: Sequence[Parcel]) -> Iterator[tuple[str, Outcome]]:
        missing: dict[str, Entry] = {}
        clash: Entry | None = None
        for parcel in batch:
            entry = parcel.entry
            waits = waits_for(entry, missing) if missing else None
            if waits is not None:
                missing[entry.id] = entry
                yield entry.id, waits
                continue
            if self._holds_other_body(entry):
                clash = entry
                missing[entry.id] = entry
                yield entry.id, Rejected(other_body(entry).what)
                continue
            for entry_id, outcome in self._one(parcel):
                if not isinstance(outcome, Accepted | HandedOver):
                    missing[entry.id] = entry
                yield entry_id, outcome
        if clash is not None:
            raise other_body(clash)

    def _holds_other_body(self, entry: Entry) -> bool:
        held = self.his.postings.get(entry.id)
        keeps = self.guarantee is Guarantee.RESEND
        return bool(keeps and held and held[0]["body_hash"] != entry.body_hash.hex())

    def _one(self, parcel: Parcel) -> Iterator[tuple[str, Outcome]]:
        entry_id, sent, his = parcel.entry.id, parcel.sent, self.his
        fault = next(self._faults, None)
        if his.is_down or fault == "unreachable":
            yield entry_id, Unreachable(_("The HIS does not answer."))
            return
        his.refused.pop(entry_id, None)
        if fault == "refused":
            his.refused[entry_id] = "Refused by the script."
            yield entry_id, Rejected(his.refused[entry_id])
        elif fault == "slow":
            his.received[entry_id] = sent
            yield entry_id, HandedOver(entry_id)
        elif fault == "late":
            his.late.append(sent)
            yield entry_id, InDoubt(_("The HIS gave no answer in time."))
        elif fault == "request_lost":
            yield entry_id, InDoubt(_("The HIS gave no answer in time."))
        else:
            his.post(sent)
            if fault == "breaks":
                raise BrokenLinkError
            if fault == "reply_lost":
                yield entry_id, InDoubt(_("The HIS gave no answer in time."))
            elif fault == "wrong_id":
                yield f"not-{entry_id}", _accepted(entry_id)
            else:
                yield entry_id, _accepted(entry_id)
            if fault == "double_reply":
                yield entry_id, Rejected("A second answer.")

    def ask(self, batch: Sequence[Entry]) -> Iterator[tuple[str, Outcome]]:
        """Answer from what the HIS holds; a HIS without our key cannot be asked."""
        if self.his.is_down or self.guarantee is Guarantee.ONE_ATTEMPT:
            return
        for entry in batch:
            received = self.his.received.pop(entry.id, None)
            if received is not None:
                self.his.post(received)
            if entry.id in self.his.postings:
                yield entry.id, _accepted(entry.id)
            elif entry.id in self.his.refused:
                yield entry.id, Rejected(self.his.refused[entry.id])
            else:
                yield entry.id, Unreachable(_("The HIS does not have it."))

    def read_back(self, ids: Sequence[str]) -> Iterable[tuple[str, Facts]]:
        """Yield what was posted."""
        for entry_id in ids:
            for booked in self.his.postings.get(entry_id, ())[:1]:
                yield entry_id, booked["facts"]


def _accepted(entry_id: str) -> Accepted:
    number = f"PX-{entry_id[-12:]}"
    document = FormalDocument("e_invoice", "PX-MEM", number, "", "", "issued", number)
    return Accepted((document,), number)
