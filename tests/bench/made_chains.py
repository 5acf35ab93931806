"""Whole books of made-up stations, sealed and signed in memory: what a hub of five hundred windows gets to see."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Final

from downtime.canonical import seal
from downtime.entry import SEAL_VERSION, SUITE
from downtime.receipt_facts import receipt_facts
from downtime.receipt_number import format_number
from downtime.receipt_qr import encode
from downtime.signing import SigningKey
from downtime.store.chain import genesis, link
from downtime.store.headlog import HeadRecord
from downtime.store.journal import seal_entry
from forms.base import Place
from forms.station_book import Audit, NumberBlock, Opening
from sync.hub.collecting import head_content, row_content
from tests.downtime import builders

if TYPE_CHECKING:
    from forms.base import Form

HOSPITAL: Final = "PRACTICE"
LETTER: Final = "A"
BOOK: Final = 1
BEGINS: Final = datetime(2026, 1, 5, 8, 0, tzinfo=timezone(timedelta(hours=8)))
_COMMON: Final = ("hospital", "station", "incarnation", "seq", "number", "outage", "drill", "happened_at")


@dataclass
class MadeChain:
    """One station's book, batch by batch."""

    code: str
    key: SigningKey = field(default_factory=lambda: SigningKey(secrets.token_bytes(32), LETTER))
    _seq: int = 0
    _counter: int = 0
    _head: bytes = b""

    def batch(self, entries: int) -> dict[str, Any]:
        """Return the next ``entries`` (an even number) as they go up: each charge with its audit line, signed."""
        rows: list[dict[str, Any]] = []
        heads: list[dict[str, Any]] = []
        while len(rows) < entries:
            forms: tuple[Form, Form] = (builders.charge(), Audit(event="entry_recorded", detail="charge"))
            if not self._seq:
                forms = (Opening(book=BOOK), NumberBlock(first=1, last=999_999))
            first = self._seq + 1
            rows += [self._sealed(form) for form in forms]
            bare = HeadRecord(first, self._seq, self._head, b"")
            signed = HeadRecord(first, self._seq, self._head, self.key.sign(bare.signed_bytes()))
            heads.append(head_content(signed))
        return {"incarnation": LETTER, "book": BOOK, "rows": rows, "heads": heads}

    def _sealed(self, form: Form) -> dict[str, Any]:
        self._seq += 1
        bound = {"hospital": HOSPITAL, "station": self.code, "incarnation": LETTER, "book": BOOK}
        previous = self._head or genesis(**bound, previous_head="")  # type: ignore[arg-type]  # mixed values
        at = (BEGINS + timedelta(seconds=self._seq)).isoformat(timespec="milliseconds")
        salt = secrets.token_bytes(16)
        number = None
        if form.numbered:
            self._counter += 1
            number = format_number(self.code, LETTER, self._counter)
        envelope: dict[str, Any] = {
            **bound, "outage": "", "seq": self._seq, "drill": False, "happened_at": at, "recorded_at": at,
            "clock": {"boot_id": "made", "monotonic_ms": self._seq}, "operator": "1001", "operator_name": "练习员",
            "role": "cashier", "second_person": None, "reference_version": None, "refers_to": [], "number": number,
            "postings": [list(leg) for leg in form.postings(Place(self.code, LETTER), None)],  # type: ignore[arg-type]  # a charge asks nothing
            "salt": salt.hex(), "previous_hash": previous.hex(), "qr": [],
        }  # fmt: skip
        content = form.model_dump(mode="json")
        if form.numbered:
            content["patient"]["number"] = content["visit"]["number"] = f"P{self.code}{self._seq // 7}"
            taken = {name: envelope[name] for name in _COMMON}
            facts = receipt_facts(form.name, content, previous_hash=previous, **taken)
            envelope["qr"] = list(encode(facts, self.key.sign, self.key.key_id))
        body = {
            "v": SEAL_VERSION, "suite": SUITE, "form": form.name, "form_v": form.content_version,
            "id": f"{self.code}-{self._seq}-{hashlib.sha256(salt).hexdigest()[:24]}", "content": content,
        }  # fmt: skip
        sealed = seal_entry(seal(body), seal(envelope))
        self._head = link(self._seq, previous, salt, sealed)
        return row_content(self._seq, salt, sealed, self._head)
