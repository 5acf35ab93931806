"""The seven states: every entry is in exactly one, worked out from what the tables say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from downtime.board import ERRORS, OPEN, STATES
from downtime.his_word import HisWord, reference_of
from sync.board.index import Index, Known, narrowed
from sync.board.states import Facts, Ticked, state_of

SHEET = reference_of(HisWord("missing"))
FRESH = Facts("charge")
REJECTED = Facts("charge", last="rejected", step=2, tries=2, said="练习", at="2026-01-05T10:00:00+08:00")
ACCEPTED = Facts("charge", last="accepted", step=2, accepted=True, has_document=True, said="HIS-1")
ON_SHEET = Facts("charge", last="handed_over", step=2, said="worksheet", on_sheet=True)


def ticked(outcome: str, *what: str, is_there: bool = False) -> Ticked:
    """Return what a tick-off may have said."""
    return Ticked(outcome, what, "", 100, is_there)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (FRESH, "waiting"),
        (replace(FRESH, last="unreachable", said="练习"), "waiting"),
        (replace(FRESH, last="sending"), "waiting"),
        (ON_SHEET, "waiting"),
        (replace(ON_SHEET, said=SHEET), "waiting"),
        (replace(ON_SHEET, said="HIS-7", on_sheet=False), "entered"),
        (replace(ON_SHEET, typed=True), "entered"),
        (replace(ON_SHEET, tick=ticked("agreed")), "entered"),
        (replace(ACCEPTED, has_document=False), "entered"),
        (ACCEPTED, "verified"),
        (replace(ACCEPTED, has_document=False, form="dispense"), "verified"),
        (replace(ACCEPTED, has_document=False, tick=ticked("agreed")), "verified"),
        (replace(ON_SHEET, tick=ticked("different", "twice")), "double"),
        (replace(ACCEPTED, tick=ticked("different", "twice", "operator")), "double"),
        (replace(ON_SHEET, tick=ticked("different", "amount")), "differs"),
        (replace(ACCEPTED, tick=ticked("different", "amount")), "differs"),
        (replace(ON_SHEET, tick=ticked("missing_there")), "waiting"),
        (replace(ON_SHEET, typed=True, tick=ticked("missing_there")), "missing"),
        (replace(ACCEPTED, on_sheet=True, tick=ticked("missing_there")), "missing"),
        (replace(ON_SHEET, accepted=True, said=SHEET, tick=ticked("missing_there")), "missing"),
        (replace(ACCEPTED, tick=ticked("missing_there")), "verified"),
        (replace(ACCEPTED, on_sheet=True, tick=ticked("doubtful")), "person"),
        (replace(ACCEPTED, tick=ticked("doubtful")), "verified"),
        (replace(ON_SHEET, tick=ticked("doubtful")), "person"),
        (replace(FRESH, tick=ticked("agreed", is_there=True)), "person"),
        (replace(FRESH, tick=ticked("missing_there")), "waiting"),
        (REJECTED, "person"),
        (replace(REJECTED, last="in_doubt"), "person"),
        (replace(FRESH, verdict="clone"), "person"),
        (replace(FRESH, verdict="drill"), "person"),
        (replace(FRESH, verdict="a word of a newer version"), "person"),
        (replace(FRESH, verdict="gap"), "waiting"),
        (replace(FRESH, verdict="unsigned"), "waiting"),
    ],
)
def test_each_history_has_its_state(facts: Facts, state: str) -> None:
    """What was sent, answered, typed in and read back decides; nothing is remembered beside it."""
    assert state_of(facts)[0] == state


def test_what_a_person_let_go_again_is_no_error_any_more() -> None:
    """A decision on the step that was refused closes the error; a new refusal after it is an error anew."""
    decided = replace(REJECTED, decided="resend_decided", decided_step=2)
    assert state_of(decided)[0] == "waiting"
    assert decided.goes_again
    refused_anew = replace(decided, step=5)
    assert state_of(refused_anew)[0] == "person"
    assert state_of(replace(REJECTED, last="resend_decided"))[0] == "waiting"


def test_a_decision_without_a_step_counts_for_what_was_refused_before_it_only() -> None:
    """A station's own decision names no step: it is void for a refusal that came later."""
    earlier = replace(REJECTED, decided="resend_decided", decided_at="2026-01-05T09:00:00+08:00")
    assert state_of(earlier)[0] == "person"
    assert state_of(replace(earlier, decided_at="2026-01-05T11:00:00+08:00"))[0] == "waiting"


