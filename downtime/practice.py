"""The practice station: a made-up hospital with a practice HIS beside it, ready in a second."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from downtime.approvals import approve
from downtime.book import OpenBook
from downtime.clock import rfc3339
from downtime.keys import CHEAP_COST, Person
from downtime.practice_set import CURRENCY, HOSPITAL, ORIGIN, practice_rows
from downtime.record import new_entry_id, record_event, record_station_form
from downtime.sealing import Filled
from downtime.station import create_station
from downtime.store.reference import build_reference
from downtime.whole_file import write_whole
from forms.station_book import OutageDeclared, ReferenceInForce

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.home import Home
    from downtime.reference_tables import ReferenceRow, StaffRow

HOSPITAL_ID = "PRACTICE"
OPERATORS_FILE = "practice-operators.toml"  # downtime.screens.practice_words reads it
HIS_FILE = "practice-his.db"
CONNECTOR = "practice"
ZONE = "Asia/Shanghai"
_ROLES_WITH_SLOT = {
    *("cashier", "nurse", "pharmacist", "supervisor", "it", "auditor", "organiser", "administrator"),
}


def practice_settings(*, drill: bool = False) -> dict[str, dict[str, object]]:
    """Return the sections of a practice station's ``station.toml``."""
    return {
        "hospital": {
            "id": HOSPITAL_ID,
            "name": HOSPITAL["zh"],
            "name_en": HOSPITAL["en"],
            "currency": CURRENCY,
            "zone": ZONE,
        },
        "station": {"code": "W03", "name": "收费三窗", "department": "PX14", "drill": drill},
        "receipt": {
            "exchange_place": "门诊收费处一楼大厅",
            "exchange_place_en": "Outpatient cashier, ground floor",
            "exchange_time": "系统恢复后三个工作日起",
            "exchange_time_en": "From three working days after the system is back",
            "phone": "000-0000 0000",
            "language": "zh",
        },
        "screen": {"language": "zh", "theme": "auto"},
        "printer": {"kind": "pdf_folder"},
        "access": {"policy": "practice"},
        "connectors": {CONNECTOR: {"file": HIS_FILE}},
    }


def prepare_practice(path: Path, *, drill: bool = False, outage: bool = True) -> Home:
    """Make a practice home in the empty or absent folder ``path``.

    Who may log in, and with which password, stands in ``practice-operators.toml`` there.

    Args:
        path: where.
        drill: make a drill's home: own number prefix, and no connector accepts its entries.
        outage: declare an outage, so that the screens open on 应急.
    """
    taken_at = rfc3339(datetime.now(ZoneInfo(ZONE)).replace(hour=4, minute=0, second=0, microsecond=0))
    rows = {table: list(found) for table, found in practice_rows(taken_at).items()}
    people = _people(rows["staff"])
    home = create_station(
        path,
        practice_settings(drill=drill),
        people,
        service_password=secrets.token_urlsafe(24),
        ballast_bytes=0,
        cost=CHEAP_COST,  # practice passwords are public anyway; a real station uses the full cost
    )
    _write_operators(home, people)
    operator = next(person for person, _password in people if "it" in person.roles)
    second = next(person for person, _password in people if person.roles == ("supervisor",))
    ring = home.keys.unlock(operator.operator, _password_of(operator))
    reference = build_reference(
        home.path / "reference",
        1,
        rows,
        ring.reference_key(),
        taken_at=taken_at,
        origin=ORIGIN,
        currency=CURRENCY,
    )
    book = OpenBook(home, ring, home.current_book())
    record_event(
        book,
        ReferenceInForce(
            version=1, sha256=reference.sha256, taken_at=reference.taken_at, rows=reference.rows
        ),
    )
    if outage:
        declared = OutageDeclared(
            outage=f"X{taken_at[:10]}", reason="练习 practice", declared_by=operator.name
        )
        filled = Filled(declared, new_entry_id())
        approval = approve(book, filled, "outage", second.operator, _password_of(second))
        record_station_form(book, filled, approval)
    book.close()
    return home


def _people(staff: list[ReferenceRow]) -> list[tuple[Person, str]]:
    found = []
    for row in staff:
        member: StaffRow = row  # type: ignore[assignment]  # the table decides the row's class
        roles = tuple(role for role in str(member.roles).split(";") if role in _ROLES_WITH_SLOT)
        if roles and not member.leaver:
            person = Person(member.number, member.name, roles)
            found.append((person, _password_of(person)))
    return found


def _password_of(person: Person) -> str:
    return f"lianxi{person.operator}"


def _write_operators(home: Home, people: list[tuple[Person, str]]) -> None:
    lines = [
        "# Practice operators and their passwords. Made up; they open nothing but this practice station.",
        "# 练习操作员及口令,均为虚构,只能打开本练习工作站。",
    ]
    for person, password in people:
        roles = ", ".join(f'"{role}"' for role in person.roles)
        lines += [
            "",
            "[[operator]]",
            f'id = "{person.operator}"',
            f'name = "{person.name}"',
            f"roles = [{roles}]",
            f'password = "{password}"',
        ]
    write_whole(home.path / OPERATORS_FILE, ("\n".join(lines) + "\n").encode())
