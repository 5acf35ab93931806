"""The read route from end to end: worksheet, extract, tick, formal document, and a tick that is taken back."""

from __future__ import annotations

import csv
import io
import json
import os
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from downtime.clock import ManualClock
from downtime.outcome import Accepted, Rejected
from downtime.store import delivery_queries as queries
from downtime.store.delivery_verify import verify_deliveries
from downtime.store.headlog import HeadLog
from sync.connector import Parcel
from sync.connectors.retype import Retype, reference, rows_gone, tick
from sync.contract import ConnectorContract
from sync.contract_entries import HOSPITAL, charge, made_up_entry, registration
from sync.tick_books import deliver_books, entries_of
from sync.tick_report import as_csv, report_json, report_text
from tests.sync.tick_his import MadeUpHis, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from downtime.entry import Entry
    from downtime.outcome import Outcome
    from downtime.store.delivery_queries import HistoryLine
    from sync.connector import Connector
    from tests.sync.entries import MadeUpBook

TOLD = """
zone = "UTC"
covers = ["charge", "itemisation", "bookkeeping", "deposit", "deposit_refund", "precollection", "refund", "reversal"]
[files]
encoding = "utf-8"
[columns]
row = "row"
kind = "kind"
patient = "patient"
item = "item"
quantity = "quantity"
amount = "amount"
operator = "operator"
time = "time"
bill = "bill"
void = "void"
document_kind = { constant = "e_invoice" }
document_number = "document"
"""
HEADINGS = (
    "row",
    "kind",
    "patient",
    "item",
    "quantity",
    "amount",
    "operator",
    "time",
    "bill",
    "void",
    "document",
)


def write(folder: Path, his: MadeUpHis) -> Path:
    """Write what the HIS holds as its extract, in UTC, as of long ago; return the TOML file."""
    (folder / "extract.toml").write_text(TOLD, "utf-8")
    stored = io.StringIO()
    table = csv.writer(stored)
    table.writerow(HEADINGS)
    for row in his.extract().rows:
        at = datetime.fromtimestamp(row.begins, ZoneInfo("UTC")).strftime("%Y-%m-%d %H:%M:%S")
        quantity = "" if row.quantity is None else f"{row.quantity / 1000:.3f}"
        paper = row.document.number if row.document else f"E{row.bill}"
        table.writerow(
            (row.id, row.kind, row.patient, row.item, quantity, f"{row.amount_minor / 100:.2f}", row.operator, at,
             row.bill, "yes" if row.is_void else "", paper)
        )  # fmt: skip
    (folder / "his.csv").write_text(stored.getvalue(), "utf-8")
    os.utime(folder / "his.csv", (1_700_000_000, 1_700_000_000))
    return folder / "extract.toml"


class Diligent(Retype):
    """Everything that comes to the worksheet is typed in at once, each entry once, and read back."""

    def __init__(self, folder: Path) -> None:
        self.his = MadeUpHis()
        self.typed: dict[str, int] = {}
        self.known: dict[str, Entry] = {}
        super().__init__(HOSPITAL, write(folder, self.his))
        self.population = lambda: list(self.known.values())

    def _send(self, batch: Sequence[Parcel]) -> Iterator[tuple[str, Outcome]]:
        for parcel in batch:
            entry = parcel.entry
            if entry.id not in self.typed and entry.form == "charge":
                self.typed[entry.id] = 1
                self.his.type_in(entry, bill=f"B{len(self.typed)}")
            self.known[entry.id] = entry
        yield from super()._send(batch)

    def postings(self, entry: Entry) -> int:
        """Return how often the HIS holds it, by what the tick-off says."""
        write(self.path.parent, self.his)
        assert self.reach() is None
        one = self.judged().get(entry.id)
        return 0 if one is None else int(one.outcome == "agreed")


