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
from downtime.his_word import reference_of
from downtime.i18n import _
from downtime.outcome import Accepted, HandedOver, Rejected, Unreachable
from sync.connector import Connector, Guarantee, Parcel
from sync.facts import facts_of
from sync.reading.extract import SETTLED_SECONDS, Extract, extract_files, matched_patients, read_extract
from sync.reading.told import ExtractTold, read_told
from sync.tick_claims import ClaimReading
from sync.tick_off import Decision, Judged, TickedOff, tick_off
from sync.tick_rules import Rules
from sync.tick_word import word_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from downtime.entry import Entry
    from downtime.his_word import HisWord
    from downtime.outcome import Outcome
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
    path: Path,
    currency: str,
    entries: Iterable[Entry],
    decisions: Iterable[Decision] = (),
    patients: Mapping[str, str] | None = None,
) -> tuple[TickedOff, Extract]:
    """Compare ``entries`` with the extract that the TOML file ``path`` describes.

    Args:
        path: the TOML file; see docs/tick-off.md.
        currency: of the amounts.
        entries: every entry that may stand in the HIS, in order; drills are left out.
        decisions: what people said of doubtful ones.
        patients: HIS numbers by temporary number, by what people decided; besides the extract's own list.

    Raises:
        RefusedInputError: the TOML file or the extract as a whole cannot be taken.
        WrongPlaceError: the HIS's database cannot be read.
    """
    told = read_told(path)
    reading = ClaimReading(told.covers, {**matched_patients(path, told), **(patients or {})})
    claims = [reading.add(entry) for entry in entries if not entry.drill]
    extract = read_extract(path, currency)
    return tick_off(claims, extract, rules_of(told), decisions), extract


