"""A station with everybody who signs, approves and destroys, and a finished book to do it with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.approvals import approve
from downtime.book import OpenBook
from downtime.keys import CHEAP_COST, Person
from downtime.obstacles import NotYet
from downtime.purge import RULE, Plan, plan_purge, purge
from downtime.record import Recorded
from downtime.sign_off import sign_off
from downtime.station import create_station, open_new_book
from downtime.verify import verify_book
from tests.downtime.builders import SERVICE_PASSWORD, charge, stand

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.clock import ManualClock
    from downtime.home import Home
    from downtime.keys import Keyring

DAY = 86_400
PEOPLE = {
    "1001": ("练习收费员", ("cashier", "pharmacist")),
    "1006": ("练习班长", ("supervisor",)),
    "1007": ("练习副班长", ("supervisor", "cashier")),
    "4001": ("练习信息科", ("it",)),
    "4002": ("练习管理员", ("administrator",)),
    "4003": ("练习审计员", ("auditor",)),
}


def password_of(operator: str) -> str:
    """Return the made-up password of one of the people."""
    return f"practice-{operator}"


def make_station(path: Path, clock: ManualClock, *, days: int = 183, **more: Any) -> Home:
    """Make a station with all these people, book 1 open, no HIS connected."""
    settings: dict[str, Any] = {
        "hospital": {"id": "PRACTICE", "name": "练习医院", "name_en": "Practice Hospital"},
        "station": {"code": "W03", "name": "练习窗口"},
        "access": {"policy": "practice"},
        "retention": {"days": days},
        **more,
    }
    people = [(Person(number, name, roles), password_of(number)) for number, (name, roles) in PEOPLE.items()]
    return create_station(
        path, settings, people, service_password=SERVICE_PASSWORD, cost=CHEAP_COST, clock=clock
    )


def ring_of(home: Home, operator: str) -> Keyring:
    """Return the open keys of one of the people."""
    return home.keys.unlock(operator, password_of(operator))


def opened(home: Home, operator: str, clock: ManualClock) -> OpenBook:
    """Open the current book for one of the people."""
    return OpenBook(home, ring_of(home, operator), home.current_book(), clock)


def pass_days(clock: ManualClock, days: float) -> None:
    """Let time pass: the wall clock and the time since boot agree."""
    clock.turn(wall_seconds=days * DAY, passed_seconds=days * DAY)


def finish_book(home: Home, clock: ManualClock, charges: int = 3) -> None:
    """Charge a little in the current book and open the next one."""
    book = opened(home, "1001", clock)
    for _n in range(charges):
        stand(book, charge())
        clock.turn(wall_seconds=60, passed_seconds=60)
    book.close()
    open_new_book(home, ring_of(home, "1006"), clock=clock).close()


def sign_off_book(home: Home, clock: ManualClock, number: int) -> None:
    """Let the supervisor and the auditor sign a finished book off."""
    book = opened(home, "1006", clock)
    assert isinstance(sign_off(book, ring_of(home, "4003"), number, "手工补录完毕"), Recorded)
    book.close()


def planned_purge(home: Home, clock: ManualClock, number: int = 1) -> Plan | list[str]:
    """Return the plan an administrator would carry out, or what kinds of things stand in the way."""
    book = opened(home, "4002", clock)
    planned = plan_purge(book, number)
    book.close()
    return [one.kind for one in planned.obstacles] if isinstance(planned, NotYet) else planned


def purge_book(
    home: Home, clock: ManualClock, number: int = 1, *, first: str = "4002", second: str = "4003"
) -> Any:
    """Destroy a book as these two people; return what ``purge`` returns."""
    book = opened(home, first, clock)
    try:
        plan = plan_purge(book, number)
        assert isinstance(plan, Plan), plan
        return purge(book, plan, approve(book, plan.filled, RULE, second, password_of(second)))
    finally:
        book.close()


def all_whole(home: Home) -> bool:
    """Return whether every book verifies, destroyed ones too."""
    ring = ring_of(home, "4003")
    return all(verify_book(home, ring, paths).whole for paths in home.books())
