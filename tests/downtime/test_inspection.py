"""Every state of every kind of evidence: made, it is evidence; too old, it is out of date; deleted, it is missing."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING

import pytest

from downtime import inspection_machine, os_calls
from downtime.backup import Made, backup_folders, make_backups
from downtime.inspection import CHECKS
from downtime.inspection_words import EVIDENCE, MISSING, OUT_OF_DATE
from downtime.renew import renew_all
from downtime.restore import on_the_same_pc, restore_test
from downtime.station import open_new_book
from forms.station_book import Audit
from tests.downtime.inspection_cases import APART, CASES, backup, daily_use, paper, restored, solo
from tests.downtime.inspections import control, password_of

if TYPE_CHECKING:
    from tests.downtime.inspections import Station


def test_every_kind_of_evidence_is_tried() -> None:
    """A check without a case here would be trusted unseen."""
    assert CASES.keys() | APART.keys() == CHECKS.keys()


@pytest.mark.parametrize("evidence", CASES)
def test_evidence_comes(station: Station, evidence: str) -> None:
    """Without it the control is missing; made, it is evidence, with facts that name their source."""
    case = CASES[evidence]
    assert station.checked(evidence).state == case.before
    case.make(station)
    found = station.checked(evidence)
    assert found.state == EVIDENCE, found.line.words("en")
    assert found.facts
    assert all(fact.source.words("zh") for fact in found.facts)


@pytest.mark.parametrize("evidence", [name for name, case in CASES.items() if case.age])
def test_evidence_ages(station: Station, evidence: str) -> None:
    """Evidence that was good becomes out of date by time alone."""
    case = CASES[evidence]
    assert case.age is not None
    case.make(station)
    case.age(station)
    found = station.checked(evidence)
    assert found.state == OUT_OF_DATE, found.line.words("en")


@pytest.mark.parametrize("evidence", [name for name, case in CASES.items() if case.take])
def test_evidence_goes(station: Station, evidence: str) -> None:
    """What was deleted is missing at once, at the very next look."""
    case = CASES[evidence]
    assert case.take is not None
    case.make(station)
    assert station.checked(evidence).state == EVIDENCE
    case.take(station)
    found = station.checked(evidence)
    assert found.state == MISSING, found.line.words("en")


def test_a_control_may_ask_for_fresher_evidence(station: Station) -> None:
    """The days in the hospital's file count before the program's."""
    restored(station)
    station.pass_days(40)
    assert station.checked("restore_test").state == EVIDENCE
    station.controls(control("only", evidence="restore_test", stale_after_days=30))
    (only,) = station.inspect().checked
    assert only.state == OUT_OF_DATE


@pytest.mark.parametrize(("days", "state"), [(182, MISSING), (183, EVIDENCE), (184, EVIDENCE)])
def test_the_audit_must_reach_back_183_days(station: Station, days: int, state: str) -> None:
    """A day short of six months is missing, the very day is enough."""
    station.pass_days(days)
    station.record(Audit(event="login", subject="1001"))
    found = station.checked("audit_span")
    assert (found.state, found.figures["days"]) == (state, days)


def test_the_audit_reaches_back_over_all_books(station: Station) -> None:
    """A new book does not begin the six months anew; a book that cannot be read breaks them."""
    station.pass_days(183)
    open_new_book(station.home, station.ring, clock=station.clock).close()
    assert station.checked("audit_span").state == EVIDENCE
    station.home.book(1).journal.unlink()
    assert station.checked("audit_span").state == MISSING


def test_a_clock_set_back_proves_nothing(station: Station) -> None:
    """Evidence from the future is out of date, whatever its days."""
    restored(station)
    station.pass_days(-30)
    assert station.checked("restore_test").state == OUT_OF_DATE


def test_a_countersignature_settles_what_waited(station: Station) -> None:
    """Out of date while it waits too long; evidence again once it is there."""
    solo(station)
    station.pass_days(3)
    assert station.checked("approvals").state == OUT_OF_DATE
    station.countersign()
    found = station.checked("approvals")
    assert (found.state, found.figures["waiting"]) == (EVIDENCE, 0)


def test_one_folder_without_a_backup_is_enough(station: Station) -> None:
    """The worst folder decides; a backup that was changed on the disk is no backup."""
    backup(station)
    station.set("backup", folders=["copies", "elsewhere"])
    assert station.checked("backups").state == MISSING
    station.set("backup", folders=["copies"])
    assert station.checked("backups").state == EVIDENCE
    (station.path / "copies" / "W03A-20260105" / "manifest.json").write_bytes(b"{ }")
    assert station.checked("backups").state == MISSING


def test_a_drills_station_proves_nothing(station: Station) -> None:
    """Whatever stands in a drill's home, nothing of it is evidence, and the page says so first."""
    backup(station)
    station.set("station", drill=True)
    found = station.inspect()
    assert found.is_drill
    assert found.counts()[EVIDENCE] == found.counts()[OUT_OF_DATE] == 0
    assert "演练" in found.notes[0].words("zh")


