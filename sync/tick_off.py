"""The tick-off: every entry owed beside every row the HIS holds, and what became of each; nothing on a guess."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from forms.text import N_
from sync.tick_patient import PatientTick, Verdict
from sync.tick_rules import TWICE, Rules
from sync.tick_void import dead_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from downtime.outcome import FormalDocument
    from sync.reading.extract import Extract
    from sync.reading.fields import HisRow
    from sync.tick_claims import Claim

Outcome: TypeAlias = Literal["agreed", "different", "missing_there", "doubtful", "not_covered"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("agreed", "different", "missing_there", "doubtful", "not_covered")
ROW_STATES: Final = ("agreed", "different", "doubtful", "unknown_here", "void", "outside")

NOT_COVERED: Final = N_("the extract does not show such entries")
UNREAD: Final = N_("a line about this patient could not be read")
OTHER_PATIENT: Final = N_("it stands under another patient")
UNMATCHED: Final = N_("the temporary number is not matched; a bill of another patient looks like it")
NOTHING_TO_REVERSE: Final = N_("what it reverses is not among the entries compared")
DECIDED: Final = N_("a person decided that these rows are this entry")
DECIDED_LESS: Final = N_("a person decided, but part of these rows was taken back since")
DECIDED_GONE: Final = N_("a person decided, but these rows do not stand there any more")


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person said of a doubtful entry.

    Attributes:
        rows: keys of the rows asked about.
        is_same: the rows are this entry; else none of them is.
    """

    entry_id: str
    rows: frozenset[str]
    is_same: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """One entry.

    Attributes:
        rows: the rows it stands in, or that may be meant.
        what: of "different": amount, quantity, item, lines, patient, operator, twice.
        reason: msgid.
        score: 0 to 100, how much of patient, items, amount, operator and time agrees.
    """

    claim: Claim
    outcome: Outcome
    rows: tuple[HisRow, ...]
    what: tuple[str, ...]
    reason: str
    score: int

    def his_minor(self) -> int | None:
        """Return what its rows come to, counted as the entry counts its own: money given back is positive, too."""
        if not self.rows:
            return None
        if self.outcome == "agreed":
            return self.claim.amount_minor
        total = sum(row.amount_minor for row in self.rows)
        return -total if sum(item.amount_minor for item in self.claim.items) < 0 else total

    def documents(self) -> tuple[FormalDocument, ...]:
        """Return the formal documents of its rows, each once."""
        return tuple(dict.fromkeys(row.document for row in self.rows if row.document is not None))


@dataclass(slots=True)
class TickedOff:
    """Every entry and every row, each exactly once.

    Attributes:
        judged: the entries, in order.
        row_states: state of each row by its key.
        unknown: live rows of the time compared that no entry explains.
    """

    judged: list[Judged] = field(default_factory=list)
    row_states: dict[str, str] = field(default_factory=dict)
    unknown: list[HisRow] = field(default_factory=list)
    dead: frozenset[str] = frozenset()

    def of(self) -> Mapping[str, Judged]:
        """Return the entries by id."""
        return {one.claim.id: one for one in self.judged}


def tick_off(
    claims: Sequence[Claim], extract: Extract, rules: Rules, decisions: Iterable[Decision] = ()
) -> TickedOff:
    """Return what became of every claim and every row.

    Args:
        claims: all entries that may stand in the extract, also those ticked off before: they hold their rows.
        extract: what the HIS holds.
        rules: how to compare.
        decisions: what people said of doubtful ones.
    """
    return _TickOff(claims, extract, rules, decisions).run()


