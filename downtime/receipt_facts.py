"""What the QR of a receipt says, read off the filled form and its envelope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Literal

from downtime.entry import SUITE

if TYPE_CHECKING:
    from collections.abc import Mapping

UNLISTED = "UNLISTED"
ITEMS_MAX = 2_000
UNDOING = frozenset({"reversal", "refund", "deposit_refund"})
"""Forms whose paper undoes another one."""

_PREVIOUS_HASH_BYTES = 16
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Settlement = Literal["paid", "unpaid", "none"]


@dataclass(frozen=True, slots=True)
class ReceiptItem:
    """One item as the code carries it.

    Attributes:
        code: item code of the price list; empty for one that no list has.
        quantity: canonical decimal text with at most three decimals.
        amount_minor: money of the line in minor units.
    """

    code: str
    quantity: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """What the QR says.

    Text longer than 48 bytes (item codes: 24) stands as ``~`` and figures of its SHA-256.

    Attributes:
        number: receipt number.
        kind: name of the form, for instance "charge".
        settlement: paid, unpaid (authorised: arrears or green channel), or none where no money is due.
        reversal: the receipt undoes another one.
        happened_at_ms: milliseconds since 1970 UTC.
        offset_minutes: local time less UTC.
        total_minor: money of the receipt, in minor units.
        window: pharmacy window it may be used at; empty for any.
        items: all items, in their order on paper.
        previous_hash: first 16 bytes of the chain hash before this entry.
    """

    suite: int
    hospital: str
    station: str
    incarnation: str
    seq: int
    number: str
    outage: str
    drill: bool
    kind: str
    settlement: Settlement
    reversal: bool
    happened_at_ms: int
    offset_minutes: int
    patient: str
    payer_kind: str
    currency: str
    total_minor: int
    window: str
    items: tuple[ReceiptItem, ...]
    previous_hash: bytes

    @property
    def happened_at(self) -> str:
        """Return the time as RFC 3339, or "" where the code holds one that no calendar has."""
        try:
            zone = timezone(timedelta(minutes=self.offset_minutes))
            at = (_EPOCH + timedelta(milliseconds=self.happened_at_ms)).astimezone(zone)
        except (OverflowError, ValueError):
            return ""
        return at.isoformat(timespec="milliseconds")


def receipt_facts(
    form: str,
    content: Mapping[str, Any],
    *,
    hospital: str,
    station: str,
    incarnation: str,
    seq: int,
    number: str,
    outage: str,
    drill: bool,
    happened_at: str,
    previous_hash: bytes,
) -> ReceiptFacts:
    """Return the facts of a receipt for ``content``.

    Works for any form: ``patient``, ``payer_kind``, ``currency``, ``total_minor``, ``window``, ``lines``,
    ``payments`` and ``authorisation`` are taken where the form has them.

    Args:
        form: name of the form.
        content: what was filled in.
        hospital: from the envelope, as the next ones.
        station: two to four characters.
        incarnation: one letter.
        seq: position in the book.
        number: receipt number.
        outage: name of the outage.
        drill: whether it is a drill.
        happened_at: RFC 3339 with offset.
        previous_hash: chain hash before the entry (32 bytes); the first 16 go into the code.
    """
    at = datetime.fromisoformat(happened_at)
    offset = at.utcoffset()
    assert offset is not None, "times carry their offset"
    return ReceiptFacts(
        suite=SUITE,
        hospital=hospital,
        station=station,
        incarnation=incarnation,
        seq=seq,
        number=number,
        outage=outage,
        drill=drill,
        kind=form,
        settlement="unpaid" if form == "bookkeeping" else settlement(content),
        reversal=form in UNDOING,
        happened_at_ms=int(at.timestamp()) * 1000 + at.microsecond // 1000,
        offset_minutes=int(offset.total_seconds()) // 60,
        patient=str((content.get("patient") or {}).get("number", "")),
        payer_kind=content.get("payer_kind", ""),
        currency=content.get("currency", ""),
        total_minor=content.get("total_minor", 0),
        window=content.get("window", ""),
        items=tuple(
            ReceiptItem(line.get("code", UNLISTED), line.get("quantity", "1"), line.get("amount_minor", 0))
            for line in content.get("lines", ())[:ITEMS_MAX]
        ),
        previous_hash=previous_hash[:_PREVIOUS_HASH_BYTES],
    )


def settlement(content: Mapping[str, Any]) -> Settlement:
    """Say whether the money of a form was paid, authorised unpaid, or none was due."""
    if content.get("authorisation"):
        return "unpaid"
    if "covered_minor" in content:
        return "paid" if content["covered_minor"] == content["total_minor"] else "none"
    return "paid" if "payments" in content else "none"
