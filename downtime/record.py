"""``record()``: a filled form becomes a sealed, durable entry, or nothing at all.

BEGIN IMMEDIATE, rows, COMMIT (WAL, FULL), head log synced: only then does anybody hear "recorded".
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from downtime.book import JournalView
from downtime.canonical import UnsealableError, seal
from downtime.entry import SEAL_VERSION, SUITE
from downtime.errors import OutcomeUnknownError, OutOfNumbersError, SameIdOtherBodyError, StopRecordingError
from downtime.i18n import _
from downtime.receipt_facts import receipt_facts
from downtime.receipt_number import format_number
from downtime.receipt_qr import encode
from downtime.store import journal
from downtime.store.chain import link
from downtime.store.sqlite import CommitError, DriverError, writing
from forms.base import Place, Problem
from forms.postings import imbalance
from forms.station_book import Audit
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.book import OpenBook
    from downtime.entry import Entry
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
    """

    form: Form
    id: str
    happened_at: str | None = None
    second_person: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """The entry stands, on disk and in the head log.

    Attributes:
        already: it stood before; this call changed nothing.
    """

    entry: Entry
    already: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was written; what is wrong stands beside each field."""

    problems: Sequence[Problem] = field(default_factory=tuple)


def new_entry_id() -> str:
    """Return a fresh entry id; make it when the form opens and keep it with the draft."""
    return str(uuid.uuid4())


def record(book: OpenBook, filled: Filled, *, role: str = "") -> Recorded | Refused:
    """Record one form with its audit line in one commit group.

    Args:
        book: the open book.
        filled: the form and its id.
        role: the role the operator acts in; the first one they have by default.

    Returns:
        ``Recorded``, with ``already`` set when this very entry stands there; or ``Refused``.

    Raises:
        SameIdOtherBodyError: the id stands there with another body. Full stop.
        OutcomeUnknownError: the disk answered with an error; look the id up after reopening.
        OutOfNumbersError: no receipt number is left.
        JournalAlarmError: journal and head log do not agree.
    """
    audit = Filled(Audit(event="entry_recorded", subject=filled.id, detail=filled.form.name), new_entry_id())
    return _record_group(book, [filled, audit], role)


def record_event(book: OpenBook, form: Form) -> Recorded:
    """Record something the station writes itself; it cannot be refused."""
    return record_station_form(book, Filled(form, new_entry_id()))


def record_events(book: OpenBook, forms: Sequence[Form]) -> Recorded:
    """Record several things the station writes itself in one commit group; return the first."""
    outcome = _record_group(book, [Filled(form, new_entry_id()) for form in forms], STATION_ROLE)
    assert isinstance(outcome, Recorded), outcome
    return outcome


def record_station_form(book: OpenBook, filled: Filled) -> Recorded:
    """The same, under an id of the caller's: recorded once, however often it is called."""
    outcome = _record_group(book, [filled], STATION_ROLE)
    assert isinstance(outcome, Recorded), outcome
    return outcome


def _record_group(book: OpenBook, group: Sequence[Filled], role: str) -> Recorded | Refused:
    main = group[0]
    try:
        bodies = [_sealed_body(filled) for filled in group]
    except UnsealableError:
        return Refused([Problem("", N_("The text holds a broken character; type it again."))])
    body_hash = hashlib.sha256(bodies[0]).digest()
    with book.lock():
        if book.needs_reopening:
            raise _stopped(main.id)
        try:
            known = journal.body_hash_of(book.db, main.id)
            if known is not None:
                return _already(book, main.id, known == body_hash)
            book.mend_head()
            with writing(book.db):
                problems = main.form.problems(JournalView(book.db))
                if problems:
                    raise _RefusedInsideError(problems)  # noqa: TRY301 (rolls the write back)
                rows = _append_group(book, group, bodies, role)
        except _RefusedInsideError as refused:
            return Refused(refused.problems)
        except CommitError as error:
            raise _unknown(book, main.id) from error
        except DriverError as error:
            raise _stopped(main.id) from error
        last = rows[-1]
        try:
            book.head_log.append(last.group_first, last.seq, last.hash, book.signing.sign)
        except OSError as error:
            raise _unknown(book, main.id) from error
        assert journal.body_hash_of(book.db, main.id) == body_hash, (
            "what was read back is not what was written"
        )
        return Recorded(journal.entry_of(rows[0]))


