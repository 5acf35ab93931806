"""What was ticked off and voided is ticked off again, and what people said is heard: one station, end to end."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from downtime.clock import ManualClock
from downtime.his_word import HisWord, reference_of, reference_text, word_in
from downtime.outcome import Accepted, HandedOver, Rejected
from downtime.store import closing_queries, open_lists
from downtime.store import delivery_queries as queries
from downtime.store.delivery_verify import verify_deliveries
from downtime.store.headlog import HeadLog
from downtime.store.owed import open_entries
from sync.connectors.memory import MemoryConnector, MemoryHis
from sync.connectors.retype import Retype
from sync.contract_entries import HOSPITAL, charge
from sync.tick_books import deliver_books
from sync.tick_sayings import Sayings
from tests.sync.entries import resend_decided
from tests.sync.test_tick_retype import write
from tests.sync.tick_his import MadeUpHis

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.outcome import Outcome
    from sync.connector import Connector
    from tests.sync.entries import MadeUpBook


def told(
    entry_id: str, rows: list[str], *, is_same: bool, connector: str = "retype"
) -> tuple[str, dict[str, Any]]:
    """Return what a person says of a doubtful entry."""
    content = {"entry_id": entry_id, "number": "", "connector": connector, "rows": rows, "is_same": is_same}
    return "tick_decided", {**content, "found": "doubtful", "reason": ""}


def typed_in(entry_id: str, *, is_undone: bool = False) -> tuple[str, dict[str, Any]]:
    """Return what a cashier says of an entry typed in."""
    content = {
        "entry_id": entry_id,
        "number": "",
        "his_reference": "",
        "reason": "点错了" if is_undone else "",
    }
    return "typed_in", {**content, "is_undone": is_undone}


def matched(temporary: str, number: str) -> tuple[str, dict[str, Any]]:
    """Return a decision about a temporary number."""
    patient = {"name": "练习患者一", "sex": "female", "birth_date": None}
    return "patient_matched", {
        "patient": {**patient, "number": temporary, "temporary": True},
        "registration_id": "", "outcome": "same", "verdict": "chosen", "score": 0, "evidence": [], "others": 0,
        "compared_with": 0, "note": "", "other": {**patient, "number": number, "temporary": False},
    }  # fmt: skip


def _round(book: MadeUpBook, connector: Connector) -> dict[str, int]:
    [done] = deliver_books([book], connector, clock=ManualClock(), respect_waits=False)
    assert sum(line.entries for line in done.standing) == done.total.entries, "counts always add up"
    return {line.state: line.entries for line in done.standing}


def _outcomes(book: MadeUpBook, entry_id: str) -> list[Outcome | None]:
    look = queries.look(book.journal_path, book.deliveries_path, book.key)
    try:
        return [line.outcome for line in queries.history(look, entry_id)]
    finally:
        look.close()


def _is_verified(book: MadeUpBook) -> bool:
    look = queries.look(book.journal_path, book.deliveries_path, book.key)
    try:
        heads = HeadLog(book.head_path)
        return verify_deliveries(look, heads, signature_is_good=lambda _record: True) is None
    finally:
        look.close()


def _void(his: MadeUpHis, bill: str) -> None:
    for place, row in enumerate(his.rows):
        if row.bill == bill:
            his.change(place, is_void=True)


def test_what_was_voided_and_typed_in_anew_is_ticked_again_with_its_new_document(
    book: MadeUpBook, tmp_path: Path
) -> None:
    """冲红 and retyped: the old document is void, the new one counts, and nobody has to decide anything."""
    [entry] = book.record(("charge", charge(1)))
    his = MadeUpHis()
    connector = Retype(HOSPITAL, write(tmp_path, his))
    his.type_in(entry, bill="B1")
    write(tmp_path, his)
    _round(book, connector)
    assert _round(book, connector) == {"accepted": 1}
    _void(his, "B1")
    write(tmp_path, his)
    assert _round(book, connector) == {"accepted": 1}
    assert _round(book, connector) == {"rejected": 1}
    his.type_in(entry, bill="B2")
    write(tmp_path, his)
    assert _round(book, connector) == {"accepted": 1}
    look = queries.look(book.journal_path, book.deliveries_path, book.key)
    assert [(one.number, one.status) for one in queries.formal_of(look, entry.id)] == [
        ("EB1", "void"),
        ("EB2", "issued"),
    ]
    assert open_lists.formal_numbers(look) == {entry.id: ["EB2"]}
    assert [(one.number, one.status) for one in closing_queries.documents(look)[entry.seq]] == [
        ("EB1", "void"),
        ("EB2", "issued"),
    ]
    assert open_entries(look, "retype") == []
    look.close()
    _void(his, "B2")
    write(tmp_path, his)
    for _n in range(3):
        _round(book, connector)
    states = [type(outcome).__name__ for outcome in _outcomes(book, entry.id)]
    assert states == ["NoneType", "HandedOver", "Accepted", "Rejected", "Accepted", "Rejected"]
    assert _is_verified(book)


def test_what_was_voided_is_sent_again_once_a_person_says_so(book: MadeUpBook) -> None:
    """The write route: accepted, voided in the HIS, resent, accepted again with the new document; counts add up."""
    first, second = book.record(("charge", charge(1)), ("charge", charge(2)))
    his = MemoryHis()

    class Voiding(MemoryConnector):
        """Says afterwards that a posting was voided."""

        takes_back = True
        voided: frozenset[str] = frozenset()

        def taken_back(self, accepted: Any) -> Any:
            for entry_id, _outcome in accepted:
                if entry_id in self.voided:
                    yield entry_id, Rejected("冲红")

    connector = Voiding(HOSPITAL, his=his)
    _round(book, connector)
    _round(book, connector)
    assert _round(book, connector) == {"accepted": 2}
    connector.voided = frozenset({first.id})
    _round(book, connector)
    connector.voided = frozenset()
    assert _round(book, connector) == {"accepted": 1, "rejected": 1}
    assert [line.id for line in _open(book)] == [first.id]
    book.record(resend_decided(first.id, "memory"))
    for _n in range(3):
        _round(book, connector)
    assert _round(book, connector) == {"accepted": 2}
    assert [outcome.state for outcome in _outcomes(book, first.id) if outcome][-1] == "accepted"
    assert [outcome.state for outcome in _outcomes(book, second.id) if outcome].count("accepted") == 1
    assert _is_verified(book)


def _open(book: MadeUpBook) -> Any:
    look = queries.look(book.journal_path, book.deliveries_path, book.key)
    try:
        return open_entries(look, "memory")
    finally:
        look.close()


def test_a_station_alone_hears_what_its_people_said(book: MadeUpBook, tmp_path: Path) -> None:
    """A doubt answered, a number matched, and the answer taken back again: each changes what is ticked."""
    temporary = charge(2, temporary=True)
    one, other = book.record(("charge", charge(1)), ("charge", temporary))
    his = MadeUpHis()
    his.type_in(one, bill="B1")
    his.type_in(one, bill="B2")
    his.type_in(other, bill="B3", patient="H777")
    connector = Retype(HOSPITAL, write(tmp_path, his))
    assert _round(book, connector) == {"handed_over": 2}
    assert _round(book, connector) == {"handed_over": 2}
    book.record(told(one.id, ["F3", "F4"], is_same=False), matched(temporary["patient"]["number"], "H777"))
    assert _round(book, connector) == {"accepted": 2}
    found = _outcomes(book, one.id)[-1]
    assert isinstance(found, Accepted)
    assert found.reference == "F1,F2"


def test_a_word_comes_once_and_goes_when_it_is_not_true_any_more(book: MadeUpBook, tmp_path: Path) -> None:
    """The desk shows what was typed otherwise; twenty looks at the same rows are one fact."""
    [entry] = book.record(("charge", charge(1)))
    his = MadeUpHis()
    his.type_in(entry)
    his.change(0, amount_minor=1)
    connector = Retype(HOSPITAL, write(tmp_path, his))
    for _n in range(5):
        _round(book, connector)
    words = [word_in(one.reference) for one in _outcomes(book, entry.id) if isinstance(one, HandedOver)]
    assert words[0] is None
    assert [word.said for word in words[1:] if word] == ["differs"]
    assert "amount" in (words[1] or HisWord("missing")).what
    write(tmp_path, MadeUpHis())
    for _n in range(3):
        _round(book, connector)
    last = _outcomes(book, entry.id)[-1]
    assert last == HandedOver("worksheet")
    book.record(typed_in(entry.id))
    for _n in range(3):
        _round(book, connector)
    last = _outcomes(book, entry.id)[-1]
    assert last == HandedOver("worksheet"), "the file is older than what was said: it proves nothing yet"
    os.utime(tmp_path / "his.csv", (4_000_000_000, 4_000_000_000))
    for _n in range(3):
        _round(book, connector)
    last = _outcomes(book, entry.id)[-1]
    assert isinstance(last, HandedOver)
    assert (word_in(last.reference) or HisWord("differs")).said == "missing"


def test_a_word_is_read_as_it_was_written_and_anything_else_is_a_reference() -> None:
    """A reference of a HIS that looks like a word is shown as it stands."""
    word = HisWord("differs", ("amount", "item"), "it stands there with another value", 1250, ("F1",))
    assert word_in(reference_of(word)) == word
    for odd in (
        "worksheet",
        '{"his_amount_minor":',
        '{"his_amount_minor":1}',
        '{"his_amount_minor":null,"said":"x"}',
    ):
        assert word_in(odd) is None
        assert reference_text(odd) == odd
    assert "F1" not in reference_text(reference_of(word))


def test_a_number_that_two_people_gave_to_two_patients_is_nobodys() -> None:
    """Nothing is ticked on a guess; once one of them takes it back, the other counts."""
    said = Sayings()
    for n, number in enumerate(("H1", "H2")):
        form, content = matched("PX000001", number)
        said.add(f"m{n}", form, content, 0.0)
    assert said.patients() == {}
    said.add("u", "patient_unmatched", {"decision_id": "m0"}, 0.0)
    assert said.patients() == {"PX000001": "H2"}


def test_the_last_answer_counts_and_one_without_rows_takes_it_back() -> None:
    """Each connector has answers of its own."""
    said = Sayings()
    for n, (rows, is_same) in enumerate(((["F1"], True), (["F2"], False), ([], False))):
        form, content = told("e", rows, is_same=is_same)
        said.add(f"d{n}", form, content, 0.0)
        kept = [(one.rows, one.is_same) for one in said.decisions("retype")]
        assert kept == ([(frozenset(rows), is_same)] if rows else [])
    assert said.decisions("sqlstaging") == []
