"""The HIS's own screen, as far as it is assumed, and the keys it takes. Nothing of it was measured.

One field after the other, Enter between them: patient number; for each line code and quantity; an empty line ends them;
how it was paid, by its code; what was paid, proposed; Enter saves. A field the HIS fills by itself takes one Enter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.queue.model import Work

if TYPE_CHECKING:
    from downtime.worksheet import Cell, WorksheetEntry

ASSUMED = (
    "One field after the other, Enter between them; a scanner ends each code with Enter; an empty line ends the lines; "
    "quantity 1 and the amount paid are proposed and take one Enter; one more Enter saves. The patient's number brings "
    "the visit. Windows change by Alt+Tab (two keys), paste is Ctrl+V (two keys)."
)
SWITCH, PASTE, ENTER = 2, 2, 1


def by_scanner(one: WorksheetEntry) -> Work:
    """Return the work off the worksheet: every bar code scanned, the rest typed, the sum compared, the box ticked.

    Scans are counted as half a second and one H each; the tick with a pen comes on top, see ``seconds`` of the caller.
    """
    work = Work(thoughts=2)
    for cell in one.cells:
        if cell.usual:
            work.keys += ENTER
        elif cell.is_typed and cell.bars:
            work.scans += 1
            work.picks += 1
        elif cell.is_typed:
            work.keys += len(cell.value) + ENTER
            work.picks += 1
    work.keys += ENTER + ENTER
    return work


def keys_for(cell: Cell) -> int:
    """Return the keys with which a value is typed by hand."""
    return ENTER if cell.usual else len(cell.value) + ENTER


def is_read(cell: Cell) -> bool:
    """Whether a value that is typed by hand has to be read first: a number or code, not how many or how it was paid."""
    return cell.field in {"patient", "item"}
