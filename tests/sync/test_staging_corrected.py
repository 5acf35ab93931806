"""A refused entry offered again with a corrected code, and what a paper form says: in the staging tables, both ways."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from downtime.outcome import Accepted, HandedOver, Rejected
from forms.his_decided import corrected
from forms.paper_late import mark_of
from sync.compare import compare
from sync.connector import Parcel
from sync.connectors import staging_ddl as ddl
from sync.connectors.sqlstaging import SqlStaging
from sync.connectors.staging_rows import rows_of
from sync.contract_entries import HOSPITAL, charge, made_up_entry, reversal
from sync.practice_his import open_practice_his
from sync.tick_books import entries_of
from tests.sync.sqlfile_clients import Site, site
from tests.sync.test_sqlfile import decide

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.entry import Entry
    from downtime.outcome import Outcome
    from sync.connector import Connector
    from tests.sync.entries import MadeUpBook

__all__ = ["site"]


def with_other_codes(entry: Entry) -> Entry:
    """Return ``entry`` as a person lets it go again: another item code, another patient number."""
    content = entry.content
    made = corrected(
        content,
        {
            "lines.0.code": (content["lines"][0]["code"], "NEW-1"),
            "patient.number": (content["patient"]["number"], "H777"),
        },
    )
    assert made is not None
    return replace(entry, content=made)


def send(connector: Connector, entry: Entry) -> Outcome:
    """Send one entry."""
    sent = connector.compose(entry)
    assert isinstance(sent, bytes)
    return dict(connector.deliver([Parcel(entry, sent)]))[entry.id]


def test_a_refused_entry_is_offered_again_with_the_corrected_code(tmp_path: Path) -> None:
    """One row, one attempt more, the new code in it; what is read back agrees with the correction, not with the old."""
    entry = made_up_entry(1, "charge", charge(1))
    connector = SqlStaging(HOSPITAL, open_practice_his(tmp_path / "his.db"))
    assert send(connector, entry) == HandedOver(entry.id)
    with connector.engine.begin() as his:
        his.execute(insert(ddl.outcome), [_outcome(entry, 1, "refused")])
    assert [type(answer) for _id, answer in connector.ask([entry])] == [Rejected]
    again = with_other_codes(entry)
    assert send(connector, again) == HandedOver(entry.id)
    assert send(connector, again) == HandedOver(entry.id), "ten presses are one attempt more"
    with connector.engine.begin() as his:
        head = his.execute(select(ddl.header)).mappings().one()
        codes = list(his.execute(select(ddl.line.c.item_code).order_by(ddl.line.c.line_no)).scalars())
        his.execute(insert(ddl.outcome), [_outcome(entry, 2, "posted")])
    assert (head["attempt"], head["patient_number"], codes[0]) == (2, "H777", "NEW-1")
    assert codes[1:] == [line["code"] for line in entry.content["lines"][1:]]
    assert [type(answer) for _id, answer in connector.ask([again])] == [Accepted]
    assert compare([again], connector.read_back([entry.id])).agrees
    assert not compare([entry], connector.read_back([entry.id])).agrees
    connector.close()


def _outcome(entry: Entry, attempt: int, state: str) -> dict[str, Any]:
    return {
        "entry_id": entry.id, "attempt": attempt, "outcome_state": state, "his_reference": "B1", "decided_at": None,
        "reason": "无此项目" if state == "refused" else None,
    }  # fmt: skip


def test_a_script_corrects_what_stands_there_refused_and_nothing_else(site: Site) -> None:
    """The vendor's own client runs it, twice; a neighbour with the same old code keeps it."""
    entry, neighbour = (made_up_entry(n, "charge", charge(n)) for n in (1, 2))
    site.deliver(entry, neighbour)
    site.run_all()
    decide(site, entry.id, "refused")
    site.run_all()
    again = with_other_codes(entry)
    assert isinstance(site.deliver(again)[entry.id], HandedOver)
    for _n in range(2):
        site.run_all()
    with site.his.connect() as his:
        heads = {row.entry_id: row for row in his.execute(select(ddl.header))}
        lines = select(ddl.line.c.entry_id, ddl.line.c.item_code).where(ddl.line.c.line_no == 1)
        codes = {row.entry_id: row.item_code for row in his.execute(lines)}
    assert (heads[entry.id].attempt, heads[entry.id].patient_number, codes[entry.id]) == (2, "H777", "NEW-1")
    assert heads[entry.id].content_json == rows_of(again).header["content_json"]
    assert heads[neighbour.id].attempt == 1
    assert codes[neighbour.id] == neighbour.content["lines"][0]["code"]
    decide(site, entry.id, "posted", attempt=2)
    site.run_all()
    connector = site.connector()
    connector.reach()
    assert [type(answer) for _id, answer in connector.ask([again])] == [Accepted]
    assert compare([again], connector.read_back([entry.id])).agrees


