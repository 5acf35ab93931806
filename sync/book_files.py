"""The files of one book of this station, as delivery needs them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from downtime.home import BookPaths
    from downtime.keys import Keyring


@dataclass(frozen=True, slots=True)
class StationBook:
    """See ``sync.worker.BookFiles``."""

    journal_path: Path
    deliveries_path: Path
    head_path: Path
    key: bytes
    sign: Callable[[bytes], bytes]

    @classmethod
    def of(cls, ring: Keyring, paths: BookPaths) -> Self:
        """Return the files of the book at ``paths``, opened with ``ring``."""
        return cls(
            paths.journal,
            paths.deliveries,
            paths.deliveries_head,
            ring.book_key(paths.number),
            ring.signing_key().sign,
        )