def test_room_on_the_disk(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    """Enough, little, hardly any."""
    states = []
    for megabytes in (500, 499, 99):
        monkeypatch.setattr(os_calls, "free_bytes", lambda _path, free=megabytes << 20: free)
        states.append(station.checked("disk_space").state)
    assert states == [EVIDENCE, OUT_OF_DATE, MISSING]


def test_the_list_of_packages(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each package with version and licence; without the list there is no evidence."""
    monkeypatch.setattr(
        metadata, "requires", lambda _name: ["click==8.5.1", "babel==2.18.0; extra == 'test'"]
    )
    found = station.checked("versions")
    assert (found.state, found.figures["packages"]) == (EVIDENCE, 1)
    assert any(fact.told.words("en").startswith("click ") for fact in found.facts)

    def absent(name: str) -> list[str]:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "requires", absent)
    assert station.checked("versions").state == MISSING


def test_ports(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    """A port of ours, a risky one of anybody's, and a system that cannot be asked: all missing."""
    assert station.checked("no_listening").state == EVIDENCE
    for ports, own in (({53, 445}, set()), ({53, 8000}, {8000}), (None, set())):
        monkeypatch.setattr(inspection_machine, "listening_ports", lambda ports=ports: ports)
        monkeypatch.setattr(inspection_machine, "own_ports", lambda own=own: own)
        assert station.checked("no_listening").state == MISSING


def test_no_drill_is_recorded_yet(station: Station) -> None:
    """A drill that nothing recorded is missing."""
    assert station.checked("drills").state == MISSING


def test_counts_are_those_of_the_database(station: Station) -> None:
    """Figures on the page equal what SQL counts over the same book."""
    daily_use(station)
    paper(station)
    solo(station)
    with station.book() as book:
        lines = book.db.execute("SELECT count(*) FROM entry WHERE deliverable = 0").fetchone()[0]
        approvals = book.db.execute("SELECT count(*) FROM entry WHERE form = 'approval'").fetchone()[0]
        everything = book.db.execute("SELECT count(*) FROM entry").fetchone()[0]
    assert station.checked("audit_span").figures["lines"] == lines
    assert station.checked("approvals").figures["approvals"] == approvals
    assert station.checked("chain_verified").figures["entries"] == everything
    assert station.checked("audit_kinds").figures["login"] == 1


def test_what_the_program_itself_makes_counts(station: Station) -> None:
    """A real backup, a real restore test, really renewed keys: each is found by the records it leaves."""
    station.set("backup", folders=["copies"])
    (made,) = make_backups(station.home, station.ring, backup_folders(station.home), station.clock)
    assert isinstance(made, Made), made
    assert station.checked("backups").state == EVIDENCE
    with station.book() as book:
        unlock_keys = on_the_same_pc(station.path, "4002", password_of("4002"), station.ring)
        restore_test(made.copy.path, book, unlock_keys)
    assert station.checked("restore_test").state == EVIDENCE
    station.pass_days(184)
    assert station.checked("keys_renewed").state == OUT_OF_DATE
    second = ("1006", password_of("1006"), "半年更换")
    assert list(renew_all(station.home, station.ring, [1], second, station.clock, station=True)) == [1, 0]
    station.open_again()
    found = station.checked("keys_renewed")
    assert (found.state, found.figures["renewals"]) == (EVIDENCE, 2)
    assert station.checked("chain_verified").state == EVIDENCE
