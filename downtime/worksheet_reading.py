"""Reading the books for the retype desk and for worksheets: of one station, or of all that came together at a hub."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from downtime.his_word import word_in
from downtime.outcome import Accepted, HandedOver, Rejected
from downtime.shelf import readable_books
from downtime.store import delivery_queries, patient_match, retype_queries
from downtime.worksheet_standing import (
    CONNECTORS,
    STATE_OF_WORD,
    RetypeRow,
    Retyping,
    Typed,
    said_by_people,
    urgency,
)
from forms.his_decided import TypedIn
from forms.worksheet_printed import WorksheetPrinted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from downtime.home import Home
    from downtime.keys import Keyring
    from downtime.store.retype_queries import Listed
    from downtime.store.sqlite import Database
    from forms.patient_matched import PatientMatched


@dataclass(frozen=True, slots=True)
class BookAt:
    """Where one book lies.

    Attributes:
        journal, deliveries: its files; deliveries may be absent.
        key: what opens them.
        set_aside: sequence numbers of entries in quarantine.
    """

    journal: Path
    deliveries: Path
    key: bytes
    set_aside: Collection[int] = ()


@dataclass(slots=True)
class _Gathered:
    listed: list[Listed] = field(default_factory=list)
    aside: list[Listed] = field(default_factory=list)
    typed: dict[str, Typed] = field(default_factory=dict)
    sheets: dict[str, list[str]] = field(default_factory=dict)
    last_sheet: dict[str, int] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    reversed_by: dict[str, str] = field(default_factory=dict)
    documents: dict[str, str] = field(default_factory=dict)
    matches: dict[str, PatientMatched] = field(default_factory=dict)


def connector_of(on: Mapping[str, object]) -> str:
    """Return the connector whose answers count among those that are switched on, or ""."""
    return next((name for name in (*CONNECTORS, *on) if name in on), "")


def read_retyping(home: Home, ring: Keyring, operator: str = "") -> Retyping:
    """Return what became of the entries of one operator, or of everybody's, in all books that can be read.

    Takes as long as there are entries: for a thread of its own.

    Args:
        home: the station.
        ring: opens its books.
        operator: staff number, or "" for everybody.
    """
    books = (
        BookAt(paths.journal, paths.deliveries, ring.book_key(paths.number)) for paths in readable_books(home)
    )
    return read_books(books, connector_of(home.settings.connectors), operator)


def read_books(books: Iterable[BookAt], connector: str, operator: str = "") -> Retyping:
    """Return what became of the entries of one operator, or of everybody's, in ``books``, oldest first."""
    found = _Gathered()
    for book in books:
        with closing(delivery_queries.look(book.journal, book.deliveries, book.key)) as db:
            _gather(found, db, book, connector, operator)
    rows = [
        replace(
            _row(one, found.typed.get(one.entry.id)),
            reversed_by=found.reversed_by.get(one.entry.id, ""),
            sheets=tuple(found.sheets.get(one.entry.id, ())),
        )
        for one in found.listed
    ]
    rows.sort(key=urgency)
    return Retyping(
        rows=tuple(rows),
        connector=connector,
        patients=patient_match.numbers_of(found.matches.values()),
        bills={named: one.bill for named, one in found.typed.items() if one.bill} | found.documents,
        people=tuple(sorted(found.people.items())),
        last_sheet=found.last_sheet,
        set_aside=tuple(one.entry for one in found.aside),
    )


def _gather(found: _Gathered, db: Database, book: BookAt, connector: str, operator: str) -> None:
    for one in retype_queries.listed(db, connector, operator):
        (found.aside if one.entry.seq in book.set_aside else found.listed).append(one)
    found.people |= {number: name for number, name, _count in retype_queries.operators(db)}
    found.reversed_by |= retype_queries.reversed_by(db)
    found.documents |= retype_queries.formal_numbers(db)
    found.matches |= {
        number: decision.form for number, decision in patient_match.standing_decisions(db).items()
    }
    for seq, entry_id, content, envelope in retype_queries.said(db, TypedIn.name):
        named = content["entry_id"]
        found.typed.pop(named, None)
        if not content["is_undone"]:
            found.typed[named] = Typed(
                entry_id, envelope["book"], seq, envelope["recorded_at"], envelope["operator"],
                envelope["operator_name"], content["his_reference"],
            )  # fmt: skip
    for _seq, _id, content, envelope in retype_queries.said(db, WorksheetPrinted.name):
        station, sheet = envelope["station"], content["sheet"]
        found.last_sheet[station] = max(found.last_sheet.get(station, 0), sheet)
        for named in content["entries"]:
            found.sheets.setdefault(named, []).append(f"{station}-{sheet}")


def _row(one: Listed, typed: Typed | None) -> RetypeRow:
    """Return the state of an entry: by what the HIS said last, unless a person has said more since."""
    outcome = one.outcome
    if isinstance(outcome, Accepted):
        numbers = tuple(document.number for document in outcome.formal)
        return RetypeRow(one.entry, "verified", typed=typed, documents=numbers)
    word = word_in(outcome.reference) if isinstance(outcome, HandedOver) else None
    state = "waiting"
    if isinstance(outcome, Rejected):
        state = "person"
    elif word is not None:
        state = STATE_OF_WORD[word.said]
    if typed is not None and _is_since(typed, one):
        state = said_by_people(state, typed)
    if state == "entered":
        word = None
    refusal = outcome.reason if isinstance(outcome, Rejected) else ""
    return RetypeRow(one.entry, state, word, refusal, typed)


def _is_since(typed: Typed, one: Listed) -> bool:
    """Whether it was said after the HIS's word: by their places in the book, across books by the time."""
    if _is_wordless(one):
        return True
    return typed.seq > one.journal_seq if typed.book == one.entry.book else typed.at > one.at


def _is_wordless(one: Listed) -> bool:
    """Whether the connector has said nothing of the HIS's rows."""
    outcome = one.outcome
    return not isinstance(outcome, HandedOver) or word_in(outcome.reference) is None
