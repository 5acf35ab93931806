"""多退少补: what the HIS charged against what was taken; what was paid in advance without lines; lines without a price.

Where both are known the difference says who gets money: the HIS charged less, so the patient gets it back, or it
charged more, so the patient owes it. Where the HIS's amount is not known yet the row stays open.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from downtime.closing_reading import RETURNS
from downtime.closing_tables import Column, Table
from downtime.closing_words import FORM_WORDS
from downtime.store import closing_queries, open_lists
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from downtime.store.sqlite import Database as Journal
    from sync.hub.database import Database
    from sync.hub.mirror import Mirror
    from sync.hub.mirror_rows import Held, Mirrored

Kind = Literal["charged", "advance", "unlisted"]
Direction = Literal["return", "collect", "open"]

_TICKED: Final = (
    "SELECT entry_n, his_amount_minor FROM tick WHERE his_amount_minor IS NOT NULL ORDER BY entry_n"
)

KINDS: Final = {
    "charged": N_("charged otherwise"),
    "advance": N_("paid in advance, lines missing"),
    "unlisted": N_("not in the price list"),
}
DIRECTIONS: Final = {
    "return": N_("give back"),
    "collect": N_("collect"),
    "open": N_("open"),
}


@dataclass(frozen=True, slots=True)
class Charged:
    """One entry of which the HIS's amount is known."""

    held: Held
    ours_minor: int
    his_minor: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One row of the list.

    Attributes:
        kind: why it stands here.
        station: station and letter.
        number: receipt number.
        entry_id: of the entry.
        form: of the entry.
        patient: number, and ``name`` of the patient: for whoever settles it, on no certificate.
        at: when it was recorded (RFC 3339).
        taken_minor: what our receipt says.
        his_minor: what the HIS charged, or None where that is not known.
        due_minor: positive: the patient owes it; negative: the patient gets it back; 0 where it is open.
    """

    kind: Kind
    station: str
    number: str
    entry_id: str
    form: str
    patient: str
    name: str
    at: str
    taken_minor: int
    his_minor: int | None
    due_minor: int

    @property
    def direction(self) -> Direction:
        """Who gets money."""
        return "open" if self.his_minor is None else "collect" if self.due_minor > 0 else "return"


def charged_in(
    db: Database, mirror: Mirror, books: Sequence[Mirrored], read_back: Mapping[str, int]
) -> list[Charged]:
    """Return every entry of these books of which the HIS's amount is known.

    Args:
        db: the hub's store: what the last comparison with the HIS read.
        mirror: of the same store.
        books: the books.
        read_back: what the HIS says an entry comes to, by id, where it was asked just now; it counts first.
    """
    mine = {book.place for book in books}
    known: dict[str, tuple[Held, int]] = {}
    for n, his_minor in db.rows(_TICKED):
        held = mirror.whose(n)
        if held is not None and held.place in mine:
            known[held.id] = held, his_minor
    by_id = {held.id: held for held in mirror.entries_of(books) if held.id in read_back} if read_back else {}
    known |= {entry_id: (held, read_back[entry_id]) for entry_id, held in by_id.items()}
    return [
        Charged(held, held.amount_minor, his_minor)
        for held, his_minor in known.values()
        if held.amount_minor is not None
    ]


def sums_of(charged: Sequence[Charged]) -> dict[str, tuple[int, int, int]]:
    """Return (entries, ours, theirs) by station."""
    count, ours, theirs = Counter[str](), Counter[str](), Counter[str]()
    for one in charged:
        count[one.held.label] += 1
        ours[one.held.label] += one.ours_minor
        theirs[one.held.label] += one.his_minor
    return {label: (count[label], ours[label], theirs[label]) for label in sorted(count)}


def differences_of(
    charged: Sequence[Charged],
    together: Journal,
    waiting: Mapping[str, Mapping[int, int]],
    void: Collection[str],
    places: Collection[int],
) -> list[Difference]:
    """Return what is to be given back, collected or still to be found out.

    Args:
        charged: ``charged_in`` the books.
        together: all books as one journal.
        waiting: what waits on each work list of these books, by place.
        void: receipt numbers that were reversed.
        places: where the entries of these books stand in ``together``.
    """
    by_id = {one.held.id: one for one in charged}
    unlisted = {seq: amount for seq, amount in closing_queries.unlisted(together).items() if seq in places}
    of_charged = closing_queries.places_of(together, list(by_id))
    found = []
    for kind, amounts in (("charged", of_charged), ("advance", waiting["advances"]), ("unlisted", unlisted)):
        for row in open_lists.listed(together, dict(amounts)):
            one = by_id.get(row.id)
            if kind != "charged":
                taken, his = amounts[row.seq], None
            elif one is None or one.ours_minor == one.his_minor or row.number in void:
                continue
            else:
                taken, his = one.ours_minor, one.his_minor
            if kind == "unlisted" and one is not None:
                continue  # the HIS has priced it: the difference, if any, stands above
            due = 0 if his is None else (his - taken) * (-1 if row.form in RETURNS else 1)
            found.append(
                Difference(
                    kind,  # type: ignore[arg-type]  # one of the three above
                    row.number.partition("-")[0] if row.number else "",
                    row.number,
                    row.id,
                    row.form,
                    row.patient,
                    row.name,
                    row.recorded_at,
                    taken,
                    his,
                    due,
                )
            )
    return found


def differences_table(found: Sequence[Difference], *, with_patient: bool = False) -> Table:
    """Return the list; ``with_patient`` for whoever settles it at a window, never on a certificate."""
    people = (
        (Column("patient", N_("Patient number"), width=1.2), Column("name", N_("Name"), width=1.2))
        if with_patient
        else ()
    )
    return Table(
        "differences",
        N_("To be given back or collected"),
        (
            Column("kind", N_("Why"), "word", 1.7, words=KINDS),
            Column("number", N_("Number"), width=1.4),
            *people,
            Column("form", N_("Form"), "word", 1.2, words=FORM_WORDS),
            Column("at", N_("Time"), "moment", 1),
            Column("taken_minor", N_("Taken"), "money", 1.1, summed=True),
            Column("his_minor", N_("The HIS's"), "money", 1.1, summed=True),
            Column("direction", N_("What to do"), "word", 1, words=DIRECTIONS),
            Column("return_minor", N_("Give back"), "money", 1, summed=True),
            Column("collect_minor", N_("Collect"), "money", 1, summed=True),
        ),
        tuple(
            (
                one.kind,
                one.number,
                *((one.patient, one.name) if with_patient else ()),
                one.form,
                one.at,
                one.taken_minor,
                one.his_minor,
                one.direction,
                -one.due_minor if one.due_minor < 0 else None,
                one.due_minor if one.due_minor > 0 else None,
            )
            for one in found
        ),
    )
