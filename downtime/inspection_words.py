"""What an inspection says: states, facts and where they come from; put into words when shown, in either language.

A state is about evidence only. Nothing here, on screen or on paper, says that a rule is met.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from downtime.clean import visible
from downtime.i18n import in_language
from downtime.masking import mask_numbers
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from downtime.entry import Entry
    from downtime.i18n import Language

State = Literal["missing", "out_of_date", "evidence", "not_applicable"]
EVIDENCE: Final = "evidence"
OUT_OF_DATE: Final = "out_of_date"
MISSING: Final = "missing"
NOT_APPLICABLE: Final = "not_applicable"
STATES: tuple[State, ...] = (MISSING, OUT_OF_DATE, EVIDENCE, NOT_APPLICABLE)
"""The most urgent first."""

STATE_WORDS: dict[State, str] = {
    MISSING: N_("Missing"),
    OUT_OF_DATE: N_("Out of date"),
    EVIDENCE: N_("Evidence"),
    NOT_APPLICABLE: N_("Not applicable"),
}
SHAPES: dict[State, str] = {MISSING: "[x]", OUT_OF_DATE: "[!]", EVIDENCE: "[v]", NOT_APPLICABLE: "[-]"}
"""A state is never told by its colour alone."""

BLOCKS: dict[str, str] = {
    "hardware": N_("Hardware"),
    "network": N_("Network"),
    "database": N_("Database"),
    "software": N_("Software"),
    "emergency": N_("Emergencies"),
    "problems": N_("Problems"),
    "rectification": N_("Rectification"),
}
"""The chapters such reports have, in their order."""

MARKS: dict[str, str] = {
    "P": N_("read in a public law collection or on the issuer's own page"),
    "C": N_("read in somebody else's copy; compare with the original before quoting"),
    "B": N_("from a secondary source; a usual request"),
    "R": N_("recalled, not seen"),
    "X": N_("looked for and not found"),
}
QUOTED: Final = ("P", "C")
"""Only these are printed as quotations."""
UNVERIFIED: Final = ("R", "X")

TO_FILL_IN: Final = N_("to be filled in by the hospital")
USUAL_REQUEST: Final = N_("usual request")
_AHEAD: Final = timedelta(hours=1)
"""How far in the future a time may lie before it proves nothing: clocks of two computers differ a little."""
NAMED_MAX: Final = 6


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence whose language is chosen when it is shown.

    Attributes:
        message: msgid with named places.
        values: what goes into them; a ``Told`` among them is translated too, a tuple becomes a list.
    """

    message: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def words(self, language: Language) -> str:
        """Return it in ``language``, with nothing acting in it and every number of a person masked."""
        inner = {name: _worded(value, language) for name, value in self.values.items()}
        return mask_numbers(visible(in_language(self.message, language).format(**inner)))


def _worded(value: Any, language: Language) -> str:
    if isinstance(value, Told):
        return value.words(language)
    if isinstance(value, tuple):
        return ("、" if language == "zh" else ", ").join(_worded(one, language) for one in value)
    return str(value)


def plain(text: object) -> Told:
    """Return text that is the same in both languages."""
    return Told("{text}", {"text": text})


def named(texts: tuple[str, ...] | list[str]) -> Told:
    """Return the first few of many names, and how many more there are."""
    if len(texts) <= NAMED_MAX:
        return Told("{names}", {"names": tuple(texts)})
    more = {"names": tuple(texts[:NAMED_MAX]), "count": len(texts) - NAMED_MAX}
    return Told(N_("{names} and {count} more"), more)


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing found at this station.

    Attributes:
        label: what it is about (msgid).
        told: what was found.
        source: where: an entry of the journal, a file, a measurement.
    """

    label: str
    told: Told
    source: Told


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a check found at this moment.

    Attributes:
        state: never "not_applicable": only a person says that.
        line: the finding in one sentence.
        facts: everything it rests on.
        figures: the same in numbers, for scripts.
    """

    state: State
    line: Told
    facts: tuple[Fact, ...] = ()
    figures: Mapping[str, int] = field(default_factory=dict)


MEASURED: Final = Told(N_("measured now"))
SETTINGS: Final = Told(N_("settings file station.toml"))


def in_entry(entry: Entry) -> Told:
    """Return where an entry stands."""
    return Told(N_("book {book}, entry {entry}"), {"book": f"{entry.book:04d}", "entry": entry.seq})


def in_file(name: str) -> Told:
    """Return a file of the home as a source."""
    return Told(N_("file {file}"), {"file": name})


def day(at: str) -> str:
    """Return the day of a stored time."""
    return at[:10]


def minute(at: str) -> str:
    """Return a stored time to the minute."""
    return at[:16].replace("T", " ")


def moment(at: str) -> datetime:
    """Return a stored time; one without offset counts as UTC.

    Raises:
        ValueError: it is no time.
    """
    found = datetime.fromisoformat(at)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def age(at: str, now: str) -> timedelta:
    """Return how long ago ``at`` was; negative if it is still to come."""
    return moment(now) - moment(at)


def age_days(at: str, now: str) -> int:
    """Return whole days since ``at``."""
    return age(at, now).days


def aged(at: str, now: str, days: int) -> State:
    """Return the state of evidence of time ``at`` that is good for ``days``; 0: for ever.

    What lies in the future proves nothing now.
    """
    since = age(at, now)
    if since < -_AHEAD or (days and since > timedelta(days=days)):
        return OUT_OF_DATE
    return EVIDENCE


def worst(states: list[State]) -> State:
    """Return the most urgent of some states; nothing at all is missing."""
    return min(states, key=STATES.index, default=MISSING)
