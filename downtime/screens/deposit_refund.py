"""Deposit refund 退预交金: a deposit with money left, why, how much; it goes back the way it came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from downtime.book import JournalView
from downtime.entry import Entry
from downtime.i18n import _
from downtime.problem_text import problem_words
from downtime.screens.amount_asked import Asked
from downtime.screens.amount_screen import AmountScreen
from downtime.screens.amount_sheet import AmountSheet
from downtime.screens.candidates import Candidate, Column
from downtime.screens.deposit_balance import deposits_here
from downtime.screens.entry_lines import method_word
from downtime.screens.people import patient_card
from downtime.screens.priced_slip import seek_slips
from downtime.screens.recorded import money
from downtime.screens.text import line, shown
from forms.base import read_form
from forms.bill import exchange_state, money_of
from forms.deposit import DepositRefund
from forms.money import format_amount
from forms.tender import METHODS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.content import Content

    from downtime.screens.scans import Scan
    from downtime.screens.window_sheet import WindowSheet
    from forms.base import Form, Problem


@dataclass
class DepositRefundSheet(AmountSheet):
    """What becomes the refund of a deposit; ``payments`` holds how it goes back."""

    form_name: ClassVar[str] = "deposit_refund"

    def summary(self) -> str:
        """Return the deposit's number."""
        return self.answer("deposit")

    def form(self) -> Form | list[Problem]:
        """Return the filled form, or what is wrong with it."""
        content = {
            **self.who(),
            "deposit_id": self.answer("deposit_id"),
            "deposit_number": self.answer("deposit"),
            "reason": self.answer("reason"),
            "refunds": self.payments,
            "total_minor": self.total_minor,
            "paper_returned": self.answer("paper") == "yes",
        }
        return read_form(DepositRefund, content)


