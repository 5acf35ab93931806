"""One immutable, sealed journal line, as the rest of the app sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

SEAL_VERSION = 1
SUITE = 1  # SHA-256 + Ed25519; the number leaves room for SM3/SM2


@dataclass(frozen=True, slots=True)
class Entry:
    """What the journal holds under one sequence number.

    Attributes:
        seq: position in the book, from 1, without gaps; the only order there is.
        id: made when the form opened; the idempotency key everywhere.
        form: name of the form, for instance "charge".
        form_version: version of that form's content.
        content: what the person filled in, plain JSON values.
        body_hash: SHA-256 of the canonical body; two entries are the same if id and body_hash are.
        number: receipt number on paper, or None for entries without a receipt.
        qr: texts of the receipt's QR codes, digits only; reprints copy them.
        happened_at: RFC 3339 with offset and milliseconds, when it happened.
        recorded_at: same format, when it was sealed here.
        reference_version: version of the reference tables in force, or None.
        refers_to: ids of the entries this one names (a reversal names its charge).
        amount_minor: money that changed hands or was owed, in minor units, or None.
        sealed: the canonical bytes exactly as chained.
        hash: chain hash after this entry (32 bytes).
        late: what the ``late_entry`` beside it says of the paper it was typed in from; only where it goes to a HIS.
    """

    seq: int
    id: str
    form: str
    form_version: int
    content: dict[str, Any]
    body_hash: bytes
    number: str | None
    qr: tuple[str, ...]
    hospital: str
    station: str
    incarnation: str
    book: int
    outage: str
    drill: bool
    happened_at: str
    recorded_at: str
    operator: str
    operator_name: str
    role: str
    second_person: str | None
    reference_version: int | None
    patient: str | None
    encounter: str | None
    refers_to: tuple[str, ...]
    amount_minor: int | None
    sealed: bytes
    hash: bytes
    previous_hash: bytes
    late: Mapping[str, Any] | None = None
