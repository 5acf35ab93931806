"""Whether one stored entry is what was sealed, and follows from the one before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from downtime.canonical import digest, seal, unseal
from downtime.entry import SEAL_VERSION, SUITE
from downtime.i18n import _
from downtime.receipt_facts import receipt_facts
from downtime.receipt_number import parse_number
from downtime.receipt_qr import check, says
from downtime.store.chain import genesis, link
from downtime.verify_approval import ApprovalsWalk
from forms import form_named
from forms.base import Form, read_form
from forms.postings import Posting, imbalance

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_IDENTITY = ("hospital", "station", "incarnation", "book", "drill")
_TAKEN = ("hospital", "station", "incarnation", "seq", "number", "outage", "drill", "happened_at")


@dataclass(frozen=True, slots=True)
class Gap:
    """Receipt counters that no entry used, both ends included, and whose they are."""

    first: int
    last: int
    held_by: str


@dataclass(frozen=True, slots=True)
class BrokenEntry:
    """The first entry that cannot be trusted, and why (a translated sentence)."""

    position: int
    reason: str


@dataclass
class Walk:
    """What has been read so far, entry by entry; ``take`` says what is wrong with the next one.

    Attributes:
        book: number of the book, by its folder.
        public_key_of: returns the raw public key of an incarnation.
        heads: (chain hash, first seq of its commit group) after each entry, from entry 1.
        identity: hospital, station, incarnation, book and drill of entry 1.
        gaps: receipt counters no entry used.
        anchor: (count, head) of the deliveries as last sealed into the journal.
        previous_head: head of the book before, as the opening entry states it (hex).
        approvals: approvals and countersignatures.
    """

    book: int
    public_key_of: Callable[[str], tuple[bytes, bytes]]
    heads: list[tuple[bytes, int]] = field(default_factory=list)
    identity: dict[str, Any] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    receipts: int = 0
    anchor: tuple[int, str] | None = None
    previous_head: str = ""
    approvals: ApprovalsWalk = field(default_factory=ApprovalsWalk)
    _counter: int = 0
    _blocks: list[tuple[int, int]] = field(default_factory=list)

    @property
    def entries(self) -> int:
        """How many good entries were read."""
        return len(self.heads)

    @property
    def head(self) -> bytes:
        """The chain hash after the last good entry; empty before the first."""
        return self.heads[-1][0] if self.heads else b""

    def take(self, row: Mapping[str, Any], named: list[str], legs: list[list[Any]]) -> str | None:
        """Return what is wrong with the next row, or None and remember it."""
        try:
            sealed = unseal(row["sealed"])
            return self.follow(row, sealed, lambda: self._stored(row, sealed, named, legs))
        except (ValueError, KeyError, TypeError, AttributeError, IndexError):
            return _("its content is not in a form this app knows.")

    def follow(
        self, row: Mapping[str, Any], sealed: Mapping[str, Any], wrong_alone: Callable[[], str | None]
    ) -> str | None:
        """Return what is wrong with the next row where it is read already, or None and remember it.

        Args:
            row: as stored.
            sealed: what its sealed bytes say.
            wrong_alone: says what is wrong with it whatever comes before it.
        """
        seq = self.entries + 1
        if row["seq"] != seq:
            return _("the entry is missing; the next one there is {found}.").format(found=row["seq"])
        try:
            body, envelope = sealed["body"], sealed["envelope"]
            if not self.heads:
                self._begin(body, envelope)
            wrong = (
                self._chain(row, envelope)
                or self._place(row, body, envelope)
                or wrong_alone()
                or self._number(row, envelope)
                or self.approvals.take(row, body, envelope)
            )
            if wrong:
                return wrong
            self._remember(row, body)
        except (ValueError, KeyError, TypeError, AttributeError, IndexError):
            return _("its content is not in a form this app knows.")
        return None

    def _stored(
        self, row: Mapping[str, Any], sealed: Mapping[str, Any], named: list[str], legs: list[list[Any]]
    ) -> str | None:
        body, envelope = sealed["body"], sealed["envelope"]
        if seal(sealed) != row["sealed"]:
            return _("its sealed bytes are not in canonical form.")
        if envelope["postings"] != legs:
            return _("its postings differ from what was sealed.")
        return self._columns(row, body, envelope, named) or wrong_by_itself(
            body, envelope, *self.public_key_of(envelope["incarnation"])
        )

    def _begin(self, body: Mapping[str, Any], envelope: Mapping[str, Any]) -> None:
        self.identity = {name: envelope[name] for name in _IDENTITY}
        self.previous_head = body["content"].get("previous_head", "")
        self._counter = int(body["content"].get("next_number", 1)) - 1

    def _chain(self, row: Mapping[str, Any], envelope: Mapping[str, Any]) -> str | None:
        previous = self.head or self._genesis()
        if link(row["seq"], previous, row["salt"], row["sealed"]) != row["hash"]:
            return _("the hash chain is broken: its content or the entry before it was changed.")
        if (envelope["previous_hash"], envelope["salt"]) != (previous.hex(), row["salt"].hex()):
            return _("it was sealed after another entry than the one before it.")
        return None

    def _place(
        self, row: Mapping[str, Any], body: Mapping[str, Any], envelope: Mapping[str, Any]
    ) -> str | None:
        if {name: envelope[name] for name in _IDENTITY} != self.identity or envelope["book"] != self.book:
            return _("it belongs to another hospital, station, incarnation or book.")
        if not self.heads and (body["form"] != "opening" or body["content"]["book"] != self.book):
            return _("the book does not begin with its opening entry.")
        if not 1 <= row["group_first"] <= row["seq"] or (
            row["group_first"] != row["seq"] and row["group_first"] != self.heads[-1][1]
        ):
            return _("its commit group overlaps another one.")
        return None

    def _genesis(self) -> bytes:
        identity = {name: self.identity[name] for name in _IDENTITY if name != "drill"}
        return genesis(**identity, previous_head=self.previous_head)

    def _columns(
        self, row: Mapping[str, Any], body: Mapping[str, Any], envelope: Mapping[str, Any], named: list[str]
    ) -> str | None:
        sealed = {
            "seq": envelope["seq"],
            "id": body["id"],
            "form": body["form"],
            "number": envelope["number"],
            "operator": envelope["operator"],
            "recorded_at": envelope["recorded_at"],
            "body_hash": digest(body),
            **_derived(body),
        }
        differing = [name for name, content in sealed.items() if row[name] != content]
        if sorted(named) != sorted(set(envelope["refers_to"])):
            differing.append("entry_reference")
        if differing:
            return _("what is stored beside it differs from what was sealed ({columns}).").format(
                columns=", ".join(differing)
            )
        return None

    def _number(self, row: Mapping[str, Any], envelope: Mapping[str, Any]) -> str | None:
        if envelope["number"] is None:
            return None if row["counter"] is None else _("it has a receipt counter but no receipt number.")
        number = parse_number(envelope["number"])
        if number is None or str(number) != envelope["number"]:
            return _("its receipt number is wrong: the check digit does not fit.")
        stated = (number.station, number.incarnation, number.drill, number.count)
        if stated != (envelope["station"], envelope["incarnation"], envelope["drill"], row["counter"]):
            return _("its receipt number belongs to another station or another counter.")
        if number.count <= self._counter:
            return _("its receipt number is not higher than the one before it.")
        if not any(first <= number.count <= last for first, last in self._blocks):
            return _("its receipt number is in no block given to this station.")
        if number.count > self._counter + 1:
            holder = f"{number.station}{number.incarnation}"
            self.gaps.append(Gap(self._counter + 1, number.count - 1, holder))
        self._counter = number.count
        return None

    def _remember(self, row: Mapping[str, Any], body: Mapping[str, Any]) -> None:
        self.heads.append((row["hash"], row["group_first"]))
        self.receipts += row["number"] is not None
        content = body["content"]
        if body["form"] == "number_block":
            self._blocks.append((content["first"], content["last"]))
        elif body["form"] == "delivery_anchor":
            self.anchor = (content["count"], content["head"])


def wrong_by_itself(
    body: Mapping[str, Any], envelope: Mapping[str, Any], key_id: bytes, public: bytes
) -> str | None:
    """Return what is wrong with an entry whatever comes before it: version, postings, the codes on its receipt.

    Args:
        body: what was sealed, as filled in.
        envelope: what was sealed around it.
        key_id: names the station's key in that incarnation.
        public: that key.

    Raises:
        ValueError, KeyError, TypeError, AttributeError, IndexError: it is in no form this app knows.
    """
    if (body["v"], body["suite"]) != (SEAL_VERSION, SUITE):
        return _("it was sealed in a version this app does not know.")
    if imbalance(Posting(*leg) for leg in envelope["postings"]):
        return _("its postings do not balance.")
    if envelope["number"] is None:
        return _("it has a QR code but no receipt number.") if envelope["qr"] else None
    expected = receipt_facts(
        body["form"],
        body["content"],
        previous_hash=bytes.fromhex(envelope["previous_hash"]),
        **{name: envelope[name] for name in _TAKEN},
    )
    if says(envelope["qr"], expected, key_id, public):
        return None
    if check(envelope["qr"], {key_id: public}).status != "genuine":
        return _("the signature in its QR code is not the station's.")
    return _("its QR code says something else than the entry.")


def _derived(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that follow from the content: by its form, or by common names if the form is foreign."""
    kind = form_named(body["form"])
    filled = read_form(kind, body["content"]) if kind and kind.content_version == body["form_v"] else None
    if isinstance(filled, Form):
        return {
            "deliverable": int(filled.deliverable),
            "patient": filled.patient_number(),
            "encounter": filled.encounter(),
            "amount_minor": filled.amount_minor(),
        }
    content = body["content"]
    return {
        "patient": (content.get("patient") or {}).get("number"),
        "encounter": (content.get("visit") or {}).get("number"),
        "amount_minor": content.get("total_minor"),
    }
