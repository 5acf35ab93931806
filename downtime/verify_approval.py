"""Whether approvals and countersignatures in a book are what two people signed: no settings, no lists needed.

An approval names, in its own commit group, exactly the entry that stands there; its signature is good for the
key it brings. That this key belongs to the person named is for the accounts of the station to say.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from downtime.approvals import approved_bytes
from downtime.countersigning import AGREED, NOT_AGREED
from downtime.hub_notice import announced_bytes
from downtime.i18n import _
from downtime.rules import needs_second_always
from downtime.signing import signature_is_good
from forms.trust import COUNTERSIGNED_LATER, RULE_TITLES, Approval, Countersigned

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class _Seen:
    """One entry of the commit group being read."""

    seq: int
    form: str
    content: Mapping[str, Any]
    body_hash: str
    second_person: str | None


@dataclass
class ApprovalsWalk:
    """What has been read so far; ``take`` says what is wrong with the next entry.

    Attributes:
        missing: (position, what) of entries that needed a second person and have no approval; ``close_group``
            after the last entry completes it.
    """

    missing: list[tuple[int, str]] = field(default_factory=list)
    _group: dict[str, _Seen] = field(default_factory=dict)
    _approved: set[str] = field(default_factory=set)
    _approvals: dict[str, tuple[str, Mapping[str, Any]]] = field(default_factory=dict)
    _answered: set[str] = field(default_factory=set)

    def take(
        self, row: Mapping[str, Any], body: Mapping[str, Any], envelope: Mapping[str, Any]
    ) -> str | None:
        """Return what is wrong with an approval or countersignature, or None and remember the entry."""
        if row["seq"] == row["group_first"]:
            self.close_group()
        content, form = body["content"], body["form"]
        wrong = None
        if form == Approval.name:
            wrong = self._approval(body["id"], content, envelope)
        elif form == Countersigned.name:
            wrong = self._countersigned(content)
        self._group[body["id"]] = _Seen(
            row["seq"], form, content, row["body_hash"].hex(), envelope["second_person"]
        )
        return wrong

    def close_group(self) -> None:
        """Note what the commit group just read lacks."""
        for entry_id, seen in self._group.items():
            is_needed = seen.second_person is not None or needs_second_always(seen.form, seen.content)
            if is_needed and entry_id not in self._approved:
                what = _("it needs a second person, and no approval stands beside it.")
                self.missing.append((seen.seq, what))
        self._group, self._approved = {}, set()

    def _approval(
        self, approval_id: str, content: Mapping[str, Any], envelope: Mapping[str, Any]
    ) -> str | None:
        named = self._group.get(content["entry_id"])
        if named is None:
            return _("it approves an entry that was not recorded together with it.")
        if named.body_hash != content["body_hash"]:
            return _("it approves something else than what the entry says.")
        signed = content["signed"]
        if named.second_person != (signed["operator"] if signed else None):
            return _("the entry names another second person than the approval.")
        operator = envelope["operator"]
        if content["way"] == "hub":
            wrong = _wrong_announcement(content, named, envelope["hospital"])
        else:
            wrong = _wrong_signature(content, operator)
        if wrong is None:
            self._approved.add(content["entry_id"])
            if content["way"] in COUNTERSIGNED_LATER:
                self._approvals[approval_id] = (operator, content)
        return wrong

    def _countersigned(self, content: Mapping[str, Any]) -> str | None:
        """Check against the approval; that of an earlier book is not at hand, so every rule is tried."""
        operator, approval = self._approvals.get(content["approval_id"], ("", None))
        if content["approval_id"] in self._answered:
            return _("the approval it signs was countersigned before.")
        if approval is not None and (content["entry_id"], content["body_hash"]) != (
            approval["entry_id"],
            approval["body_hash"],
        ):
            return _("it countersigns something else than what was approved.")
        if content["signed"]["operator"] == operator:
            return _("somebody countersigned their own act.")
        answer = AGREED if content["agreed"] else NOT_AGREED
        rules = [approval["rule"]] if approval is not None else list(RULE_TITLES)
        messages = (approved_bytes(content["entry_id"], content["body_hash"], rule, answer) for rule in rules)
        if not any(_is_good(content["signed"], message) for message in messages):
            return _("the signature of the countersignature is wrong.")
        self._answered.add(content["approval_id"])
        return None


def _wrong_signature(content: Mapping[str, Any], operator: str) -> str | None:
    signed, way = content["signed"], content["way"]
    if (signed is None) is not (way in {"solo", "code"}):
        return _("the approval is not signed.")
    if signed is None:
        return None
    if (signed["operator"] == operator) is not (way == "own_twice"):
        return _("somebody approved their own act.")
    message = approved_bytes(content["entry_id"], content["body_hash"], content["rule"])
    return None if _is_good(signed, message) else _("the signature of the second person is wrong.")


def _wrong_announcement(content: Mapping[str, Any], named: _Seen, hospital: str) -> str | None:
    """Check what the hub announced: it ends the outage it names, and approves nothing else."""
    told = content["announced"]
    if told is None or content["signed"] is not None or named.form != "outage_ended":
        return _("the approval is not signed.")
    if (told["outage"], told["state"]) != (named.content["outage"], "ended"):
        return _("the hub announced something else than what the entry says.")
    message = announced_bytes(hospital, told["outage"], told["state"], told["at"], told["said_by"])
    return None if _is_good(told, message) else _("the signature of the hub's announcement is wrong.")


def _is_good(signed: Mapping[str, Any], message: bytes) -> bool:
    return signature_is_good(bytes.fromhex(signed["public"]), bytes.fromhex(signed["signature"]), message)