class TestRetype(ConnectorContract):
    """The contract every connector passes, as far as a HIS that is only read can."""

    folder: Path

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path

    def connector(self) -> Connector:
        """Return a desk at which everything is typed in."""
        return Diligent(self.folder)

    def postings(self, connector: Connector, entry_id: str) -> int:
        """Return 1 if the tick-off found it."""
        assert isinstance(connector, Diligent)
        entry = connector.known.get(entry_id)
        return 0 if entry is None else connector.postings(entry)

    def test_what_the_his_holds_is_what_was_recorded(self) -> None:
        """What was ticked off is read back as recorded; what was not is not read back at all."""
        connector = self.connector()
        assert isinstance(connector, Diligent)
        entries = [made_up_entry(seq, "charge", charge(seq)) for seq in (1, 2)]
        dict(connector.deliver([Parcel(entry, b"") for entry in entries]))
        connector.his.rows.pop()
        write(self.folder, connector.his)
        connector.reach()
        answers = dict(connector.ask(entries))
        assert [type(answer) for answer in answers.values()] == [Accepted]
        assert [entry_id for entry_id, _facts in connector.read_back([each.id for each in entries])] == [
            entries[0].id
        ]


def _round(book: MadeUpBook, connector: Retype) -> dict[str, int]:
    [done] = deliver_books([book], connector, clock=ManualClock(), respect_waits=False)
    return {line.state: line.entries for line in done.standing}


def _history(book: MadeUpBook, entry_id: str) -> list[HistoryLine]:
    look = queries.look(book.journal_path, book.deliveries_path, book.key)
    try:
        return queries.history(look, entry_id)
    finally:
        look.close()


def test_a_day_at_the_retype_desk(book: MadeUpBook, tmp_path: Path) -> None:
    """Handed over, half typed in and ticked, the rest ticked later; a void takes one tick back as a new fact."""
    entries = book.record(*(("charge", charge(n)) for n in (1, 2, 3)))
    his = MadeUpHis()
    connector = Retype(HOSPITAL, write(tmp_path, his))
    assert _round(book, connector) == {"handed_over": 3}
    his.type_in(entries[0], bill="B1")
    his.type_in(entries[1], bill="B2")
    his.change(3, amount_minor=1)
    write(tmp_path, his)
    _round(book, connector)
    assert _round(book, connector) == {"accepted": 1, "handed_over": 2}
    found = _history(book, entries[0].id)[-1].outcome
    assert isinstance(found, Accepted)
    assert (found.reference, [document.number for document in found.formal]) == ("F1,F2", ["EB1"])
    his.change(0, is_void=True)
    his.change(1, is_void=True)
    his.change(3, amount_minor=1175)
    his.type_in(entries[2], bill="B3")
    write(tmp_path, his)
    _round(book, connector)
    assert [line.state for line in _history(book, entries[0].id)] == [
        "sending", "handed_over", "accepted", "rejected",
    ]  # fmt: skip
    assert isinstance(_history(book, entries[0].id)[-1].outcome, Rejected)
    assert _round(book, connector) == {"accepted": 2, "rejected": 1}
    assert len(_history(book, entries[0].id)) == 4, "a tick is taken back once"
    look = queries.look(book.journal_path, book.deliveries_path, book.key)
    assert verify_deliveries(look, HeadLog(book.head_path), signature_is_good=lambda _record: True) is None
    look.close()


def test_a_row_that_left_the_extract_takes_nothing_back(book: MadeUpBook, tmp_path: Path) -> None:
    """Tomorrow's extract shows tomorrow; what was ticked stays ticked."""
    [entry] = book.record(("charge", charge(1)))
    his = MadeUpHis()
    connector = Retype(HOSPITAL, write(tmp_path, his))
    his.type_in(entry)
    write(tmp_path, his)
    _round(book, connector)
    assert _round(book, connector) == {"accepted": 1}
    write(tmp_path, MadeUpHis())
    assert _round(book, connector) == {"accepted": 1}


def test_without_the_whole_population_nothing_is_ticked(tmp_path: Path) -> None:
    """Part of the entries cannot tell whose a row is."""
    entry = made_up_entry(1, "charge", charge(1))
    his = MadeUpHis()
    his.type_in(entry)
    connector = Retype(HOSPITAL, write(tmp_path, his))
    connector.reach()
    assert list(connector.ask([entry])) == []


