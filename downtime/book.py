"""An open book: its journal, head log, signing key and numbers, compared before anything is written."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from downtime import os_calls
from downtime.clock import Clock, SystemClock
from downtime.errors import DowntimeError, InUseError, StopRecordingError
from downtime.i18n import _
from downtime.store import journal
from downtime.store.balances import balances_with_carried
from downtime.store.chain import genesis
from downtime.store.comparison import missing_head
from downtime.store.headlog import HeadLog
from downtime.store.reference import Reference, reference_path
from downtime.store.sqlite import DatabaseError, settle_log
from forms.trust import AccountMark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from downtime.home import BookPaths, Home
    from downtime.keys import Keyring, Person, SigningKey
    from downtime.store.sqlite import Database
    from forms.postings import Posting

WRITE_WAIT_SECONDS_MAX = 30


@dataclass(frozen=True, slots=True)
class BookIdentity:
    """Where a book belongs; bound into its first hash."""

    hospital: str
    station: str
    incarnation: str
    book: int
    previous_head: str
    drill: bool

    def genesis(self) -> bytes:
        """Return the hash before entry 1."""
        return genesis(
            hospital=self.hospital,
            station=self.station,
            incarnation=self.incarnation,
            book=self.book,
            previous_head=self.previous_head,
        )


@dataclass(frozen=True, slots=True)
class BookState:
    """What the station's own entries add up to.

    Attributes:
        seq: the newest of them.
        outage: the outage in force, or "".
        outage_since: when it was declared, or "".
        reference_version: version of the reference tables in force.
        next_number: first receipt number this book may use.
        blocks: receipt numbers given to the station, as (first, last).
        accounts: how far each account had come, by staff number.
    """

    seq: int
    outage: str
    outage_since: str
    reference_version: int | None
    next_number: int
    blocks: tuple[tuple[int, int], ...]
    accounts: Mapping[str, AccountMark]


_STATE_FORMS = (
    *("opening", "outage_declared", "outage_ended", "reference_in_force", "number_block"),
    *("accounts_carried", "account_changed"),
)


class OpenBook:
    """One book, open for recording by one person.

    Raises:
        JournalAlarmError: journal and head log do not agree.
    """

    def __init__(self, home: Home, ring: Keyring, paths: BookPaths, clock: Clock | None = None) -> None:
        self.home = home
        self.ring = ring
        self.paths = paths
        self._person: tuple[int, Person] | None = None
        self._reference: Reference | None = None
        self.key = ring.book_key(paths.number)
        self.clock: Clock = clock or SystemClock(ZoneInfo(home.settings.hospital.zone))
        self.signing: SigningKey = ring.signing_key()
        self.db: Database = journal.open_journal(paths.journal, self.key, any_thread=True)
        self.head_log = HeadLog(paths.head_log)
        self.needs_reopening = False
        os_calls.private_file(paths.write_lock)
        self._lock = paths.write_lock.open("rb+")
        self._state: BookState | None = None
        try:
            self.identity = self._identity()
            with self.lock():
                self.mend_head()
                self.state()
        except DatabaseError as error:
            self.close()
            raise _unreadable(error) from error
        except BaseException:
            self.close()
            raise

    def _identity(self) -> BookIdentity:
        first = journal.entry_by_seq(self.db, 1)
        settings = self.home.settings
        return BookIdentity(
            hospital=first.hospital if first else settings.hospital.id,
            station=first.station if first else settings.station.code,
            incarnation=first.incarnation if first else self.signing.incarnation,
            book=self.paths.number,
            previous_head=str(first.content["previous_head"]) if first else "",
            drill=first.drill if first else settings.station.drill,
        )

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the writer's lock: from BEGIN IMMEDIATE to the head append.

        Raises:
            InUseError: another process held it for 30 seconds.
        """
        if not os_calls.hold_file(self._lock.fileno(), WRITE_WAIT_SECONDS_MAX):
            raise InUseError(
                _("Another program on this PC has been writing to the journal for {seconds} seconds.").format(
                    seconds=WRITE_WAIT_SECONDS_MAX
                ),
                _("Nothing was recorded. Close the other program, then try again."),
            )
        try:
            yield
        finally:
            os_calls.let_go_of_file(self._lock.fileno())

    def mend_head(self) -> None:
        """Append the head record that a crash between COMMIT and append left out; hold the lock."""
        try:
            gap = missing_head(self.db, self.head_log)
            if gap is not None:
                settle_log(self.db)
                self.head_log.append(*gap, self.signing.sign)
        except (OSError, DatabaseError) as error:
            raise _unreadable(error) from error

    def state(self) -> BookState:
        """Return what the station's own entries say now; read again only when one was added."""
        seq = journal.last_seq_of(self.db, _STATE_FORMS)
        if self._state is None or self._state.seq != seq:
            self._state = _state_of(self.db, seq)
        return self._state

    @property
    def person(self) -> Person:
        """Who is at work here, with the roles they have now: the staff list in force may change them."""
        seq = self.state().seq
        if self._person is None or self._person[0] != seq:
            from downtime.accounts import person_now

            self._person = (seq, person_now(self, self.ring.person))
        return self._person[1]

    def reference(self) -> Reference | None:
        """Return the reference tables in force, or None where there are none; nothing stops without them."""
        version = self.reference_version()
        if version is None or (self._reference is not None and self._reference.version == version):
            return self._reference
        path = reference_path(self.home.path / "reference", version)
        if not path.is_file():
            return self._reference
        with suppress(DowntimeError):
            fresh = Reference(path, self.ring.reference_key(), any_thread=True)
            if self._reference is not None:
                self._reference.close()
            self._reference = fresh
        return self._reference

    def outage(self) -> str:
        """Return the outage in force, or ""."""
        return self.state().outage

    def reference_version(self) -> int | None:
        """Return the version of the reference tables in force."""
        return self.state().reference_version

    def close(self) -> None:
        """Close the journal."""
        if self._reference is not None:
            self._reference.close()
        self.db.close()
        self._lock.close()


