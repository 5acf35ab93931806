"""The sign-off of an outage as it lies at the hub: whether these very books were signed, and by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from downtime.canonical import seal
from downtime.signing import signature_is_good
from downtime.store import journal
from forms.outage_signed_off import OutageSignedOff

if TYPE_CHECKING:
    from collections.abc import Mapping

    from downtime.closing import Closing
    from downtime.entry import Entry
    from sync.hub.mirror import Mirror

_DOMAIN: Final = b"downtime outage sign-off 1"
_UNSIGNED: Final = ("signed",)


def bytes_to_sign(content: Mapping[str, Any]) -> bytes:
    """Return what each of the two signs: everything the form says but the signatures."""
    return _DOMAIN + seal({name: value for name, value in content.items() if name not in _UNSIGNED})


def sign_off_of(mirror: Mirror, outage: str, closing: Closing) -> Entry | None:
    """Return the newest sign-off of exactly these books at these heads, signed by two people, or None."""
    wanted = {(book.label, book.entries, book.head) for book in closing.books}
    found = [
        entry
        for book in mirror.books.values()
        for entry in _told(book.look)
        if entry.content["outage"] == outage
        and _books_of(entry.content) == wanted
        and is_signed(entry.content)
    ]
    return max(found, key=lambda entry: entry.recorded_at, default=None)


def _told(look: Any) -> list[Entry]:
    with look() as db:
        return list(journal.entries(db, forms=(OutageSignedOff.name,)))


def _books_of(content: Mapping[str, Any]) -> set[tuple[str, int, str]]:
    return {
        (f"{one['station']}{one['incarnation']}-{one['book']:04d}", one["entries"], one["head"])
        for one in content["books"]
    }


def is_signed(content: Mapping[str, Any]) -> bool:
    """Return whether two different people signed exactly this."""
    form = OutageSignedOff.model_validate(content)
    message = bytes_to_sign(form.model_dump(mode="json"))
    good = {
        one.operator
        for one in form.signed
        if signature_is_good(bytes.fromhex(one.public), bytes.fromhex(one.signature), message)
    }
    return len(good) >= 2  # noqa: PLR2004 (two people)
