"""Writing a closing: the certificate as one file, the after-action pack as a folder; what was written is recorded."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from downtime import os_calls
from downtime.closing_pdf import DELIVERIES_CODE, certificate_pdf, head_codes, pack_pdf
from downtime.closing_tables import Writer
from downtime.errors import WrongPlaceError
from downtime.i18n import _
from downtime.inspection_writing import write_file
from downtime.record import record_event
from downtime.shelf import entries_since, readable_books
from downtime.shift_report import HEAD_VERSION, read_head_code
from downtime.store import closing_queries
from downtime.store.verification import open_deliveries_evidence
from forms.station_book import Audit

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.book import OpenBook
    from downtime.closing import Closing
    from downtime.home import Home
    from downtime.i18n import Language
    from downtime.keys import Keyring

__all__ = ["book_of_code", "copies_before", "head_codes", "pack_files", "write_certificate", "write_pack"]
_UNSAFE = re.compile(r"[^\w.-]+")
CERTIFICATE_EVENT, PACK_EVENT = "closing_certificate", "closing_pack"


def copies_before(home: Home, ring: Keyring, closing: Closing) -> int:
    """Return how often a certificate with exactly these facts was written before."""
    return sum(
        entry.content["event"] == CERTIFICATE_EVENT and closing.sha256 in entry.content["detail"]
        for entry in entries_since(home, ring, int(closing.place["book"]), (Audit.name,))
    )


def write_certificate(book: OpenBook, closing: Closing, language: Language, target: Path) -> int:
    """Write the certificate and record that; return which copy it is.

    Args:
        book: the current book, in which it is recorded.
        closing: of whatever book.
        language: of the paper.
        target: file to write; an older one is replaced.

    Raises:
        WrongPlaceError: it cannot be written.
    """
    copy = copies_before(book.home, book.ring, closing) + 1
    write_file(target, certificate_pdf(closing, language, copy))
    _note(book, CERTIFICATE_EVENT, closing, f"copy {copy}")
    return copy


def pack_files(closing: Closing, language: Language) -> dict[str, bytes]:
    """Return the files of the pack by name: one PDF, one JSON, a CSV for each table."""
    stem, writer = _UNSAFE.sub("_", closing.name), Writer(language, str(closing.place["currency"]))
    told = json.dumps(closing.as_json(), ensure_ascii=False, indent=1, sort_keys=True)
    return {
        f"{stem}.pdf": pack_pdf(closing, language),
        f"{stem}.json": told.encode() + b"\n",
        f"{stem}-figures.csv": writer.figures_csv(closing.figures),
        **{f"{stem}-{name}.csv": writer.csv(table) for name, table in closing.tables.items()},
    }


def write_pack(book: OpenBook, closing: Closing, language: Language, folder: Path) -> list[str]:
    """Write the pack into a folder and record that; return the names of the files.

    Raises:
        WrongPlaceError: it cannot be written.
    """
    names = write_files(closing, language, folder)
    _note(book, PACK_EVENT, closing, f"{len(names)} files")
    return names


def write_files(closing: Closing, language: Language, folder: Path) -> list[str]:
    """Write the pack into a folder; return the names of the files.

    Raises:
        WrongPlaceError: it cannot be written.
    """
    try:
        os_calls.private_dir(folder)
    except OSError as error:
        raise WrongPlaceError(
            _("{file} could not be written: {reason}.").format(
                file=folder.name, reason=error.strerror or error
            ),
            _("Choose another place with enough room."),
        ) from error
    files = pack_files(closing, language)
    for name, content in files.items():
        write_file(folder / name, content)
    return list(files)


def _note(book: OpenBook, event: str, closing: Closing, more: str) -> None:
    """Record what was written, and the digest of its facts, in the chain."""
    form = Audit(event=event, subject=closing.name, detail=f"sha256 {closing.sha256} {more}")
    record_event(book, form)


def book_of_code(home: Home, ring: Keyring, code: str) -> tuple[int, int] | None:
    """Return (book, position) that a code printed on a closing stands for, or None if no book here leads to it.

    Raises:
        ValueError: it is no such code.
    """
    digits = "".join(code.split())
    is_delivery = digits.startswith(DELIVERIES_CODE)
    read = read_head_code(HEAD_VERSION + digits[2:] if is_delivery else digits)
    if read is None:
        raise ValueError(code)
    position, head = read
    for paths in readable_books(home):
        db = open_deliveries_evidence(paths.journal, paths.deliveries, ring.book_key(paths.number))
        try:
            if closing_queries.head_at(db, position, deliveries=is_delivery) == head:
                return paths.number, position
        finally:
            db.close()
    return None
