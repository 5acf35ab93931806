"""Two real stations of one made-up hospital, quick to open, with people who differ from window to window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.account_changes import Enrolment, prepare, put_in_force
from downtime.approvals import approve
from downtime.book import OpenBook
from downtime.joining import joining_file, read_joining
from downtime.keys import CHEAP_COST, Person
from downtime.record import new_entry_id
from downtime.setting_up import found_station, join_station

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from downtime.clock import Clock
    from downtime.home import Home

ADMINISTRATOR = (Person("4002", "练习管理员", ("administrator",)), "Quiet-Harbour-41")
SUPERVISOR = (Person("1006", "练习班长", ("supervisor",)), "Tall-Lantern-52")
CASHIER = Person("1001", "练习员王敏", ("cashier",))
PASSWORD = "Green-Kettle-63"
NEW_PASSWORD = "Round-Window-74"


def settings(code: str, policy: str = "cn-mlps3", hospital: str = "PRACTICE-9") -> dict[str, Any]:
    """Return a station's settings."""
    return {
        "hospital": {"id": hospital, "name": "练习医院"},
        "station": {"code": code, "name": f"练习窗口{code}"},
        "access": {"policy": policy},
    }


def first_station(path: Path, code: str = "W01", clock: Clock | None = None, **more: str) -> Home:
    """Make the first station of a hospital."""
    papers = path.parent / f"{path.name}-envelopes"
    asked = settings(code, **more)
    return found_station(path, asked, ADMINISTRATOR, SUPERVISOR, papers, cost=CHEAP_COST, clock=clock)[0]


def joined_station(first: Home, path: Path, code: str = "W02", clock: Clock | None = None) -> Home:
    """Make another one that shares its accounts."""
    with_keys = open_as(first, "4002", clock)
    content, typed = joining_file(with_keys, "1006", SUPERVISOR[1], CHEAP_COST)
    with_keys.close()
    joining = read_joining(content, typed)
    home, _papers = join_station(
        path,
        settings(code),
        joining,
        ("4002", ADMINISTRATOR[1]),
        ("1006", SUPERVISOR[1]),
        path.parent / f"{path.name}-envelopes",
        cost=CHEAP_COST,
        clock=clock,
    )
    return home


def password_of(operator: str) -> str:
    """Return the first password of somebody."""
    return {"4002": ADMINISTRATOR[1], "1006": SUPERVISOR[1]}.get(operator, PASSWORD)


def open_as(home: Home, operator: str, clock: Clock | None = None, password: str = "") -> OpenBook:
    """Open the newest book as somebody."""
    ring = home.keys.unlock(operator, password or password_of(operator))
    return OpenBook(home, ring, home.current_book(), clock)


def change(
    book: OpenBook, person: Person, what: str, password: str = PASSWORD, second: tuple[str, str] | None = None
) -> None:
    """Change an account; it must be accepted."""
    made = prepare(book, person, password, what, entry_id=new_entry_id())
    assert isinstance(made, Enrolment), made
    approval = approve(book, made.filled, "accounts", *second) if second else None
    put_in_force(book, made, approval)


def enrol(home: Home, person: Person = CASHIER, clock: Clock | None = None) -> None:
    """Enrol somebody: the supervisor asks, the administrator agrees."""
    book = open_as(home, "1006", clock)
    change(book, person, "enrolled", second=("4002", ADMINISTRATOR[1]))
    book.close()
