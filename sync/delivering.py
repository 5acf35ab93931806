"""One round in progress: what is recorded before, between and after the sends."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from downtime.errors import SameIdOtherBodyError
from downtime.i18n import _
from downtime.outcome import Accepted, HandedOver, InDoubt, Outcome, Rejected, Unreachable
from downtime.store.deliveries import OWED, SENDING, Fact
from downtime.store.owed import OpenEntry, WorkList
from sync.compare import Comparison, compare
from sync.connector import Connector, Guarantee, NotReadBackError, Parcel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from downtime.clock import Clock
    from downtime.entry import Entry
    from sync.ledger import Ledger

PASSES_MAX: Final = 50
"""Longer chains, where each entry waits for the one before, go on in the next round."""
WAIT_SECONDS_FIRST: Final = 5
WAIT_SECONDS_MAX: Final = 300
_ASKED: Final = ("in_doubt", "handed_over")


def is_waiting(clock: Clock, since: str, seconds: int) -> bool:
    """Return whether fewer than ``seconds`` have passed; a clock set back makes nothing wait longer."""
    now = datetime.fromisoformat(clock.now().wall)
    return 0 <= (now - datetime.fromisoformat(since)).total_seconds() < seconds


class Delivering:
    """Brings the facts of one connector forward, alone with what its ledger lists.

    Attributes:
        sent: entries sent so far.
        held: entries that wait, by id, and the id of the entry each waits for.
        comparison: what was accepted, compared with what the HIS reads back; None so far if nothing was.
    """

    def __init__(
        self,
        ledger: Ledger,
        connector: Connector,
        clock: Clock,
        *,
        respect_waits: bool,
    ) -> None:
        self._ledger = ledger
        self._connector = connector
        self._clock = clock
        self._respect_waits = respect_waits
        # Only this process writes deliveries, so what is open is read once and carried forward.
        self._open = {entry.id: entry for entry in ledger.open_entries()}
        self._tried: set[str] = set()
        self.sent = 0
        self.held: dict[str, str] = {}
        self.comparison: Comparison | None = None

    def record_unreached(self, answer: Unreachable, *, wait_seconds_before: int) -> None:
        """Write down that the HIS cannot be reached and how long to leave it alone."""
        wait = min(WAIT_SECONDS_MAX, max(WAIT_SECONDS_FIRST, 2 * wait_seconds_before))
        self._append([Fact(None, None, 0, answer, wait_seconds=wait)])

    def record_reached(self) -> None:
        """Write down that the HIS answers again."""
        self._append([Fact(None, None, 0, None)])

    def run(self, controlled: frozenset[str]) -> None:
        """Settle what a crash left, ask, send what is owed, ask again, compare what was accepted."""
        crashed = [entry for entry in self._open.values() if entry.state == SENDING]
        reason = InDoubt(_("The program stopped while this was being sent."))
        self._record([(entry, reason) for entry in crashed])
        unread, self._connector.not_read_back = self._connector.not_read_back, []
        self._compare(unread, controlled)
        self._ask_all(controlled)
        for _pass in range(PASSES_MAX):
            before = (self.sent, len(self._open))
            his_takes_nothing = self._send_owed(controlled)
            if his_takes_nothing or not self.held or before == (self.sent, len(self._open)):
                break

    # Sending ------------------------------------------------------------------------------------------

    def _send_owed(self, controlled: frozenset[str]) -> bool:
        """Go once through what is open; return True, early, if a whole batch was not received."""
        doubt_is_parked = self._connector.guarantee is Guarantee.ONE_ATTEMPT
        work = WorkList(
            list(self._open.values()),
            received_is_enough=self._connector.received_is_enough,
            doubt_can_be_reopened=doubt_is_parked,
        )
        waiting = [entry.id for entry in self._open.values() if self._waits(entry)]
        self.held = work.held
        while batch := work.next_batch(self._connector.batch_max, skip=self._tried.union(waiting)):
            outcomes = self._send(batch)
            accepted = [body for body, outcome in outcomes.values() if isinstance(outcome, Accepted)]
            self._compare(accepted, controlled)
            if self._connector.may_know_at_once:
                asked = [body for body, outcome in outcomes.values() if outcome.state in _ASKED]
                self._ask(asked, controlled)
            for entry in batch:
                still_open = self._open.get(entry.id)
                work.answered(entry, Accepted.state if still_open is None else still_open.state or OWED)
            if all(isinstance(outcome, Unreachable) for _body, outcome in outcomes.values()):
                return True
        return False

    def _send(self, batch: Sequence[OpenEntry]) -> dict[str, tuple[Entry, Outcome]]:
        """Record "sending", send, record every answer; return the entry and its outcome by id."""
        bodies = {body.id: body for body in self._ledger.entries([entry.seq for entry in batch])}
        parcels: list[Parcel] = []
        outcomes: dict[str, Outcome] = {}
        facts = []
        for entry in batch:
            body = bodies[entry.id]
            before = self._ledger.last_sent(entry.seq) if entry.step else None
            composed = self._connector.refusal(body) or self._compose(entry, body, before)
            if isinstance(composed, Rejected):
                outcomes[entry.id] = composed
                continue
            parcels.append(Parcel(body, composed))
            anew = composed != before
            facts.append(Fact(entry.seq, entry.id, entry.step + 1, None, composed, sent_anew=anew))
        self._write(batch, facts)
        self._tried.update(entry.id for entry in batch)
        self.sent += len(facts)
        answered = dict(outcomes)
        stop: SameIdOtherBodyError | None = None
        try:
            for entry_id, outcome in self._connector.deliver(parcels):
                if entry_id in bodies and not isinstance(answered.get(entry_id), Accepted | Rejected):
                    answered[entry_id] = outcome
        except SameIdOtherBodyError as error:
            stop = error
        finally:
            silent = InDoubt(_("The HIS gave no answer."))
            outcomes = {entry.id: answered.get(entry.id, silent) for entry in batch}
            self._record([(self._open[entry.id], outcomes[entry.id]) for entry in batch])
        if stop is not None:
            raise stop
        return {entry_id: (bodies[entry_id], outcome) for entry_id, outcome in outcomes.items()}

    def _compose(self, entry: OpenEntry, body: Entry, before: bytes | None) -> bytes | Rejected:
        """Return what goes: the same bytes as before, unless a person decided after a refusal."""
        if before is not None and not entry.reopened:
            return before
        return self._connector.compose(body)

    def _waits(self, entry: OpenEntry) -> bool:
        return (
            self._respect_waits
            and entry.state == Unreachable.state
            and entry.at is not None
            and is_waiting(self._clock, entry.at, entry.wait_seconds)
        )

    # Asking -------------------------------------------------------------------------------------------

    def _ask_all(self, controlled: frozenset[str]) -> None:
        """Ask about everything that earlier rounds left handed over or in doubt."""
        asked = (*_ASKED, Rejected.state) if self._connector.asks_refused else _ASKED
        seqs = [entry.seq for entry in self._open.values() if entry.state in asked and not entry.reopened]
        for at in range(0, len(seqs), self._connector.batch_max):
            part = seqs[at : at + self._connector.batch_max]
            self._ask(list(self._ledger.entries(part)), controlled)

    def _ask(self, bodies: Sequence[Entry], controlled: frozenset[str]) -> None:
        """Ask about ``bodies``, which have no final answer yet; record only what is news."""
        if not bodies:
            return
        batch = {body.id: self._open[body.id] for body in bodies}
        news = self._news(batch, self._connector.ask(bodies))
        self._record([(batch[entry_id], outcome) for entry_id, outcome in news.items()])
        accepted = [body for body in bodies if isinstance(news.get(body.id), Accepted)]
        self._compare(accepted, controlled)

    def _news(
        self, batch: Mapping[str, OpenEntry], answers: Iterable[tuple[str, Outcome]]
    ) -> dict[str, Outcome]:
        news: dict[str, Outcome] = {}
        for entry_id, outcome in answers:
            entry = batch.get(entry_id)
            if entry is None or isinstance(outcome, InDoubt) or _is_known(entry, outcome):
                continue
            if isinstance(outcome, Unreachable) and not self._absence_is_certain(entry):
                continue
            news[entry_id] = outcome
        return news

    def _absence_is_certain(self, entry: OpenEntry) -> bool:
        """Whether "the HIS does not have it" can be relied on by now."""
        connector = self._connector
        if connector.guarantee is Guarantee.ONE_ATTEMPT:
            return False
        return entry.at is None or not is_waiting(self._clock, entry.at, connector.settle_seconds)

    # Writing ------------------------------------------------------------------------------------------

    def _record(self, answers: Iterable[tuple[OpenEntry, Outcome]]) -> None:
        """Write answers in one commit and carry the open entries forward."""
        known = list(answers)
        facts = [
            Fact(entry.seq, entry.id, entry.step + 1, outcome, wait_seconds=_wait_after(entry, outcome))
            for entry, outcome in known
        ]
        self._write([entry for entry, _outcome in known], facts)

    def _write(self, entries: Sequence[OpenEntry], facts: Sequence[Fact]) -> None:
        at = self._append(facts)
        by_id = {entry.id: entry for entry in entries}
        for fact in facts:
            assert fact.entry_id is not None
            if isinstance(fact.outcome, Accepted):
                del self._open[fact.entry_id]
                continue
            # The decision that reopened it is used up by this attempt.
            self._open[fact.entry_id] = replace(
                by_id[fact.entry_id], state=fact.state, step=fact.step, at=at, wait_seconds=fact.wait_seconds,
                reopened=False, reference=_reference(fact.outcome),
            )  # fmt: skip

    def _append(self, facts: Sequence[Fact]) -> str:
        at = self._clock.now().wall
        self._ledger.append(facts, at)
        return at

    def _compare(self, accepted: Sequence[Entry], controlled: frozenset[str]) -> None:
        for at in range(0, len(accepted), self._connector.batch_max):
            part = accepted[at : at + self._connector.batch_max]
            try:
                read = list(self._connector.read_back([entry.id for entry in part]))
            except NotReadBackError:
                # The comparison says so and does not agree; the next round reads them.
                self._connector.not_read_back += part
                found = replace(compare((), ()), entries_not_read=len(part))
            else:
                found = compare(part, read, controlled=controlled)
            self.comparison = found if self.comparison is None else self.comparison.with_also(found)


def _is_known(entry: OpenEntry, outcome: Outcome) -> bool:
    """Whether an answer says nothing new: only a posting changes a refusal, only another word a hand-over."""
    if entry.state == Rejected.state:
        return not isinstance(outcome, Accepted)
    return outcome.state == entry.state and _reference(outcome) == entry.reference


def _reference(outcome: Outcome | None) -> str | None:
    return outcome.reference if isinstance(outcome, HandedOver) else None


def _wait_after(entry: OpenEntry, outcome: Outcome) -> int:
    if not isinstance(outcome, Unreachable):
        return 0
    attempts = max(1, entry.step // 2)
    return int(min(WAIT_SECONDS_MAX, WAIT_SECONDS_FIRST * 2 ** min(attempts - 1, 10)))
