"""At a station: everything that is new goes up, book by book, from where the hub says it stands."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from downtime.i18n import _
from downtime.shelf import readable_books
from downtime.signing import SigningKey
from downtime.store.collecting import hash_at, incarnation_of, rows_after
from downtime.store.headlog import HeadLog
from downtime.store.verification import open_evidence
from sync.connectors.hub_link import HubLink, LinkError, NoAnswerError, NotTakenError, Speaker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from downtime.clock import Clock
    from downtime.home import BookPaths, Home
    from downtime.keys import Keyring
    from downtime.store.headlog import HeadRecord
    from downtime.store.sqlite import Database

ENTRIES_AT_ONCE: Final = 200
BYTES_AT_ONCE: Final = 1 << 20


@dataclass
class Collected:
    """What one round did.

    Attributes:
        sent: entries sent.
        forked: books of which the hub holds other entries than this station.
        package: version of what the hub offers.
        trouble: why what comes down could not be taken, or "".
        followed: what this station did about what came down, in words.
    """

    sent: int = 0
    forked: list[int] = field(default_factory=list)
    package: int = 0
    trouble: str = ""
    followed: list[str] = field(default_factory=list)


class Collector:
    """Brings a station's books up to the hub; see ``sync.connectors.hub.Collecting``."""

    def __init__(
        self,
        home: Home,
        ring: Keyring,
        clock: Clock,
        *,
        package_held: Callable[[], int] = lambda: 0,
        after: Callable[[HubLink, Collected], None] = lambda _link, _collected: None,
        elder: Callable[[Speaker], HubLink] | None = None,
        joining: dict[str, Any] | None = None,
    ) -> None:
        """Make it.

        Args:
            home: the station.
            ring: its open keys.
            clock: told to the hub, so that one that is wrong is seen there.
            package_held: returns the version of what last came down.
            after: called when everything is up, for what comes down.
            elder: returns a line on which an earlier incarnation speaks; it vouches for a new one.
            joining: what lets this station in, where it joined by a file.
        """
        self._home, self._ring, self._clock = home, ring, clock
        self._package_held, self._after, self._elder = package_held, after, elder
        self._joining = joining
        self._incarnations: dict[int, str] = {}
        self.last = Collected()

    def collect(self, link: HubLink) -> None:
        """Send what the hub lacks.

        Raises:
            LinkError: the hub did not take all of it; what it took stays there.
        """
        self.last = done = Collected()
        self._bring_up(link, done)
        try:
            self._after(link, done)
        except LinkError as error:  # entries are up; what comes down holds up nothing
            done.trouble = error.reason
        except OSError as error:
            done.trouble = error.strerror or type(error).__name__
        if done.followed:  # what was recorded about it is news for the hub: that an outage is over here
            self._bring_up(link, done)

    def _bring_up(self, link: HubLink, done: Collected) -> None:
        books = [paths for paths in readable_books(self._home) if paths.journal.exists()]
        ends = {paths.number: last for paths in books if (last := HeadLog(paths.head_log).last()) is not None}
        told = self._meet(link, [paths for paths in books if paths.number in ends], ends)
        held = {(book["incarnation"], book["book"]): book for book in told["held"]}
        for paths in books:
            if paths.number in ends:
                place = (self._incarnation(paths), paths.number)
                self._send_book(link, paths, held.get(place, {"tips": [], "complete": False}), done)
        done.package = int(told["package"])

    def _meet(self, link: HubLink, books: Sequence[BookPaths], ends: dict[int, HeadRecord]) -> dict[str, Any]:
        journals = [
            {
                "incarnation": self._incarnation(paths),
                "book": paths.number,
                "seq": ends[paths.number].seq_to,
                "head": ends[paths.number].head.hex(),
            }
            for paths in books
        ]
        said = {"journals": journals, "clock": self._clock.now().wall, "package": self._package_held()}
        try:
            told = link.ask("station", said)
        except NotTakenError as refusal:
            if refusal.word != "unknown_station" or not (self._introduce() or self._joins(link)):
                raise
            told = link.ask("station", said)
        _require_held(told)
        return told

    def _joins(self, link: HubLink) -> bool:
        """Show the code of the file this station joined by; the hub hears of it for the first time."""
        if self._joining is None:
            return False
        link.ask("join", self._joining)
        return True

    def _introduce(self) -> bool:
        """Let an earlier incarnation, whom the hub knows, vouch for the new one's key."""
        letters = sorted(path.stem for path in (self._home.keys.folder / "stations").glob("*.json"))
        if self._elder is None:
            return False
        brought = [
            {"incarnation": letter, "public": self._ring.public_key(letter).hex()} for letter in letters
        ]
        for letter in reversed(letters[:-1]):
            private, _bound = self._ring.open_secret(f"stations/{letter}.json")
            speaker = Speaker(self._home.settings.station.code, letter, SigningKey(private, letter).sign)
            with closing(self._elder(speaker)) as line:
                try:
                    line.ask("keys", {"keys": brought})
                except NotTakenError:
                    continue
                return True
        return False

    def _incarnation(self, paths: BookPaths) -> str:
        if paths.number not in self._incarnations:
            with closing(open_evidence(paths.journal, self._ring.book_key(paths.number))) as db:
                self._incarnations[paths.number] = incarnation_of(db)
        return self._incarnations[paths.number]

    def _send_book(self, link: HubLink, paths: BookPaths, held: dict[str, Any], done: Collected) -> None:
        if held["complete"]:
            return
        heads = HeadLog(paths.head_log).records()  # before the journal: what comes later goes up later
        with closing(open_evidence(paths.journal, self._ring.book_key(paths.number))) as db:
            tips = sorted(held["tips"], key=lambda tip: -tip["seq"])
            shared = [tip["seq"] for tip in tips if _stands(db, tip)]
            if held["tips"] and not _stands(db, held["tips"][0]) and paths.number not in done.forked:
                done.forked.append(paths.number)
            for rows in _parts(db, shared[0] if shared else 0, heads[-1].seq_to if heads else 0):
                first, last = rows[0][0], rows[-1][0]
                covering = [head for head in heads if head.seq_to >= first and head.seq_from <= last]
                link.ask(
                    "entries",
                    {
                        "incarnation": self._incarnation(paths),
                        "book": paths.number,
                        "rows": [row_content(*row) for row in rows],
                        "heads": [head_content(head) for head in covering],
                    },
                )
                done.sent += len(rows)


