"""Two ways into one HIS, by who pays: self-payers by one connector, insured patients by another.

What names an earlier entry goes the way that entry went, whoever pays: a refund follows its charge. What has no
payer (registrations, visits, deposits) goes the way called ``other``, which is the one for self-payers unless set.
Each way is a connector of its own with its own settings; the weakest of them says what can be promised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, Self

from downtime.errors import RefusedInputError, SameIdOtherBodyError
from downtime.i18n import _
from downtime.outcome import Accepted, HandedOver, Outcome, Rejected, Unreachable
from sync.connector import Connector, Parcel, connector_named, waits_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from downtime.entry import Entry
    from sync.connectors.retype import Retype
    from sync.facts import Facts

WAYS: Final = ("self", "insured_pending", "other")
"""The payer kinds of the forms, and what has none."""


class ByPayer(Connector):
    """Gives every entry to exactly one of ``ways``, always the same one."""

    name: ClassVar[str] = "by_payer"

    def __init__(self, hospital: str, ways: Mapping[str, Connector]) -> None:
        super().__init__(hospital)
        self.ways = {"other": ways["self"], **ways}
        self._each = list(dict.fromkeys(self.ways.values()))
        self.guarantee = max(way.guarantee for way in self._each)
        self.settle_seconds = max(way.settle_seconds for way in self._each)
        self.may_know_at_once = any(way.may_know_at_once for way in self._each)
        self.batch_max = min(way.batch_max for way in self._each)
        # Ways do not wait for each other, so what builds on an entry waits until that one is accepted.
        self.received_is_enough = False
        self.takes_back = any(way.takes_back for way in self._each)
        self.asks_refused = any(way.asks_refused for way in self._each)
        self._went: dict[str, Connector] = {}

    @classmethod
    def configured(cls, hospital: str, settings: Mapping[str, str]) -> Self:
        """Make it from ``{"self": connector, "self.url": ..., "insured_pending": connector, ...}``.

        Raises:
            RefusedInputError: no connector is named for one of the payers, or a setting belongs to none.
        """
        names = {way: settings[way] for way in WAYS if settings.get(way)}
        stray = [key for key in settings if key not in WAYS and key.partition(".")[0] not in names]
        if not {"self", "insured_pending"} <= set(names) or stray or cls.name in names.values():
            raise RefusedInputError(
                _("The connector by_payer needs a connector for each payer."),
                _("Name one under self and one under insured_pending; their settings as self.url and so on."),
            )
        ways: dict[str, Connector] = {}
        for way, name in names.items():
            given = {
                key.removeprefix(f"{way}."): text
                for key, text in settings.items()
                if key.startswith(f"{way}.")
            }
            ways[way] = connector_named(name).configured(hospital, given)
        return cls(hospital, ways)

    def close(self) -> None:
        """Let go of every way's connections."""
        for way in self._each:
            way.close()

    def reach(self) -> Unreachable | None:
        """Return None if every way is open: only then all can say which of them an earlier entry went."""
        return next(filter(None, (way.reach() for way in self._each)), None)

    def compose(self, entry: Entry) -> bytes | Rejected:
        """Return what the entry's own way sends."""
        return self._way(entry).compose(entry)

    def _send(self, batch: Sequence[Parcel]) -> Iterator[tuple[str, Outcome]]:
        missing: dict[str, Entry] = {}
        clash: SameIdOtherBodyError | None = None
        at = 0
        while at < len(batch):  # as long as it goes the same way it goes together; order is kept
            way = self._way(batch[at].entry)
            part: list[Parcel] = []
            while at < len(batch) and self._way(batch[at].entry) is way:
                parcel = batch[at]
                at += 1
                waits = waits_for(parcel.entry, missing) if missing else None
                if waits is None:
                    part.append(parcel)
                else:
                    missing[parcel.entry.id] = parcel.entry
                    yield parcel.entry.id, waits
            entries = {parcel.entry.id: parcel.entry for parcel in part}
            received = set()
            try:
                for entry_id, outcome in way.deliver(part):
                    if isinstance(outcome, Accepted | HandedOver):
                        received.add(entry_id)
                    yield entry_id, outcome
            except SameIdOtherBodyError as error:
                clash = error
            missing |= {name: entry for name, entry in entries.items() if name not in received}
        if clash is not None:
            raise clash

    def ask(self, batch: Sequence[Entry]) -> Iterator[tuple[str, Outcome]]:
        """Ask each way about what went by it."""
        for way in self._each:
            part = [entry for entry in batch if self._way(entry) is way]
            if part:
                yield from way.ask(part)

    def read_back(self, ids: Sequence[str]) -> Iterable[tuple[str, Facts]]:
        """Yield what the ways read back; an id none of them was asked about in this run is asked of all."""
        for way in self._each:
            part = [entry_id for entry_id in ids if self._went.get(entry_id, way) is way]
            if part:
                yield from way.read_back(part)

    def taken_back(self, accepted: Iterable[tuple[str, Accepted]]) -> Iterator[tuple[str, Outcome]]:
        """Yield what the ways took back; what went another way is told apart by its own reference."""
        known = list(accepted)
        for way in self._each:
            yield from way.taken_back(known)

    def _way(self, entry: Entry) -> Connector:
        """Return the way of ``entry``: the one by which what it names went, else by who pays."""
        known = self._went.get(entry.id)
        if known is not None:
            return known
        payer = entry.content.get("payer_kind")
        way = None if payer else next(filter(None, map(self._way_of, entry.refers_to)), None)
        found = way or self.ways.get(str(payer or "other"), self.ways["other"])
        self._went[entry.id] = found
        return found

    def _way_of(self, entry_id: str) -> Connector | None:
        """Return the way an earlier entry went, asked of the far ends if it was before this run."""
        known = self._went.get(entry_id)
        if known is not None:
            return known
        readers = readers_of(self)
        for way in self._each:
            if way not in readers and any(found == entry_id for found, _facts in way.read_back([entry_id])):
                self._went[entry_id] = way
                return way
        # The HIS shows what was written as well as what was typed in: who writes is asked first.
        return next((way for way in readers if way.shows(entry_id)), None)


def readers_of(connector: Connector) -> list[Retype]:
    """Return what reads the HIS in a connector: itself, or those of its ways that do."""
    from sync.connectors.retype import Retype

    ways = list(dict.fromkeys(connector.ways.values())) if isinstance(connector, ByPayer) else [connector]
    return [way for way in ways if isinstance(way, Retype)]
