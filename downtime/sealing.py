"""Sealing: a filled form and its circumstances become the bytes that are chained for ever."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from downtime.book import JournalView
from downtime.canonical import seal
from downtime.entry import SEAL_VERSION, SUITE
from downtime.errors import OutOfNumbersError
from downtime.i18n import _
from downtime.receipt_facts import receipt_facts
from downtime.receipt_number import format_number
from downtime.receipt_qr import encode
from downtime.rights import role_for
from downtime.store import journal
from downtime.store.chain import link
from forms.base import Place
from forms.paper_late import LATE_FORMS, LateEntry
from forms.postings import imbalance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.book import OpenBook
    from downtime.slots import Person
    from forms.base import Form

SALT_BYTES = 16
STATION_ROLE = "station"


@dataclass(frozen=True, slots=True)
class Filled:
    """One form ready to be recorded.

    Attributes:
        form: the filled form.
        id: made when the form opened.
        happened_at: RFC 3339 with offset, if it happened earlier than now.
        second_person: operator number of who approved it, if anybody.
        beside: what is recorded in the same commit because of it: the paper it was typed in from.
    """

    form: Form
    id: str
    happened_at: str | None = None
    second_person: str | None = None
    beside: tuple[Form, ...] = ()

    def needs(self) -> str | None:
        """Return the right one needs to record it; from paper that of typing in: somebody else took the money."""
        if self.form.name in LATE_FORMS and any(isinstance(form, LateEntry) for form in self.beside):
            return LateEntry.right
        return self.form.needs()


@dataclass(frozen=True, slots=True)
class SealedBody:
    """The part of an entry that says what was filled in: two entries are the same if id and body are.

    Attributes:
        content: what the person filled in, plain values.
        sealed: canonical bytes of the whole body.
        digest: their SHA-256.
    """

    content: dict[str, Any]
    sealed: bytes
    digest: bytes


def sealed_body(filled: Filled) -> SealedBody:
    """Return the body of a filled form.

    Raises:
        UnsealableError: the content holds half a surrogate pair.
    """
    content = filled.form.model_dump(mode="json")
    body = {
        "v": SEAL_VERSION,
        "suite": SUITE,
        "form": filled.form.name,
        "form_v": filled.form.content_version,
        "id": filled.id,
        "content": content,
    }
    sealed = seal(body)
    return SealedBody(content, sealed, hashlib.sha256(sealed).digest())


def append_group(
    book: OpenBook, group: Sequence[Filled], bodies: Sequence[SealedBody]
) -> list[journal.JournalRow]:
    """Seal and append a commit group; the caller holds the lock and the write, and commits.

    Args:
        book: the open book.
        group: the forms, in order.
        bodies: their bodies.

    Raises:
        OutOfNumbersError: no receipt number is left.
    """
    seq, previous, _first = journal.head(book.db)
    previous = previous or book.identity.genesis()
    state = book.state()
    common = _Common(
        outage=state.outage,
        reference_version=state.reference_version,
        person=book.person,
        group_first=seq + 1,
    )
    rows: list[journal.JournalRow] = []
    for filled, body in zip(group, bodies, strict=True):
        row = _row(book, filled, body, common, seq + len(rows) + 1, previous)
        journal.append(book.db, row)
        previous = row.hash
        rows.append(row)
    return rows


@dataclass(frozen=True, slots=True)
class _Common:
    outage: str
    reference_version: int | None
    person: Person
    group_first: int


def _row(
    book: OpenBook, filled: Filled, body: SealedBody, common: _Common, seq: int, previous: bytes
) -> journal.JournalRow:
    form = filled.form
    now = book.clock.now()
    identity = book.identity
    salt = secrets.token_bytes(SALT_BYTES)
    counter = _next_counter(book) if form.numbered else None
    number = (
        format_number(identity.station, identity.incarnation, counter, drill=identity.drill)
        if counter
        else None
    )
    postings = form.postings(Place(identity.station, identity.incarnation), JournalView(book.db))
    assert not imbalance(postings), f"{form.name} does not balance"
    envelope: dict[str, Any] = {
        "hospital": identity.hospital,
        "station": identity.station,
        "incarnation": identity.incarnation,
        "book": identity.book,
        "outage": common.outage,
        "seq": seq,
        "drill": identity.drill,
        "happened_at": filled.happened_at or now.wall,
        "recorded_at": now.wall,
        "clock": {"boot_id": now.boot_id, "monotonic_ms": now.monotonic_ms},
        "operator": common.person.operator,
        "operator_name": common.person.name,
        "role": _role_in(common.person, form),
        "second_person": filled.second_person,
        "reference_version": common.reference_version,
        "refers_to": list(form.refers_to()),
        "postings": [list(leg) for leg in postings],
        "number": number,
        "salt": salt.hex(),
        "previous_hash": previous.hex(),
        "qr": [],
    }
    if number:
        envelope["qr"] = _receipt_codes(book, form.name, body.content, envelope, previous)
    sealed = journal.seal_entry(body.sealed, seal(envelope))
    return journal.JournalRow(
        seq=seq,
        group_first=common.group_first,
        id=filled.id,
        form=form.name,
        deliverable=form.deliverable,
        body_hash=body.digest,
        salt=salt,
        sealed=sealed,
        hash=link(seq, previous, salt, sealed),
        number=number,
        counter=counter,
        patient=form.patient_number(),
        encounter=form.encounter(),
        operator=common.person.operator,
        recorded_at=now.wall,
        amount_minor=form.amount_minor(),
        refers_to=form.refers_to(),
        postings=postings,
    )


def _role_in(person: Person, form: Form) -> str:
    """Return the role in which somebody records ``form``; the station's own where nobody's right is asked."""
    right = form.needs()
    return STATION_ROLE if right is None else role_for(person.roles, right) or STATION_ROLE


def _receipt_codes(
    book: OpenBook, form: str, content: dict[str, Any], envelope: dict[str, Any], previous: bytes
) -> list[str]:
    taken = ("hospital", "station", "incarnation", "seq", "number", "outage", "drill", "happened_at")
    facts = receipt_facts(
        form,
        content,
        previous_hash=previous,
        **{name: envelope[name] for name in taken},
    )
    return list(encode(facts, book.signing.sign, book.signing.key_id))


def _next_counter(book: OpenBook) -> int:
    state = book.state()
    following = max(journal.counter_max(book.db) + 1, state.next_number)
    for first, last in state.blocks:
        if following <= last:
            return max(following, first)
    raise OutOfNumbersError(
        _("This station has no receipt number left."),
        _(
            "Nothing was recorded and nothing is lost: what you typed stays here. Ask IT for a block of numbers "
            "(downtime numbers add), then press Enter again. Until then go on by paper."
        ),
    )
