"""The fee categories of the price list, the most used first."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from downtime.store.reference import Reference

CATEGORIES_MAX = 20
_CATEGORIES = """
SELECT category FROM (
  SELECT category, sum(uses) used, 0 kind, min(id) first FROM items WHERE category <> '' GROUP BY category
  UNION ALL
  SELECT category, sum(uses), 1, min(id) FROM drugs WHERE category <> '' GROUP BY category)
GROUP BY category ORDER BY sum(used) DESC, min(kind), min(first) LIMIT ?
"""


def categories_of(reference: Reference) -> tuple[str, ...]:
    """Return the categories of items and drugs; reads both lists once, so ask once per version."""
    return tuple(str(row[0]) for row in reference.execute(_CATEGORIES, (CATEGORIES_MAX,)))