class _RefusedInsideError(Exception):
    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__()
        self.problems = problems


def _already(book: OpenBook, entry_id: str, is_same: bool) -> Recorded:  # noqa: FBT001 (one caller)
    if not is_same:
        raise SameIdOtherBodyError(
            _("Entry {id} is recorded already, with other content.").format(id=entry_id),
            _("Nothing was written. Stop and call IT; two entries share one id."),
        )
    book.mend_head()
    entry = journal.entry_by_id(book.db, entry_id)
    assert entry is not None
    return Recorded(entry, already=True)


def _stopped(entry_id: str) -> StopRecordingError:
    return StopRecordingError(
        _("The disk refused to take entry {id}; nothing was recorded.").format(id=entry_id),
        _("Go on by paper, restart the app and call IT: the disk may be full or failing."),
    )


def _unknown(book: OpenBook, entry_id: str) -> OutcomeUnknownError:
    """Return "perhaps recorded": this connection cannot tell what the disk will show when opened again.

    Nothing more is recorded through this book: a later sync may succeed although earlier pages are gone.
    """
    book.needs_reopening = True
    return OutcomeUnknownError(
        _("The disk answered with an error; entry {id} may or may not be recorded.").format(id=entry_id),
        _("Do not repeat it. Restart the app: it shows what stands. Until then go on by paper."),
    )


def _sealed_body(filled: Filled) -> bytes:
    body = {
        "v": SEAL_VERSION,
        "suite": SUITE,
        "form": filled.form.name,
        "form_v": filled.form.content_version,
        "id": filled.id,
        "content": filled.form.model_dump(mode="json"),
    }
    return seal(body)


def _append_group(
    book: OpenBook, group: Sequence[Filled], bodies: Sequence[bytes], role: str
) -> list[journal.JournalRow]:
    seq, previous, _first = journal.head(book.db)
    previous = previous or book.identity.genesis()
    state = book.state()
    common = _Common(
        outage=state.outage,
        reference_version=state.reference_version,
        role=role or (book.person.roles[0] if book.person.roles else STATION_ROLE),
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
    role: str
    group_first: int


def _row(
    book: OpenBook, filled: Filled, body: bytes, common: _Common, seq: int, previous: bytes
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
        "operator": book.person.operator,
        "operator_name": book.person.name,
        "role": common.role,
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
        envelope["qr"] = _receipt_codes(book, filled.form, envelope, previous)
    sealed = journal.seal_entry(body, seal(envelope))
    return journal.JournalRow(
        seq=seq,
        group_first=common.group_first,
        id=filled.id,
        form=form.name,
        deliverable=form.deliverable,
        body_hash=hashlib.sha256(body).digest(),
        salt=salt,
        sealed=sealed,
        hash=link(seq, previous, salt, sealed),
        number=number,
        counter=counter,
        patient=form.patient_number(),
        encounter=form.encounter(),
        operator=book.person.operator,
        recorded_at=now.wall,
        amount_minor=form.amount_minor(),
        refers_to=form.refers_to(),
        postings=postings,
    )


def _receipt_codes(book: OpenBook, form: Form, envelope: dict[str, Any], previous: bytes) -> list[str]:
    taken = ("hospital", "station", "incarnation", "seq", "number", "outage", "drill", "happened_at")
    facts = receipt_facts(
        form.name,
        form.model_dump(mode="json"),
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
        _("Ask IT for a new block: downtime numbers add. Until then go on by paper."),
    )
