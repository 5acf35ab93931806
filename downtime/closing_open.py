"""Tables of a closing about what is not settled: work lists, the HIS, paper forms, what stops the sign-off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime import worklists
from downtime.closing_tables import Column, Table
from downtime.closing_words import FORM_WORDS, HIS_STATES, LIST_TITLES, PAPER_WORDS, WEIGHTS
from downtime.pack_ledger import in_words, ledger_in
from downtime.pack_report import report_lines
from downtime.standing import STATES
from downtime.store import open_lists
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from downtime.closing_reading import Reading
    from downtime.closing_tables import Value
    from downtime.obstacles import Obstacle
    from downtime.standing import Standing
    from downtime.store.closing_queries import Answered
    from downtime.store.sqlite import Database

_WORST_FIRST = ("rejected", "in_doubt", "unreachable", "owed", "sending", "handed_over", "accepted")


Waiting = dict[str, dict[int, int]]
"""By work list: the money that waits, by sequence number."""


def waiting_in(db: Database, only: Container[int] | None = None) -> Waiting:
    """Return what waits on each work list; of a journal of many books only what stands at the places ``only``."""
    found = {name: worklists.waiting(db, name) for name in worklists.LISTS}
    if only is None:
        return found
    return {name: {seq: n for seq, n in each.items() if seq in only} for name, each in found.items()}


def lists_table(waiting: Waiting) -> Table:
    """Return how much waits on each work list."""
    return Table(
        "lists",
        N_("Still open, by list"),
        (
            Column("list", N_("Which list"), "word", 3, words=LIST_TITLES),
            Column("rows", N_("Rows waiting"), "count", 1, summed=True),
            Column("amount_minor", N_("Amount"), "money", 1.2),
        ),
        tuple((name, len(found), sum(found.values())) for name, found in waiting.items()),
        N_("One receipt may wait on several lists."),
    )


def open_table(db: Database, waiting: Waiting) -> Table:
    """Return every row of every work list: number, age, amount; the patient is found by the number."""
    rows = []
    for name, amounts in waiting.items():
        if name == "not_exchanged":
            continue
        rows += [
            (name, one.number, one.form, one.recorded_at, amounts[one.seq])
            for one in open_lists.listed(db, amounts)
        ]
    return Table(
        "open",
        N_("What is open, one by one"),
        (
            Column("list", N_("Which list"), "word", 2.6, words=LIST_TITLES),
            Column("number", N_("Number"), width=1.4),
            Column("form", N_("Form"), "word", 1.4, words=FORM_WORDS),
            Column("since", N_("Since"), "time", 1.5),
            Column("amount_minor", N_("Amount"), "money", 1.1),
        ),
        tuple(rows),
        N_("Receipts that were not exchanged are marked in the list of every receipt number."),
    )


def his_table(standing: Standing) -> Table:
    """Return count and money in each state, connector by connector; each connector's add up to all there is."""
    rows: list[tuple[str, str, int, int]] = []
    for name, states in standing.by_connector.items():
        rows += [(name, state, states[state].entries, states[state].amount_minor) for state in STATES]
        rows.append((name, "all", standing.deliverable.entries, standing.deliverable.amount_minor))
    return Table(
        "his",
        N_("What reached the HIS"),
        (
            Column("connector", N_("Connector"), width=1.4),
            Column("state", N_("State"), "word", 1.4, words=HIS_STATES),
            Column("entries", N_("Entries"), "count"),
            Column("amount_minor", N_("Amount"), "money", 1.3),
        ),
        tuple(rows),
        N_(
            "Handed over is received, not yet posted; in doubt may be there or not: ask before it is sent again."
        ),
    )


def worst_states(answers: Mapping[str, Mapping[int, Answered]]) -> dict[int, str]:
    """Return for each entry the state that needs most to be done, over all connectors."""
    found: dict[int, str] = {}
    for each in answers.values():
        for seq, one in each.items():
            before = found.get(seq, "accepted")
            found[seq] = min(before, one.state, key=_WORST_FIRST.index)
    return found


def owed_table(answers: Mapping[str, Mapping[int, Answered]], reading: Reading) -> Table:
    """Return every entry that is not in the HIS for certain, with the last reason given."""
    by_seq = {one.seq: one for one in reading.receipts}
    rows = [
        (
            name,
            one.state,
            by_seq[one.seq].number if one.seq in by_seq else f"#{one.seq}",
            by_seq[one.seq].form if one.seq in by_seq else "",
            by_seq[one.seq].amount_minor if one.seq in by_seq else None,
            one.at,
            one.reason,
        )
        for name, each in answers.items()
        for one in sorted(each.values(), key=lambda answer: (_WORST_FIRST.index(answer.state), answer.seq))
        if one.state != "accepted"
    ]
    return Table(
        "owed",
        N_("Not in the HIS, one by one"),
        (
            Column("connector", N_("Connector"), width=1),
            Column("state", N_("State"), "word", 1.1, words=HIS_STATES),
            Column("number", N_("Number"), width=1.45),
            Column("form", N_("Form"), "word", 1.2, words=FORM_WORDS),
            Column("amount_minor", N_("Amount"), "money", 1.1),
            Column("at", N_("Since"), "moment", 1),
            Column("reason", N_("Reason"), width=2.6),
        ),
        tuple(rows),
    )


def papers_table(db: Database, *, drill: bool) -> Table:
    """Return what became of numbered paper forms, pack by pack and holder by holder."""
    ledger = ledger_in(db, drill=drill)
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (
            line.pack.kind,
            ledger.name(line.pack.series, line.pack.first),
            ledger.name(line.pack.series, line.pack.last),
            f"{line.holder} {line.holder_name}".strip(),
            line.total,
            *(line.counts.get(state, 0) for state in ("used", "void", "lost", "returned", "stock")),
            len(line.missing),
            in_words(line.missing),
        )
        for line in report_lines(ledger)
    )
    counted = (
        ("used", N_("used")),
        ("void", N_("void")),
        ("lost", N_("lost")),
        ("returned", N_("returned")),
        ("stock", N_("in stock")),
        ("missing", N_("missing")),
    )
    return Table(
        "papers",
        N_("Paper forms"),
        (
            Column("kind", N_("Form"), "word", 0.95, words=PAPER_WORDS),
            Column("first", N_("From"), width=1.95),
            Column("last", N_("To"), width=1.95),
            Column("holder", N_("Held by"), width=1.05),
            Column("forms", N_("Forms"), "count", 0.8, summed=True),
            *(
                Column(name, title, "count", 1.08 if name == "missing" else 0.98, summed=True)
                for name, title in counted
            ),
            Column("missing_numbers", N_("Missing numbers"), width=1.1),
        ),
        rows,
    )


def obstacles_table(obstacles: Sequence[Obstacle]) -> Table:
    """Return what stands between this book and its sign-off, and where it is settled, in words."""
    order = list(WEIGHTS)
    rows = sorted(
        ((one.weight, one.what, one.settle) for one in obstacles), key=lambda row: order.index(row[0])
    )
    return Table(
        "obstacles",
        N_("What is left before the sign-off"),
        (
            Column("weight", N_("What it does"), "word", 1, words=WEIGHTS),
            Column("what", N_("What"), width=3.2),
            Column("settle", N_("Where it is settled"), width=2.8),
        ),
        tuple(rows),
    )
