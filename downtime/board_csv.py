"""The board's list as a table for a spreadsheet, and the entry that says it was taken out."""

from __future__ import annotations

import csv
import hashlib
import io
from typing import TYPE_CHECKING

from downtime import os_calls
from downtime.audit import EXPORT_FOLDER
from downtime.board import state_word
from downtime.clean import spreadsheet
from downtime.errors import WrongPlaceError
from downtime.i18n import _
from downtime.whole_file import write_whole
from forms.money import format_amount
from forms.trust import Exported

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from downtime.board import BoardRow
    from downtime.home import Home

COLUMNS = (
    *("state", "state_words", "reason", "station", "number", "form", "happened_at", "patient", "name"),
    *("operator", "operator_name", "amount", "his_amount", "tries", "last_at", "his", "notes", "entry_id"),
)


def as_csv(rows: Iterable[BoardRow], currency: str, *, with_names: bool) -> bytes:
    """Return rows as CSV: UTF-8 with a byte order mark, nothing in it that a spreadsheet would calculate."""
    stored = io.StringIO()
    table = csv.writer(stored, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for row in rows:
        amounts = [
            format_amount(minor, currency) if minor is not None else ""
            for minor in (row.amount_minor, row.his_minor)
        ]
        cells = (
            row.state, state_word(row.state), row.reason.text(), row.station, row.number, row.form, row.at,
            row.patient if with_names else "", row.name if with_names else "", row.operator, row.operator_name,
            *amounts, row.tries, row.last_at, row.his, row.notes, row.entry_id,
        )  # fmt: skip
        table.writerow([_cell(str(cell)) for cell in cells])
    return b"\xef\xbb\xbf" + stored.getvalue().encode("utf-8", errors="backslashreplace")


def _cell(text: str) -> str:
    """Return a cell that no spreadsheet calculates; a plain negative amount stays a number."""
    plain = text.removeprefix("-").replace(".", "", 1)
    return text if plain.isascii() and plain.isdigit() else spreadsheet(text)


def export_board(target: Path, book: int, rows: Sequence[BoardRow], content: bytes, reason: str) -> Exported:
    """Write the table to ``target``, complete or not at all; its owner alone can read it.

    Returns:
        The form that the caller records about it.

    Raises:
        WrongPlaceError: ``target`` cannot be written.
    """
    try:
        write_whole(target, content)
    except OSError as error:
        raise WrongPlaceError(
            _("The export {file} could not be written: {reason}.").format(file=target.name, reason=error),
            _("Nothing was exported. Choose another place with enough room, then export again."),
        ) from error
    return Exported(
        what="board",
        book=book,
        entries=len(rows),
        head="",
        file=target.name[:200],
        sha256=hashlib.sha256(content).hexdigest(),
        reason=reason[:2000],
    )


def export_path(home: Home, now: str) -> Path:
    """Return where an export of the board goes, in a folder of its own that nobody else can read."""
    folder = home.path / EXPORT_FOLDER
    os_calls.private_dir(folder)
    stamp = now[:19].replace(":", "").replace("-", "").replace("T", "-")
    return folder / f"board-{home.settings.station.code}-{stamp}.csv"
