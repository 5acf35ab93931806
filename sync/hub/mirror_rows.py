"""One book of the hub as it lies in a mirror, one entry as the row a station's journal holds for it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from downtime.canonical import digest, unseal
from downtime.receipt_number import parse_number
from downtime.store.delivery_queries import look
from downtime.store.journal import JournalRow
from forms import form_named
from forms.base import Form, read_form
from forms.postings import Posting

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from downtime.store.sqlite import Database as Journal
    from sync.hub.arrivals import Place


class Held(NamedTuple):
    """One entry of the hub's tables: whose it is, and what lists say of it."""

    place: Place
    seq: int
    id: str
    form: str
    number: str
    amount_minor: int | None
    patient: str

    @property
    def label(self) -> str:
        """Return station and letter: ``W03A``."""
        return f"{self.place.station}{self.place.incarnation}"

    @property
    def shown(self) -> str:
        """Return its receipt number, or its place in the book."""
        return self.number or f"#{self.seq}"


@dataclass
class Mirrored:
    """One book as it lies here.

    Attributes:
        place: station, incarnation and number.
        journal, deliveries: the files; deliveries are absent while nothing was sent.
        entries, head: how far it is verified, and the chain hash there.
        facts, facts_head: the same of the deliveries; the chain over them is made here, of the hub's rows.
        set_aside: verdict of the entries that stand in the chain but not with the HIS's, by sequence number.
    """

    place: Place
    journal: Path
    deliveries: Path
    key: bytes = field(repr=False)
    entries: int = 0
    head: bytes = b""
    first_hash: bytes = b""
    facts: int = 0
    facts_head: bytes = b""
    set_aside: dict[int, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Return what it is called: ``W03A-0001``."""
        return f"{self.place.station}{self.place.incarnation}-{self.place.book:04d}"

    @contextmanager
    def look(self) -> Iterator[Journal]:
        """Open journal and deliveries beside one another, for reading only."""
        db = look(self.journal, self.deliveries, self.key)
        try:
            yield db
        finally:
            db.close()


def journal_row(seq: int, group_first: int, salt: bytes, sealed: bytes, chain_hash: bytes) -> JournalRow:
    """Return the row a station's journal holds for a verified entry; all of it follows from the sealed bytes."""
    whole = unseal(sealed)
    body, envelope = whole["body"], whole["envelope"]
    patient, encounter, amount_minor, deliverable = _derived(body)
    number = parse_number(envelope["number"]) if envelope["number"] else None
    return JournalRow(
        seq=seq,
        group_first=group_first,
        id=body["id"],
        form=body["form"],
        deliverable=deliverable,
        body_hash=digest(body),
        salt=salt,
        sealed=sealed,
        hash=chain_hash,
        number=envelope["number"],
        counter=number.count if number else None,
        patient=patient,
        encounter=encounter,
        operator=envelope["operator"],
        recorded_at=envelope["recorded_at"],
        amount_minor=amount_minor,
        refers_to=tuple(envelope["refers_to"]),
        postings=tuple(Posting(*leg) for leg in envelope["postings"]),
    )


def _derived(body: Mapping[str, Any]) -> tuple[str | None, str | None, int | None, bool]:
    """Return patient, visit, amount and whether the HIS must get it.

    Reading a form costs more than all else here; where it only hands on what its content says, it is not read.
    """
    kind, content = form_named(body["form"]), body["content"]
    is_known = kind is not None and kind.content_version == body["form_v"]
    if kind is not None and is_known and not _is_plain(kind):
        filled = read_form(kind, content)
        if isinstance(filled, Form):
            return (
                filled.patient_number(), filled.encounter(), filled.amount_minor(), filled.deliverable
            )  # fmt: skip
    deliverable = bool(kind is not None and is_known and kind.deliverable)
    return _number(content, "patient"), _number(content, "visit"), content.get("total_minor"), deliverable


def _number(content: Mapping[str, Any], name: str) -> str | None:
    found = content.get(name)
    return found.get("number") if isinstance(found, dict) else None


@cache
def _is_plain(kind: type[Form]) -> bool:
    """Whether a form derives nothing itself."""
    names = ("patient_number", "encounter", "amount_minor")
    return all(getattr(kind, name) is getattr(Form, name) for name in names)


def document_rows(n: int, entry_id: str, outcome: Mapping[str, Any] | None) -> Collection[tuple[Any, ...]]:
    """Return the formal documents of an answer as rows of a station's deliveries."""
    formal = (outcome or {}).get("formal") or ()
    names = ("kind", "bill_code", "number", "check_code", "issued_at", "status", "his_reference")
    return [(n, place, entry_id, *(one[name] for name in names)) for place, one in enumerate(formal)]