class Retype(Connector):
    """Ticks off what people retyped, by what the HIS holds.

    Attributes:
        population: gives every entry that may stand in the HIS, once a round; without it nothing is ticked,
            because part of the entries cannot tell whose a row is.
        decisions: gives what people said of doubtful ones.
        patients: gives HIS numbers by temporary number, by what people decided.
        typed_in: gives when (Unix time) somebody said that an entry was typed in, by its id.
        changed: gives a value that differs once one of these gives something else; while it and the files stay the
            same, so does the tick-off.
        tells: what the rows say of an entry that is not ticked comes as a word with its hand-over.
        ticked: the last tick-off, for the desk and the board; ``as_of``: Unix time of what it was read from.
    """

    name: ClassVar[str] = "retype"
    guarantee = Guarantee.ONE_ATTEMPT
    received_is_enough = True
    may_know_at_once = False
    takes_back = True
    asks_refused = True

    def __init__(self, hospital: str, extract_told: Path, currency: str = "CNY") -> None:
        super().__init__(hospital)
        self.path = extract_told
        self.currency = currency
        self.population: Callable[[], Iterable[Entry]] | None = None
        self.decisions: Callable[[], Iterable[Decision]] = tuple
        self.patients: Callable[[], Mapping[str, str]] = dict
        self.typed_in: Callable[[], Mapping[str, float]] = dict
        self.changed: Callable[[], object] = object
        self.tells = False
        self.ticked: TickedOff | None = None
        self.as_of = 0.0
        self.extract: Extract | None = None
        self._told: ExtractTold | None = None
        self._by_id: Mapping[str, Judged] = {}
        self._ticked_at: object = None
        self._is_current = False
        self._typed: Mapping[str, float] = {}
        self._accepted: dict[str, Facts] = {}
        self._seen: tuple[object, ...] = ()
        self._read: tuple[object, ...] = ()

    @classmethod
    def configured(cls, hospital: str, settings: Mapping[str, str]) -> Self:
        """Make it from ``{"extract": path of the TOML file, "currency": ISO code}``."""
        return cls(hospital, Path(settings["extract"]), settings.get("currency", "CNY"))

    def reach(self) -> Unreachable | None:
        """Read the extract anew if it changed; it is unreachable if it cannot be taken as a whole."""
        self._accepted.clear()
        self._is_current = False
        try:
            self._told = read_told(self.path)
            files = self._settled(self._told) if self._told.files is not None else None
            if files == []:
                self._forget()
                return None  # nothing to read yet: the worksheet is handed over all the same
            state = (_state_of([self.path]), self._seen)
            if files is None or state != self._read:
                self._forget()
                self.extract = read_extract(self.path, self.currency, files=files)
                self.as_of = (
                    max((file.stat().st_mtime for file in files), default=0.0) if files else time.time()
                )
                self._read = state
        except (RefusedInputError, WrongPlaceError) as error:
            self._forget()
            return Unreachable(error.what)
        return None

    def _forget(self) -> None:
        self.ticked, self.extract, self._by_id, self._read = None, None, {}, ()

    def _settled(self, told: ExtractTold) -> list[Path]:
        """Return the files, or [] while one of them is still being written."""
        files = extract_files(told, self.path.parent)
        before, self._seen = self._seen, _state_of(files)
        newest = max((file.stat().st_mtime_ns for file in files), default=0)
        is_old = time.time_ns() - newest > SETTLED_SECONDS * 10**9
        return files if is_old or before == self._seen else []

    def compose(self, entry: Entry) -> bytes | Rejected:
        """Return what stands on the worksheet."""
        return seal({"id": entry.id, "body_hash": entry.body_hash.hex(), "facts": facts_of(entry)})

    def _send(self, batch: Sequence[Parcel]) -> Iterator[tuple[str, Outcome]]:
        for parcel in batch:
            yield parcel.entry.id, HandedOver(WORKSHEET)

    def ask(self, batch: Sequence[Entry]) -> Iterator[tuple[str, Outcome]]:
        """Yield what agrees; of everything else at most a word."""
        judged = self.judged()
        for entry in batch:
            one = judged.get(entry.id)
            if one is None or entry.drill:
                continue
            if self.is_final(one):
                self._accepted[entry.id] = facts_of(entry)
                yield entry.id, Accepted(one.documents(), reference(one.rows))
            elif self.tells:
                word = self.word(one)
                yield entry.id, HandedOver(WORKSHEET if word is None else reference_of(word))

    def shows(self, entry_id: str) -> bool:
        """Return whether the HIS shows an entry as it was recorded."""
        one = self.judged().get(entry_id)
        return one is not None and one.outcome == "agreed"

    def word(self, one: Judged) -> HisWord | None:
        """Return what the rows say of an entry that is not ticked, or None."""
        said_at = self._typed.get(one.claim.id)
        return word_of(one, is_typed=said_at is not None and said_at <= self.as_of)

    def taken_back(self, accepted: Iterable[tuple[str, Accepted]]) -> Iterator[tuple[str, Outcome]]:
        """Yield what was ticked off and is voided in the HIS.

        Only a row that stands in the extract and does not count any more takes a tick back; a row that is not in
        this extract proves nothing. What was voided there because it was reversed here stays.
        """
        judged = self.judged()
        if self.ticked is None:
            return
        dead = self.ticked.dead
        if not dead or self.extract is None:
            return
        papers: dict[bool, set[str]] = {True: set(), False: set()}
        for row in self.extract.rows:
            if row.document is not None:
                papers[row.id in dead].add(row.document.number)
        void = papers[True] - papers[False]
        for entry_id, outcome in accepted:
            one = judged.get(entry_id)
            if one is None or one.outcome == "agreed":
                continue
            numbers = {document.number for document in outcome.formal}
            if rows_gone(outcome.reference, dead) or (numbers and numbers <= void):
                yield entry_id, Rejected(_voided(outcome))

    def is_final(self, one: Judged) -> bool:
        """Whether ``one`` may be accepted: it agrees, and its formal document is there where it is awaited."""
        assert self._told is not None
        awaits = one.claim.form in self._told.awaits_document
        return one.outcome == "agreed" and (bool(one.documents()) or not awaits)

    def judged(self) -> Mapping[str, Judged]:
        """Return what became of every entry by its id, as of the last reading; {} if nothing can be told."""
        if self.extract is None or self.population is None:
            return {}
        if self._is_current:
            return self._by_id
        assert self._told is not None
        try:
            state = (self.changed(), _state_of([self.path.parent / (self._told.patients or self.path.name)]))
            self._is_current = self.ticked is not None and state == self._ticked_at
            if self._is_current:
                return self._by_id
            patients = {**matched_patients(self.path, self._told), **self.patients()}
        except (RefusedInputError, OSError):
            return {}  # said by `compare`; without the numbers nothing can be told
        reading = ClaimReading(self._told.covers, patients)
        claims = [reading.add(entry) for entry in self.population() if self.refusal(entry) is None]
        self._typed = self.typed_in()
        self.ticked = tick_off(claims, self.extract, rules_of(self._told), self.decisions())
        self._by_id, self._ticked_at, self._is_current = self.ticked.of(), state, True
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


def _state_of(files: Iterable[Path]) -> tuple[tuple[str, int, int, int], ...]:
    states = ((file.name, file.stat()) for file in files)
    return tuple((name, state.st_size, state.st_mtime_ns, state.st_ctime_ns) for name, state in states)


def _voided(outcome: Accepted) -> str:
    numbers = ", ".join(document.number for document in outcome.formal) or "-"
    return _("What was ticked off was voided in the HIS (formal document {numbers}).").format(numbers=numbers)


def rows_gone(reference_told: str, dead: Iterable[str]) -> bool:
    """Whether one of the rows named by an Accepted's reference does not count any more."""
    return not set(reference_told.split(",")).isdisjoint(dead)
