"""Outside anchors: what left the PC and still remembers. A journal rewritten with every key is found by them.

Whoever holds the keys and the disk can write a new history whose chain and signatures fit. It cannot fit the
receipt in a patient's hand, the head log on another disk, a backup elsewhere or the head printed on a report:
each names a place in the chain, and from there back nothing can have been changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.backup_manifest import read_manifest
from downtime.errors import RefusedInputError
from downtime.findings import Finding
from downtime.i18n import _
from downtime.keys import signature_is_good
from downtime.receipt_qr import check
from downtime.store import verification
from downtime.store.headlog import HeadLog
from downtime.store.journal import entry_by_number, entry_by_seq

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from downtime.home import BookPaths, Home
    from downtime.keys import Keyring
    from downtime.store.sqlite import Database

HASH_BYTES_ON_PAPER = 16


class Anchors:
    """Compares one book with what left the PC; it only reads.

    Attributes:
        compared: how many anchors fitted or not.
    """

    def __init__(self, home: Home, ring: Keyring, paths: BookPaths) -> None:
        self._publics = home.keys.public_keys()
        self._book = paths.number
        self._db: Database = verification.open_evidence(paths.journal, ring.book_key(paths.number))
        self.compared = 0

    def close(self) -> None:
        """Close the book."""
        self._db.close()

    def receipt(self, texts: Sequence[str]) -> list[Finding]:
        """Compare the codes of one receipt with the entry of its number.

        Raises:
            RefusedInputError: no readable receipt, or not signed by this station: it proves nothing.
        """
        read = check(texts, self._publics)
        facts = read.facts
        if facts is None or read.status not in {"genuine", "incomplete"}:
            raise RefusedInputError(
                _("This receipt proves nothing: {reason}").format(reason=_(read.reason)),
                _("Scan the code on the paper again, or take another receipt of this station."),
            )
        self.compared += 1
        number = facts.number
        entry = entry_by_number(self._db, number)
        if entry is None:
            reason = _("receipt {number} is in a patient's hand and not in the book")
            return [self._rewritten(facts.seq, reason.format(number=number))]
        if entry.previous_hash[:HASH_BYTES_ON_PAPER] != facts.previous_hash:
            reason = _("receipt {number} remembers another history before it")
            return [self._rewritten(entry.seq - 1, reason.format(number=number))]
        if not set(texts) <= set(entry.qr):
            reason = _("receipt {number} says something else on paper")
            return [self._rewritten(entry.seq, reason.format(number=number))]
        return []

    def head_log(self, file: Path) -> list[Finding]:
        """Compare a copy of the head log kept elsewhere, record by record."""
        good_up_to = 0
        for record in HeadLog(file).read().records:
            genuine = any(
                signature_is_good(public, record.signature, record.signed_bytes())
                for public in self._publics.values()
            )
            if not genuine:
                break  # damage there is no evidence against what is here
            self.compared += 1
            found = self.head(record.seq_to, record.head.hex(), after=good_up_to)
            if found:
                return found
            good_up_to = record.seq_to
        return []

    def head(self, seq: int, head: str, *, after: int = 0) -> list[Finding]:
        """Compare one hash, for instance from a printed report or a backup's manifest.

        Args:
            seq: entry after which the chain had this hash.
            head: hex, whole or its first 16 figures at least.
            after: last entry an earlier anchor proved.
        """
        entry = entry_by_seq(self._db, seq)
        if entry is None:
            return [
                self._rewritten(
                    self._last() + 1, _("entry {seq} was there and is not any more").format(seq=seq)
                )
            ]
        if not entry.hash.hex().startswith(head.lower()):
            where = _("something between entries {first} and {last} was changed").format(
                first=after + 1, last=seq
            )
            return [self._rewritten(after + 1, where)]
        return []

    def backup(self, folder: Path) -> list[Finding]:
        """Compare the head that a backup's manifest names for this book.

        Raises:
            RefusedInputError: no backup of this station.
        """
        manifest, _sha256 = read_manifest(folder, list(self._publics.values()))
        heads = [
            (book.entries, book.head) for book in manifest.books if book.book == self._book and book.entries
        ]
        self.compared += len(heads)
        return [finding for seq, head in heads for finding in self.head(seq, head)]

    def _last(self) -> int:
        row = self._db.execute("SELECT max(seq) FROM entry").fetchone()
        return int(row[0] or 0)

    def _rewritten(self, position: int, reason: str) -> Finding:
        return Finding(
            "journal",
            max(position, 1),
            _("Entry {position} cannot be trusted: {reason}.").format(
                position=max(position, 1), reason=reason
            ),
            _(
                "The book on this PC is not the one these papers and copies come from. Leave the PC as it is, "
                "keep the papers, call IT and the auditor; the paper counts."
            ),
        )
