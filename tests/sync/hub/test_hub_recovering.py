"""A dead PC's day from its paper: each receipt once, signed by its station, never both as paper and as entry."""

from __future__ import annotations

import io
import json
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from downtime.commands.common import run_command
from downtime.receipt_number import parse_number
from sync.__main__ import sync
from sync.hub.recovering import Scanning, gaps, on_paper_only, recovered
from sync.hub.stations import withdraw
from tests.downtime import builders
from tests.sync.hub.stations import MadeStation, known_to, make_station, take

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.entry import Entry
    from tests.sync.hub.hubs import RunningHub

AT = "2026-01-06T09:00:00+08:00"


@pytest.fixture
def station(hub: RunningHub, tmp_path: Path) -> MadeStation:
    """Station W03, which the hub knows and which will not come back."""
    return known_to(hub, make_station(tmp_path / "w03"))


def scanning(hub: RunningHub) -> Scanning:
    """Return one person's scanning."""
    return Scanning(hub.hub.db, "PRACTICE", "练习信息科", AT)


def scanned(hub: RunningHub, *entries: Entry) -> list[str]:
    """Scan every code of some receipts and return what became of each text."""
    one = scanning(hub)
    return [one.take(code).state for entry in entries for code in entry.qr]


def test_a_receipt_is_recovered_from_its_code(hub: RunningHub, station: MadeStation) -> None:
    """Number, total, items, patient number, time and who scanned it stand apart; it never becomes an entry."""
    (charge,) = station.charge(1)
    assert scanned(hub, charge) == ["recovered"]
    (one,) = recovered(hub.hub.db)
    assert (one.number, one.amount_minor, one.scanned_by) == (
        charge.number,
        charge.amount_minor,
        "练习信息科",
    )
    assert one.facts["patient"] == "P000001"
    assert one.facts["items"] == [
        {"code": line["code"], "quantity": line["quantity"], "amount_minor": line["amount_minor"]}
        for line in charge.content["lines"]
    ]
    assert hub.hub.db.rows("SELECT * FROM entry") == []
    assert scanned(hub, charge) == ["twice"]
    assert len(recovered(hub.hub.db)) == 1


def test_a_receipt_of_two_codes_needs_both(file_hub: RunningHub, tmp_path: Path) -> None:
    """In either order; another receipt in between leaves the first one incomplete."""
    station = known_to(file_hub, make_station(tmp_path / "w03"))
    with closing(station.open()) as book:
        lines = [builders.line(f"S{n:03}") for n in range(25)]
        long, other = builders.stand(book, builders.charge(lines)), builders.stand(book, builders.charge())
    first, second = long.qr
    one = scanning(file_hub)
    assert [one.take(code).state for code in (second, first)] == ["more", "recovered"]
    (kept,) = recovered(file_hub.hub.db)
    assert len(kept.facts["items"]) == 25
    one = scanning(file_hub)
    assert [one.take(code).state for code in (first, other.qr[0], second)] == ["more", "recovered", "more"]


def test_the_entry_that_comes_after_all_takes_its_place(hub: RunningHub, station: MadeStation) -> None:
    """The PC's disk was read out: its entry counts, the paper is marked as arrived, never both."""
    charges = station.charge(2)
    assert scanned(hub, *charges) == ["recovered", "recovered"]
    assert len(on_paper_only(hub.hub.db)) == 2
    take(hub, station, station.batch())
    assert [one.has_arrived for one in recovered(hub.hub.db)] == [True, True]
    assert on_paper_only(hub.hub.db) == []
    (late,) = station.charge(1)
    take(hub, station, station.batch())
    assert scanned(hub, late) == ["arrived"]


def test_the_numbers_nobody_knows_are_named(hub: RunningHub, station: MadeStation) -> None:
    """Between what arrived and what was scanned, each missing number is listed: a receipt not found yet."""
    charges = station.charge(6)
    last = max(
        row["seq"]
        for row in station.batch()["rows"]
        if charges[0].number in row["sealed"] or charges[1].number in row["sealed"]
    )
    heads = station.batch()["heads"]
    end = next(head["seq_to"] for head in heads if head["seq_from"] <= last <= head["seq_to"])
    take(hub, station, station.batch(1, end))
    assert scanned(hub, charges[3], charges[5]) == ["recovered", "recovered"]
    missing = gaps(hub.hub.db, recovered(hub.hub.db))
    numbers = [charge.number for charge in charges]
    assert missing == [(numbers[2], numbers[2]), (numbers[4], numbers[4])]