def _unreadable(error: Exception) -> StopRecordingError:
    return StopRecordingError(
        _("The journal and its head log cannot be compared: {reason}.").format(reason=error),
        _("Go on by paper and call IT: the disk may be full, failing, or the file damaged."),
    )


def _state_of(db: Database, seq: int) -> BookState:
    outage = next(journal.entries(db, forms=("outage_declared", "outage_ended"), limit=1, newest=True), None)
    reference = journal.last_of_form(db, "reference_in_force")
    opening = journal.entry_by_seq(db, 1)
    return BookState(
        seq=seq,
        outage=str(outage.content["outage"])
        if outage is not None and outage.form == "outage_declared"
        else "",
        outage_since=outage.happened_at if outage is not None and outage.form == "outage_declared" else "",
        reference_version=int(reference.content["version"]) if reference is not None else None,
        next_number=int(opening.content["next_number"]) if opening is not None else 1,
        blocks=tuple(
            (int(block.content["first"]), int(block.content["last"]))
            for block in journal.entries(db, forms=("number_block",))
        ),
        accounts=_accounts(db),
    )


def _accounts(db: Database) -> dict[str, AccountMark]:
    found: dict[str, AccountMark] = {}
    for entry in journal.entries(db, forms=("accounts_carried", "account_changed")):
        content = entry.content
        if entry.form == "accounts_carried":
            found |= {mark["operator"]: AccountMark.model_validate(mark) for mark in content["accounts"]}
        elif content["version"]:
            found[content["operator"]] = AccountMark(
                operator=content["operator"],
                version=content["version"],
                sha256=content["sha256"],
                closed=content["change"] in {"closed", "envelope_used"},
            )
    return found


class JournalView:
    """What forms may ask about earlier entries; see ``forms.base.Earlier``."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def content_of(self, entry_id: str) -> tuple[str, Mapping[str, Any]] | None:
        """Return (form, content) of an entry."""
        entry = journal.entry_by_id(self._db, entry_id)
        return (entry.form, entry.content) if entry else None

    def postings_of(self, entry_id: str) -> Sequence[Posting]:
        """Return the postings of an entry."""
        return journal.postings_of(self._db, entry_id)

    def referring(self, entry_id: str, form: str) -> Sequence[str]:
        """Return ids of standing entries of ``form`` that name ``entry_id``."""
        return journal.referring(self._db, entry_id, form)

    def last_of(self, form: str) -> Mapping[str, Any] | None:
        """Return the content of the newest entry of ``form``."""
        entry = journal.last_of_form(self._db, form)
        return entry.content if entry else None

    def has_patient(self, number: str) -> bool:
        """Return whether a registration here uses ``number``."""
        return journal.is_registered(self._db, "registration", patient=number)

    def has_visit(self, number: str) -> bool:
        """Return whether a visit here uses ``number``."""
        return journal.is_registered(self._db, "visit", encounter=number)

    def hangs_on(self, *, patient: str = "", visit: str = "", besides: str) -> bool:
        """Return whether other standing entries are about this patient or visit."""
        return journal.hangs_on(self._db, patient=patient, encounter=visit, besides=besides)

    def balances(self, beginning: str) -> Mapping[tuple[str, str], int]:
        """Return the balances of accounts whose name begins so, with what was carried over."""
        return balances_with_carried(self._db, beginning)


def new_book_folder(paths: BookPaths) -> None:
    """Make the folders of a new book."""
    os_calls.private_dir(paths.folder)
    os_calls.private_dir(paths.paper)
