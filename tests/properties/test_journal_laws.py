"""Whatever people record, in whatever order: balances stay zero, numbers rise, the journal verifies."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from downtime.book import JournalView
from downtime.record import Refused, new_entry_id, record
from downtime.sealing import Filled
from downtime.store import journal
from downtime.verify import verify_book
from forms.charge import Charge
from forms.dispense import left_to_dispense
from forms.payment import owed_minor, standing_charge
from forms.postings import imbalance
from tests.downtime.builders import (
    arrears,
    by,
    cash,
    charge,
    collection,
    dispense,
    drug,
    line,
    make_home,
    open_current,
    reversal,
    stand,
    unlock,
)

if TYPE_CHECKING:
    from downtime.entry import Entry
    from forms.base import Form

QUANTITIES = st.builds(lambda n: f"{Decimal(n) / 8:f}".rstrip("0").rstrip("."), st.integers(1, 400))
LINES = st.lists(
    st.builds(
        lambda price, quantity, kind, code: line(f"{kind[0].upper()}{code}", price, quantity, kind),
        st.integers(0, 100_000),
        QUANTITIES,
        st.sampled_from(["service", "drug", "unlisted"]),
        st.integers(1, 3),
    ),
    min_size=1,
    max_size=5,
)
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


class Book(RuleBasedStateMachine):
    """One book and what the people at the station did to it."""

    charges: Bundle[str] = Bundle("charges")
    entries: Bundle[str] = Bundle("entries")

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.home = make_home(Path(self._folder.name) / "home")
        self.book = open_current(self.home)
        self.numbers: list[str] = []

    def _stand(self, form: Form) -> Entry:
        entry = stand(self.book, form)
        assert entry.number is not None
        self.numbers.append(entry.number)
        legs = journal.postings_of(self.book.db, entry.id)
        assert not imbalance(legs)
        return entry

    def _entry(self, entry_id: str) -> Entry:
        entry = journal.entry_by_id(self.book.db, entry_id)
        assert entry is not None
        return entry

    @rule(target=charges, lines=LINES, name=NAMES, paid_by=st.sampled_from(["cash", "card", "mobile", "two"]))
    def pays(self, lines: list[dict[str, Any]], name: str, paid_by: str) -> str:
        """A charge paid at once, by one method or two."""
        total = sum(one["amount_minor"] for one in lines)
        first = total // 2 if paid_by == "two" else 0
        rest = total - first
        parts = [cash(first, first + 100)] if first else []
        if rest:
            parts.append(
                by("card" if paid_by == "two" else paid_by, rest) if paid_by != "cash" else cash(rest)
            )
        patient = {"number": "P000001", "name": name}
        return self._stand(charge(lines, payments=parts, patient=patient)).id

    @rule(target=charges, lines=LINES)
    def owes(self, lines: list[dict[str, Any]]) -> str:
        """A charge somebody vouches for."""
        return self._stand(arrears(lines)).id

    @rule(target=entries, charge_id=charges, part=st.integers(1, 100))
    def pays_later(self, charge_id: str, part: int) -> Any:
        """Some of what is owed, or more than that, which is refused."""
        view = JournalView(self.book.db)
        owed = owed_minor(charge_id, view)
        amount = max(1, owed * part // 100)
        if not owed:
            outcome = record(self.book, Filled(collection(charge_id, [cash(amount)]), new_entry_id()))
            assert isinstance(outcome, Refused)
            return multiple()
        return self._stand(collection(charge_id, [cash(amount, amount + 5)])).id

    @rule(target=entries, charge_id=charges, pick=st.integers(0, 4))
    def dispenses(self, charge_id: str, pick: int) -> Any:
        """One of the drugs still left on a charge that is paid or vouched for."""
        view = JournalView(self.book.db)
        left = sorted(
            (code, amount) for code, amount in left_to_dispense(charge_id, view).items() if amount > 0
        )
        held = standing_charge(charge_id, view)
        assume(left and held is not None)
        code, amount = left[pick % len(left)]
        quantity = f"{Decimal(amount):f}"
        quantity = quantity.rstrip("0").rstrip(".") if "." in quantity else quantity
        return self._stand(dispense(charge_id, [drug(code, quantity)])).id

    @rule(entry_id=consumes(entries))
    def takes_back(self, entry_id: str) -> None:
        """A payment or a dispense is reversed; a second time is refused."""
        entry = self._entry(entry_id)
        self._stand(reversal(entry))
        assert isinstance(record(self.book, Filled(reversal(entry), new_entry_id())), Refused)

    @rule(charge_id=consumes(charges))
    def takes_charge_back(self, charge_id: str) -> None:
        """A charge is reversed, unless something was paid or dispensed on it."""
        view = JournalView(self.book.db)
        entry = self._entry(charge_id)
        stands_on = [one for form in ("payment", "dispense") for one in view.referring(charge_id, form)]
        if stands_on:
            assert isinstance(record(self.book, Filled(reversal(entry), new_entry_id())), Refused)
        else:
            self._stand(reversal(entry))

    @rule()
    def reopens(self) -> None:
        """The app is closed and started again."""
        self.book.close()
        self.book = open_current(self.home)

    @invariant()
    def balances_are_zero(self) -> None:
        """Over the whole book, per unit."""
        sums: dict[str, int] = {}
        for (_account, unit), amount in journal.balances(self.book.db).items():
            sums[unit] = sums.get(unit, 0) + amount
        assert not any(sums.values())

    @invariant()
    def numbers_rise(self) -> None:
        """No receipt number comes twice or out of order."""
        assert self.numbers == sorted(set(self.numbers))

    def teardown(self) -> None:
        """In the end the book proves itself."""
        self.book.close()
        verification = verify_book(self.home, unlock(self.home), self.home.current_book())
        assert verification.whole, verification.lines()
        assert verification.receipts == len(self.numbers)
        self._folder.cleanup()


TestBook = Book.TestCase
TestBook.settings = settings(
    max_examples=15, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_the_sealed_bytes_give_the_form_back() -> None:
    """What is sealed reads back as the very form that was filled in."""
    filled = charge([line(quantity="0.125", price=8)])
    assert Charge.model_validate(filled.model_dump(mode="json")) == filled
