"""What a person says, whose number it is, and lines nobody can read: what the tick-off makes of them."""

from __future__ import annotations

from dataclasses import replace

from downtime.outcome import FormalDocument
from sync.contract_entries import charge, made_up_entry
from sync.tick_claims import ClaimReading
from sync.tick_off import DECIDED_LESS, Decision, tick_off
from sync.tick_rules import Rules
from tests.sync.tick_his import MadeUpHis, judged, one_line, ticked

PAPER = FormalDocument("e_invoice", "0601", "00000007", "", "", "issued", "B1")
OTHER_PAPER = replace(PAPER, number="00000008")


def test_a_temporary_number_counts_once_it_is_matched() -> None:
    """Before that a bill that looks like it is asked about, never ticked."""
    entry = made_up_entry(1, "charge", charge(1, temporary=True))
    his = MadeUpHis()
    his.type_in(entry, patient="H777", name="张三")
    assert judged([entry], his)[0].outcome == "doubtful"
    assert judged([entry], his, patients={"PX000001": "H777"})[0].outcome == "agreed"


def test_a_number_that_agrees_with_another_name_is_asked() -> None:
    """Two people never share a number: somebody must look."""
    entry = made_up_entry(1, "charge", charge(1))
    his = MadeUpHis()
    his.type_in(entry, name="练习患者九")
    assert judged([entry], his)[0].outcome == "doubtful"


def test_a_person_decides_what_is_doubtful() -> None:
    """These rows are this entry, or they are not; a decision holds only while its rows stand."""
    one, two = one_line(1, 1000), one_line(2, 1000)
    his = MadeUpHis()
    his.type_in(one, document=PAPER)
    his.type_in(two, document=OTHER_PAPER, bill="B2")
    said = [Decision(one.id, frozenset({"F2"}), is_same=True)]
    found = judged([one, two], his, decisions=said)
    assert [each.outcome for each in found] == ["agreed", "agreed"]
    assert [each.documents() for each in found] == [(OTHER_PAPER,), (PAPER,)]
    his.change(1, is_void=True)
    assert judged([one, two], his, decisions=said)[0].outcome == "doubtful"


def test_what_is_partly_taken_back_after_a_decision_is_asked_again() -> None:
    """A person said which row it is; the HIS takes half of that row back in red: that was not decided."""
    one, two = one_line(1, 1000), one_line(2, 1000)
    his = MadeUpHis()
    his.type_in(one)
    his.type_in(two, bill="B2")
    said = [Decision(one.id, frozenset({"F2"}), is_same=True)]
    his.type_in(one, bill="B3", amount_minor=-500, quantity=-500, voids="F2")
    found = judged([one, two], his, decisions=said)
    assert found[0].outcome == "doubtful"
    assert found[0].reason == DECIDED_LESS


def test_a_later_charge_of_its_own_is_put_aside_by_a_decision() -> None:
    """The patient came back for the same item: once said, it is no double."""
    entry = one_line(1, 1000)
    his = MadeUpHis()
    his.type_in(entry)
    his.type_in(entry, bill="B2")
    assert judged([entry], his)[0].what == ("twice",)
    said = [Decision(entry.id, frozenset({"F2"}), is_same=False)]
    done = ticked([entry], his, decisions=said)
    assert done.judged[0].outcome == "agreed"
    assert [row.id for row in done.unknown] == ["F2"]


def test_a_line_that_could_not_be_read_makes_its_patient_doubtful_and_nobody_else() -> None:
    """It may be the double, or the void; others are ticked all the same."""
    one, other = one_line(1, 1000), one_line(2, 1000, n=2)
    his = MadeUpHis()
    his.type_in(one)
    his.type_in(other)
    extract = his.extract()
    extract.touched.add("PX000001")
    reading = ClaimReading(("charge",), {})
    done = tick_off([reading.add(one), reading.add(other)], extract, Rules())
    assert [each.outcome for each in done.judged] == ["doubtful", "agreed"]
