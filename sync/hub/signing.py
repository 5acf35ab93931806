"""Two people sign an outage off, for all stations: nothing is open, or each open thing is explained by its name.

The form is recorded in the home of the IT PC and comes up to the hub like any entry.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

from downtime.accounts import person_now
from downtime.approvals import signed_by
from downtime.i18n import _
from downtime.obstacles import NotYet, Obstacle
from downtime.record import record_event
from downtime.rights import may
from downtime.sign_off import explained_of, still_open
from forms.money import format_amount
from forms.outage_signed_off import OutageSignedOff
from forms.text import N_
from sync.hub.signed import bytes_to_sign

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from downtime.book import OpenBook
    from downtime.keys import Keyring, Person
    from downtime.record import Recorded
    from sync.hub.closing import Whole

RIGHT: Final = "sign_off"
COLUMNS: Final = (
    ("key", N_("Key")),
    ("station", N_("Station")),
    ("what", N_("What")),
    ("amount", N_("Amount")),
    ("matter", N_("What is the matter")),
    ("why", N_("What is known")),
    ("settle", N_("Where it is settled")),
    ("reason", N_("Reason why it stays open")),
)
_KEY, _REASON = 0, len(COLUMNS) - 1


def sign_outage(
    book: OpenBook, second: Keyring, whole: Whole, explained: Mapping[str, str], reason: str = ""
) -> Recorded | NotYet:
    """Record that two people sign an outage off, if nothing stands in the way.

    Args:
        book: the current book of the IT PC's home, opened by the first of the two.
        second: open keys of the other.
        whole: the outage as it was read just now.
        explained: why something stays open, by the key of the item; see ``downtime.obstacles.Item``.
        reason: said about what needs a reason and has no items.
    """
    rings = (book.ring, second)
    people = tuple(person_now(book, ring.person) for ring in rings)
    given = {key: why.strip() for key, why in explained.items() if why.strip()}
    found = [*_not_here(book, whole), *_who(people, whole), *still_open(whole.obstacles, given)]
    if not reason.strip():
        found += [one for one in whole.obstacles if one.weight == "needs_reason"]
    if found:
        return NotYet(found)
    form = _form(whole, given, reason.strip())
    message = bytes_to_sign(form.model_dump(mode="json"))
    signed = tuple(
        signed_by(ring, person, RIGHT, message) for ring, person in zip(rings, people, strict=True)
    )
    return record_event(book, form.model_copy(update={"signed": signed}))


def _form(whole: Whole, explained: Mapping[str, str], reason: str) -> OutageSignedOff:
    closing = whole.closing
    figures = {figure.name: figure.value or 0 for figure in closing.figures}
    return OutageSignedOff.model_validate(
        {
            "outage": closing.place["outage"],
            "currency": closing.place["currency"],
            "facts": closing.sha256_to_sign,
            "books": [
                {"station": label[:-1], "incarnation": label[-1:], "book": int(number), "entries": one.entries,
                 "head": one.head}
                for one in closing.books
                for label, _dash, number in [one.label.rpartition("-")]
            ],
            "totals": {
                name: figures[name] for name in ("entries", "receipts", "net_minor", "deliverable", "accepted")
            },
            "explained": [one.model_dump() for one in explained_of(whole.obstacles, explained)],
            "reason": reason,
        }
    )  # fmt: skip


def _not_here(book: OpenBook, whole: Whole) -> list[Obstacle]:
    """Return why this home cannot take the sign-off of this outage."""
    station, place = book.home.settings, whole.closing.place
    if station.hospital.id != place["hospital"] or station.station.drill:
        return [Obstacle("other_home", _("This station belongs to another hospital, or is a drill's."))]
    if whole.closing.signed_by and not whole.closing.changed_since:
        what = _("Outage {outage} is signed off already.")
        return [Obstacle("already", what.format(outage=place["outage"]))]
    return []


def _who(people: Sequence[Person], whole: Whole) -> list[Obstacle]:
    """Return why these two people may not sign it."""
    if len({person.operator for person in people}) < len(people):
        return [Obstacle("same_person", _("Two different people sign an outage off."))]
    no_right = _("The role of {name} does not include: sign off a book.")
    took_money = _("{name} took or gave back money in this outage and cannot sign it off.")
    return [
        *(
            Obstacle("no_right", no_right.format(name=person.name))
            for person in people
            if not may(person.roles, RIGHT)
        ),
        *(
            Obstacle("took_money", took_money.format(name=person.name))
            for person in people
            if person.operator in whole.operators
        ),
    ]


def open_csv(whole: Whole, explained: Mapping[str, str]) -> bytes:
    """Return every open thing that may be explained, one in each line, with an empty last column for the reason."""
    stored = io.StringIO()
    writer = csv.writer(stored, lineterminator="\r\n")
    writer.writerow([_(title) for _name, title in COLUMNS])
    for one in whole.obstacles:
        for item in one.items if one.weight == "stops" else ():
            writer.writerow([_cell(text) for text in _line(whole, one, item)] + [explained.get(item.key, "")])
    return b"\xef\xbb\xbf" + stored.getvalue().encode("utf-8", errors="backslashreplace")


def _line(whole: Whole, one: Obstacle, item: Any) -> tuple[str, ...]:
    currency = str(whole.closing.place["currency"])
    amount = "" if item.amount_minor is None else format_amount(item.amount_minor, currency)
    return item.key, one.station, item.what, amount, one.what, item.why, one.settle


def _cell(text: str) -> str:
    from downtime.clean import spreadsheet, visible

    return spreadsheet(visible(text))


def read_explained(content: bytes) -> dict[str, str]:
    """Return the reasons by key from such a file, whether a spreadsheet saved it as UTF-8 or as GBK.

    Raises:
        ValueError: it is no such file.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    rows = list(csv.reader(io.StringIO(text)))
    if not rows or any(row and len(row) != len(COLUMNS) for row in rows):
        raise ValueError(_("the columns are not those of the list of open things"))
    return {row[_KEY]: row[_REASON].strip() for row in rows[1:] if row and row[_REASON].strip()}
