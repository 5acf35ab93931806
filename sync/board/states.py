"""Which of the seven states an entry is in, and why: worked out from what the tables say, each time anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from downtime.board import NOTHING_SAID, Said
from downtime.his_word import WHAT_WORDS, word_in
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

NOT_YET: Final = ("gap", "unsigned")
"""Verdicts that turn good by themselves."""
REOPENED: Final = "resend_decided"
WORKSHEET: Final = "worksheet"
"""What is handed over under this reference stands on the worksheet, not in the HIS."""
NO_MONEY_OF_OURS: Final = ("drill", "foreign", "other_station", "unreadable")
"""Verdicts under which an amount is nothing this hospital took."""

_WITH_DOCUMENT: Final = frozenset({"charge", "precollection", "payment", "deposit"})
"""Forms for which the HIS issues a formal document."""

VERDICT_WORDS: Final[Mapping[str, str]] = {
    "gap": N_("an earlier entry of this station is missing; good by itself once that has come"),
    "unsigned": N_("the station has not signed for it yet; good by itself once that has come"),
    "other_hash": N_("another entry stands in its place: ask what happened at that station"),
    "clone": N_("two PCs record as one station: stop one, then downtime continue there"),
    "broken": N_("it does not follow from what it should: verify that station's journal"),
    "other_body": N_("its id stands here with other content: ask what happened at that station"),
    "twice": N_("it stands here under another number: ask what happened at that station"),
    "no_second_person": N_("it needed two people and has no approval: have it countersigned"),
    "unknown_form": N_("written by a newer version: update the hub"),
    "unreadable": N_("written by no version of ours: update the hub, then ask the station"),
    "drill": N_("a drill's: it never goes to the HIS"),
    "foreign": N_("another hospital's: it never goes to this HIS"),
    "other_station": N_("brought by another station than wrote it: ask both"),
}
_QUARANTINED: Final = N_("in quarantine: {what}")
_AGAIN: Final = N_("goes again with the next round")
_CORRECTED: Final = N_("goes again, corrected, with the next round")
_REJECTED: Final = N_("refused")
_IN_DOUBT: Final = N_("no answer")
_UNREACHED: Final = N_("HIS not reached")
_NOT_SENT: Final = N_("not sent yet")
_IN_MIDAIR: Final = N_("being sent")
_ON_WORKSHEET: Final = N_("to be typed in")
_RECEIVED: Final = N_("received, not posted yet")
_NO_DOCUMENT: Final = N_("formal document missing")
_AWAITS_DOCUMENT: Final = N_("agrees, document missing")
_TYPED: Final = N_("typed in, not shown yet")
_TYPED_MISSING: Final = N_("said to be typed in")
_ONCE_THERE: Final = N_("gone from the HIS")
_DIFFERS: Final = N_("HIS: {what}")
_ASKED: Final = N_("which row of the HIS?")
_DOUBTFUL: Final = N_("which row? {what}")
_THERE: Final = N_("in the HIS already: is it this?")


@dataclass(slots=True)
class Ticked:
    """What the last tick-off said of an entry; see ``tick`` in the hub's tables.

    Attributes:
        is_there: it was not sent, because it may stand in the HIS already.
    """

    outcome: str
    what: tuple[str, ...]
    reason: str
    his_minor: int | None = None
    is_there: bool = False


@dataclass(slots=True)
class Facts:
    """Everything that decides on the state of one entry.

    Attributes:
        last: state of the last fact of the connector, or ""; ``step`` its number.
        said: reason or reference that came with it.
        accepted: it was accepted at least once.
        has_document: a formal document came with the last acceptance.
        on_sheet: it was handed over to be typed in, so only the HIS's rows say that it is there.
        decided: form of the newest decision to send it again, made on ``decided_step``, or "".
        typed: somebody says it was typed in, and nobody has taken that back.
    """

    form: str
    verdict: str = ""
    last: str = ""
    step: int = 0
    tries: int = 0
    said: str = ""
    at: str = ""
    accepted: bool = False
    has_document: bool = False
    on_sheet: bool = False
    decided: str = ""
    decided_step: int = 0
    decided_at: str = ""
    typed: bool = False
    tick: Ticked | None = field(default=None)

    @property
    def goes_again(self) -> bool:
        """Whether a person let it go again and nothing has happened since."""
        if self.last == REOPENED:
            return True
        if self.last not in {"rejected", "in_doubt"} or not self.decided:
            return False
        return self.decided_step == self.step or (self.decided_step == 0 and self.decided_at > self.at)


def is_on_sheet(reference: str) -> bool:
    """Whether what was handed over under ``reference`` is to be typed in, and not in the HIS by itself."""
    return reference == WORKSHEET or word_in(reference) is not None


def state_of(facts: Facts) -> tuple[str, Said]:
    """Return the state, and the reason in words."""
    if facts.verdict:
        words = VERDICT_WORDS.get(facts.verdict)
        said = Said(words) if words else Said(_QUARANTINED, (facts.verdict,))
        return ("waiting" if facts.verdict in NOT_YET else "person"), said
    if facts.goes_again:
        return "waiting", Said(_CORRECTED if facts.decided == "sent_corrected" else _AGAIN)
    return _by_rows(facts) or _by_answer(facts)


def _by_rows(facts: Facts) -> tuple[str, Said] | None:
    """Return what the HIS's rows say, where that is more than the answer says."""
    tick = facts.tick
    if tick is None:
        return None
    if tick.outcome == "different":
        state = "double" if "twice" in tick.what else "differs"
        return state, Said(_DIFFERS, tuple(WHAT_WORDS.get(name, name) for name in tick.what))
    if tick.outcome == "missing_there":
        return _not_there(facts)
    # By its key the HIS vouches for what it accepted; what rows ticked off, rows can make doubtful again.
    is_vouched = facts.last == "accepted" and not (tick.outcome == "doubtful" and facts.on_sheet)
    if tick.outcome == "not_covered" or facts.last == "rejected" or is_vouched:
        return None
    if tick.is_there or tick.outcome == "doubtful":
        asked = Said(_DOUBTFUL, (tick.reason,)) if tick.reason else Said(_ASKED)
        return "person", Said(_THERE) if tick.is_there else asked
    return ("entered", Said(_AWAITS_DOCUMENT)) if facts.last == "handed_over" else None