def test_what_the_paper_says_goes_along(book: MadeUpBook) -> None:
    """Who wrote it, when, on which form, and when it was typed in stand beside who typed it."""
    late: dict[str, Any] = {
        "entry_id": "", "paper_number": "F-000123", "paper_kind": "charge", "written_by": "px07",
        "written_by_name": "练习员庚", "written_at": "2026-01-05T09:10:00.000+08:00",
        "typed_at": "2026-01-05T15:40:00.000+08:00", "paper_minor": 1925, "entered_minor": 1925, "reason": "",
        "rescue": False, "rescue_ended_at": "", "odd": [],
    }  # fmt: skip
    late["mark"] = mark_of(rescue=False, ended_at=late["written_at"], typed_at=late["typed_at"])
    (entry,) = book.record(("charge", charge(1)))
    book.record(("late_entry", {**late, "entry_id": entry.id}), ("charge", charge(2)))
    first, second = entries_of([book])
    head = rows_of(first).header
    assert [head[name] for name in ("paper_number", "written_by", "written_by_name")] == [
        "F-000123", "px07", "练习员庚",
    ]  # fmt: skip
    assert (head["written_at"], head["typed_at"]) == (late["written_at"], late["typed_at"])
    assert (head["operator_code"], head["happened_at"]) == (entry.operator, entry.happened_at)
    assert rows_of(second).header["paper_number"] is None


def test_a_document_voided_later_is_told_and_one_issued_in_its_place_as_well(tmp_path: Path) -> None:
    """冲红 by hand in the HIS takes the posting back; a new document beside it posts it again; nothing goes twice."""
    entry = made_up_entry(1, "charge", charge(1))
    connector = SqlStaging(HOSPITAL, open_practice_his(tmp_path / "his.db"))
    send(connector, entry)
    with connector.engine.begin() as his:
        his.execute(insert(ddl.outcome), [_outcome(entry, 1, "posted")])
        his.execute(insert(ddl.document), [_document(entry, 1)])
    ((_id, accepted),) = connector.ask([entry])
    assert isinstance(accepted, Accepted)
    assert list(connector.taken_back([(entry.id, accepted)])) == []
    with connector.engine.begin() as his:
        his.execute(ddl.document.update().values(document_status="void"))
    ((_id, gone),) = connector.taken_back([(entry.id, accepted)])
    assert isinstance(gone, Rejected)
    assert "E1" in gone.reason
    assert list(connector.ask([entry])) == [(entry.id, gone)], "asked again it is the same answer"
    with connector.engine.begin() as his:
        his.execute(insert(ddl.document), [_document(entry, 2)])
    assert list(connector.taken_back([(entry.id, accepted)])) == []
    ((_id, again),) = connector.ask([entry])
    assert isinstance(again, Accepted)
    assert [(one.number, one.status) for one in again.formal] == [("E1", "void"), ("E2", "issued")]
    connector.close()


def test_what_was_voided_because_it_was_reversed_here_stays(tmp_path: Path) -> None:
    """Our own reversal makes the HIS void the document: that is no surprise."""
    entry = made_up_entry(1, "charge", charge(1))
    undone = made_up_entry(2, "reversal", reversal(entry.id))
    connector = SqlStaging(HOSPITAL, open_practice_his(tmp_path / "his.db"))
    for one in (entry, undone):
        send(connector, one)
        with connector.engine.begin() as his:
            his.execute(insert(ddl.outcome), [_outcome(one, 1, "posted")])
            his.execute(
                insert(ddl.document), [{**_document(entry, 1), "entry_id": one.id, "document_status": "void"}]
            )
    answers = dict(connector.ask([entry, undone]))
    assert [type(answer) for answer in answers.values()] == [Accepted, Accepted]
    accepted = [(name, answer) for name, answer in answers.items() if isinstance(answer, Accepted)]
    assert list(connector.taken_back(accepted)) == []
    connector.close()


def _document(entry: Entry, n: int) -> dict[str, Any]:
    return {
        "entry_id": entry.id, "document_no": n, "document_kind": "e_invoice", "bill_code": "0601",
        "document_number": f"E{n}", "check_code": None, "issued_at": None, "document_status": "issued",
        "his_reference": None,
    }  # fmt: skip
