"""The contract between delivery and one HIS, and how connectors are found.

A connector is a class in a file of its own. It says honestly which of three guarantees its HIS allows,
turns an entry into the bytes it will send, sends batches, asks about what has no final answer yet, and
reads back what the HIS made of it. `sync.contract` holds the tests every connector passes.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import IntEnum
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, ClassVar, Final, Self, cast, final

from downtime.errors import SameIdOtherBodyError, WrongPlaceError
from downtime.i18n import _
from downtime.outcome import Accepted, Outcome, Rejected, Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from downtime.entry import Entry
    from sync.facts import Facts

API: Final = 1
"""Raised when the contract changes; a connector states the one it was written for."""

ENTRY_POINT_GROUP: Final = "downtime.connectors"
BUILT_IN: Final[tuple[tuple[str, str], ...]] = (
    ("sqlstaging", "sync.connectors.sqlstaging:SqlStaging"),
    ("practice", "sync.practice_his:PracticeConnector"),
    ("hub", "sync.connectors.hub:HubConnector"),
    ("retype", "sync.connectors.retype:Retype"),
    ("sqlfile", "sync.connectors.sqlfile:SqlFile"),
    ("by_payer", "sync.connectors.by_payer:ByPayer"),
)


class Guarantee(IntEnum):
    """What the HIS lets us promise; published per connector."""

    RESEND = 1
    """It keeps a unique key of ours: the same bytes may go again freely. Exactly once."""
    QUERY = 2
    """It can be asked by our key: ask, then send again. Exactly once if its answer can be relied on."""
    ONE_ATTEMPT = 3
    """Neither: one attempt; what stays unknown is parked for a person. At most once, visible."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One entry and exactly what is sent for it.

    The bytes are recorded before they leave and go again unchanged.
    """

    entry: Entry
    sent: bytes


class NotReadBackError(Exception):
    """The HIS went away before it said what it holds; ``reason`` says why, translated."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Connector(ABC):
    """Speaks to one HIS. Everything it raises except `SameIdOtherBodyError` is a fault in the connector.

    Attributes:
        name: stable lower-case name; deliveries are recorded under it.
        api: the contract it was written for.
        guarantee: one of the three classes.
        received_is_enough: what the HIS has received it posts in our order, so entries that build on
            each other may go in one batch.
        settle_seconds: how long the HIS may take until an entry sent to it shows when asked for.
        may_know_at_once: asking right after sending can bring news; else the next round asks.
        takes_back: what it accepted may be voided there later; :meth:`taken_back` tells.
        asks_refused: what was refused or voided may turn up there by itself, so that is asked about as well.
        batch_max: most entries in one call.
        not_read_back: what was accepted in this run and could not be read back yet.
    """

    name: ClassVar[str]
    api: ClassVar[int] = API
    guarantee: Guarantee
    received_is_enough: bool = False
    settle_seconds: int = 0
    may_know_at_once: bool = True
    takes_back: bool = False
    asks_refused: bool = False
    batch_max: int = 500

    def __init__(self, hospital: str) -> None:
        self.hospital = hospital
        self.not_read_back: list[Entry] = []

    @classmethod
    def configured(cls, hospital: str, settings: Mapping[str, str]) -> Self:
        """Make the connector from the site's settings for it."""
        raise NotImplementedError

    @final
    def refusal(self, entry: Entry) -> Rejected | None:
        """Return why ``entry`` may not go to this HIS at all: a drill, or another hospital's (L7)."""
        if entry.drill:
            return Rejected(_("A drill entry never goes to a HIS."))
        if entry.hospital != self.hospital:
            return Rejected(
                _("The entry belongs to hospital {theirs}; this HIS is {ours}.").format(
                    theirs=entry.hospital, ours=self.hospital
                )
            )
        return None

    @final
    def deliver(self, batch: Sequence[Parcel]) -> Iterator[tuple[str, Outcome]]:
        """Send ``batch`` in order and yield (entry id, outcome) as answers come.

        An entry that gets no answer is in doubt. Whatever the caller forgot, drills and foreign entries
        never leave.

        Raises:
            SameIdOtherBodyError: the HIS holds other content under one of the ids; raised after the
                answers to all the others.
        """
        refused = {parcel.entry.id: self.refusal(parcel.entry) for parcel in batch}
        yield from ((entry_id, refusal) for entry_id, refusal in refused.items() if refusal is not None)
        going = [parcel for parcel in batch if refused[parcel.entry.id] is None]
        if going:
            yield from self._send(going)

    def reach(self) -> Unreachable | None:
        """Return None if the HIS answers at all, before anything is recorded as being sent."""
        return None

    @abstractmethod
    def compose(self, entry: Entry) -> bytes | Rejected:
        """Return exactly what will be sent for ``entry``: the same bytes every time; or why it cannot be."""

    @abstractmethod
    def _send(self, batch: Sequence[Parcel]) -> Iterable[tuple[str, Outcome]]:
        """Send ``batch`` in order; see :meth:`deliver`.

        An entry that names one refused or not received in the same batch is not sent but answered
        `Unreachable`; :func:`waits_for` tells.
        """

    @abstractmethod
    def ask(self, batch: Sequence[Entry]) -> Iterable[tuple[str, Outcome]]:
        """Ask about entries handed over or in doubt; yield (entry id, outcome) where there is news.

        `Unreachable` here means: the HIS certainly does not have it. If the HIS cannot be asked, nothing
        is yielded.
        """

    @abstractmethod
    def read_back(self, ids: Sequence[str]) -> Iterable[tuple[str, Facts]]:
        """Yield (entry id, what the HIS says it holds) for those of ``ids`` it has posted.

        Raises:
            NotReadBackError: the HIS cannot be asked now; nothing is known of what it holds.
        """

    def taken_back(self, accepted: Iterable[tuple[str, Accepted]]) -> Iterable[tuple[str, Outcome]]:  # noqa: ARG002 (for subclasses)
        """Yield (entry id, outcome) of those of ``accepted`` that the HIS has voided since."""
        return ()

    def close(self) -> None:
        """Let go of connections; a connector that holds none has nothing to do."""
        return


