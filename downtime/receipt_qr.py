"""The text of a receipt's QR codes: made once, signed, sealed into the entry, checked offline by anybody.

Digits only, so that neither an input method nor Caps Lock can spoil what a keyboard scanner types: two digits
version ``01``, then the bytes below as one decimal number. The bytes begin with 0x01, so none is lost.

    first code         0x01 0x00 signed-part signature(64)
    code n (1, 2, ..)  0x01 n   items-hash(16) items

    signed-part  key-id(8) suite flags seq total(signed) time-ms offset-minutes(signed) hospital station
                 incarnation number outage kind patient payer-kind currency window
                 previous-hash(16) items-hash(16) item-count code-count items
    items        count, then each: code, quantity (mantissa * 4 + decimals), amount(signed)

Numbers are LEB128, signed ones zigzag. Text is a length and UTF-8; item codes of figures only are packed as
a number (length * 2 + 1, then the number) and others as length * 2 and UTF-8. The signature covers
``SIGNED_PREFIX`` and the signed part. The items hash is the first half of the SHA-256 of all items' bytes, so
the further codes need no signature of their own.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from downtime.entry import SUITE
from downtime.receipt_bytes import BytesReader, BytesWriter, UnreadableCodeError
from downtime.receipt_facts import ITEMS_MAX, ReceiptFacts, ReceiptItem
from downtime.signing import signature_is_good
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["REASONS", "ReceiptCheck", "ReceiptFacts", "ReceiptItem", "Status", "check", "encode"]

VERSION = "01"
SIGNED_PREFIX = b"hospital-downtime receipt 01\x00"
ITEMS_PER_CODE_MAX = 20
KEY_ID_BYTES = 8
SIGNATURE_BYTES = 64
HASH_BYTES = 16
DIGITS_MAX = 4_200
"""Longest text ever made; also what Python turns into a number without being asked twice."""

_TEXT_BYTES_MAX = 48
_CODE_BYTES_MAX = 24
_CODES_TOGETHER_MAX = 200

_FIRST = b"\x00"
_DRILL, _PAID, _UNPAID, _REVERSAL = 1, 2, 4, 8

Status = Literal["genuine", "unknown_key", "forged", "incomplete", "unreadable"]

REASONS: dict[Status, str] = {
    "genuine": N_("Signed by a known station and unchanged."),
    "unknown_key": N_("Signed by a station this PC does not know; nothing is proven."),
    "forged": N_("Changed after signing, or not made by this station."),
    "incomplete": N_("The receipt has further QR codes; scan them too."),
    "unreadable": N_("This is not the whole text of one of our receipts."),
}
"""What each status means, as msgids."""


@dataclass(frozen=True, slots=True)
class ReceiptCheck:
    """What a scan proves.

    Attributes:
        status: genuine; unknown_key (readable, nothing proven); forged; incomplete (the signature holds, but
            codes with further items were not scanned); unreadable.
        facts: what the codes say, or None where not even that can be read. Trust them only if genuine; where
            incomplete all but the items can be trusted.
        key_id: which key is said to have signed, or None.
    """

    status: Status
    facts: ReceiptFacts | None = None
    key_id: bytes | None = None

    @property
    def reason(self) -> str:
        """Return the msgid that explains the status."""
        return REASONS[self.status]


@dataclass(frozen=True, slots=True)
class _First:
    """The first code, taken apart."""

    facts: ReceiptFacts
    key_id: bytes
    items_hash: bytes
    items_total: int
    codes_total: int
    signed: bytes
    signature: bytes


def encode(facts: ReceiptFacts, sign: Callable[[bytes], bytes], key_id: bytes) -> tuple[str, ...]:
    """Return the texts of the QR codes, the signed one first.

    Args:
        facts: what to say; at most 2,000 items.
        sign: returns the 64-byte Ed25519 signature of the bytes given.
        key_id: 8 bytes naming the key.
    """
    signed, further = _written(facts, key_id)
    signature = sign(SIGNED_PREFIX + signed)
    assert len(signature) == SIGNATURE_BYTES
    codes = (_FIRST + signed + signature, *further)
    return tuple(VERSION + str(int.from_bytes(b"\x01" + code)) for code in codes)


def says(texts: Sequence[str], facts: ReceiptFacts, key_id: bytes, public: bytes) -> bool:
    """Return whether ``texts`` are, byte for byte, the codes of exactly ``facts``, signed by the key named.

    What ``check`` finds out by reading both, at a fraction of the work; False says nothing of what is wrong.
    """
    signed, further = _written(facts, key_id)
    try:
        first, *rest = [_bytes_of(text) for text in texts]
    except (UnreadableCodeError, ValueError):
        return False
    same = first[:-SIGNATURE_BYTES] == _FIRST + signed and tuple(rest) == further
    return same and signature_is_good(public, first[-SIGNATURE_BYTES:], SIGNED_PREFIX + signed)


def _written(facts: ReceiptFacts, key_id: bytes) -> tuple[bytes, tuple[bytes, ...]]:
    """Return the signed part of the first code, and the further codes whole."""
    assert len(key_id) == KEY_ID_BYTES
    assert len(facts.previous_hash) >= HASH_BYTES
    assert len(facts.items) <= ITEMS_MAX
    parts = [
        facts.items[n : n + ITEMS_PER_CODE_MAX] for n in range(0, len(facts.items), ITEMS_PER_CODE_MAX)
    ] or [()]
    items_hash = _hash_of(facts.items)
    writer = BytesWriter().raw(key_id).number(facts.suite).number(_flags_of(facts)).number(facts.seq)
    writer.signed(facts.total_minor).number(facts.happened_at_ms).signed(facts.offset_minutes)
    for text in (facts.hospital, facts.station, facts.incarnation, facts.number, facts.outage, facts.kind):
        writer.text(_bounded(text, _TEXT_BYTES_MAX))
    for text in (facts.patient, facts.payer_kind, facts.currency, facts.window):
        writer.text(_bounded(text, _TEXT_BYTES_MAX))
    writer.raw(facts.previous_hash[:HASH_BYTES]).raw(items_hash).number(len(facts.items)).number(len(parts))
    signed = writer.items(_bounded_items(parts[0])).done()
    further = [
        BytesWriter().number(n).raw(items_hash).items(_bounded_items(part)).done()
        for n, part in enumerate(parts[1:], start=1)
    ]
    return signed, tuple(further)


def check(texts: Sequence[str], public_keys: Mapping[bytes, bytes]) -> ReceiptCheck:
    """Say what the scanned ``texts`` prove; their order does not matter and any may come twice.

    Args:
        texts: one per code; full-width digits and spaces are taken as a scanner or input method leaves them.
        public_keys: raw 32-byte Ed25519 public keys by their 8-byte key id.
    """
    if not 0 < len(texts) <= _CODES_TOGETHER_MAX:
        return ReceiptCheck("unreadable")
    try:
        codes = {_bytes_of(text) for text in texts}
        firsts = [_read_first(code) for code in codes if code[0] == 0]
        further = [_read_further(code) for code in codes if code[0] != 0]
    except UnreadableCodeError:
        return ReceiptCheck("unreadable")
    if not firsts and len({items_hash for _, items_hash, _ in further}) == 1:
        return ReceiptCheck("incomplete")
    if len(firsts) != 1:
        return ReceiptCheck("unreadable")
    return _judge(firsts[0], further, public_keys)


def _judge(
    first: _First,
    further: list[tuple[int, bytes, tuple[ReceiptItem, ...]]],
    public_keys: Mapping[bytes, bytes],
) -> ReceiptCheck:
    if any(items_hash != first.items_hash for _, items_hash, _ in further):
        return ReceiptCheck("unreadable", None, first.key_id)
    items = first.facts.items
    for _, _, more in sorted(further, key=lambda code: code[0]):
        items += more
    facts = replace(first.facts, items=items)
    key = public_keys.get(first.key_id)
    if key is None:
        return ReceiptCheck("unknown_key", facts, first.key_id)
    if not signature_is_good(key, first.signature, SIGNED_PREFIX + first.signed):
        return ReceiptCheck("forged", facts, first.key_id)
    if {n for n, _, _ in further} != set(range(1, first.codes_total)):
        # fewer than promised are just not scanned yet; one that has no place among them is nobody's
        status: Status = "incomplete" if len(further) < first.codes_total - 1 else "forged"
        return ReceiptCheck(status, facts, first.key_id)
    whole = len(items) == first.items_total and _hash_of(items) == first.items_hash
    return ReceiptCheck("genuine" if whole else "forged", facts, first.key_id)


def _bytes_of(text: str) -> bytes:
    # Unchanged, as verification reads them by the thousand, they need no look at each character.
    joined = text if text.isascii() and text.isdecimal() else _figures_of(text)
    if not joined.startswith(VERSION) or not len(VERSION) < len(joined) <= DIGITS_MAX:
        raise UnreadableCodeError
    number = int(joined[len(VERSION) :])
    code = number.to_bytes((number.bit_length() + 7) // 8)
    if len(code) < 2 or code[0] != 1:  # noqa: PLR2004 (the leading 0x01 and the code's place)
        raise UnreadableCodeError
    return code[1:]


def _figures_of(text: str) -> str:
    """Return the figures of what a scanner or an input method left."""
    figures = []
    for character in text[: DIGITS_MAX * 4]:
        if character.isspace() or unicodedata.category(character) in {"Cf", "Cc"}:
            continue
        figure = unicodedata.digit(character, None) if character.isdecimal() else None
        if figure is None:
            raise UnreadableCodeError
        figures.append(str(figure))
    return "".join(figures)


def _read_first(code: bytes) -> _First:
    signed, signature = code[1:-SIGNATURE_BYTES], code[-SIGNATURE_BYTES:]
    reader = BytesReader(signed)
    key_id, suite, flags, seq = reader.raw(KEY_ID_BYTES), reader.number(), reader.number(), reader.number()
    total, happened_at_ms, offset = reader.signed(), reader.number(), reader.signed()
    if suite != SUITE:
        raise UnreadableCodeError
    hospital, station, incarnation, number, outage, kind = (reader.text() for _ in range(6))
    patient, payer_kind, currency, window = (reader.text() for _ in range(4))
    previous_hash, items_hash = reader.raw(HASH_BYTES), reader.raw(HASH_BYTES)
    items_total, codes_total = reader.number(), reader.number()
    items = reader.items(ITEMS_PER_CODE_MAX)
    reader.require_end()
    if not 0 < codes_total <= _CODES_TOGETHER_MAX:
        raise UnreadableCodeError
    facts = ReceiptFacts(
        suite, hospital, station, incarnation, seq, number, outage, bool(flags & _DRILL), kind,
        "paid" if flags & _PAID else "unpaid" if flags & _UNPAID else "none", bool(flags & _REVERSAL),
        happened_at_ms, offset, patient, payer_kind, currency, total, window, items, previous_hash,
    )  # fmt: skip
    return _First(facts, key_id, items_hash, items_total, codes_total, signed, signature)


def _read_further(code: bytes) -> tuple[int, bytes, tuple[ReceiptItem, ...]]:
    reader = BytesReader(code)
    n, items_hash, items = reader.number(), reader.raw(HASH_BYTES), reader.items(ITEMS_PER_CODE_MAX)
    reader.require_end()
    return n, items_hash, items


def _flags_of(facts: ReceiptFacts) -> int:
    settled = {"paid": _PAID, "unpaid": _UNPAID, "none": 0}[facts.settlement]
    return settled | (_DRILL if facts.drill else 0) | (_REVERSAL if facts.reversal else 0)


def _hash_of(items: tuple[ReceiptItem, ...]) -> bytes:
    return hashlib.sha256(BytesWriter().items(_bounded_items(items)).done()).digest()[:HASH_BYTES]


def _bounded_items(items: tuple[ReceiptItem, ...]) -> tuple[ReceiptItem, ...]:
    return tuple(ReceiptItem(bounded_code(i.code), i.quantity, i.amount_minor) for i in items)


def bounded_code(code: str) -> str:
    """Return an item code as the QR holds it, for finding one that was too long."""
    return _bounded(code, _CODE_BYTES_MAX)


def _bounded(text: str, bytes_max: int) -> str:
    """Return ``text``, or, where it is too long, ``~`` and as many figures of its SHA-256 as fit."""
    encoded = text.encode()
    if len(encoded) <= bytes_max:
        return text
    return "~" + hashlib.sha256(encoded).hexdigest()[: bytes_max - 1]
