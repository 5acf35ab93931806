"""What comes down is done at the station: the outage ends, numbers are added, files of the site change; each once."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from downtime import verify_export
from downtime.approvals import approve, approve_by_hub
from downtime.errors import RefusedInputError
from downtime.export import export_journal
from downtime.hub_following import follow, must_follow
from downtime.hub_notice import Notice, hub_notice, kept_package, receipt_keys, told_here
from downtime.receipt_qr import check
from downtime.record import new_entry_id, record_station_form
from downtime.sealing import Filled
from downtime.store import journal, number_queries
from downtime.verify import verify_book
from forms.station_book import OutageDeclared, OutageEnded
from sync.hub.membership import connector_at, news
from sync.station_program import follow_hub
from tests.downtime import builders
from tests.sync.hub.stations import MadeStation, make_station, verdicts

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sync.hub.hubs import RunningHub

AT = "2026-01-05T14:02:00+08:00"


@pytest.fixture
def station(file_hub: RunningHub, tmp_path: Path) -> MadeStation:
    """Station W03, a member of the hub."""
    made = make_station(tmp_path / "w03")
    made.join(file_hub)
    return made


def agreed(station: MadeStation, form: OutageDeclared | OutageEnded) -> None:
    """Record the start or the end of an outage as two people do it at the screen."""
    with closing(station.open()) as book:
        filled = Filled(form, new_entry_id())
        second = approve(book, filled, "outage", builders.SECOND, builders.SECOND_PASSWORD)
        record_station_form(book, filled, second)


def declare(station: MadeStation, outage: str = "PX-1") -> None:
    """Declare an outage by two."""
    agreed(station, OutageDeclared(outage=outage, declared_by="练习信息科"))


def whole_round(station: MadeStation) -> list[str]:
    """Do one round as ``downtime-sync run`` does it, the station's own program included; return what it says."""
    connector = connector_at(
        station.home, station.ring, station.clock, follow=lambda: follow_hub(station.home)
    )
    with closing(connector):
        assert connector.reach() is None
        return news(station.home, connector, set())


def in_force(station: MadeStation) -> str:
    """Return the outage in force at a station."""
    with closing(station.open()) as book:
        return book.outage()


def ends(hub: RunningHub) -> list[Any]:
    """Return the ends of outages that stand verified at the hub."""
    return hub.hub.db.rows("SELECT station FROM entry WHERE form = 'outage_ended' AND verdict = ''")


