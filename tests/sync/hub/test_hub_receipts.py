"""While the line lives: is this receipt used at another window already?"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from downtime.receipt_number import format_number
from downtime.receipt_question import Use, ask_about, put_answer, uses_of
from sync.connectors.hub_link import NotTakenError
from sync.hub.asking import Answering
from sync.hub.membership import Membership, _speaker
from tests.downtime import builders
from tests.sync.hub.stations import MadeStation, known_to, make_station, take

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sync.hub.hubs import RunningHub


def question(hub: RunningHub, station: MadeStation, number: str, using: str = "") -> dict[str, Any]:
    """Ask as a station."""
    link = hub.link(station.code, station.ring.signing_key())
    try:
        return link.ask("receipt", {"number": number, **({"using": using} if using else {})})
    finally:
        link.close()


def test_a_receipt_used_at_another_window_is_told(hub: RunningHub, tmp_path: Path) -> None:
    """Charged at W03 and dispensed there: the pharmacy at W04 learns where, on what entry."""
    cashier = known_to(hub, make_station(tmp_path / "w03"))
    pharmacy = known_to(hub, make_station(tmp_path / "w04", "W04"))
    book = cashier.open()
    lines = [builders.line("D001", kind="drug")]
    paid = builders.stand(book, builders.charge(lines))
    assert paid.number is not None
    take(hub, cashier, cashier.batch())
    told = question(hub, pharmacy, paid.number)
    assert (told["known"], told["station"], told["used"]) == (True, "W03", [])
    given = builders.stand(book, builders.dispense(paid.id, [builders.drug("D001", "2")]))
    book.close()
    take(hub, cashier, cashier.batch())
    (use,) = question(hub, pharmacy, paid.number)["used"]
    assert (use["station"], use["form"], use["entry_id"]) == ("W03", "dispense", given.id)


def test_two_windows_at_the_same_moment_see_each_other(hub: RunningHub, tmp_path: Path) -> None:
    """Who asks says for which entry; the next one who asks is told, before anything was recorded."""
    first = known_to(hub, make_station(tmp_path / "w03"))
    second = known_to(hub, make_station(tmp_path / "w04", "W04"))
    number = format_number("W01", "A", 128)
    assert question(hub, first, number, "entry-1")["about_to_be_used"] == []
    assert question(hub, first, number, "entry-1")["about_to_be_used"] == []
    (other,) = question(hub, second, number, "entry-2")["about_to_be_used"]
    assert (other["station"], other["entry_id"]) == ("W03", "entry-1")


def asked(station: MadeStation, number: str, using: str) -> list[Use] | None:
    """Ask as the app does, let sync answer once, and look as the app does."""
    assert ask_about(station.home, number, using)
    assert uses_of(station.home, number, using) is None, "nobody answered yet, and nobody waits"
    answering = Answering(
        station.home, Membership.of(station.home).link(_speaker(station.home, station.ring))
    )
    assert answering.once()
    answering._link.close()
    return uses_of(station.home, number, using)


def test_the_app_learns_of_another_window_without_waiting(
    file_hub: RunningHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A question in a file, an answer in a file: used at W03 already, or in hand at W04 just now."""
    monkeypatch.setenv("DOWNTIME_LANGUAGE", "en")
    cashier, pharmacy = make_station(tmp_path / "w03"), make_station(tmp_path / "w04", "W04")
    for one in (cashier, pharmacy):
        one.join(file_hub)
    with closing(cashier.open()) as book:
        paid = builders.stand(book, builders.charge([builders.line("D001", kind="drug")]))
        assert paid.number is not None
        assert asked(pharmacy, paid.number, "dispense-1") == []
        builders.stand(book, builders.dispense(paid.id, [builders.drug("D001", "2")]))
    cashier.round()
    found = asked(pharmacy, paid.number, "dispense-2")
    assert found is not None
    assert [(use.station, use.form) for use in found] == [("W03", "dispense")]
    assert "W03" in found[0].words(paid.number)
    other = asked(cashier, paid.number, "refund-1")
    assert other is not None
    assert {(use.station, use.form) for use in other} == {("W04", "")}, "its own use is no news"
    assert list((pharmacy.home.path / "hub" / "asked").glob("*.json")) == []


def test_without_a_hub_nothing_is_asked(tmp_path: Path) -> None:
    """And an answer to another form of the same receipt is not taken for this one's."""
    station = make_station(tmp_path / "w03")
    number = format_number("W01", "A", 128)
    assert not ask_about(station.home, number, "entry-1")
    put_answer(station.home, number, "entry-1", {"used": [{"station": "W04", "form": "refund", "at": "x"}]})
    assert uses_of(station.home, number, "entry-2") is None
    found = uses_of(station.home, number, "entry-1")
    assert found is not None
    assert found[0].station == "W04"


def test_a_question_nobody_waits_for_any_more_is_thrown_away(file_hub: RunningHub, tmp_path: Path) -> None:
    """The hub was away for a while: what was asked then is not asked now; a hub that is away leaves the young ones."""
    station = make_station(tmp_path / "w03")
    station.join(file_hub)
    number = format_number("W01", "A", 128)
    link = Membership.of(station.home).link(_speaker(station.home, station.ring))
    assert ask_about(station.home, number, "entry-1")
    (old,) = (station.home.path / "hub" / "asked").glob("*.json")
    late = old.stat().st_mtime + 60
    assert Answering(station.home, link, lambda: late).once()
    assert uses_of(station.home, number, "entry-1") is None
    assert not old.exists()
    assert ask_about(station.home, number, "entry-1")
    file_hub.port.__exit__()
    assert not Answering(station.home, link).once()
    assert old.exists()
    link.close()


def test_a_number_with_a_wrong_digit_is_no_question(hub: RunningHub, tmp_path: Path) -> None:
    """The check digit is looked at first."""
    station = known_to(hub, make_station(tmp_path / "w03"))
    with pytest.raises(NotTakenError):
        question(
            hub, station, "W01A-000128-0" if format_number("W01", "A", 128)[-1] != "0" else "W01A-000128-1"
        )
