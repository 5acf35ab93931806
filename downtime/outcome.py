"""The five answers a HIS can give about one entry, and the formal documents it issues.

An acknowledgement is not a posting (L9): only the HIS's own reference, or a query by our key that
shows the entry, makes it `Accepted`. A timeout is `InDoubt`, never a failure.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Final, Literal, TypeAlias, cast

DocumentKind = Literal["paper_invoice", "e_invoice"]
DocumentStatus = Literal["issued", "void"]
State = Literal["accepted", "rejected", "unreachable", "in_doubt", "handed_over"]

STATES: Final[tuple[State, ...]] = ("accepted", "rejected", "unreachable", "in_doubt", "handed_over")


@dataclass(frozen=True, slots=True)
class FormalDocument:
    """One formal invoice, on paper or electronic, as the HIS issued it.

    Attributes:
        kind: paper invoice or electronic invoice.
        bill_code: code of the bill series.
        number: number inside the series.
        check_code: code that lets the payer check it, or "".
        issued_at: when, in the HIS's own writing.
        status: issued, or void after a reversal.
        his_reference: the HIS's own key of the document.
    """

    kind: DocumentKind
    bill_code: str
    number: str
    check_code: str
    issued_at: str
    status: DocumentStatus
    his_reference: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """Final: the HIS posted it; ``reference`` is the HIS's own key, ``formal`` what it issued."""

    state: ClassVar[State] = "accepted"
    formal: tuple[FormalDocument, ...]
    reference: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """The HIS (or our own rule) refuses it; a person must look before it goes again."""

    state: ClassVar[State] = "rejected"
    reason: str


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Certainly not received; it goes again by itself."""

    state: ClassVar[State] = "unreachable"
    reason: str


@dataclass(frozen=True, slots=True)
class InDoubt:
    """Perhaps received; ask before anything is sent again."""

    state: ClassVar[State] = "in_doubt"
    reason: str


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Certainly received, not yet posted; keep asking."""

    state: ClassVar[State] = "handed_over"
    reference: str


Outcome: TypeAlias = Accepted | Rejected | Unreachable | InDoubt | HandedOver

_WITH_REASON: Final = {"rejected": Rejected, "unreachable": Unreachable, "in_doubt": InDoubt}


def outcome_content(outcome: Outcome) -> dict[str, Any]:
    """Return ``outcome`` as plain JSON values: ``state`` beside its fields."""
    if isinstance(outcome, Accepted):
        formal = [asdict(document) for document in outcome.formal]
        return {"state": outcome.state, "formal": formal, "reference": outcome.reference}
    if isinstance(outcome, HandedOver):
        return {"state": outcome.state, "reference": outcome.reference}
    return {"state": outcome.state, "reason": outcome.reason}


def outcome_of(content: dict[str, Any]) -> Outcome:
    """Return the outcome that :func:`outcome_content` wrote.

    Raises:
        ValueError: the content names no known state.
    """
    state = content.get("state")
    if state == "accepted":
        documents = tuple(FormalDocument(**document) for document in content["formal"])
        return Accepted(documents, str(content["reference"]))
    if state == "handed_over":
        return HandedOver(str(content["reference"]))
    if state in _WITH_REASON:
        return cast("Outcome", _WITH_REASON[state](str(content["reason"])))
    raise ValueError(f"unknown outcome state {state!r}")
