"""The head log: a second, synced file that remembers how far a chain had come.

SQLite sees a damaged WAL simply as a shorter one, and the chain of what is left stays valid. One
fixed-length signed record per commit group, appended after COMMIT and before anybody is told
"recorded", catches that, and an older file put back as well.
"""

from __future__ import annotations

import os
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from downtime import os_calls

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

_BODY = struct.Struct(">4sBBQQ32s")
_RECORD = struct.Struct(">4sBBQQ32s64sI")
RECORD_BYTES = _RECORD.size
_MAGIC = b"DTHD"
_VERSION = 1
_SUITE = 1


@dataclass(frozen=True, slots=True)
class HeadRecord:
    """One commit group as the head log remembers it.

    Attributes:
        seq_from: first sequence number of the group.
        seq_to: last one.
        head: chain hash after ``seq_to``, 32 bytes.
        signature: Ed25519 over the record's body, 64 bytes.
    """

    seq_from: int
    seq_to: int
    head: bytes
    signature: bytes

    def signed_bytes(self) -> bytes:
        """Return the bytes the signature covers."""
        return _BODY.pack(_MAGIC, _VERSION, _SUITE, self.seq_from, self.seq_to, self.head)

    def packed(self) -> bytes:
        """Return the record as it stands in the file."""
        body = self.signed_bytes() + self.signature
        return body + struct.pack(">I", zlib.crc32(body))


@dataclass(frozen=True, slots=True)
class HeadLogReading:
    """What the file holds.

    Attributes:
        records: the good records, in order.
        partial_bytes: length of an unfinished record at the end (a crash in mid-append).
        damaged_at: index of the first complete record that is not intact, or None.
    """

    records: Sequence[HeadRecord]
    partial_bytes: int
    damaged_at: int | None


class HeadLog:
    """The head log file of one chain."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._seen: tuple[int, HeadRecord | None] = (0, None)

    def size(self) -> int:
        """Return the length of the file in bytes, 0 if it is not there."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0

    def append(self, seq_from: int, seq_to: int, head: bytes, sign: Callable[[bytes], bytes]) -> HeadRecord:
        """Append one record and sync it; a partial record left by a crash is cut off first.

        Args:
            seq_from: first sequence number of the group.
            seq_to: last one.
            head: chain hash after it.
            sign: signs with the station key.
        """
        unsigned = HeadRecord(seq_from, seq_to, head, b"")
        record = HeadRecord(seq_from, seq_to, head, sign(unsigned.signed_bytes()))
        is_new = not self.path.exists()
        # Opened anew each time: a file put in its place meanwhile must not be missed.
        fd = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600)
        try:
            end = os.lseek(fd, 0, os.SEEK_END)
            whole = end - end % RECORD_BYTES
            if whole != end:
                os.ftruncate(fd, whole)
                os.lseek(fd, whole, os.SEEK_SET)
            packed = record.packed()
            written = 0
            while written < len(packed):
                written += os.write(fd, packed[written:])
            os_calls.fsync_file(fd)
        finally:
            os.close(fd)
        if is_new:
            os_calls.fsync_dir(self.path.parent)
        self._seen = (whole + RECORD_BYTES, record)
        return record

    def read(self) -> HeadLogReading:
        """Return everything the file holds, damage included. An absent file reads as empty."""
        stored = self.path.read_bytes() if self.path.exists() else b""
        records: list[HeadRecord] = []
        whole = len(stored) - len(stored) % RECORD_BYTES
        for n, at in enumerate(range(0, whole, RECORD_BYTES)):
            record = record_in(stored[at : at + RECORD_BYTES])
            if record is None:
                return HeadLogReading(records, len(stored) - whole, n)
            records.append(record)
        return HeadLogReading(records, len(stored) - whole, None)

    def records(self) -> list[HeadRecord]:
        """Return the good records, in order."""
        return list(self.read().records)

    def last(self) -> HeadRecord | None:
        """Return the last complete record if it is intact, reading only the end of the file.

        What this very object appended last is not read again while the file keeps its length.
        """
        size = self.size()
        whole = size - size % RECORD_BYTES
        if not whole:
            return None
        if self._seen[0] != whole:
            with self.path.open("rb") as stored:
                stored.seek(whole - RECORD_BYTES)
                self._seen = (whole, record_in(stored.read(RECORD_BYTES)))
        return self._seen[1]


def record_in(packed: bytes) -> HeadRecord | None:
    """Return the record in ``RECORD_BYTES`` bytes, or None if it is not intact."""
    if len(packed) != RECORD_BYTES:
        return None
    magic, version, suite, seq_from, seq_to, head, signature, crc = _RECORD.unpack(packed)
    if (magic, version, suite) != (_MAGIC, _VERSION, _SUITE) or crc != zlib.crc32(packed[:-4]):
        return None
    return HeadRecord(seq_from, seq_to, head, signature)
