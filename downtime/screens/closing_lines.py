"""What the screen of a book's end says, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.i18n import _
from downtime.screens.text import line, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.content import Content

    from downtime.closing_desk import Looked

WEIGHTS = ("stops", "needs_reason", "listed")


def weight_words(weight: str) -> str:
    """Return what an obstacle does, in short."""
    return {
        "stops": _("in the way"),
        "needs_reason": _("needs a reason"),
        "listed": _("to be known"),
    }[weight]


def is_known(found: Looked, key: str) -> bool:
    """Return whether something of that key is open."""
    return any(one.item is not None and one.item.key == key for one in found.things)


def top_lines(found: Looked, explained: Mapping[str, str]) -> list[Content | str]:
    """Return which book it is, and how far it is from being signed."""
    name = _("Book {book}").format(book=f"{found.book:04d}")
    left = found.stops(explained)
    if found.is_signed:
        state = shown(_("signed off"), "bold $success")
    elif found.is_current:
        state = shown(_("still being written: the papers say how it stands now"), "$secondary")
    elif left:
        state = shown(_("{count} things in the way of the sign-off").format(count=left), "bold $warning")
    else:
        state = shown(_("ready to be signed: F8"), "bold $success")
    return [line(shown(name, "bold"), "  ", state)]


def signing_lines(found: Looked, explained: Mapping[str, str]) -> list[Content | str]:
    """Return what is about to be signed."""
    told: list[Content | str] = [
        shown(
            _("{entries} entries. You sign, and a second person with the own password.").format(
                entries=found.entries
            )
        )
    ]
    if explained:
        told.append(
            shown(_("{count} things stay open, each with its reason.").format(count=len(explained)), "bold")
        )
    return told


def written_words(path: str) -> str:
    """Return where a paper lies."""
    return _("Written: {files}").format(files=path)
