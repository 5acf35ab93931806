"""The board 回传看板: what became of every entry of every station at the HIS, in one place; what its screens ask.

An entry is in exactly one state, worked out from rows each time, never from a flag. Where the rows come from is
behind ``downtime.board_source``: the hub's store implements it, the screens know only that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from downtime.his_word import reference_text
from downtime.i18n import _
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

STATES: Final[dict[str, str]] = {
    "waiting": N_("To bring"),
    "entered": N_("Brought"),
    "verified": N_("Verified"),
    "double": N_("Double"),
    "missing": N_("Not there"),
    "differs": N_("Differs"),
    "person": N_("A person"),
}
"""待补录 已补录 已核对 重复 缺失 差异 需人工: every entry is in exactly one."""
ERRORS: Final = ("person", "double", "missing", "differs")
"""States in which somebody must decide something, the most urgent first."""
OPEN: Final = (*ERRORS, "waiting")
"""What is left to do, in the order of the work list."""
NOT_IN_HIS: Final = ("waiting", "missing", "person")
"""States of entries of which nothing says that the HIS has them."""
VIEWS: Final = ("open", "all", *STATES)
"""What the list may be narrowed to."""
DECISIONS: Final = ("resend_decided", "tick_decided", "sent_corrected", "entry_noted", "typed_in")
"""Forms in which people say something about an entry of any station."""


@dataclass(frozen=True, slots=True)
class Said:
    """Something people or machines said, kept so that it can be shown in either language.

    Attributes:
        words: msgid; its place ``what`` is filled with ``parts``, msgids too.
        told: text of the HIS or of a person, or a word that travelled as a reference; shown behind it.
    """

    words: str = ""
    parts: tuple[str, ...] = ()
    told: str = ""

    def text(self) -> str:
        """Return it in the language in use."""
        own = _(self.words) if self.words else ""
        if self.parts:
            own = own.format(what=", ".join(_(part) for part in self.parts))
        told = reference_text(self.told)
        return _("{what}: {told}").format(what=own, told=told) if own and told else own or told


NOTHING_SAID: Final = Said()


@dataclass(frozen=True, slots=True, eq=False)
class BoardRow:
    """One entry as the work list shows it.

    Attributes:
        n: its place at the hub; what everything else is asked by.
        number: receipt number, or "".
        at: when it happened (RFC 3339); ``at_seconds`` the same as Unix time, for sorting.
        patient: number; ``name``: of the patient.
        amount_minor: None where the form has none; ``counted_minor`` is what counts in the sums.
        state: one of ``STATES``.
        reason: why it is in it.
        tries: how many facts there are about it with this connector; ``step``: number of the last one.
        last_at: when the last of them was written, or "".
        his: what the HIS knows it by, or "".
        his_minor: what the HIS's rows come to, or None.
        delivered: state of its last fact, or "".
        found: what the last tick-off said, or "".
        again: a person let it go again, and it has not gone yet.
        notes: how many notes there are on it.
        verdict: why it is in quarantine, or "".
    """

    n: int
    entry_id: str
    station: str
    number: str
    form: str
    at: str
    at_seconds: float
    patient: str
    name: str
    operator: str
    operator_name: str
    amount_minor: int | None
    counted_minor: int
    state: str
    reason: Said
    tries: int
    step: int
    last_at: str
    his: str
    his_minor: int | None
    delivered: str
    found: str
    again: bool
    notes: int
    verdict: str

    @property
    def is_error(self) -> bool:
        """Whether somebody must decide something."""
        return self.state in ERRORS

    @property
    def is_open(self) -> bool:
        """Whether it is work: what goes again by itself is none."""
        return self.state in OPEN and not self.again


@dataclass(frozen=True, slots=True)
class StateSum:
    """Entries in one state and their money in minor units."""

    entries: int = 0
    amount_minor: int = 0


@dataclass(frozen=True, slots=True)
class StationSeen:
    """What the hub knows of one station.

    Attributes:
        last_seen: RFC 3339, or "" if it never spoke.
        held: entries of it on the board.
        unsynced: entries it had when last seen and the hub has not.
        waiting: entries that came but wait for earlier ones.
    """

    station: str
    last_seen: str
    held: int
    unsynced: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures above the work list, counted from the rows.

    Attributes:
        states: by state; together they are ``total``.
        quarantined: how many of them are in quarantine, and what they come to.
        again: how many wait only for the next round, because a person let them go again.
        oldest: when the oldest entry happened that nothing shows in the HIS, or "".
        last_success: when the HIS last took an entry (RFC 3339), or "".
        to_send: entries the connector still sends; ``settled``: those it has an answer for.
        ticked_at: when the last tick-off ran, or "".
        unknown: rows of the HIS that no entry explains.
        stations: every station that was let in.
        waits: why what was recorded in an outage is not sent yet, in words; ``still_open``: the stations for which.
        closed_day: what the hospital ruled for days the HIS has closed.
    """

    states: Mapping[str, StateSum]
    total: StateSum
    quarantined: StateSum = StateSum()
    again: int = 0
    oldest: str = ""
    last_success: str = ""
    to_send: int = 0
    settled: int = 0
    ticked_at: str = ""
    unknown: StateSum = StateSum()
    stations: tuple[StationSeen, ...] = ()
    waits: tuple[str, ...] = ()
    still_open: tuple[str, ...] = ()
    closed_day: str = "entry_day"

    @property
    def not_in_his(self) -> int:
        """How many entries nothing shows in the HIS."""
        return sum(self.states[state].entries for state in NOT_IN_HIS)

    def difference(self) -> StateSum:
        """Return the total less the states: nothing, or the board lies."""
        return StateSum(
            self.total.entries - sum(one.entries for one in self.states.values()),
            self.total.amount_minor - sum(one.amount_minor for one in self.states.values()),
        )


@dataclass(frozen=True, slots=True)
class Kept:
    """What the work list is narrowed to.

    Attributes:
        view: one of ``VIEWS``.
        station: code, or "" for all; ``operator``: staff number; ``day``: ISO date.
        text: what was typed: part of a name, number or identity number, or an amount.
        patients: numbers of patients that the list of patients finds by the same words.
        with_names: whether names and identity numbers are looked at.
    """

    view: str = "open"
    station: str = ""
    operator: str = ""
    day: str = ""
    text: str = ""
    patients: frozenset[str] = frozenset()
    with_names: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """How far reading has come."""

    done: int
    total: int


def state_word(state: str) -> str:
    """Return what a state is called in the language in use."""
    return _(STATES[state])


def view_word(view: str) -> str:
    """Return what the list is called when narrowed so."""
    return {"open": _("Open work"), "all": _("All entries")}.get(view) or state_word(view)