def test_the_announced_end_ends_the_outage_at_the_station(
    file_hub: RunningHub, station: MadeStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The station's own program records it under the service account, and the hub has that in the same round."""
    monkeypatch.setenv("DOWNTIME_LANGUAGE", "en")
    declare(station)
    station.charge(1)
    file_hub.hub.offers.say_outage("PX-1", "ended", AT, "练习信息科")
    said = whole_round(station)
    assert any("PX-1 is ended here" in sentence for sentence in said)
    assert in_force(station) == ""
    assert verify_book(station.home, station.ring, station.home.current_book()).whole
    whole_round(station)
    assert ends(file_hub) == [("W03",)]
    station.charge(1)
    with closing(station.open()) as book:
        entries = list(journal.entries(book.db, forms=("charge",)))
    assert [entry.outage for entry in entries] == ["PX-1", ""], "recording itself is never locked"


def test_an_end_is_followed_once(file_hub: RunningHub, station: MadeStation) -> None:
    """Declared again under the same name, the old announcement does not end it a second time; a new one does."""
    declare(station)
    file_hub.hub.offers.say_outage("PX-1", "ended", AT, "练习信息科")
    station.round()
    for _time in range(2):
        with closing(station.open()) as book:
            follow(book)
    declare(station)
    with closing(station.open()) as book:
        assert follow(book).done == []
    assert in_force(station) == "PX-1"
    file_hub.hub.offers.say_outage("PX-1", "started", AT, "练习信息科")
    file_hub.hub.offers.say_outage("PX-1", "ended", "2026-01-05T15:00:00+08:00", "练习信息科")
    station.round()
    with closing(station.open()) as book:
        follow(book)
    assert in_force(station) == ""


def test_another_outage_goes_on(file_hub: RunningHub, station: MadeStation) -> None:
    """Only the outage that was named ends; a start announced at the hub starts none."""
    declare(station, "PX-2")
    file_hub.hub.offers.say_outage("PX-1", "ended", AT, "练习信息科")
    file_hub.hub.offers.say_outage("PX-3", "started", AT, "练习信息科")
    station.round()
    with closing(station.open()) as book:
        assert follow(book).done == []
    assert in_force(station) == "PX-2"


def test_a_forged_announcement_ends_nothing(file_hub: RunningHub, station: MadeStation) -> None:
    """Somebody edits what came down: without the hub's signature none of it counts."""
    declare(station)
    file_hub.hub.offers.give_numbers("W03", "A", 20_001, 20_100, AT)
    file_hub.hub.offers.say_outage("PX-9", "ended", AT, "练习信息科")
    station.round()
    file = station.home.path / "hub" / "package.json"
    told = json.loads(file.read_text("utf-8"))
    told["package"]["outages"][0]["name"] = "PX-1"
    file.write_text(json.dumps(told), "utf-8")
    assert kept_package(station.home) == {}
    with closing(station.open()) as book:
        assert follow(book).done == []
    assert in_force(station) == "PX-1"


def test_an_end_nobody_announced_is_found_by_verification(station: MadeStation) -> None:
    """The service account alone cannot end an outage: without the hub's words nothing is recorded."""
    declare(station)
    forged = Notice("PX-1", "ended", AT, "练习信息科", "00" * 64)
    with closing(station.open()) as book:
        filled = Filled(OutageEnded(outage="PX-1"), new_entry_id())
        with pytest.raises(RefusedInputError):
            record_station_form(book, filled, approve_by_hub(book, filled, forged))
    assert in_force(station) == "PX-1"


def exported_is_good(station: MadeStation, target: Path) -> bool:
    """Return whether the outsider's program finds the exported book good."""
    export_journal(station.home, station.ring, station.home.current_book(), target)
    try:
        verify_export.verify(target, None)
    except verify_export.NotGoodError:
        return False
    return True


@pytest.mark.parametrize("forged", [False, True])
def test_three_verifiers_look_at_the_hubs_signature(
    file_hub: RunningHub,
    station: MadeStation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    forged: bool,
) -> None:
    """``downtime verify``, the outsider's program and the hub agree; an app somebody changed does not get by."""
    declare(station)
    file_hub.hub.offers.say_outage("PX-1", "ended", AT, "练习信息科")
    station.round()
    if forged:
        monkeypatch.setattr("downtime.record._refuse_problems", lambda *_given: None)
        monkeypatch.setattr(
            "downtime.hub_following.notices", lambda _home: [Notice("PX-1", "ended", AT, "别人", "00" * 64)]
        )
    with closing(station.open()) as book:
        follow(book)
    assert in_force(station) == ""
    assert verify_book(station.home, station.ring, station.home.current_book()).whole is not forged
    assert exported_is_good(station, tmp_path / "book.jsonl") is not forged
    station.round()
    assert set(verdicts(file_hub, "W03")) == ({"", "broken", "unsigned"} if forged else {""})


def test_numbers_given_by_the_hub_are_added_once(file_hub: RunningHub, station: MadeStation) -> None:
    """They stand in the book by themselves; a block below what was given is refused, and said once."""
    file_hub.hub.offers.give_numbers("W03", "A", 20_001, 20_100, AT)
    station.round()
    for _time in range(2):
        with closing(station.open()) as book:
            follow(book)
            blocks = [(block.first, block.last) for block in number_queries.blocks(book.db)]
        assert blocks.count((20_001, 20_100)) == 1
    assert not must_follow(station.home)
    file_hub.hub.offers.give_numbers("W03", "A", 15_000, 15_100, AT)
    station.round()
    with closing(station.open()) as book:
        (refused,) = follow(book).refused
        assert "20100" in refused
    assert not must_follow(station.home)


def offered(hub: RunningHub, name: str, text: str) -> None:
    """Offer one file of the site to all stations."""
    folder = hub.place.down / "all" / "site"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf-8")


def followed(station: MadeStation) -> tuple[list[str], list[str]]:
    """Take what is offered and follow it; return what was done and what refused."""
    station.round()
    with closing(station.open()) as book:
        done = follow(book)
    return done.done, done.refused


def test_a_file_of_the_site_comes_into_force_whole(file_hub: RunningHub, station: MadeStation) -> None:
    """The one before is kept; a file the app could not use is refused with its line, and the old one stays."""
    from downtime.paper_template import found_template, shipped_text

    site = station.home.path / "site" / "paper.toml"
    offered(file_hub, "paper.toml", shipped_text())
    assert len(followed(station)[0]) == 1
    assert site.read_text("utf-8") == shipped_text()
    offered(file_hub, "paper.toml", shipped_text() + "\n# 练习\n")
    assert len(followed(station)[0]) == 1
    assert (station.home.path / "hub" / "before" / "paper.toml").read_text("utf-8") == shipped_text()
    offered(file_hub, "paper.toml", "[words]\nno_such_key = 1\n")
    done, (refused,) = followed(station)
    assert done == []
    assert "no_such_key" in refused
    assert site.read_text("utf-8") == shipped_text() + "\n# 练习\n"
    assert found_template(station.home.path).fault is None
    assert followed(station) == ([], []), "said once"


def test_what_the_site_changed_by_hand_is_left_until_the_hub_sends_another(
    file_hub: RunningHub, station: MadeStation
) -> None:
    """Each version is put in place once: IT may still change a file at one station."""
    offered(file_hub, "words.txt", "eins")
    followed(station)
    site = station.home.path / "site" / "words.txt"
    site.write_text("zwei", "utf-8")
    file_hub.hub.offers.give_numbers("W03", "A", 20_001, 20_100, AT)
    followed(station)
    assert site.read_text("utf-8") == "zwei"
    offered(file_hub, "words.txt", "drei")
    followed(station)
    assert site.read_text("utf-8") == "drei"


def test_a_receipt_of_another_station_is_genuine_once_its_key_came_down(
    file_hub: RunningHub, station: MadeStation, tmp_path: Path
) -> None:
    """Unknown key before, genuine after: the hub sent the public keys of all stations."""
    other = make_station(tmp_path / "w04", "W04")
    (charge,) = other.charge(1)
    assert check(charge.qr, receipt_keys(station.home)).status == "unknown_key"
    other.join(file_hub)
    station.round()
    assert check(charge.qr, receipt_keys(station.home)).status == "genuine"
    assert check(station.charge(1)[0].qr, receipt_keys(station.home)).status == "genuine"


def test_the_screen_says_what_the_hub_said(file_hub: RunningHub, station: MadeStation) -> None:
    """Urgent while the outage is still in force here, calm afterwards, silent on another day or in another outage."""
    file_hub.hub.offers.say_outage("PX-1", "ended", AT, "练习信息科")
    station.round()
    notice = hub_notice(station.home)
    during = told_here(notice, "PX-1", AT)
    assert during is not None
    assert during.is_urgent
    assert "14:02" in during.short
    after = told_here(notice, "", AT)
    assert after is not None
    assert not after.is_urgent
    assert "14:02" in after.words
    assert told_here(notice, "", "2026-01-06T08:00:00+08:00") is None
    assert told_here(notice, "PX-2", AT) is None
