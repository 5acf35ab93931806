"""Reading the hub: what is new is read once, and what was read bit by bit is what a fresh look shows."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from downtime.board import Kept
from downtime.clock import ManualClock
from downtime.outcome import Accepted, HandedOver, InDoubt, Rejected
from forms.his_decided import EntryNoted, SentCorrected
from forms.registration import Registration
from forms.station_book import ResendDecided
from tests.downtime import builders
from tests.screens.made_board import CONNECTOR, MadeHub, accepted, charged, his_row

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.entry import Entry
    from downtime.home import Home
    from forms.base import Form
    from sync.board.source import HubBoard

ALL = Kept(view="all")


def station(tmp_path: Path, code: str = "W11") -> tuple[Home, ManualClock]:
    """Return a station and its clock."""
    clock = ManualClock()
    return builders.make_home(tmp_path / code, code=code, clock=clock), clock


def said(home: Home, clock: ManualClock, form: Form) -> Entry:
    """Record what somebody decided, in the station's own book."""
    book = builders.open_current(home, clock)
    try:
        return builders.stand(book, form)
    finally:
        book.close()


def states(board: HubBoard) -> dict[str, int]:
    """Return how many entries stand in each state, those without any left out."""
    return {state: one.entries for state, one in board.summary().states.items() if one.entries}


def told(board: HubBoard) -> list[dict[str, Any]]:
    """Return everything the board shows."""
    return [asdict(row) for row in sorted(board.rows(ALL), key=lambda row: row.n)]


def same_as_fresh(made: MadeHub, board: HubBoard) -> None:
    """What was read bit by bit is what is read at once."""
    fresh = made.source()
    try:
        fresh.refresh()
        assert told(fresh) == told(board)
        assert fresh.summary().states == board.summary().states
        assert board.summary().difference().entries == board.summary().difference().amount_minor == 0
    finally:
        fresh.close()


def test_a_day_is_read_bit_by_bit(made: MadeHub, tmp_path: Path) -> None:
    """Entries, answers and a tick-off come one after the other; each look shows what came since."""
    home, clock = station(tmp_path)
    board = made.source()
    try:
        assert board.refresh()
        assert not board.refresh()  # nothing came since
        entries = charged(home, clock, 5)
        made.bring(home)
        assert board.refresh()
        assert states(board) == {"waiting": 5}
        made.answer(entries[0].id, accepted(1))
        made.answer(entries[1].id, Rejected("练习"))
        made.answer(entries[2].id, InDoubt("练习"))
        made.answer(entries[3].id, HandedOver("worksheet"))
        assert board.refresh()
        assert states(board) == {"waiting": 2, "verified": 1, "person": 2}
        made.tick({entries[3].id: ("different", "amount", "", [his_row("1", entries[3], 99)])})
        assert board.refresh()
        assert states(board) == {"waiting": 1, "verified": 1, "person": 2, "differs": 1}
        row = board.row(entries[3].number or "")
        assert row is not None
        assert row.his_minor == 99
        made.answer(entries[1].id, Accepted((), "HIS-9"))
        board.refresh()
        assert board.summary().last_success == made.at
        same_as_fresh(made, board)
        assert not board.refresh()
    finally:
        board.close()


def test_what_waited_for_an_earlier_entry_is_good_once_that_has_come(made: MadeHub, tmp_path: Path) -> None:
    """Entries behind a gap stand on the board as waiting, with the reason, and are good without a word from anybody."""
    home, clock = station(tmp_path)
    charged(home, clock, 4)
    board = made.source()
    try:
        made.bring(home, first=8)
        board.refresh()
        waiting = board.rows(ALL)
        assert waiting
        assert {row.verdict for row in waiting} <= {"gap", "unsigned"}
        assert {row.state for row in waiting} == {"waiting"}
        made.bring(home)
        assert board.refresh()
        assert {row.verdict for row in board.rows(ALL)} == {""}
        assert len(board.rows(ALL)) == 4
        same_as_fresh(made, board)
    finally:
        board.close()


def test_a_decision_closes_the_error_at_once_and_everywhere(made: MadeHub, tmp_path: Path) -> None:
    """Known from the IT station's own book before it is at the hub, and the same once it has come up: counted once."""
    home, clock = station(tmp_path)
    it, its_clock = station(tmp_path, "IT1")
    entries = charged(home, clock, 3)
    made.bring(home)
    made.answer(entries[0].id, Rejected("练习:编码"))
    made.answer(entries[1].id, Rejected("练习:病人号"))
    board = made.source()
    try:
        board.refresh()
        again = ResendDecided(entry_id=entries[0].id, connector=CONNECTOR, step=2, reason="练习")
        change = {"field": "patient.number", "old": entries[1].patient, "new": "HIS-778"}
        corrected = SentCorrected.model_validate(
            {
                "entry_id": entries[1].id,
                "connector": CONNECTOR,
                "changes": [change],
                "step": 2,
                "reason": "练习",
            }
        )
        decisions = [said(it, its_clock, form) for form in (again, corrected)]
        assert board.know(decisions)
        assert not board.know(decisions)
        assert states(board) == {"waiting": 3}
        assert board.summary().again == 2
        assert not [row for row in board.rows(Kept()) if row.again]
        made.bring(it)
        board.refresh()
        assert board.summary().again == 2
        item = board.item(made.n_of(entries[1].id))
        assert [one.content["changes"][0]["new"] for one in item.decisions] == ["HIS-778"]
        made.answer(entries[0].id, Rejected("练习:还是编码"))
        board.refresh()
        assert states(board) == {"waiting": 2, "person": 1}
        same_as_fresh(made, board)
    finally:
        board.close()