class DepositRefundScreen(AmountScreen):
    """One refund after the other."""

    acts: ClassVar[tuple[str, ...]] = ("patient", "reprint", "hold", "settle")
    rights: ClassVar[dict[str, str]] = {"settle": "reverse"}
    asked: ClassVar[tuple[Asked, ...]] = (
        Asked("deposit", lambda: _("Deposit"), "pick", needed=True),
        Asked("paper", lambda: _("Formal paper taken back"), "pick", needed=True),
        Asked("reason", lambda: _("Reason"), "pick", needed=True),
        Asked("amount", lambda: _("Give back"), "amount", needed=True),
    )
    sheet_kind: ClassVar[type[WindowSheet]] = DepositRefundSheet
    sheet: DepositRefundSheet

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "Patient, deposit, reason, amount, Enter. Cash is handed out now; what was paid by card or mobile goes "
            "back the same way and stays listed until it has."
        )

    def total_word(self) -> str:
        """Return what the amount at the bottom is called."""
        return _("Give back")

    def label_of(self, act: str) -> str:
        """F8 records here."""
        return _("Give back") if act == "settle" else super().label_of(act)

    # -- which deposit ------------------------------------------------------------------------------

    def seek_patients(self, typed: str) -> list[Candidate]:
        """Return the deposit whose number is typed, then patients."""
        return [*seek_slips(self.desk, typed, "deposit"), *super().seek_patients(typed)][:20]

    def take_patient(self, value: Any) -> None:
        """A deposit may stand among the patients: its number was typed."""
        if isinstance(value, Entry) and value.form == "deposit":
            self._take(value)
        else:
            super().take_patient(value)

    def take_scan(self, scan: Scan) -> bool:
        """A deposit's slip names patient and deposit."""
        if scan.kind == "receipt" and scan.is_receipt_of("deposit"):
            self._take(scan.value)
            return True
        return super().take_scan(scan)

    def _take(self, deposit: Entry) -> None:
        self.patients.clear()
        self.sheet.seat(patient_card(self.desk, deposit))
        self._name_deposit(deposit)
        self.keep()
        self.wait()

    def _name_deposit(self, deposit: Entry) -> None:
        left = money_of(deposit.id, JournalView(self.desk.looking())).held_minor()
        self.sheet.typed.update(
            deposit=deposit.number or "",
            deposit_id=deposit.id,
            amount=format_amount(max(left, 0), self.desk.currency),
            paper="",
        )

    def seated(self) -> None:
        """One deposit with money left is the one; of several one is picked."""
        assert self.sheet.patient is not None
        self.sheet.typed.update(deposit="", deposit_id="", amount="", paper="")
        found = deposits_here(self.desk, self.sheet.patient.number)
        if len(found) == 1:
            self._name_deposit(found[0][0])
        elif not found:
            self.station.call_after_refresh(
                self.say,
                lambda: _("No deposit of this patient was taken here, or nothing is left."),
                "problem",
            )

    def columns_of(self, name: str) -> tuple[Column, ...]:
        """A deposit shows number, time and what is left."""
        return (Column(14), Column(6), Column(0, right=True)) if name == "deposit" else (Column(0),)

    def rows_of(self, name: str, typed: str) -> Sequence[Candidate]:
        """Return deposits, reasons, or yes and no."""
        if name == "deposit":
            patient = self.sheet.patient
            return [
                Candidate(
                    (entry.number or "", entry.recorded_at[11:16], money(left, self.desk.currency)), entry
                )
                for entry, left in (deposits_here(self.desk, patient.number) if patient else ())
                if typed.upper() in (entry.number or "")
            ]
        if name == "paper":
            return [Candidate((_("yes, it is here"),), "yes"), Candidate((_("no"),), "no")]
        usual = (_("Leaves the hospital"), _("Goes to another hospital"), _("Paid too much"), _("Paid twice"))
        return [Candidate((reason,), reason) for reason in usual if typed in reason]

    def value_of(self, name: str) -> str:
        """Return what stands in a field that opens a list."""
        if name == "paper":
            return {"yes": _("yes, it is here"), "no": _("no")}.get(self.sheet.answer("paper"), "")
        return super().value_of(name)

    async def choose(self, name: str, value: object) -> None:
        """Take a deposit with what is left of it; anything else as it is."""
        if name == "deposit":
            assert isinstance(value, Entry)
            self._name_deposit(value)
            self.fill()
            await self.go_on(name)
        else:
            await super().choose(name, value)

    async def go_on(self, name: str) -> None:
        """The amount is always looked at before the money goes out."""
        self.read()
        if name != "amount":
            self._passed.add(name)
            self.keep()
            self.focus_on(self._next([a.name for a in self.asked].index(name) + 1) or "amount")
            self.redraw()
        else:
            await super().go_on(name)

    # -- how it goes back ---------------------------------------------------------------------------

    def wait(self) -> None:
        """Ask about the formal paper only where there is one."""
        self.query_one("#row-paper").display = self._is_exchanged()
        super().wait()

    def _is_exchanged(self) -> bool:
        named = self.sheet.answer("deposit_id")
        return bool(named) and exchange_state(named, JournalView(self.desk.looking())) == "exchanged"

    def _refunds(self) -> list[dict[str, Any]]:
        """Return how the amount goes back: cash first, as far as cash came in."""
        named, rest = self.sheet.answer("deposit_id"), self.sheet.total_minor
        if not named or not rest:
            return []
        held = money_of(named, JournalView(self.desk.looking()))
        parts: list[dict[str, Any]] = []
        for method in METHODS:
            amount = min(rest, max(held.refundable(method), 0))
            rest -= amount
            if amount:
                cash = {"tendered_minor": amount, "change_minor": 0} if method == "cash" else {}
                parts.append({"method": method, "amount_minor": amount, **cash})
        if rest and parts:  # more than is there: the form says so in words
            parts[-1]["amount_minor"] += rest
            if parts[-1]["method"] == "cash":
                parts[-1]["tendered_minor"] += rest
        return parts or [{"method": "cash", "amount_minor": rest, "tendered_minor": rest, "change_minor": 0}]

    def more(self) -> Sequence[Content | str]:
        """Return how it goes back."""
        rows: list[Content | str] = []
        for part in self._refunds():
            cash = part["method"] == "cash"
            how = _("hand it out now") if cash else _("goes back the way it was paid, listed until then")
            amount = shown(money(part["amount_minor"], self.desk.currency), "bold")
            rows.append(line(shown(method_word(part["method"]), "bold"), "  ", amount, "  ", how))
        return rows

    def problem(self) -> tuple[str, str] | None:
        """A deposit, a reason, an amount that is still there."""
        if not self.sheet.answer("deposit_id"):
            return "deposit", _("Pick one.")
        if not self.sheet.answer("reason"):
            return "reason", _("Say why.")
        return super().problem()

    async def finish(self) -> None:
        """Record and print; a second person is asked where a rule wants one."""
        self.sheet.payments = self._refunds()
        await self.record_sheet()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Put what is wrong beside its field."""
        for problem in problems:
            field = {"deposit_id": "deposit", "paper_returned": "paper"}.get(problem.field, "amount")
            self.beside(field, problem_words(problem))
        super().show_problems(problems)