FACTS = st.builds(
    Facts,
    form=st.sampled_from(["charge", "dispense", "registration"]),
    verdict=st.sampled_from(["", "", "", "", "gap", "unsigned", "clone", "drill", "foreign", "broken"]),
    last=st.sampled_from(
        ["", "sending", "unreachable", "in_doubt", "handed_over", "rejected", "accepted", "resend_decided"]
    ),
    step=st.integers(0, 6),
    said=st.sampled_from(["", "worksheet", "HIS-1", SHEET]),
    accepted=st.booleans(),
    has_document=st.booleans(),
    on_sheet=st.booleans(),
    decided=st.sampled_from(["", "resend_decided", "sent_corrected"]),
    decided_step=st.integers(0, 6),
    typed=st.booleans(),
    tick=st.none()
    | st.builds(
        Ticked,
        outcome=st.sampled_from(["agreed", "different", "missing_there", "doubtful", "not_covered"]),
        what=st.sampled_from([(), ("twice",), ("amount",), ("amount", "operator")]),
        reason=st.sampled_from(["", "several rows may be meant"]),
        his_minor=st.none() | st.integers(-500, 500),
        is_there=st.booleans(),
    ),
)
HISTORY = st.lists(st.tuples(FACTS, st.none() | st.integers(-90_000, 90_000), st.booleans()), max_size=30)


def known(n: int, facts: Facts, amount: int | None, *, deliverable: bool = True) -> Known:
    """Return an entry with a history."""
    return Known(
        n, f"id-{n}", ("W03", "A", 1, n), f"W03A-{n:06d}-1", facts.form, deliverable,
        f"2026-01-05T09:{n % 60:02d}:00+08:00", f"P{n}", f"练习{n}", "", "1001", "练习员", amount, facts,
    )  # fmt: skip


@given(first=HISTORY, second=HISTORY)
def test_counts_and_sums_add_up_whatever_happened(
    first: list[tuple[Facts, int | None, bool]], second: list[tuple[Facts, int | None, bool]]
) -> None:
    """Each entry is in one state, before and after its history went on; no fen is in none or in two of them."""
    index = Index("CNY")
    for n, (facts, amount, deliverable) in enumerate(first, 1):
        index.add(known(n, facts, amount, deliverable=deliverable))
    index.snapshot({})
    for n, (facts, _amount, _deliverable) in enumerate(second[: len(first)], 1):
        changed = index.change(n)
        assert changed is not None
        changed.facts = facts
    found = index.snapshot({})
    summary = found.summary
    assert summary.difference() == replace(summary.difference(), entries=0, amount_minor=0)
    assert summary.total.entries == len(first) == sum(one.entries for one in summary.states.values())
    assert set(summary.states) == set(STATES)
    for state in STATES:
        rows = [row for row in found.rows if row.state == state]
        assert summary.states[state].entries == len(rows)
        assert summary.states[state].amount_minor == sum(row.counted_minor for row in rows)


@given(history=HISTORY)
def test_the_open_work_is_every_error_and_all_that_waits_without_a_decision(
    history: list[tuple[Facts, int | None, bool]],
) -> None:
    """The first list leaves out what is done and what goes again by itself; errors stand before what waits."""
    from downtime.board import Kept

    index = Index("CNY")
    for n, (facts, amount, deliverable) in enumerate(history, 1):
        index.add(known(n, facts, amount, deliverable=deliverable))
    found = index.snapshot({})
    rows = list(narrowed(found, Kept()))
    assert {row.n for row in rows} == {row.n for row in found.rows if row.state in OPEN and not row.again}
    assert all(not row.again for row in rows)
    urgent = [row.state in ERRORS for row in rows]
    assert urgent == sorted(urgent, reverse=True)


def test_a_drill_counts_but_its_money_does_not() -> None:
    """What is no money of this hospital stands in the list of what needs a person, at nothing."""
    index = Index("CNY")
    index.add(known(1, Facts("charge"), 4_500))
    index.add(known(2, Facts("charge", verdict="drill"), 9_900))
    summary = index.snapshot({}).summary
    assert (summary.total.entries, summary.total.amount_minor) == (2, 4_500)
    assert (summary.quarantined.entries, summary.quarantined.amount_minor) == (1, 0)