def row_content(seq: int, salt: bytes, sealed: bytes, chain_hash: bytes) -> dict[str, Any]:
    """Return an entry as it goes over the line or into a bundle; its sealed text is not touched."""
    return {"seq": seq, "salt": salt.hex(), "sealed": sealed.decode(), "hash": chain_hash.hex()}


def head_content(head: HeadRecord) -> dict[str, Any]:
    """Return a head record as it goes over the line or into a bundle."""
    return {
        "seq_from": head.seq_from,
        "seq_to": head.seq_to,
        "head": head.head.hex(),
        "signature": head.signature.hex(),
    }


def _parts(db: Database, after: int, up_to: int) -> Iterator[list[tuple[int, bytes, bytes, bytes]]]:
    while rows := rows_after(db, after, up_to, ENTRIES_AT_ONCE):
        size = 0
        part: list[tuple[int, bytes, bytes, bytes]] = []
        for row in rows:
            size += len(row[2])
            if part and size > BYTES_AT_ONCE:
                break
            part.append(row)
        yield part
        after = part[-1][0]


def _stands(db: Database, tip: dict[str, Any]) -> bool:
    found = hash_at(db, tip["seq"])
    return found is not None and found.hex() == tip["hash"]


def _require_held(told: dict[str, Any]) -> None:
    try:
        good = type(told["package"]) is int and all(
            isinstance(book["incarnation"], str)
            and type(book["book"]) is int
            and isinstance(book["complete"], bool)
            and all(type(tip["seq"]) is int and isinstance(tip["hash"], str) for tip in book["tips"])
            for book in told["held"]
        )
    except (KeyError, TypeError):
        good = False
    if not good:
        raise NoAnswerError(_("The hub's answer cannot be read."))
