"""While the line lives: is this receipt used at another window already?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from downtime.receipt_number import format_number
from sync.connectors.hub_link import NotTakenError
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


def test_a_number_with_a_wrong_digit_is_no_question(hub: RunningHub, tmp_path: Path) -> None:
    """The check digit is looked at first."""
    station = known_to(hub, make_station(tmp_path / "w03"))
    with pytest.raises(NotTakenError):
        question(
            hub, station, "W01A-000128-0" if format_number("W01", "A", 128)[-1] != "0" else "W01A-000128-1"
        )
