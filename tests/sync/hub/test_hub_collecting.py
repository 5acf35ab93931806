"""What stations recorded arrives at the hub whole, in order, once, whatever happens on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime.canonical import seal
from downtime.errors import AccessRefusedError, RefusedInputError
from downtime.outcome import Accepted, FormalDocument, outcome_content
from downtime.store import delivery_queries as queries
from sync.connectors.hub_link import HubLink, LinkError
from sync.hub import delivered
from sync.hub.membership import join
from sync.hub.standing import standings
from sync.hub.stations import Code, invite
from tests.sync.hub.hubs import make_hub, start_hub, stop_hub
from tests.sync.hub.stations import make_station, verdicts

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sync.hub.hubs import RunningHub

AT = "2026-01-05T08:00:00+08:00"


def test_everything_a_station_recorded_stands_verified_at_the_hub(hub: RunningHub, tmp_path: Path) -> None:
    """Charges and the station's own entries go up with their chain; to the station they are handed over."""
    station = make_station(tmp_path / "w03")
    station.join(hub)
    station.charge(5)
    done = station.round()
    assert {line.state: line.entries for line in done.standing} == {"handed_over": 5}
    held = verdicts(hub, "W03")
    book = station.batch()
    assert held == {"": len(book["rows"])}
    (standing,) = standings(hub.hub.db)
    assert (standing.held, standing.unsynced, standing.waiting, standing.quarantined) == (held[""], 0, 0, {})


def test_the_formal_document_comes_back_through_the_hub(hub: RunningHub, tmp_path: Path) -> None:
    """Handed over until the HIS has it; then the station holds the formal document."""
    station = make_station(tmp_path / "w03")
    station.join(hub)
    (charge,) = station.charge()
    assert station.round().standing[0].state == "handed_over"
    formal = FormalDocument("e_invoice", "PX", "00012345", "", AT, "issued", "HIS-1")
    told = seal(outcome_content(Accepted((formal,), "HIS-1"))).decode()
    row = hub.hub.db.row("SELECT n FROM entry WHERE id = ?", (charge.id,))
    assert row is not None
    with hub.hub.db.writing():
        delivered.begin(hub.hub.db)
        delivered.append(hub.hub.db, [delivered.FactRow("practice", row[0], 2, "accepted", told, AT)])
    done = station.round()
    assert [line.state for line in done.standing] == ["accepted"]
    assert done.agrees
    paths = station.home.current_book()
    look = queries.look(paths.journal, paths.deliveries, station.ring.book_key(paths.number))
    assert queries.formal_of(look, charge.id) == [formal]
    look.close()


def test_sent_once_it_is_not_sent_again(hub: RunningHub, tmp_path: Path) -> None:
    """A second round sends nothing; after three more charges it sends what is new."""
    station = make_station(tmp_path / "w03")
    station.join(hub)
    station.charge(3)
    station.round()
    before = sum(verdicts(hub, "W03").values())
    station.round()
    assert sum(verdicts(hub, "W03").values()) == before
    station.charge(3)
    station.round()
    assert verdicts(hub, "W03") == {"": len(station.batch()["rows"])}


