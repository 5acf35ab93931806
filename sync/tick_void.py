"""Which rows do not count any more: flagged void, or taken back in red (冲红) by a row that names them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.reading.fields import HisRow


def dead_rows(rows: Sequence[HisRow]) -> tuple[set[str], set[str]]:
    """Return keys of rows that do not count, and keys of rows taken back only in part.

    A red row and what it takes back are both dead if they come to nothing together. A red row that names a row
    or bill which is not in the extract stays a row like any other: it may take back what an entry says.
    """
    dead = {row.id for row in rows if row.is_void}
    red = [row for row in rows if row.voids]
    if not red:
        return dead, set()
    half: set[str] = set()
    named = {row.voids for row in red}
    by_id = {row.id: row for row in rows if row.id in named}
    by_bill: defaultdict[str, list[HisRow]] = defaultdict(list)
    for row in rows:
        if row.bill in named and not row.voids:
            by_bill[row.bill].append(row)
    takers: defaultdict[str, list[HisRow]] = defaultdict(list)
    for row in red:
        takers[row.voids].append(row)
    for name, taking in takers.items():
        taken = [by_id[name]] if name in by_id else by_bill.get(name, [])
        if not taken:
            continue
        whole = sum(row.amount_minor for row in taken) + sum(row.amount_minor for row in taking) == 0
        flagged = all(row.is_void for row in taken)
        (dead if whole or flagged else half).update(row.id for row in (*taken, *taking))
    return dead, half - dead
