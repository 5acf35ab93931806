"""The tests every connector passes, shipped with the product.

A new connector's test file subclasses :class:`ConnectorContract`::

    class TestAcme(ConnectorContract):
        def connector(self) -> Connector:
            return Acme(HOSPITAL, url="http://127.0.0.1:8080")

        def postings(self, connector: Connector, entry_id: str) -> int:
            return count_at_acme(entry_id)

pytest finds the tests by their names; nothing of pytest is needed to import this.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import suppress
from typing import TYPE_CHECKING

from downtime.errors import SameIdOtherBodyError
from downtime.outcome import Accepted, HandedOver, InDoubt, Outcome, Rejected, Unreachable
from sync.connector import API, Connector, Guarantee, Parcel
from sync.contract_entries import HOSPITAL, charge, dispense, made_up_entry, made_up_id, money_forms
from sync.facts import facts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.entry import Entry

HOSTILE_TEXTS = (
    "[red]王[/]伟",
    "=HYPERLINK(1)",
    "'; DROP TABLE dt_header; --",
    "MSH|^~\\&|",
    "𠮷野屋\u202e",
    "\x1b]52;c;x\x07",
    "名" * 5_000,
)


class ConnectorContract(ABC):
    """What delivery relies on. Override the two abstract methods, the others where the HIS allows more."""

    @abstractmethod
    def connector(self) -> Connector:
        """Return a connector for ``HOSPITAL`` whose HIS is empty."""

    @abstractmethod
    def postings(self, connector: Connector, entry_id: str) -> int:
        """Return how often the HIS holds ``entry_id``."""

    def unreachable(self) -> Connector | None:
        """Return a connector whose HIS is down, or None if that cannot be arranged."""
        return None

    def poisoned(self, seq: int) -> Entry | None:
        """Return an entry this HIS will not take, or None if it takes everything."""
        del seq
        return None

    def test_it_says_what_it_is(self) -> None:
        """It has a stable name, the contract's version and an honest guarantee."""
        connector = self.connector()
        assert connector.name == connector.name.lower().strip() != ""
        assert connector.api == API
        assert connector.guarantee in Guarantee
        assert connector.batch_max >= 1
        assert connector.reach() is None
        connector.close()

    def test_drills_and_foreign_hospitals_never_leave(self) -> None:
        """A drill entry, or another hospital's, is refused even if the caller forgot to look."""
        connector = self.connector()
        drill = made_up_entry(1, "charge", charge(1), drill=True)
        foreign = made_up_entry(2, "charge", charge(2), hospital="PX-ELSEWHERE")
        answers = dict(connector.deliver([Parcel(drill, b""), Parcel(foreign, b"")]))
        assert {type(answer) for answer in answers.values()} == {Rejected}
        assert not self.postings(connector, drill.id) + self.postings(connector, foreign.id)
        connector.close()

    def test_the_same_entry_is_the_same_bytes(self) -> None:
        """What is recorded as sent is what would be sent again."""
        connector = self.connector()
        entry = made_up_entry(1, "charge", charge(1))
        assert connector.compose(entry) == connector.compose(entry)
        connector.close()

    def test_every_entry_is_answered_and_held_once(self) -> None:
        """A batch is answered entry by entry, and the HIS holds each of them once."""
        connector = self.connector()
        entries = _charges(5)
        answers = _deliver(connector, entries)
        assert set(answers) == {entry.id for entry in entries}
        assert all(isinstance(answer, Accepted | HandedOver) for answer in answers.values())
        _ask(connector, entries)
        assert [self.postings(connector, entry.id) for entry in entries] == [1] * 5
        connector.close()

    def test_what_the_his_holds_is_what_was_recorded(self) -> None:
        """Read back field by field nothing differs, whatever the patient is called."""
        connector = self.connector()
        entries = [
            made_up_entry(seq, "charge", charge(seq, name=name)) for seq, name in enumerate(HOSTILE_TEXTS, 1)
        ]
        entries.append(made_up_entry(len(entries) + 1, "dispense", dispense(1, entries[0].id)))
        for seed, form, content in money_forms(50):
            entries.append(made_up_entry(len(entries) + 1, form, content, entry_id=made_up_id(seed)))
        for entry in entries:
            _deliver(connector, [entry])
        _ask(connector, entries)
        held = dict(connector.read_back([entry.id for entry in entries]))
        assert held == {entry.id: facts_of(entry) for entry in entries}
        connector.close()

    def test_sent_again_it_is_still_held_once(self) -> None:
        """Class 1: the same bytes may go again freely."""
        connector = self.connector()
        if connector.guarantee is Guarantee.RESEND:
            entries = _charges(3)
            for _time in range(3):
                answers = _deliver(connector, entries)
                assert all(isinstance(answer, Accepted | HandedOver) for answer in answers.values())
                _ask(connector, entries)
            assert [self.postings(connector, entry.id) for entry in entries] == [1] * 3
        connector.close()

    def test_the_same_id_with_another_body_is_a_full_stop(self) -> None:
        """Class 1: other content under a known id stops delivery, after everything else is answered."""
        connector = self.connector()
        if connector.guarantee is Guarantee.RESEND:
            first = made_up_entry(1, "charge", charge(1))
            _deliver(connector, [first])
            other = made_up_entry(2, "charge", charge(2), entry_id=first.id)
            third = made_up_entry(3, "charge", charge(3))
            answers: dict[str, Outcome] = {}
            stopped = False
            try:
                answers.update(connector.deliver(_parcels(connector, [other, third])))
            except SameIdOtherBodyError:
                stopped = True
            assert stopped
            answering = connector.deliver(_parcels(connector, [other, third]))
            with suppress(SameIdOtherBodyError):
                while True:
                    entry_id, outcome = next(answering)
                    answers[entry_id] = outcome
            assert isinstance(answers[first.id], Rejected)
            assert isinstance(answers[third.id], Accepted | HandedOver)
            assert self.postings(connector, first.id) == 1
        connector.close()

    def test_one_bad_record_holds_up_only_what_names_it(self) -> None:
        """A record the HIS will not take is refused; what names it is not sent; all others arrive."""
        connector = self.connector()
        poison = self.poisoned(3)
        if poison is not None:
            names_it = made_up_entry(4, "dispense", dispense(3, poison.id))
            others = [made_up_entry(seq, "charge", charge(seq)) for seq in (1, 2, 5, 6)]
            answers = _deliver(connector, [*others[:2], poison, names_it, *others[2:]])
            assert isinstance(answers[poison.id], Rejected)
            assert isinstance(answers[names_it.id], Unreachable)
            assert all(isinstance(answers[entry.id], Accepted | HandedOver) for entry in others)
            assert self.postings(connector, names_it.id) == 0
        connector.close()

    def test_what_it_never_got_it_says_it_has_not(self) -> None:
        """Asked about an entry it never got, the HIS says so, or nothing; never "accepted"."""
        connector = self.connector()
        answers = dict(connector.ask(_charges(2)))
        allowed = InDoubt if connector.guarantee is Guarantee.ONE_ATTEMPT else Unreachable
        assert all(isinstance(answer, allowed) for answer in answers.values())
        connector.close()

    def test_a_dead_his_is_no_answer_at_all(self) -> None:
        """With the HIS down nothing is accepted or refused, and asking brings no news."""
        connector = self.unreachable()
        if connector is not None:
            assert isinstance(connector.reach(), Unreachable)
            answers = _deliver(connector, _charges(2))
            assert all(isinstance(answer, Unreachable | InDoubt) for answer in answers.values())
            assert dict(connector.ask(_charges(2))) == {}
            connector.close()


def _charges(count: int) -> list[Entry]:
    return [
        made_up_entry(seq, "charge", charge(seq), entry_id=made_up_id(f"c{seq}"))
        for seq in range(1, count + 1)
    ]


def _parcels(connector: Connector, entries: Sequence[Entry]) -> list[Parcel]:
    parcels = []
    for entry in entries:
        sent = connector.compose(entry)
        assert isinstance(sent, bytes), sent
        parcels.append(Parcel(entry, sent))
    return parcels


def _deliver(connector: Connector, entries: Sequence[Entry]) -> dict[str, Outcome]:
    return dict(connector.deliver(_parcels(connector, entries)))


def _ask(connector: Connector, entries: Sequence[Entry]) -> None:
    """Ask until nothing is news, so that a HIS that posts when asked has posted."""
    for _time in range(2):
        dict(connector.ask(entries))


__all__ = ["HOSPITAL", "ConnectorContract"]
