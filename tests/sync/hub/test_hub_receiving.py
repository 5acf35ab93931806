"""What does not fit is kept in quarantine with its reason; what fits goes on, and so do the other stations."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest

from downtime.canonical import seal, unseal
from downtime.store.chain import link
from sync.hub.database import SqliteFile
from sync.hub.receiving import Receiver
from sync.hub.standing import standings
from tests.sync.hub.hubs import HOSPITAL, empty_postgresql, make_hub, stop_hub
from tests.sync.hub.stations import MadeStation, known_to, make_station, take, verdicts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.sync.hub.hubs import RunningHub


@pytest.fixture
def station(hub: RunningHub, tmp_path: Path) -> MadeStation:
    """Station W03 with four charges, known to the hub."""
    made = known_to(hub, make_station(tmp_path / "w03"))
    made.charge(4)
    return made


def test_pieces_in_any_order_become_the_whole_chain(hub: RunningHub, station: MadeStation) -> None:
    """Later entries wait for earlier ones; when the last piece is there, all of it is good, in order."""
    whole = station.batch()
    pieces = [
        {
            **whole,
            "rows": [row],
            "heads": [head for head in whole["heads"] if head["seq_from"] <= row["seq"] <= head["seq_to"]],
        }
        for row in whole["rows"]
    ]
    for piece in (*pieces[::-2], *pieces[::-1]):
        take(hub, station, piece)
    assert verdicts(hub, "W03") == {"": len(whole["rows"])}
    rows = hub.hub.db.rows("SELECT seq FROM entry WHERE verdict = '' ORDER BY turn")
    assert [row[0] for row in rows] == [row["seq"] for row in whole["rows"]]


def test_twice_is_once(hub: RunningHub, station: MadeStation) -> None:
    """The same batch again changes nothing."""
    for _time in range(3):
        take(hub, station, station.batch())
    assert verdicts(hub, "W03") == {"": len(station.batch()["rows"])}


def test_a_gap_is_named_and_fills_itself(hub: RunningHub, station: MadeStation) -> None:
    """What comes after a missing entry waits and says which; it is good once that has come."""
    whole = station.batch()
    missing = whole["rows"][4]
    take(hub, station, {**whole, "rows": [row for row in whole["rows"] if row is not missing]})
    held = verdicts(hub, "W03")
    assert held["gap"] == sum(1 for row in whole["rows"] if row["seq"] > missing["seq"])
    named = hub.hub.db.rows("SELECT DISTINCT why FROM entry WHERE verdict = 'gap'")
    assert named == [(str(missing["seq"]),)]
    take(hub, station, {**whole, "rows": [missing]})
    assert verdicts(hub, "W03") == {"": len(whole["rows"])}


def test_without_a_signed_head_nothing_counts(hub: RunningHub, station: MadeStation) -> None:
    """A chain that fits is not enough: the station's key must vouch for it."""
    whole = station.batch()
    forged = [{**head, "signature": "00" * 64} for head in whole["heads"]]
    take(hub, station, {**whole, "heads": forged})
    assert verdicts(hub, "W03") == {"unsigned": len(whole["rows"])}
    take(hub, station, {**whole, "rows": []})
    assert verdicts(hub, "W03") == {"": len(whole["rows"])}


def test_a_changed_amount_is_found(hub: RunningHub, station: MadeStation) -> None:
    """One figure changed under the signed hash: that entry is broken, the true one is taken later."""
    whole = station.batch()
    row = next(row for row in whole["rows"] if '"total_minor":2500' in row["sealed"])
    changed = {**row, "sealed": row["sealed"].replace('"total_minor":2500', '"total_minor":2600')}
    take(hub, station, {**whole, "rows": [changed if one is row else one for one in whole["rows"]]})
    held = verdicts(hub, "W03")
    assert held["broken"] == 1
    assert held[""] == row["seq"] - 1 - _in_group_before(whole, row["seq"])
    take(hub, station, whole)
    assert verdicts(hub, "W03") == {"": len(whole["rows"]), "broken": 1}