def _not_there(facts: Facts) -> tuple[str, Said] | None:
    """Return what it means that the HIS does not show it: nothing while nobody says that it should.

    What a connector sent was compared before it was sent; only a later look can miss it.
    """
    if facts.accepted and (facts.on_sheet or facts.last != "accepted"):
        return "missing", Said(_ONCE_THERE, told=facts.said if facts.last == "rejected" else "")
    return ("missing", Said(_TYPED_MISSING)) if facts.typed else None


def _by_answer(facts: Facts) -> tuple[str, Said]:
    """Return what the connector's last fact says."""
    if facts.last in {"rejected", "in_doubt"}:
        return "person", Said(_REJECTED if facts.last == "rejected" else _IN_DOUBT, told=facts.said)
    if facts.last == "accepted":
        is_ticked = facts.tick is not None and facts.tick.outcome == "agreed"
        if facts.has_document or is_ticked or facts.on_sheet or facts.form not in _WITH_DOCUMENT:
            return "verified", NOTHING_SAID
        return "entered", Said(_NO_DOCUMENT)
    is_received = facts.last == "handed_over" and not is_on_sheet(facts.said)
    if facts.typed or is_received:
        return "entered", Said(_TYPED if facts.typed else _RECEIVED)
    return "waiting", {
        "handed_over": Said(_ON_WORKSHEET),
        "unreachable": Said(_UNREACHED, told=facts.said),
        "sending": Said(_IN_MIDAIR),
    }.get(facts.last, Said(_NOT_SENT))
