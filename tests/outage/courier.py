"""Stations without a network: their bundles come in a folder, cut, changed, twice, in any order, or not for us."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from downtime.commands.common import run_command
from sync import bundle
from sync.__main__ import sync
from sync.bundle import BundleRefusedError, take_bundle, write_bundles
from sync.hub.arrivals import KEY_LABEL
from sync.hub.membership import Membership, join_by_file
from sync.hub.receiving import Receiver
from tests.outage.stations import HOSPITAL

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

    from tests.outage.faults import Place
    from tests.outage.hub import Hub
    from tests.outage.stations import Station

AT: Final = "2026-01-06T09:00:00+08:00"
ENTRIES_MAX: Final = 16
REFUSED: Final = ("cut short", "a byte changed", "a byte too many", "two files in one", "header of another")
TAKEN: Final = ("taken again",)
KINDS: Final = (*REFUSED, *TAKEN)


def in_small_parts() -> None:
    """Let bundles be many small files."""
    bundle.ENTRIES_MAX = ENTRIES_MAX  # type: ignore[misc]  # a setting of the simulation


@dataclass
class Courier:
    """Carries bundles from stations to the hub.

    Attributes:
        orders: whether a file came before one it follows.
        taken: spoilt files that were not refused, and whole ones that were taken for new twice.
    """

    hub: Hub
    folder: Path
    place: Place
    orders: Place
    files: dict[str, list[bytes]] = field(default_factory=dict)
    taken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir()
        secret = KEY_LABEL + self.hub.keys.store
        self._receiver = Receiver(self.hub.db, HOSPITAL, secret, lambda: AT)

    def join(self, station: Station) -> None:
        """Let a station join by a file that the hub's command writes."""
        file = self.folder / f"{station.code}.json"
        words = ["hub", "station", "add", station.code, "--to", str(file), "--hub", str(self.hub.place.path)]
        with redirect_stdout(io.StringIO()):
            assert run_command(sync, words) == 0
        join_by_file(station.home, station.ring, file)

    def carry(self, station: Station) -> None:
        """Bring everything a station has: each file once, in an order of chance."""
        member = Membership.of(station.home)
        box: bytes = bytes.fromhex(member.box)
        folder = self.folder / f"{station.code}-{len(self.files)}"
        written = write_bundles(station.home, station.ring, box, folder, AT, member.joining)
        contents = [path.read_bytes() for path in written]
        self.files[folder.name] = contents
        order = list(range(len(contents)))
        kind = self.orders.draw()
        if kind is not None:
            self.orders.chance().shuffle(order)
            for n, place in enumerate(order):
                if any(later < place for later in order[n + 1 :]):
                    self.orders.hit(kind, f"{folder.name} {place}")
        for place in order:
            take_bundle(self.hub.db, self._receiver, self.hub.keys.own, contents[place])

    def spoil(self) -> None:
        """Bring spoilt copies of what was brought, until everything planned has hit."""
        everything = [(name, n) for name, files in self.files.items() for n in range(len(files))]
        while self.place.left and everything:
            kind = self.place.draw()
            if kind is None:
                continue
            chance = self.place.chance()
            name, n = chance.choice(everything)
            before = self.hub.db.row("SELECT count(*) FROM entry")
            is_refused = self._try(_spoilt(kind, self.files[name], n, chance))
            same = self.hub.db.row("SELECT count(*) FROM entry") == before
            if is_refused is not (kind in REFUSED) or not same:
                self.taken.append(f"{kind}: {name} {n}")
            self.place.hit(kind, f"{name} {n}")

    def _try(self, content: bytes) -> bool:
        try:
            take_bundle(self.hub.db, self._receiver, self.hub.keys.own, content)
        except BundleRefusedError:
            return True
        return False


def _spoilt(kind: str, files: list[bytes], n: int, chance: Random) -> bytes:
    whole: Any = files[n]
    if kind == "cut short":
        return bytes(whole[: chance.randrange(len(whole))])
    if kind == "a byte changed":
        at = chance.randrange(len(whole))
        return bytes(whole[:at] + bytes([whole[at] ^ (1 << chance.randrange(8))]) + whole[at + 1 :])
    if kind == "a byte too many":
        return bytes(whole + bytes([chance.randrange(256)]))
    other = files[(n + 1) % len(files)] if len(files) > 1 else whole
    if kind == "two files in one":
        return bytes(whole + other)
    if kind == "header of another":
        return bytes(other[:200] + whole[200:]) if other != whole else bytes(whole[:200])
    return bytes(whole)
