"""What the HIS's rows say of one entry that is handed over, in one word that comes down to the station.

It travels as the reference of ``HandedOver``, so that it is a fact like any other and no new one while nothing
changes. Words are codes and msgids: each station says them in its own language.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal, get_args

from downtime.canonical import seal
from downtime.i18n import _
from forms.text import N_

Saying = Literal["differs", "twice", "missing", "doubtful", "taken_back", "there"]

SAYINGS: Final[dict[str, str]] = {
    "differs": N_("it stands in the HIS otherwise than recorded"),
    "twice": N_("it stands in the HIS twice"),
    "missing": N_("said to be typed in, but the HIS does not show it"),
    "doubtful": N_("it cannot be told for certain; IT decides"),
    "taken_back": N_("it stood in the HIS and was voided there"),
    "there": N_("it stands in the HIS already; it is not sent before IT decides"),
}
WHAT_WORDS: Final = {
    "amount": N_("other amount"),
    "quantity": N_("other quantity"),
    "item": N_("other item"),
    "lines": N_("lines missing"),
    "patient": N_("other patient"),
    "operator": N_("other operator"),
    "twice": N_("typed in twice"),
}
"""What the tick-off finds different, by its name."""
_MARK: Final = '{"his_amount_minor":'


@dataclass(frozen=True, slots=True)
class HisWord:
    """One word about one entry.

    Attributes:
        said: one of ``SAYINGS``.
        what: what differs: keys of ``WHAT_WORDS``.
        reason: msgid, or "".
        his_amount_minor: what its rows come to there, or None.
        rows: the HIS's own keys of its rows.
    """

    said: Saying
    what: tuple[str, ...] = ()
    reason: str = ""
    his_amount_minor: int | None = None
    rows: tuple[str, ...] = ()

    def text(self) -> str:
        """Return it in the language in use; without patient, amount or row."""
        what = ", ".join(_(WHAT_WORDS[name]) for name in self.what if name in WHAT_WORDS)
        told = _(SAYINGS[self.said])
        more = what or (_(self.reason) if self.reason else "")
        return f"{told} ({more})" if more else told


def reference_of(word: HisWord) -> str:
    """Return ``word`` as it travels."""
    told = {**asdict(word), "what": list(word.what), "rows": list(word.rows)}
    return seal(told).decode()


def word_in(reference: str) -> HisWord | None:
    """Return the word a reference holds; None if it is only a reference."""
    if not reference.startswith(_MARK):
        return None
    try:
        told: dict[str, Any] = json.loads(reference)
        amount = told["his_amount_minor"]
        said = told["said"]
        if said not in get_args(Saying) or not (amount is None or isinstance(amount, int)):
            return None
        return HisWord(
            said, tuple(map(str, told["what"])), str(told["reason"]), amount, tuple(map(str, told["rows"]))
        )
    except (ValueError, KeyError, TypeError):
        return None


def reference_text(reference: str) -> str:
    """Return a reference as people read it: the word in it, or the reference itself."""
    word = word_in(reference)
    return reference if word is None else word.text()