def waits_for(entry: Entry, not_received: Mapping[str, Entry]) -> Unreachable | None:
    """Return the answer for ``entry`` if it builds on one of ``not_received`` (id to entry), else None.

    It builds on what it names, on the registration of its patient and on the opening of its visit.
    """
    for entry_id, earlier in not_received.items():
        opens_visit = earlier.form == "visit" and earlier.encounter == entry.encounter is not None
        registers = earlier.form == "registration" and earlier.patient == entry.patient is not None
        if entry_id in entry.refers_to or opens_visit or registers:
            return Unreachable(_("It waits for entry {number}.").format(number=earlier.number or earlier.id))
    return None


def other_body(entry: Entry) -> SameIdOtherBodyError:
    """Return the error for an id under which the HIS holds other content (L4)."""
    return SameIdOtherBodyError(
        _("The HIS holds other content under the id of entry {number}.").format(
            number=entry.number or entry.id
        ),
        _("Deliver nothing more; call IT and compare both before anything else is sent."),
    )


def settings_at(home: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """Return a connector's settings with what lies in ``home`` as it is reached: ``file`` as URL, paths whole."""
    found: dict[str, str] = {}
    for key, text in settings.items():
        way, dot, name = key.rpartition(".")
        if name == "file":
            found[f"{way}{dot}url"] = f"sqlite:///{(home / text).as_posix()}"
        else:
            found[key] = str(home / text) if name in {"folder", "extract"} else text
    return found


def connector_names() -> tuple[str, ...]:
    """Return the names of all connectors there are, built-in ones first."""
    added = sorted(point.name for point in entry_points(group=ENTRY_POINT_GROUP))
    return (*(name for name, _place in BUILT_IN), *added)


def connector_named(name: str) -> type[Connector]:
    """Return the connector class called ``name``.

    Raises:
        WrongPlaceError: there is none, or it was written for another version of the contract.
    """
    built_in = dict(BUILT_IN).get(name)
    found: type[Connector] | None = None
    if built_in is not None:
        module, _colon, attribute = built_in.partition(":")
        found = cast("type[Connector]", getattr(import_module(module), attribute))
    else:
        for point in entry_points(group=ENTRY_POINT_GROUP, name=name):
            found = cast("type[Connector]", point.load())
    if found is None:
        raise WrongPlaceError(
            _("There is no connector called {name}.").format(name=name),
            _("Choose one of: {names}.").format(names=", ".join(connector_names())),
        )
    if found.api != API:
        raise WrongPlaceError(
            _("Connector {name} was written for contract {found}; this app has {ours}.").format(
                name=name, found=found.api, ours=API
            ),
            _("Install the connector's newer version."),
        )
    return found
