"""A station of its own for every kind of evidence: made at a known time, with a staff list, nothing proven yet."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from downtime.approvals import approve, approve_alone
from downtime.book import OpenBook
from downtime.clock import ManualClock
from downtime.countersigning import countersign
from downtime.home import Home
from downtime.inspection import inspect_station
from downtime.inspection_controls import FILE, Control, Controls
from downtime.keys import CHEAP_COST, Person
from downtime.record import Recorded, new_entry_id, record, record_event, record_station_form
from downtime.reference_tables import StaffRow
from downtime.sealing import Filled
from downtime.settings import settings_text
from downtime.sign_off import sign_off
from downtime.station import create_station, open_new_book
from downtime.store import journal
from downtime.store.reference import build_reference
from forms.station_book import ReferenceInForce
from tests.downtime.builders import SERVICE_PASSWORD, charge, line, reversal, stand

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from downtime.entry import Entry
    from downtime.inspection import Checked, Inspection
    from downtime.keys import Keyring
    from forms.base import Form

DAY = 86_400
PEOPLE = {
    "1001": ("练习收费员", ("cashier",)),
    "1006": ("练习班长", ("supervisor",)),
    "4001": ("练习信息科", ("it",)),
    "4002": ("练习管理员", ("administrator",)),
    "4003": ("练习审计员", ("auditor",)),
}


class Station:
    """One station and its clock.

    Attributes:
        home: reopened after its settings were changed.
    """

    def __init__(self, path: Path, clock: ManualClock) -> None:
        self.path, self.clock = path, clock
        self._ring: Keyring | None = None
        self.home = Home(path)

    @property
    def ring(self) -> Keyring:
        """The keys as the administrator opened them first, whatever account files are taken away later."""
        if self._ring is None:
            self._ring = self.ring_of("4002")
        return self._ring

    def open_again(self) -> None:
        """Open home and keys anew."""
        self._ring, self.home = None, Home(self.path)

    def ring_of(self, operator: str) -> Keyring:
        """Return the keys of one of the people, with their first password."""
        return self.home.keys.unlock(operator, password_of(operator))

    @contextmanager
    def book(self, operator: str = "4002") -> Iterator[OpenBook]:
        """Open the current book for the administrator, or somebody else."""
        ring = self.ring if operator == "4002" else self.ring_of(operator)
        book = OpenBook(self.home, ring, self.home.current_book(), self.clock)
        try:
            yield book
        finally:
            book.close()

    def record(self, form: Form) -> Entry:
        """Record something as the station does."""
        with self.book() as book:
            return record_event(book, form, as_station=True).entry

    def by_two(self, form: Form) -> None:
        """Let IT declare or end an outage, with the supervisor's own signature."""
        with self.book("4001") as book:
            filled = Filled(form, new_entry_id())
            agreed = approve(book, filled, "outage", "1006", password_of("1006"))
            record_station_form(book, filled, agreed)

    def reverse_alone(self) -> None:
        """Let the cashier give back more than the limit, alone at night, to be countersigned."""
        with self.book("1001") as book:
            filled = Filled(reversal(stand(book, charge([line(price=30_000, quantity="1")]))), new_entry_id())
            outcome = record(book, filled, approve_alone(filled, "reversal", "夜间一人"))
            assert isinstance(outcome, Recorded), outcome

    def countersign(self) -> None:
        """Let the supervisor sign what waits."""
        with self.book("1006") as book:
            waiting = journal.last_of_form(book.db, "approval")
            assert waiting is not None
            record_event(book, countersign(book, waiting, "1006", password_of("1006"), agreed=True))

    def sign_off(self) -> None:
        """Finish the current book and let supervisor and auditor sign it off."""
        number = self.home.current_book().number
        open_new_book(self.home, self.ring, clock=self.clock).close()
        with self.book("1006") as book:
            assert isinstance(sign_off(book, self.ring_of("4003"), number, "练习"), Recorded)

    def pass_days(self, days: float) -> None:
        """Let time pass."""
        self.clock.turn(wall_seconds=days * DAY, passed_seconds=days * DAY)

    def set(self, section: str, **settings: Any) -> None:
        """Change settings and open the home again."""
        stored = self.home.settings.model_dump(mode="json", exclude={"format"}, exclude_none=True)
        stored[section] |= settings
        (self.path / "station.toml").write_text(settings_text(stored), "utf-8")
        self.home = Home(self.path)

    def inspect(self) -> Inspection:
        """Look at it now."""
        return inspect_station(self.home, self.ring, self.clock)

    def checked(self, evidence: str) -> Checked:
        """Look at it and return what a single control that names this evidence says."""
        self.controls(control("only", evidence=evidence))
        (only,) = self.inspect().checked
        return only

    def controls(self, *controls: dict[str, Any]) -> None:
        """Let the hospital have exactly these controls."""
        checked = Controls(control=tuple(Control.model_validate(one) for one in controls))
        text = "\n".join(_toml(one.model_dump()) for one in checked.control)
        (self.path / FILE).write_text(f"format = 1\nedition = 1\n{text}", "utf-8")


def _toml(content: dict[str, Any]) -> str:
    pairs = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in content.items()]
    return "\n".join(["[[control]]", *pairs, ""])


def control(control_id: str, **more: Any) -> dict[str, Any]:
    """Return a control whose requirement is known well enough."""
    known = {
        "id": control_id,
        "block": "software",
        "title": "练习控制项",
        "mark": "B",
        "wording": "练习要求",
        **({} if more.get("evidence") else {"attach": True}),
    }
    return {**known, **more}


def password_of(operator: str) -> str:
    """Return the made-up password of one of the people."""
    return f"practice-{operator}"


def make_inspected(path: Path) -> Path:
    """Make the station once; tests copy it."""
    clock = ManualClock()
    settings: dict[str, Any] = {
        "hospital": {"id": "PRACTICE", "name": "练习医院", "name_en": "Practice Hospital"},
        "station": {"code": "W03", "name": "练习窗口"},
        "access": {"policy": "cn-mlps3"},
    }
    people = [(Person(number, name, roles), password_of(number)) for number, (name, roles) in PEOPLE.items()]
    home = create_station(
        path,
        settings,
        people,
        service_password=SERVICE_PASSWORD,
        cost=CHEAP_COST,
        clock=clock,
        ballast_bytes=0,
    )
    station = Station(path, clock)
    staff = [
        StaffRow.model_validate({"number": number, "name": name, "roles": ";".join(roles)})
        for number, (name, roles) in PEOPLE.items()
    ]
    now = clock.now().wall
    built = build_reference(
        home.path / "reference",
        1,
        {"staff": staff},
        station.ring.reference_key(),
        taken_at=now,
        origin="练习",
    )
    station.record(ReferenceInForce(version=1, sha256=built.sha256, taken_at=now, rows=built.rows))
    return path
