"""One entry as it came to the hub, read once: what follows from its sealed bytes, and what is wrong with it alone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from downtime.begun import OUTAGE_FORMS
from downtime.canonical import UnsealableError, seal, unseal
from downtime.i18n import _
from downtime.receipt_number import parse_number
from downtime.store.journal import seal_entry
from downtime.verify_row import wrong_by_itself
from forms import form_named
from forms.base import Form, read_form

if TYPE_CHECKING:
    from collections.abc import Mapping

SQL_NUMBER_MAX: Final = 1 << 53
NAME_MAX: Final = 64
_TEXTS: Final = (
    *(
        "hospital",
        "station",
        "incarnation",
        "outage",
        "happened_at",
        "recorded_at",
        "operator",
        "operator_name",
    ),
    *("role", "salt", "previous_hash"),
)


@dataclass(frozen=True, slots=True)
class Arrived:
    """One entry as it came, and what follows from its sealed bytes; see ``store.journal_schema`` for the names.

    Attributes:
        is_canonical: the sealed bytes are the one form of what they say.
        unreadable: it is not in a form this hub knows, why nothing else can be said of it.
    """

    seq: int
    salt: bytes
    sealed: bytes
    hash: bytes
    digest: bytes
    id: str
    form: str = "?"
    body_hash: bytes = b""
    body: Mapping[str, Any] | None = None
    envelope: Mapping[str, Any] | None = None
    deliverable: bool = False
    number: str | None = None
    counter: int | None = None
    patient: str | None = None
    encounter: str | None = None
    amount_minor: int | None = None
    is_canonical: bool = False
    unreadable: str = ""

    @classmethod
    def read(cls, seq: int, salt: bytes, sealed: bytes, chain_hash: bytes) -> Arrived:
        """Return the entry in ``sealed``; whatever it holds, nothing is raised."""
        mark = hashlib.sha256(salt + chain_hash + sealed).digest()
        bare = cls(seq, salt, sealed, chain_hash, mark, f"unreadable-{mark.hex()[:32]}", unreadable="content")
        try:
            return _read(bare, unseal(sealed))
        except (UnsealableError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
            return bare

    @property
    def content(self) -> Mapping[str, Any] | None:
        """What was filled in, or None if it cannot be read."""
        return self.body["content"] if self.body is not None else None

    @property
    def outage(self) -> str:
        """Under which outage it was recorded, or which it starts or ends; "" outside of any."""
        if self.envelope is None:
            return ""
        named = (self.content or {}).get("outage") if self.form in OUTAGE_FORMS else None
        found = self.envelope.get("outage") if named is None else named
        return found if isinstance(found, str) and len(found) <= NAME_MAX and found.isprintable() else ""

    def row(self, group_first: int) -> dict[str, Any]:
        """Return it as a row of a journal, for the walk."""
        return {
            "seq": self.seq,
            "group_first": group_first,
            "body_hash": self.body_hash,
            "salt": self.salt,
            "sealed": self.sealed,
            "hash": self.hash,
            "number": self.number,
            "counter": self.counter,
        }

    def wrong_by_itself(self, key_id: bytes, public: bytes) -> str | None:
        """Return what is wrong with it whatever comes before it, or None; the work that can be done beside others.

        Args:
            key_id: of the station's key in that incarnation.
            public: that key.
        """
        body, envelope = self.body, self.envelope
        if body is None or envelope is None or not _is_whole(envelope):
            return _("its content is not in a form this app knows.")
        if not self.is_canonical:
            return _("its sealed bytes are not in canonical form.")
        try:
            return wrong_by_itself(body, envelope, key_id, public)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError, RecursionError):
            return _("its content is not in a form this app knows.")


def _read(bare: Arrived, whole: Any) -> Arrived:
    body, envelope = whole["body"], whole["envelope"]
    kind = form_named(body["form"])
    content = body["content"]
    filled = read_form(kind, content) if kind and kind.content_version == body["form_v"] else None
    number = envelope.get("number")
    parsed = parse_number(number) if isinstance(number, str) else None
    amount = filled.amount_minor() if isinstance(filled, Form) else content.get("total_minor")
    names = envelope["refers_to"]
    if not all(_is_plain(text, NAME_MAX) for text in (body["id"], body["form"], number or "-", *names)):
        return bare
    if amount is not None and (type(amount) is not int or abs(amount) > SQL_NUMBER_MAX):
        return bare
    sealed_body = seal(body)
    return Arrived(
        bare.seq, bare.salt, bare.sealed, bare.hash, bare.digest, body["id"], body["form"],
        body_hash=hashlib.sha256(sealed_body).digest(),
        body=body,
        envelope=envelope,
        deliverable=isinstance(filled, Form) and filled.deliverable,
        number=number,
        counter=parsed.count if parsed else None,
        patient=filled.patient_number() if isinstance(filled, Form) else _number_in(content, "patient"),
        encounter=filled.encounter() if isinstance(filled, Form) else _number_in(content, "visit"),
        amount_minor=amount,
        is_canonical=len(whole) == len(("body", "envelope"))
        and seal_entry(sealed_body, seal(envelope)) == bare.sealed,
        unreadable="" if isinstance(filled, Form) else "form",
    )  # fmt: skip


def _is_whole(envelope: Mapping[str, Any]) -> bool:
    """Whether the envelope holds what every entry has, of the right kind, and nothing is taken on trust later."""
    return (
        all(isinstance(envelope[name], str) if name in envelope else False for name in _TEXTS)
        and all(isinstance(envelope.get(name), list) for name in ("refers_to", "postings", "qr"))
        and all(isinstance(code, str) for code in envelope["qr"])
        and isinstance(envelope.get("number", 0), str | None)
        and isinstance(envelope.get("second_person", 0), str | None)
        and type(envelope.get("reference_version", "")) in (int, type(None))
    )


def _is_plain(text: Any, length_max: int) -> bool:
    return isinstance(text, str) and 0 < len(text) <= length_max and text.isascii() and text.isprintable()


def _number_in(content: Mapping[str, Any], name: str) -> str | None:
    found = (content.get(name) or {}).get("number")
    return found if isinstance(found, str) else None