def test_a_lost_reply_makes_no_double(
    hub: RunningHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub kept the batch and its answer never came: the next round finds it there."""
    station = make_station(tmp_path / "w03")
    station.join(hub)
    station.charge(4)
    ask = HubLink.ask

    def loses_the_answer(link: HubLink, name: str, content: dict[str, object]) -> dict[str, object]:
        answer = ask(link, name, content)
        if name == "entries":
            raise LinkError("lost")
        return answer

    monkeypatch.setattr(HubLink, "ask", loses_the_answer)
    assert station.round().unreachable == "lost"
    monkeypatch.undo()
    done = station.round()
    assert {line.state: line.entries for line in done.standing} == {"handed_over": 4}
    assert verdicts(hub, "W03") == {"": len(station.batch()["rows"])}


def test_started_anew_the_hub_goes_on_where_it_was(tmp_path: Path, store_url: str) -> None:
    """The walk over each chain is kept: entries after a restart are verified against those before."""
    running = make_hub(tmp_path / "hub", store_url=store_url)
    station = make_station(tmp_path / "w03")
    station.join(running)
    station.charge(2)
    station.round()
    number = running.port.number
    stop_hub(running)
    assert station.round().unreachable is not None
    running = start_hub(running.place, number=number)
    station.charge(2)
    station.round()
    assert verdicts(running, "W03") == {"": len(station.batch()["rows"])}
    stop_hub(running)


def test_a_station_that_comes_back_three_days_later(file_hub: RunningHub, tmp_path: Path) -> None:
    """Whatever happened meanwhile, it sends from where it stopped, and the hub saw how long it was away."""
    station, other = make_station(tmp_path / "w03"), make_station(tmp_path / "w04", "W04")
    for one in (station, other):
        one.join(file_hub)
        one.charge(2)
        one.round()
    station.charge(3)
    station.clock.turn(wall_seconds=3 * 86_400, passed_seconds=3 * 86_400)
    other.charge(1)
    other.round()
    assert {one.station: one.unsynced for one in standings(file_hub.hub.db)} == {"W03": 0, "W04": 0}
    station.round()
    assert verdicts(file_hub, "W03") == {"": len(station.batch()["rows"])}


def test_a_clock_wrong_by_years_stops_nothing(file_hub: RunningHub, tmp_path: Path) -> None:
    """A station in 2009, before the hub's certificate begins, collects as usual; the hub says its clock is off."""
    station = make_station(tmp_path / "w03")
    station.clock.turn(wall_seconds=-17 * 365 * 86_400)
    station.join(file_hub)
    station.charge(2)
    station.round()
    (standing,) = standings(file_hub.hub.db)
    assert standing.held == len(station.batch()["rows"])
    assert standing.skew_seconds < -10 * 365 * 86_400


def test_a_new_incarnation_is_vouched_for_by_the_one_before(file_hub: RunningHub, tmp_path: Path) -> None:
    """After an alarm a station goes on under the next letter; its old key introduces the new one."""
    from downtime.station import continue_after_alarm

    station = make_station(tmp_path / "w03")
    station.join(file_hub)
    station.charge(1)
    station.round()
    continue_after_alarm(station.home, station.ring, clock=station.clock).close()
    station.charge(1)
    station.round()
    (standing,) = standings(file_hub.hub.db)
    assert (standing.incarnations, standing.quarantined, standing.waiting) == ("AB", {}, 0)


def test_a_second_book_continues_the_first(file_hub: RunningHub, tmp_path: Path) -> None:
    """Both books of a station go up, each in its own chain."""
    from downtime.station import open_new_book

    station = make_station(tmp_path / "w03")
    station.join(file_hub)
    station.charge(2)
    open_new_book(station.home, station.ring, clock=station.clock).close()
    station.charge(2)
    station.round()
    (standing,) = standings(file_hub.hub.db)
    assert (standing.unsynced, standing.waiting, standing.quarantined) == (0, 0, {})
    assert len(file_hub.hub.db.rows("SELECT book FROM chain")) == 2


def test_a_code_counts_once_and_for_one_station(file_hub: RunningHub, tmp_path: Path) -> None:
    """The code lets the station in it was made for; another time or elsewhere it opens nothing."""
    station, other = make_station(tmp_path / "w03"), make_station(tmp_path / "w04", "W04")
    authority = file_hub.place.authority_certificate
    code = invite(file_hub.hub.db, "W03", authority, AT)
    with pytest.raises(AccessRefusedError):
        join(other.home, other.ring, file_hub.address, code.text())
    join(station.home, station.ring, file_hub.address, code.text().lower().replace(" ", "-"))
    with pytest.raises(AccessRefusedError):
        join(station.home, station.ring, file_hub.address, code.text())


def test_five_wrong_codes_void_an_invitation(file_hub: RunningHub, tmp_path: Path) -> None:
    """Nobody guesses a code over the network."""
    station = make_station(tmp_path / "w03")
    good = invite(file_hub.hub.db, "W03", file_hub.place.authority_certificate, AT)
    for n in range(5):
        with pytest.raises(AccessRefusedError):
            join(station.home, station.ring, file_hub.address, Code(good.pin, bytes([n] * 7)).text())
    with pytest.raises(AccessRefusedError):
        join(station.home, station.ring, file_hub.address, good.text())


def test_a_code_of_another_hub_is_noticed_before_anything_is_sent(
    file_hub: RunningHub, tmp_path: Path
) -> None:
    """What answers at the address is compared with the code first."""
    station = make_station(tmp_path / "w03")
    other = make_hub(tmp_path / "other")
    code = invite(other.hub.db, "W03", other.place.authority_certificate, AT)
    with pytest.raises(RefusedInputError, match=file_hub.address):
        join(station.home, station.ring, file_hub.address, code.text())
    stop_hub(other)