def test_notes_stand_beside_their_entry(made: MadeHub, tmp_path: Path) -> None:
    """Whoever looks at it next sees who wrote what; the entry itself is as it was."""
    home, clock = station(tmp_path)
    it, its_clock = station(tmp_path, "IT1")
    entry = charged(home, clock, 1)[0]
    note = said(
        it, its_clock, EntryNoted(entry_id=entry.id, number=entry.number or "", text="练习:患者下午来")
    )
    made.bring(it)
    made.bring(home)  # the note came before what it is about
    board = made.source()
    try:
        board.refresh()
        row = board.row(entry.number or "")
        assert row is not None
        assert (row.notes, row.state) == (1, "waiting")
        item = board.item(row.n)
        assert [(one.id, one.content["text"]) for one in item.decisions] == [(note.id, "练习:患者下午来")]
        assert item.entry is not None
        assert item.sealed == item.entry.sealed
    finally:
        board.close()


def test_the_item_shows_the_exact_bytes_that_were_sent(made: MadeHub, tmp_path: Path) -> None:
    """Every attempt with its time and answer, and the bytes as they left."""
    home, clock = station(tmp_path)
    entry = charged(home, clock, 1)[0]
    made.bring(home)
    made.answer(entry.id, Rejected("练习"), InDoubt("练习"), sent="练习:一字不差\x00".encode())
    board = made.source()
    try:
        board.refresh()
        item = board.item(made.n_of(entry.id))
        assert [one.state for one in item.attempts] == ["sending", "rejected", "sending", "in_doubt"]
        assert item.attempts[0].sent == "练习:一字不差\x00".encode()
        assert item.row.tries == 4
    finally:
        board.close()


def test_an_identity_number_of_a_registration_finds_the_charges(made: MadeHub, tmp_path: Path) -> None:
    """Somebody registered here is found by the identity number on their registration."""
    home, clock = station(tmp_path)
    book = builders.open_current(home, clock)
    number = "TW11A0100001"
    patient = {"number": number, "name": "练习无名", "temporary": True, "id_kind": "national_id"}
    person = {**patient, "id_number": "11010119800131002X", "sex": "male"}
    builders.stand(book, Registration.model_validate({"patient": person, "identity": "known"}))
    about = {"number": number, "name": "练习无名", "sex": "male", "birth_date": None, "temporary": True}
    builders.stand(book, builders.charge(patient=about))
    book.close()
    made.bring(home)
    board = made.source()
    try:
        board.refresh()
        assert len(board.rows(Kept(view="all", text="1101011980"))) == 2
    finally:
        board.close()


def test_unsynced_entries_and_silent_stations_are_counted(made: MadeHub, tmp_path: Path) -> None:
    """What a station said it has and the hub has not; a station that never spoke is listed too."""
    home, clock = station(tmp_path)
    charged(home, clock, 2)
    made.bring(home)
    silent, its_clock = station(tmp_path, "W12")
    charged(silent, its_clock, 1)
    made.bring(silent)
    made.seen("W11", made.at, 500)
    board = made.source()
    try:
        board.refresh()
        seen = {one.station: one for one in board.summary().stations}
        row = made.db.row("SELECT seq FROM chain WHERE station = 'W11'")
        assert row is not None
        assert seen["W11"].unsynced == 500 - row[0]
        assert seen["W12"].last_seen == ""
    finally:
        board.close()


def test_the_lists_are_the_stations_own_questions(made: MadeHub, tmp_path: Path) -> None:
    """Insured, unpaid and price differences over all stations; cash and receipts agree."""
    home, clock = station(tmp_path)
    entries = charged(home, clock, 2)
    book = builders.open_current(home, clock)
    insured = builders.stand(book, builders.charge(payer_kind="insured_pending"))
    unpaid = builders.stand(book, builders.arrears())
    book.close()
    made.bring(home)
    dearer = (entries[0].amount_minor or 0) + 300
    made.tick(
        {entries[0].id: ("different", "amount", "", [his_row("1", entries[0], dearer)])},
        [his_row("9", entries[1], 880)],
    )
    board = made.source()
    try:
        board.refresh()
        sums = {one.name: (one.rows, one.amount_minor) for one in board.list_sums()}
        assert sums["price_changed"] == (1, 300)
        assert sums["unknown"] == (1, 880)
        assert [row.entry_id for row in board.list_rows("insured")] == [insured.id]
        assert [row.entry_id for row in board.list_rows("owing")] == [unpaid.id]
        assert sums["owing"] == (1, unpaid.amount_minor)
        lines = {words: minor for words, minor, _remark in board.list_lines()}
        assert lines["Difference"] == 0
        assert lines["On receipts, net"] > 0
        assert lines["HIS less ours"] == 300
    finally:
        board.close()
