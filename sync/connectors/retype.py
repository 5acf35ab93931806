"""The read route: people retype, the HIS is only read, and its rows tick entries off. Nothing is ever sent.

Handing over means: it stands on the worksheet. Asking means: the whole tick-off over everything that was handed
over, because whether a row belongs to one entry depends on all the others. What is different, doubtful or missing
stays handed over, and a person looks at it.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final, Self

from downtime.canonical import seal
from downtime.errors import RefusedInputError, WrongPlaceError
from downtime.outcome import Accepted, HandedOver, Unreachable
from sync.connector import Connector, Guarantee, Parcel
from sync.facts import facts_of
from sync.reading.extract import SETTLED_SECONDS, Extract, extract_files, matched_patients, read_extract
from sync.reading.told import ExtractTold, read_told
from sync.tick_claims import ClaimReading
from sync.tick_off import Decision, Judged, TickedOff, tick_off
from sync.tick_rules import Rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from downtime.entry import Entry
    from downtime.outcome import Outcome, Rejected
    from sync.facts import Facts
    from sync.reading.fields import HisRow

WORKSHEET: Final = "worksheet"
REFERENCE_ROWS_MAX: Final = 20


def rules_of(told: ExtractTold) -> Rules:
    """Return how the site compares."""
    return Rules(
        window_seconds=told.window_hours * 3600,
        slack_seconds=told.slack_minutes * 60,
        compares_operator=told.operator == "compare",
    )


def tick(
    path: Path, currency: str, entries: Iterable[Entry], decisions: Iterable[Decision] = ()
) -> tuple[TickedOff, Extract]:
    """Compare ``entries`` with the extract that the TOML file ``path`` describes.

    Args:
        path: the TOML file; see docs/tick-off.md.
        currency: of the amounts.
        entries: every entry that may stand in the HIS, in order; drills are left out.
        decisions: what people said of doubtful ones.

    Raises:
        RefusedInputError: the TOML file or the extract as a whole cannot be taken.
        WrongPlaceError: the HIS's database cannot be read.
    """
    told = read_told(path)
    reading = ClaimReading(told.covers, matched_patients(path, told))
    claims = [reading.add(entry) for entry in entries if not entry.drill]
    extract = read_extract(path, currency)
    return tick_off(claims, extract, rules_of(told), decisions), extract


class Retype(Connector):
    """Ticks off what people retyped, by what the HIS holds.

    Attributes:
        population: gives every entry that may stand in the HIS, once a round; without it nothing is ticked,
            because part of the entries cannot tell whose a row is.
        ticked: the last tick-off, for the desk and the board.
    """

    name: ClassVar[str] = "retype"
    guarantee = Guarantee.ONE_ATTEMPT
    received_is_enough = True
    may_know_at_once = False

    def __init__(self, hospital: str, extract_told: Path, currency: str = "CNY") -> None:
        super().__init__(hospital)
        self.path = extract_told
        self.currency = currency
        self.population: Callable[[], Iterable[Entry]] | None = None
        self.decisions: Callable[[], Iterable[Decision]] = tuple
        self.ticked: TickedOff | None = None
        self.extract: Extract | None = None
        self._told: ExtractTold | None = None
        self._by_id: Mapping[str, Judged] = {}
        self._accepted: dict[str, Facts] = {}
        self._seen: tuple[tuple[str, int, int], ...] = ()

    @classmethod
    def configured(cls, hospital: str, settings: Mapping[str, str]) -> Self:
        """Make it from ``{"extract": path of the TOML file, "currency": ISO code}``."""
        return cls(hospital, Path(settings["extract"]), settings.get("currency", "CNY"))

    def reach(self) -> Unreachable | None:
        """Read the extract anew; it is unreachable if it cannot be taken as a whole."""
        self.ticked, self.extract, self._by_id = None, None, {}
        self._accepted.clear()
        try:
            self._told = read_told(self.path)
            files = None
            if self._told.files is not None:
                files = self._settled(self._told)
                if not files:
                    return None  # nothing to read yet: the worksheet is handed over all the same
            self.extract = read_extract(self.path, self.currency, files=files)
        except (RefusedInputError, WrongPlaceError) as error:
            return Unreachable(error.what)
        return None

    def _settled(self, told: ExtractTold) -> list[Path]:
        """Return the files, or [] while one of them is still being written."""
        files = extract_files(told, self.path.parent)
        seen = []
        for file in files:
            state = file.stat()
            seen.append((file.name, state.st_size, state.st_mtime_ns))
        before, self._seen = self._seen, tuple(seen)
        newest = max((mtime for _name, _size, mtime in seen), default=0)
        is_old = time.time_ns() - newest > SETTLED_SECONDS * 10**9
        return files if is_old or before == self._seen else []

    def compose(self, entry: Entry) -> bytes | Rejected:
        """Return what stands on the worksheet."""
        return seal({"id": entry.id, "body_hash": entry.body_hash.hex(), "facts": facts_of(entry)})

    def _send(self, batch: Sequence[Parcel]) -> Iterator[tuple[str, Outcome]]:
        for parcel in batch:
            yield parcel.entry.id, HandedOver(WORKSHEET)

    def ask(self, batch: Sequence[Entry]) -> Iterator[tuple[str, Outcome]]:
        """Yield what agrees; everything else is no news."""
        judged = self.judged()
        for entry in batch:
            one = judged.get(entry.id)
            if one is None or entry.drill or not self.is_final(one):
                continue
            self._accepted[entry.id] = facts_of(entry)
            yield entry.id, Accepted(one.documents(), reference(one.rows))

    def is_final(self, one: Judged) -> bool:
        """Whether ``one`` may be accepted: it agrees, and its formal document is there where it is awaited."""
        assert self._told is not None
        awaits = one.claim.form in self._told.awaits_document
        return one.outcome == "agreed" and (bool(one.documents()) or not awaits)

    def judged(self) -> Mapping[str, Judged]:
        """Return what became of every entry by its id, as of the last reading; {} if nothing can be told."""
        if self.ticked is None and self.extract is not None and self.population is not None:
            assert self._told is not None
            try:
                patients = matched_patients(self.path, self._told)
            except RefusedInputError:
                return {}  # said by `compare`; without the numbers nothing can be told
            reading = ClaimReading(self._told.covers, patients)
            claims = [reading.add(entry) for entry in self.population() if self.refusal(entry) is None]
            self.ticked = tick_off(claims, self.extract, rules_of(self._told), self.decisions())
            self._by_id = self.ticked.of()
        return self._by_id

    def read_back(self, ids: Sequence[str]) -> Iterable[tuple[str, Facts]]:
        """Yield the facts of what was accepted in this round: the tick-off compared the rows with them already."""
        for entry_id in ids:
            if entry_id in self._accepted:
                yield entry_id, self._accepted[entry_id]


def reference(rows: Sequence[HisRow]) -> str:
    """Return the keys of ``rows``: what the HIS knows the entry by; the first twenty, and how many there are."""
    keys = ",".join(row.id for row in rows[:REFERENCE_ROWS_MAX])
    return keys if len(rows) <= REFERENCE_ROWS_MAX else f"{keys},+{len(rows) - REFERENCE_ROWS_MAX}"


def rows_gone(reference_told: str, dead: Iterable[str]) -> bool:
    """Whether one of the rows named by an Accepted's reference does not count any more."""
    return not set(reference_told.split(",")).isdisjoint(dead)