def test_what_was_tampered_with_is_refused(file_hub: RunningHub, tmp_path: Path) -> None:
    """Another figure anywhere in the code, another station's key under a false name, rubbish: nothing is kept."""
    station = known_to(file_hub, make_station(tmp_path / "w03"))
    stranger = make_station(tmp_path / "w09", "W09")
    (charge,) = station.charge(1)
    one = scanning(file_hub)
    code = charge.qr[0]
    for at in range(2, len(code), 7):
        changed = code[:at] + str((int(code[at]) + 1) % 10) + code[at + 1 :]
        assert one.take(changed).state in {"refused", "more"}
    assert one.take("练习").state == "refused"
    assert one.take("").state == "refused"
    assert scanned(file_hub, *stranger.charge(1)) == ["refused"]
    assert recovered(file_hub.hub.db) == []


def test_a_drills_and_another_hospitals_receipt_are_refused(file_hub: RunningHub, tmp_path: Path) -> None:
    """Even where the hub knows the key."""
    drill = known_to(file_hub, make_station(tmp_path / "d", "W05", drill=True))
    other = known_to(
        file_hub, make_station(tmp_path / "o", "W06", hospital={"id": "ELSEWHERE", "name": "练习医院"})
    )
    for station in (drill, other):
        assert scanned(file_hub, *station.charge(1)) == ["refused"]
    assert recovered(file_hub.hub.db) == []


def test_receipts_of_a_stolen_pc_are_marked(file_hub: RunningHub, tmp_path: Path) -> None:
    """Its receipts are still evidence; that its key was withdrawn stands beside each."""
    station = known_to(file_hub, make_station(tmp_path / "w03"))
    (charge,) = station.charge(1)
    withdraw(file_hub.hub.db, "W03", "A", AT, "练习信息科", "被盗")
    assert scanned(file_hub, charge) == ["recovered"]
    (one,) = recovered(file_hub.hub.db)
    assert one.key_withdrawn


def test_what_is_typed_at_the_hub(
    file_hub: RunningHub, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of scanned texts goes in; the list says what stands on paper only, with sums, and exits with 1."""
    monkeypatch.setenv("DOWNTIME_LANGUAGE", "en")
    station = known_to(file_hub, make_station(tmp_path / "w03"))
    charges = station.charge(3)
    texts = [charges[0].qr[0], charges[2].qr[0], "", charges[0].qr[0]]
    (tmp_path / "scanned.txt").write_text("\n".join(texts), "utf-8")
    where = ["--hub", str(file_hub.place.path)]
    take_it = ["hub", "scan", "take", str(tmp_path / "scanned.txt"), "--by", "OFFICE", *where]
    assert run_command(sync, take_it) == 0
    assert "2 recovered, 0 here already, 1 twice, 0 refused" in capsys.readouterr().out
    assert run_command(sync, ["hub", "scan", "list", *where]) == 1
    said = capsys.readouterr().out
    assert f"{charges[1].number}: nobody knows it" in said
    assert "2 only on paper, 50.00 CNY" in said
    monkeypatch.setattr("sys.stdin", io.StringIO(charges[1].qr[0] + "\n"))
    assert run_command(sync, ["hub", "scan", "take", "--by", "OFFICE", *where]) == 0
    capsys.readouterr()
    assert run_command(sync, ["hub", "scan", "list", "--json", *where]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["on_paper_only"], told["gaps"]) == (3, [])
    assert all(parse_number(one["number"]) for one in told["recovered"])


def test_a_worksheet_of_what_stands_on_paper_only(
    file_hub: RunningHub, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Number, patient number, codes and amounts in the HIS's order; what arrived since is not on it."""
    from pypdf import PdfReader

    monkeypatch.setenv("DOWNTIME_LANGUAGE", "en")
    station = known_to(file_hub, make_station(tmp_path / "w03"))
    charges = station.charge(2)
    assert scanned(file_hub, *charges) == ["recovered"] * 2
    words = [
        "hub",
        "scan",
        "worksheet",
        "--by",
        "OFFICE",
        "--language",
        "en",
        "--hub",
        str(file_hub.place.path),
    ]
    assert run_command(sync, [*words, "--pdf", str(tmp_path / "one.pdf")]) == 0
    told = "".join(page.extract_text() for page in PdfReader(tmp_path / "one.pdf").pages)
    for charge in charges:
        assert str(charge.number) in told
    assert "P000001" in told
    assert "25.00" in told
    assert "From the paper alone" in told
    assert run_command(sync, [*words, "--pdf", str(tmp_path / "two.pdf")]) == 0
    assert "2 of them printed before" in capsys.readouterr().out
    take(file_hub, station, station.batch())
    assert run_command(sync, [*words, "--pdf", str(tmp_path / "three.pdf")]) == 0
    assert not (tmp_path / "three.pdf").exists()