def _in_group_before(whole: dict[str, Any], seq: int) -> int:
    """Return how many entries of the commit group of ``seq`` come before it."""
    head = next(one for one in whole["heads"] if one["seq_from"] <= seq <= one["seq_to"])
    return int(seq - head["seq_from"])


def test_two_pcs_that_record_as_one_station_are_noticed(hub: RunningHub, tmp_path: Path) -> None:
    """A copied home signs another entry under a number that is taken: both are kept, the second in quarantine."""
    import shutil

    from downtime.home import Home
    from tests.downtime import builders

    first = known_to(hub, make_station(tmp_path / "w03"))
    first.charge(2)
    copied = Home(shutil.copytree(first.home.path, tmp_path / "copy"))
    twin = MadeStation(copied, builders.unlock(copied), first.clock)
    first.charge(2)
    twin.charge(3)
    good = len(first.batch()["rows"])
    take(hub, first, first.batch())
    take(hub, twin, twin.batch())
    held = verdicts(hub, "W03")
    assert held[""] == good
    assert held["clone"] >= 2
    assert sum(held.values()) == len({row["hash"] for row in (*first.batch()["rows"], *twin.batch()["rows"])})
    (standing,) = standings(hub.hub.db)
    assert "clone" in standing.quarantined


def test_a_drill_and_another_hospital_stay_outside(hub: RunningHub, tmp_path: Path) -> None:
    """Their entries are kept in quarantine and never become good."""
    drill = known_to(hub, make_station(tmp_path / "d", "W05", drill=True))
    other = known_to(
        hub, make_station(tmp_path / "o", "W06", hospital={"id": "ELSEWHERE", "name": "练习医院"})
    )
    for station, word in ((drill, "drill"), (other, "foreign")):
        station.charge(1)
        take(hub, station, station.batch())
        assert verdicts(hub, station.code) == {word: len(station.batch()["rows"])}


def test_a_station_cannot_speak_for_another(hub: RunningHub, station: MadeStation, tmp_path: Path) -> None:
    """Entries of W03 in a batch of W04 are put aside, and W03's own are taken all the same."""
    other = known_to(hub, make_station(tmp_path / "w04", "W04"))
    take(hub, other, station.batch())
    assert verdicts(hub, "W04") == {"other_station": len(station.batch()["rows"])}
    take(hub, station, station.batch())
    assert verdicts(hub, "W03") == {"": len(station.batch()["rows"])}


def test_one_stations_trouble_is_its_own(hub: RunningHub, station: MadeStation, tmp_path: Path) -> None:
    """W03 sends rubbish for ever; W04 is collected as if nothing were."""
    for n in range(5):
        rubbish = {"seq": n + 1, "salt": "00" * 16, "sealed": f'{{"rubbish":{n}}}', "hash": f"{n:064x}"}
        take(hub, station, {"incarnation": "A", "book": 1, "rows": [rubbish], "heads": []})
    other = known_to(hub, make_station(tmp_path / "w04", "W04"))
    other.charge(2)
    take(hub, other, other.batch())
    assert verdicts(hub, "W03") == {"unreadable": 5}
    assert verdicts(hub, "W04") == {"": len(other.batch()["rows"])}


def _damaged(envelope: dict[str, Any], name: str) -> None:
    changes: dict[str, Callable[[], object]] = {
        "refers_to": lambda: envelope.update(refers_to=[["x"]]),
        "operator": lambda: envelope.update(operator=None),
        "postings": lambda: envelope.update(postings=[[1, 2, 3, 4]]),
        "number": lambda: envelope.update(number=["x"]),
        "qr": lambda: envelope.update(qr="x"),
        "book": lambda: envelope.update(book=True),
        "seq": lambda: envelope.update(seq="1"),
        "salt": lambda: envelope.update(salt=7),
        "hospital": lambda: envelope.pop("hospital"),
    }
    changes[name]()


