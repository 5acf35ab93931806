"""One outage, brought in by both routes: the night is lived once, then each route gets its copies of the stations."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tests.outage import clerk, collect, courier, deliver, extract, read_truth, signed, write_truth
from tests.outage import stations as st
from tests.outage.clerk import Clerk
from tests.outage.extract import ExtractWriter
from tests.outage.faults import Faults
from tests.outage.his import StagingHis
from tests.outage.hub import Hub
from tests.outage.people import Hospital
from tests.outage.plan import READ, WRITE, Plan
from tests.outage.read_route import CONNECTOR as RETYPE
from tests.outage.read_route import ReadRoute
from tests.outage.read_truth import NO_ROWS, RIGHT
from tests.outage.sign import Signed, sign
from tests.outage.truth import Truth
from tests.outage.typed import TypedHis
from tests.outage.window import Till
from tests.outage.world import World
from tests.outage.write_route import CONNECTOR as STAGING
from tests.outage.write_route import WriteRoute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from downtime.board import BoardRow
    from tests.outage.stations import Station

CYCLES_MAX: Final = 60
STILL_LOOKS: Final = 8
"""After so many looks at which nothing changed, what is left stays open, and is named when it is signed."""
OPEN: Final = ("waiting", "double", "missing", "differs", "person")
RETYPING_BEGINS: Final = int(st.BEGINS.timestamp()) + 6 * 3600
CLOCK_SHARE: Final = 0.004
CLONED: Final = 0
"""Place of the station whose disk is copied."""
CLONE_ENTRIES: Final = 2


@dataclass
class Outcome:
    """What one route came to; see docs/outage.md for each word.

    Attributes:
        doubles, lost, falsely: ids, and why.
        unexplained: everything else on which product and truth do not agree.
        crashes: programs that ended with a traceback and had to be started again.
    """

    route: str
    doubles: dict[str, str] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)
    falsely: dict[str, str] = field(default_factory=dict)
    unexplained: list[str] = field(default_factory=list)
    crashes: int = 0
    states: dict[str, int] = field(default_factory=dict)
    explained: int = 0
    decisions: int = 0
    rounds: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


@dataclass
class Run:
    """One run; ``tell`` hears how far it is."""

    plan: Plan
    folder: Path
    urls: dict[str, str]
    tell: Callable[[str], None]
    truth: Truth = field(default_factory=Truth)
    faults: Faults = field(init=False)
    twin: Station = field(init=False)
    _since: float = field(default_factory=time.perf_counter)

    def __post_init__(self) -> None:
        collect.in_small_parts()
        deliver.in_small_parts()
        courier.in_small_parts()
        self.faults = Faults(self.plan.seed, self.folder / "faults.jsonl")
        self.hospital = Hospital.made(self.faults.chance("hospital"), self.plan.stations)

    def night(self) -> list[Station]:
        """Let every window work through the outage."""
        budget = max(2, round(CLOCK_SHARE * self.plan.faults))
        clocks = self.faults.place("clock", st.CLOCK_KINDS, budget=budget, rate=0.04)
        stations = []
        for n in range(1, self.plan.stations + 1):
            station = st.make(self.folder / "night" / st.code_of(n), n)
            st.night(station, self.hospital, self.truth, self.faults, self.plan.entries, clocks)
            stations.append(station)
        self._copied(stations[CLONED])
        return stations

    def _copied(self, station: Station) -> None:
        """Somebody copies a station's disk, and two PCs record under the same numbers."""
        self.twin = st.copy_of(station, self.folder / "night" / "clone")
        chance = self.faults.chance("clone")
        for one in (station, self.twin):
            before = set(self.truth.meant)
            book = one.open()
            window = Till(book, self.hospital, self.truth, chance, st.people_of(one.n)[1])
            for _n in range(CLONE_ENTRIES):
                one.clock.turn(wall_seconds=60, passed_seconds=60)
                window.pays()
            book.close()
            if one is self.twin:
                self.truth.aside |= set(self.truth.meant) - before

    def world(self, route: str, stations: Sequence[Station], connector: dict[str, dict[str, str]]) -> World:
        """Bring the stations to a hub of this route, with everybody else who is about."""
        folder = self.folder / route
        folder.mkdir()
        hub = Hub.made(folder / "hub", self.urls.get(f"hub {route}", ""), connector)
        world = World(route, folder, self.faults, self.truth, hub, self.plan.budget(route))
        world.settle_in(stations)
        world.collect(used=0.1)
        world.meet_clone(self.twin)
        world.collect(used=0.6)
        world.carry()
        world.courier.spoil()
        world.attack(world.budget.hostile)
        world.stop()
        return world

    # -- the write route --------------------------------------------------------------------------------

    def write(self, stations: Sequence[Station]) -> Outcome:
        """Bring everything in by staging tables."""
        done = Outcome(WRITE)
        place = self.urls.get("his") or str(self.folder / "his.db")
        url = place if "://" in place else f"sqlite:///{place}"
        world = self.world(WRITE, stations, {STAGING: {"url": url}})
        self._lap(done, "collected")
        budget = world.budget
        his = StagingHis.made(
            url, self.faults, self.hospital.prices, budget=budget.his, job_budget=budget.his_job
        )
        route = WriteRoute(
            world.hub, his, world.line, world.board(STAGING), world.it, self.truth,
            workers=self.faults.place("worker write", deliver.WORKER_KINDS, budget=budget.workers, rate=0.25),
            presses=self.faults.place("press", ("pressed twice",), budget=budget.presses, rate=0.3),
        )  # fmt: skip
        route.bring_in(world.by_line)
        route.bring_in(world.come_late())
        self._lap(done, "brought in")
        code, said = route.deliveries.by_command(STAGING)
        if code:
            done.unexplained.append(f"hub deliver --once ends with {code}: {said.strip()[-200:]}")
        held = write_truth.read(his.engine, self.truth)
        rows = route.look()
        done.doubles = dict.fromkeys(held.doubles, "booked twice")
        done.doubles |= dict.fromkeys(held.strangers, "booked, and nobody meant it")
        done.falsely = {one: ", ".join(held.differing.get(one, ["not there"])) for one in route.falsely}
        done.lost = dict(self._lost(rows, held.exactly, ()))
        sums = {form: told["minor"] for form, told in self.truth.by_form(without=self.truth.aside).items()}
        if {form: minor for form, minor in held.sum_minor.items() if minor} != {
            f: m for f, m in sums.items() if m
        }:
            done.unexplained.append(f"the HIS's books come to {held.sum_minor}, meant were {sums}")
        done.crashes = route.deliveries.crashes + world.line.crashes
        done.rounds = {"deliveries": route.deliveries.rounds, "line": world.line.rounds}
        accepted = {row.entry_id for row in rows if row.delivered == "accepted"}
        self._end(done, world, route.board.states(), accepted)
        route.close()
        his.close()
        world.close()
        return done

    # -- the read route ---------------------------------------------------------------------------------

    def read(self, stations: Sequence[Station]) -> Outcome:
        """Bring everything in by people who retype."""
        done = Outcome(READ)
        folder = self.folder / "his"
        world = self.world(READ, stations, {RETYPE: {"extract": str(folder / "extract.toml")}})
        self._lap(done, "collected")
        budget, place = world.budget, self.faults.place
        his = TypedHis()
        his.numbers = {one["number"]: f"H{one['number'][1:]}" for one, _visit in self.hospital.registered}
        people = Clerk(
            his, self.truth, place("clerk", clerk.MISTAKES, budget=budget.mistakes, rate=0.4),
            place("afterwards", clerk.LATER, budget=budget.laters, rate=0.02), RETYPING_BEGINS,
        )  # fmt: skip
        writer = ExtractWriter(
            folder, his, place("line", extract.LINE_KINDS, budget=budget.lines, rate=0.06),
            place("file", extract.FILE_KINDS, budget=budget.files, rate=0.2),
            place("patient", ("temporary number not matched yet",), budget=10_000, rate=0.3),
        )  # fmt: skip
        workers = place("worker read", deliver.WORKER_KINDS, budget=budget.workers, rate=0.4)
        route = ReadRoute(
            world.hub, people, writer, world.line, world.board(RETYPE), world.it, self.truth, workers
        )
        rows = self._retype(world, route)
        self._lap(done, "brought in")
        held = read_truth.held(self.truth, his)
        named = read_truth.named_by(his, route.unknown())
        done.doubles = dict(_doubles(rows, {one: held[one] for one in held if one not in named}, his))
        done.falsely = route.falsely
        right = {one for one, status in held.items() if status == RIGHT}
        said = {one for one, status in held.items() if status == NO_ROWS and one in route.typed}
        done.lost = dict(self._lost(rows, right, said))
        done.crashes = route.deliveries.crashes + world.line.crashes
        done.rounds = {
            "deliveries": route.deliveries.rounds,
            "line": world.line.rounds,
            "looks": route.cycles,
        }
        accepted = {row.entry_id for row in rows if row.delivered == "accepted"}
        self._end(done, world, route.board.states(), accepted)
        world.attack(self.plan.faults - len(self.faults.log), name="hostile at last")
        route.close()
        world.close()
        return done

    def _retype(self, world: World, route: ReadRoute) -> list[BoardRow]:
        """Let windows retype one after the other, and solve what the board shows, until nothing changes any more."""
        waiting = [*world.by_line, *world.by_file]
        speaking, before, same = list(world.by_line), "", 0
        while True:
            if waiting:
                route.type_in(waiting[:2])
                for station in waiting[:2]:
                    if station in world.by_file:
                        world.courier.carry(station)
                del waiting[:2]
            elif world.late and world.late[0] not in speaking:
                late = world.come_late()
                speaking += late
                route.type_in(late)
            is_last = same >= STILL_LOOKS or route.cycles >= CYCLES_MAX
            rows = route.cycle(speaking, calm=is_last)
            if is_last:
                return rows
            route.solve(rows)
            states = str(Counter(row.state for row in rows))
            everybody = route.extract.is_whole and len(speaking) > len(world.by_line)
            same = same + 1 if everybody and states == before else 0
            if everybody and all(row.state in ("verified", "entered") or row.verdict for row in rows):
                same = max(same, STILL_LOOKS - 1)  # one look more, for what just happened in the HIS
            before = states

    # -- the end ----------------------------------------------------------------------------------------

    def _lost(
        self, rows: Sequence[BoardRow], in_his: set[str], said: Iterable[str]
    ) -> Iterable[tuple[str, str]]:
        """Yield what was acknowledged and is neither in the HIS nor named as open."""
        standing: dict[str, list[BoardRow]] = {}
        for row in rows:
            standing.setdefault(row.entry_id, []).append(row)
        told = set(said)
        for one in self.truth:
            named = standing.get(one.id, [])
            if one.id in in_his:
                if not named:
                    yield one.id, "in the HIS, and unknown at the hub"
            elif not any(row.state in OPEN for row in named) and one.id not in told:
                yield one.id, f"{one.form} {one.number}: {[row.state for row in named]}"

    def _end(self, done: Outcome, world: World, states: dict[str, Any], accepted: set[str]) -> None:
        """Sign, and hold the pack against the truth."""
        done.states = {name: told["entries"] for name, told in states.items()}
        done.decisions = world.it.decided
        result: Signed = sign(world)
        done.explained = result.explained
        done.unexplained += signed.differences(result.pack, self.truth, self.truth.slips, accepted)
        done.unexplained += [f"not refused: {one}" for one in (*world.courier.taken, *world.taken)]
        self._lap(done, "signed")

    def _lap(self, done: Outcome, what: str) -> None:
        now = time.perf_counter()
        done.seconds[what] = round(now - self._since, 1)
        self._since = now
        self.tell(f"{done.route}: {what}, {len(self.faults.log)} faults so far, {done.seconds[what]} s")


def _doubles(rows: Sequence[BoardRow], held: dict[str, str], his: TypedHis) -> Iterable[tuple[str, str]]:
    """Yield entries that stand there twice and are not named, and rows that ticked two entries."""
    state = {row.entry_id: row.state for row in rows}
    for entry_id, status in held.items():
        if status == read_truth.DOUBLE and state.get(entry_id) not in OPEN:
            yield entry_id, "stands there twice"
    # A bill that was voided there stands for a charge and for its reversal: those rows count for nothing.
    meant = {row.key: set(typing.entries) for typing in his.typings for row in typing.rows if not row.is_dead}
    used: Counter[str] = Counter()
    for row in rows:
        if row.state == "verified":
            used.update(key for key in row.his.split(" ")[-1].split(",") if key in meant)
    for key, times in used.items():
        if times > max(1, len(meant[key])):
            yield key, f"ticked {times} entries"
