"""Number, patient and name of every receipt of a book, read once and then only what came since.

Looking into each sealed entry for a name takes ten times as long as looking through all names in memory, and a
list that is searched with every key must not hold up the key.
"""

from __future__ import annotations

from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database

_AFTER = """
SELECT seq, number, upper(coalesce(patient, '')),
  coalesce(json_extract(CAST(sealed AS TEXT), '$.body.content.patient.name'), '')
FROM entry WHERE number IS NOT NULL AND seq > ? ORDER BY seq
"""


class ReceiptNames:
    """The receipts of one book; any thread may ask."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, str, str, str]] = []
        self._reading = Lock()

    def seqs(self, db: Database, text: str, most: int) -> list[int]:
        """Return receipts whose number, patient number or name holds ``text``, newest first.

        Args:
            db: the journal, open for reading.
            text: as typed; numbers are compared without regard to case.
            most: how many at most.
        """
        with self._reading:
            self._rows += db.execute(_AFTER, (self._rows[-1][0] if self._rows else 0,)).fetchall()
        code = text.upper()
        found = (
            seq
            for seq, number, patient, name in reversed(self._rows)
            if code in number or code in patient or text in name
        )
        return list(islice(found, most))