def test_a_file_still_being_written_waits(tmp_path: Path) -> None:
    """Half a file would show half the doubles; the second look at the same bytes counts."""
    his = MadeUpHis()
    his.type_in(made_up_entry(1, "charge", charge(1)))
    connector = Retype(HOSPITAL, write(tmp_path, his))
    os.utime(tmp_path / "his.csv", (4_000_000_000, 4_000_000_000))
    looks = []
    for _look in range(2):
        assert connector.reach() is None
        looks.append(connector.extract is not None)
    assert looks == [False, True]
    (tmp_path / "extract.toml").write_text("zone = 1", "utf-8")
    assert connector.reach() is not None


def test_a_tick_waits_for_its_formal_document_where_the_site_says_so(tmp_path: Path) -> None:
    """The bill stands there, the invoice not yet."""
    entry = made_up_entry(1, "charge", charge(1))
    his = MadeUpHis()
    his.type_in(entry, bill="B1")
    path = write(tmp_path, his)
    path.write_text('awaits_document = ["charge"]\n' + TOLD, "utf-8")
    connector = Retype(HOSPITAL, path)
    connector.population = lambda: [entry]
    connector.reach()
    assert len(dict(connector.ask([entry]))) == 1
    rows = (tmp_path / "his.csv").read_text("utf-8").replace("EB1", "")
    (tmp_path / "his.csv").write_text(rows, "utf-8")
    os.utime(tmp_path / "his.csv", (1_700_000_000, 1_700_000_000))
    connector.reach()
    assert list(connector.ask([entry])) == []


def test_half_past_midnight_in_a_his_that_writes_utc(tmp_path: Path) -> None:
    """The HIS says the day before; the moment is the same, and it is ticked."""
    entry = one_line(1, 1000)
    his = MadeUpHis()
    [place] = his.type_in(entry)
    his.change(place, at=his.rows[place].at + 13 * 3600 + 600)
    done, _extract = tick(write(tmp_path, his), "CNY", [entry])
    assert "00:3" not in (tmp_path / "his.csv").read_text("utf-8")
    assert [one.outcome for one in done.judged] == ["agreed"]


def test_the_table_opens_in_a_spreadsheet_and_calculates_nothing(tmp_path: Path) -> None:
    """A name that is a formula is text; amounts stay numbers; every entry and every unknown row has its line."""
    entry = made_up_entry(1, "charge", charge(1, name="=HYPERLINK(1)"))
    his = MadeUpHis()
    his.type_in(made_up_entry(2, "charge", charge(2)))
    his.change(0, amount_minor=-750, quantity=-1000)
    done, extract = tick(write(tmp_path, his), "CNY", [entry])
    written = as_csv(done, "CNY", ZoneInfo("Asia/Shanghai")).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(written)))
    assert rows[0]["name"] == "'=HYPERLINK(1)"
    assert {row["his_amount"] for row in rows[1:]} == {"-7.50", "11.75"}
    assert len(rows) == 3
    told: dict[str, Any] = json.loads(json.dumps(report_json(done, extract)))
    assert told["entries_total"] == {"count": 1, "amount_minor": 1925}
    assert sum(line["count"] for line in told["rows"].values()) == told["rows_total"]["count"] == 2
    assert ": 1, 19.25" in report_text(done, extract, "CNY")


def test_a_reference_names_its_rows_and_says_when_there_are_more(book: MadeUpBook) -> None:
    """The keys lead back to the rows."""
    his = MadeUpHis()
    for _n in range(15):
        his.type_in(made_up_entry(1, "charge", charge(1)))
    rows = his.extract().rows
    assert reference(rows).endswith("F20,+10")
    assert rows_gone("F1,F2", {"F2"})
    assert not rows_gone("F1,F2", {"F3"})
    book.record(("charge", charge(1)), ("registration", registration(1)))
    assert [entry.form for entry in entries_of([book])] == ["charge", "registration"]