@pytest.mark.parametrize(
    "name", ["refers_to", "operator", "postings", "number", "qr", "book", "seq", "salt", "hospital"]
)
def test_an_entry_of_the_wrong_shape_is_put_aside(file_hub: RunningHub, tmp_path: Path, name: str) -> None:
    """Signed by its own station, and still no field of it is believed to be what it should be."""
    station = known_to(file_hub, make_station(tmp_path / "w03"))
    whole = station.batch()
    row = whole["rows"][0]
    content = unseal(row["sealed"].encode())
    _damaged(content["envelope"], name)
    sealed = seal(content)
    salt, previous = bytes.fromhex(row["salt"]), bytes(32)
    changed = {**row, "sealed": sealed.decode(), "hash": link(1, previous, salt, sealed).hex()}
    unsigned = {"seq_from": 1, "seq_to": 1, "head": changed["hash"]}
    from downtime.store.headlog import HeadRecord

    record = HeadRecord(1, 1, bytes.fromhex(changed["hash"]), b"")
    signature = station.ring.signing_key().sign(record.signed_bytes()).hex()
    take(file_hub, station, {**whole, "rows": [changed], "heads": [{**unsigned, "signature": signature}]})
    (verdict,) = verdicts(file_hub, "W03")
    assert verdict not in ("", "gap", "unsigned")
    take(file_hub, station, whole)
    assert verdicts(file_hub, "W03")[""] == len(whole["rows"])


def test_a_missing_second_person_holds_up_that_entry_alone(
    file_hub: RunningHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An outage declared by one alone stands in the chain, in quarantine; what follows is good."""
    from downtime.record import record_events
    from forms.station_book import OutageDeclared

    station = known_to(file_hub, make_station(tmp_path / "w03"))
    monkeypatch.setattr("downtime.record._refuse_problems", lambda *_given: None)  # an app somebody changed
    book = station.open()
    record_events(book, [OutageDeclared(outage="PX-1", declared_by="练习员")])
    book.close()
    station.charge(1)
    take(file_hub, station, station.batch())
    held = verdicts(file_hub, "W03")
    assert held == {"": len(station.batch()["rows"]) - 1, "no_second_person": 1}


def test_nothing_of_a_patient_stands_in_postgresql_unencrypted(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Whoever reads the database alone finds neither name nor number of a patient."""
    import psycopg
    from psycopg import sql

    url = empty_postgresql(request)
    running = make_hub(tmp_path / "hub", store_url=url)
    station = known_to(running, make_station(tmp_path / "w03"))
    station.charge(2)
    take(running, station, station.batch())
    with psycopg.connect(url) as server:
        tables = [
            row[0] for row in server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ]
        looks = [sql.SQL("SELECT * FROM {}").format(sql.Identifier(table)) for table in tables]
        whole = "".join(str(list(server.execute(look))) for look in looks)
    for secret in ("练习病人", "P000001", "V000001", "1980-01-31"):
        assert secret not in whole
        assert secret.encode().hex() not in whole
        assert str(secret.encode())[2:-1] not in whole
    stop_hub(running)


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[tuple[SqliteFile, Receiver]]:
    """A receiver on a file of its own."""
    db = SqliteFile(tmp_path / "bare.db", bytes(32))
    counted = itertools.count()
    yield db, Receiver(db, HOSPITAL, b"x", lambda: str(next(counted)))
    db.close()


def test_the_file_cannot_be_read_without_its_key(bare: tuple[SqliteFile, Receiver], tmp_path: Path) -> None:
    """At rest the hub's own file is encrypted as a station's is."""
    bare[0].rows("INSERT INTO outage (name, state, at, said_by) VALUES ('PX-SECRET', 'started', '', '')")
    for path in tmp_path.glob("bare.db*"):
        assert b"PX-SECRET" not in path.read_bytes()
        assert b"SQLite format" not in path.read_bytes()[:100]
