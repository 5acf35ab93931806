"""How every kind of evidence comes, ages and goes, for the table of ``test_inspection``."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from downtime import os_calls
from downtime.envelopes import seal_emergency
from downtime.inspection_words import EVIDENCE, MISSING
from downtime.keys import CHEAP_COST, Person
from downtime.station import open_new_book
from forms.station_book import Audit, OutageDeclared, Printed
from forms.trust import BackupMade, RestoreTested
from tests.downtime.inspections import PEOPLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.downtime.inspections import Station

HASH = "00" * 32


def _nothing(_station: Station) -> None:
    """It is there from the first day."""


def _no_accounts(station: Station) -> None:
    assert station.ring
    shutil.rmtree(station.path / "keys" / "slots")


def _no_journal(station: Station) -> None:
    assert station.ring
    for path in (station.path / "books").rglob("journal.db*"):
        path.unlink()


def _practice_rules(station: Station) -> None:
    station.set("access", policy="practice")


def _new_passwords(station: Station) -> None:
    for number, (name, roles) in PEOPLE.items():
        person = Person(number, name, roles)
        now = station.clock.now().wall
        station.home.keys.enrol(station.ring, person, "anders-2026-X", CHEAP_COST, set_at=now)


def _tampered_counters(station: Station) -> None:
    (station.path / "keys" / "attempts.json").write_text('{"failures": {}, "mac": "00"}', "utf-8")


def _left_over(station: Station) -> None:
    person = Person("9001", "练习临时", ("helper",))
    station.home.keys.enrol(station.ring, person, "x-9001", CHEAP_COST, kind="helper", outage="X1")


def _both_roles(station: Station) -> None:
    person = Person("5001", "练习兼任", ("it", "administrator"))
    station.home.keys.enrol(station.ring, person, "x-5001", CHEAP_COST, set_at=station.clock.now().wall)


def _stranger(station: Station) -> None:
    person = Person("6001", "练习外人", ("cashier",))
    station.home.keys.enrol(station.ring, person, "x-6001", CHEAP_COST, set_at=station.clock.now().wall)


def _envelope(station: Station) -> None:
    seal_emergency(station.ring, station.clock.now().wall)


def _no_envelope(station: Station) -> None:
    (station.path / "keys" / "slots" / "0000.json").unlink()


def _half_a_year(station: Station) -> None:
    station.pass_days(184)
    station.record(Audit(event="login", subject="1001"))


def daily_use(station: Station) -> None:
    """Leave what every day leaves: a login, the settings as they were seen."""
    station.record(Audit(event="login", subject="1001"))
    station.record(Audit(event="settings_seen"))


def _bent_head(station: Station) -> None:
    path = station.home.current_book().head_log
    stored = bytearray(path.read_bytes())
    stored[-40] ^= 1
    path.write_bytes(stored)


def _mirror(station: Station) -> None:
    station.set("journal", head_mirror="mirror")
    os_calls.private_dir(station.path / "mirror")
    shutil.copyfile(station.home.current_book().head_log, station.path / "mirror" / "W03A-0001.head")


def _one_line_more(station: Station) -> None:
    station.record(Audit(event="login", subject="1001"))


def _no_mirror(station: Station) -> None:
    (station.path / "mirror" / "W03A-0001.head").unlink()


def solo(station: Station) -> None:
    """Give money back alone at night; it waits for a countersignature."""
    station.reverse_alone()


def _signed_book(station: Station) -> None:
    station.sign_off()


def _unsigned_book(station: Station) -> None:
    open_new_book(station.home, station.ring, clock=station.clock).close()
    station.pass_days(32)


def _no_second_book(station: Station) -> None:
    assert station.ring
    for paths in station.home.books()[1:]:
        paths.journal.unlink()


def backup(station: Station) -> None:
    """Record a backup whose manifest lies where the entry says."""
    station.set("backup", folders=["copies"])
    copy = station.path / "copies" / "W03A-20260105"
    os_calls.private_dir(copy)
    (copy / "manifest.json").write_bytes(b"{}")
    station.record(
        BackupMade(
            folder=str(station.path / "copies"), file=copy.name, sha256=hashlib.sha256(b"{}").hexdigest(),
            book=1, head=HASH, entries=4, bytes=1,
        )
    )  # fmt: skip


def _no_copy(station: Station) -> None:
    (station.path / "copies" / "W03A-20260105" / "manifest.json").unlink()


def restored(station: Station) -> None:
    """Record a restore that was tried now."""
    now = station.clock.now().wall
    station.record(RestoreTested(file="W03A-20260105", made_at=now, book=1, head=HASH, entries=4, seconds=7))


def _plain_database(station: Station) -> None:
    (station.path / "books" / "0001" / "copy.db").write_bytes(b"SQLite format 3\x00" + bytes(84))


def _no_reference(station: Station) -> None:
    assert station.ring
    for path in (station.path / "reference").iterdir():
        path.unlink()


def paper(station: Station) -> None:
    """Record a receipt that came out of the printer."""
    station.record(Printed(entry_id="1", number="W03A-000001-7", state="printed", printer="memory"))


def _open_key(station: Station) -> None:
    (station.path / "keys" / "hospital.key").chmod(0o644)


def _outage(station: Station) -> None:
    station.by_two(OutageDeclared(outage="X2026-01-05", reason="练习"))


def _declared_alone(station: Station) -> None:
    station.record(OutageDeclared(outage="X2026-01-06", reason="练习"))


def _days(count: int) -> Callable[[Station], None]:
    def pass_them(station: Station) -> None:
        station.pass_days(count)

    return pass_them


@dataclass(frozen=True)
class Case:
    """How one kind of evidence comes, ages and goes.

    Attributes:
        before: the state on the first day.
        make: makes it.
        age: makes it too old; None where it is measured at the moment of looking and has no age.
        take: takes it away; None where a program without it cannot be had, with the reason in ``why``.
    """

    before: str
    make: Callable[[Station], None]
    age: Callable[[Station], None] | None
    take: Callable[[Station], None] | None
    why: str = ""


CASES: dict[str, Case] = {
    "password_policy": Case(EVIDENCE, _nothing, None, _practice_rules),
    "password_age": Case(EVIDENCE, _nothing, _days(91), _no_accounts),
    "first_passwords": Case(MISSING, _new_passwords, None, _no_accounts),
    "account_locks": Case(EVIDENCE, _nothing, None, _tampered_counters),
    "drafted_people": Case(EVIDENCE, _nothing, None, _left_over),
    "roles_apart": Case(EVIDENCE, _nothing, None, _both_roles),
    "own_accounts": Case(EVIDENCE, _nothing, None, _stranger),
    "emergency_envelope": Case(MISSING, _envelope, _days(366), _no_envelope),
    "idle_lock": Case(
        EVIDENCE, _nothing, None, None, "the lock cannot be switched off; a bad setting is refused"
    ),
    "audit_span": Case(MISSING, _half_a_year, _days(32), _no_journal),
    "audit_kinds": Case(MISSING, daily_use, _days(32), _no_journal),
    "chain_verified": Case(EVIDENCE, _nothing, None, _bent_head),
    "head_mirror": Case(MISSING, _mirror, _one_line_more, _no_mirror),
    "approvals": Case(MISSING, solo, _days(2), _no_journal),
    "sign_offs": Case(MISSING, _signed_book, _unsigned_book, _no_second_book),
    "backups": Case(MISSING, backup, _days(2), _no_copy),
    "restore_test": Case(MISSING, restored, _days(91), _no_journal),
    "keys_renewed": Case(EVIDENCE, _nothing, _days(184), _no_journal),
    "encryption": Case(EVIDENCE, _nothing, None, _plain_database),
    "reference_age": Case(EVIDENCE, _nothing, _days(2), _no_reference),
    "printer": Case(MISSING, paper, _days(32), _no_journal),
    "home_private": Case(EVIDENCE, _nothing, None, _open_key),
    "outages": Case(MISSING, _outage, None, _declared_alone),
}
APART = {
    "disk_space": "measured; see test_room_on_the_disk",
    "versions": "installed packages; see test_the_list_of_packages",
    "no_listening": "the kernel's tables; see test_ports",
    "drills": "nothing records drills yet; see test_no_drill_is_recorded_yet",
}
