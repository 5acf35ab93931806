"""The hash chain: each entry's hash commits to everything before it.

``h_n = SHA-256(version | n | h_(n-1) | SHA-256(salt | sealed bytes))``
"""

from __future__ import annotations

import hashlib

from downtime.canonical import seal

CHAIN_VERSION = 1
HASH_BYTES = 32


def genesis(*, hospital: str, station: str, incarnation: str, book: int, previous_head: str) -> bytes:
    """Return the hash before entry 1; it binds where the book belongs and what it continues."""
    bound = {
        "hospital": hospital,
        "station": station,
        "incarnation": incarnation,
        "book": book,
        "previous_head": previous_head,
    }
    return hashlib.sha256(b"downtime-genesis-1\x00" + seal(bound)).digest()


def link(seq: int, previous: bytes, salt: bytes, sealed: bytes) -> bytes:
    """Return the hash of entry ``seq`` after ``previous``."""
    inner = hashlib.sha256(salt + sealed).digest()
    return hashlib.sha256(bytes([CHAIN_VERSION]) + seq.to_bytes(8, "big") + previous + inner).digest()
