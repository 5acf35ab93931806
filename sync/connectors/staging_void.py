"""Formal documents that the HIS voided after it had posted an entry, as the staging tables show it.

What was voided because it was reversed or refunded here is as it should be; an entry that has another document that
is still good stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import or_, select

from downtime.i18n import _
from sync.connectors import staging_ddl as ddl

if TYPE_CHECKING:
    from sqlalchemy import Connection

_GIVING_BACK: Final = ("reversal", "refund", "deposit_refund")


def voided(his: Connection) -> dict[str, list[str]]:
    """Return the numbers of the voided documents by the id of each entry that has no good one left."""
    head, told = ddl.header.c, ddl.document.c
    later, other = ddl.header.alias("later"), ddl.document.alias("other")
    here = (
        select(later.c.entry_id)
        .where(
            or_(later.c.reverses_entry == head.entry_id, later.c.names_entry == head.entry_id),
            later.c.form.in_(_GIVING_BACK),
        )
        .exists()
    )
    good = (
        select(other.c.entry_id)
        .where(other.c.entry_id == head.entry_id, other.c.document_status == "issued")
        .exists()
    )
    query = (
        select(told.entry_id, told.document_number)
        .join(ddl.header, head.entry_id == told.entry_id)
        .where(told.document_status == "void", head.form.not_in(_GIVING_BACK), ~here, ~good)
        .order_by(told.entry_id, told.document_no)
    )
    found: dict[str, list[str]] = {}
    for entry_id, number in his.execute(query):
        found.setdefault(entry_id, []).append(number)
    return found


def void_reason(numbers: list[str]) -> str:
    """Return what is told of an entry whose documents were voided."""
    return _("The HIS voided its formal document {numbers}.").format(numbers=", ".join(numbers))