class _TickOff:
    def __init__(
        self,
        claims: Sequence[Claim],
        extract: Extract,
        rules: Rules,
        decisions: Iterable[Decision],
    ) -> None:
        decided = list(decisions)
        self._claims = claims
        self._extract = extract
        self._rules = Rules(
            rules.window_seconds,
            rules.slack_seconds,
            rules.compares_operator,
            {claim.number.upper(): claim.id for claim in claims if claim.number},
            frozenset((one.entry_id, row) for one in decided if not one.is_same for row in one.rows),
        )
        self._said = {one.entry_id: one.rows for one in decided if one.is_same}
        self._dead, self._half_dead = dead_rows(extract.rows)
        self._verdicts: dict[str, Verdict] = {}
        self._left: list[HisRow] = []

    def run(self) -> TickedOff:
        """Decisions first, then patient by patient, then what stands under another patient."""
        taken = self._take_decisions()
        live: defaultdict[str, list[HisRow]] = defaultdict(list)
        dead: defaultdict[str, list[HisRow]] = defaultdict(list)
        for row in self._extract.rows:
            if row.id not in taken:
                (dead if row.id in self._dead else live)[row.patient].append(row)
        by_patient: defaultdict[str, list[Claim]] = defaultdict(list)
        for claim in self._claims:
            if claim.id in self._verdicts:
                continue
            if not claim.is_known:
                self._verdicts[claim.id] = Verdict("doubtful", (), (), NOTHING_TO_REVERSE)
            elif not claim.kind or not claim.items:
                self._verdicts[claim.id] = Verdict("not_covered", (), (), NOT_COVERED)
            else:
                by_patient[claim.his_patient or claim.patient].append(claim)
        for patient, of_patient in by_patient.items():
            tick = PatientTick(of_patient, live.pop(patient, ()), dead.get(patient, ()), self._rules)
            self._verdicts |= tick.run(self._half_dead)
            self._left += tick.left
        for rows in live.values():
            self._left += rows
        self._under_other_patients()
        self._beside_unread_lines()
        return self._result()

    def _take_decisions(self) -> set[str]:
        """Judge what people decided; return the keys of the rows that are taken by it."""
        if not self._said:
            return set()
        by_id = {row.id: row for row in self._extract.rows}
        taken: set[str] = set()
        for claim in self._claims:
            keys = self._said.get(claim.id)
            if keys is None:
                continue
            rows = tuple(by_id[key] for key in sorted(keys) if key in by_id and key not in self._dead)
            if len(rows) == len(keys) > 0 and not taken & keys:
                taken |= keys
                is_half_gone = not keys.isdisjoint(self._half_dead)
                self._verdicts[claim.id] = (
                    Verdict("doubtful", rows, (), DECIDED_LESS)
                    if is_half_gone
                    else Verdict("agreed", rows, (), DECIDED)
                )
            else:
                self._verdicts[claim.id] = Verdict("doubtful", rows, (), DECIDED_GONE)
        return taken

    # Other patients -----------------------------------------------------------------------------------

    def _under_other_patients(self) -> None:
        """Find entries that stand whole under another patient: by the receipt named, else by their content."""
        by_receipt: defaultdict[str, list[HisRow]] = defaultdict(list)
        bills: defaultdict[tuple[str, str], list[HisRow]] = defaultdict(list)
        for row in self._left:
            named = self._rules.names.get(row.receipt) if row.receipt else None
            if named is not None:
                by_receipt[named].append(row)
            else:
                bills[row.patient, row.bill or row.id].append(row)
        wanting: defaultdict[tuple[object, ...], list[Claim]] = defaultdict(list)
        for claim in self._claims:
            verdict = self._verdicts[claim.id]
            rows = [row for row in by_receipt.get(claim.id, ()) if row.patient != claim.his_patient]
            if rows and verdict.outcome in {"agreed", "missing_there"}:
                what = "patient" if verdict.outcome == "missing_there" else "twice"
                reason = OTHER_PATIENT if what == "patient" else TWICE
                self._verdicts[claim.id] = Verdict("different", (*verdict.rows, *rows), (what,), reason)
            elif verdict.outcome == "missing_there" and not verdict.rows:
                wanting[_content(claim.kind, claim.items)].append(claim)
        offered: defaultdict[tuple[object, ...], list[list[HisRow]]] = defaultdict(list)
        for held in bills.values():
            content = _content(held[0].kind, ((row.item, row.quantity, row.amount_minor) for row in held))
            if content in wanting:
                offered[content].append(held)
        for content, claims in wanting.items():
            found = offered.get(content, [])
            if len(claims) == len(found) == 1:
                self._is_under(claims[0], found[0])

    def _is_under(self, claim: Claim, rows: list[HisRow]) -> None:
        operators = {row.operator for row in rows if row.operator}
        same_operator = not self._rules.compares_operator or operators <= {claim.operator}
        if not same_operator or not all(self._rules.may_be(claim, row) for row in rows):
            return
        if claim.is_temporary and not claim.his_patient:
            self._verdicts[claim.id] = Verdict("doubtful", tuple(rows), (), UNMATCHED)
        else:
            self._verdicts[claim.id] = Verdict("different", tuple(rows), ("patient",), OTHER_PATIENT)

    def _beside_unread_lines(self) -> None:
        """A line that could not be read may be about the same entry: then nothing about its patient is certain."""
        touched = self._extract.touched
        if not touched:
            return
        for claim in self._claims:
            verdict = self._verdicts[claim.id]
            about = {claim.his_patient, claim.patient, claim.number} & touched
            if about and verdict.outcome in {"agreed", "missing_there"} and claim.id not in self._said:
                self._verdicts[claim.id] = Verdict("doubtful", verdict.rows, (), UNREAD)

    # Result -------------------------------------------------------------------------------------------

    def _result(self) -> TickedOff:
        done = TickedOff(dead=frozenset(self._dead))
        states = done.row_states
        for claim in self._claims:
            verdict = self._verdicts[claim.id]
            done.judged.append(
                Judged(
                    claim,
                    verdict.outcome,
                    verdict.rows,
                    verdict.what,
                    verdict.reason,
                    score(claim, verdict.rows),
                )
            )
            for row in verdict.rows:
                if states.get(row.id) != "agreed" and verdict.outcome in ROW_STATES:
                    states[row.id] = verdict.outcome
        ats = [claim.at for claim in self._claims if claim.kind]
        first = min(ats, default=0) - self._rules.slack_seconds
        last = max(ats, default=0) + self._rules.window_seconds
        for row in self._extract.rows:
            if row.id in states:
                continue
            if row.id in self._dead:
                states[row.id] = "void"
            elif row.ends < first or row.begins > last:
                states[row.id] = "outside"
            else:
                states[row.id] = "unknown_here"
                done.unknown.append(row)
        return done


def score(claim: Claim, rows: Sequence[HisRow]) -> int:
    """Return how much agrees: patient 40, items 20, sum 20, operator 10, time of the same day 10."""
    if not rows:
        return 0
    day = 24 * 3600
    agrees = (
        (40, all(row.patient in {claim.his_patient, claim.patient} for row in rows)),
        (20, {row.item for row in rows} == {item.code for item in claim.items}),
        (20, sum(row.amount_minor for row in rows) == sum(item.amount_minor for item in claim.items)),
        (10, all(row.operator == claim.operator for row in rows)),
        (10, all(abs(row.begins - claim.at) <= day for row in rows)),
    )
    return sum(points for points, good in agrees if good)


def _content(kind: str, items: Iterable[tuple[str, int | None, int]]) -> tuple[object, ...]:
    sums: Counter[str] = Counter()
    for code, _quantity, amount in items:
        sums[code] += amount
    return kind, tuple(sorted(sums.items()))
