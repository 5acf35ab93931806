"""Deposit 预交金: an inpatient, an amount, the money. The balance by the list is shown and never stands in the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from downtime.i18n import _
from downtime.screens.amount_asked import Asked
from downtime.screens.amount_screen import AmountScreen
from downtime.screens.amount_sheet import AmountSheet
from downtime.screens.deposit_balance import balance_line, balance_of
from forms.base import read_form
from forms.deposit import Deposit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.content import Content

    from downtime.record import Recorded
    from downtime.screens.deposit_balance import Balance
    from downtime.screens.window_sheet import WindowSheet
    from forms.base import Form, Problem

_TEXTS = ("ward", "bed", "phone", "department_phone", "payer_name")
_MOST = {"ward": 80, "bed": 20, "phone": 40, "department_phone": 40}


@dataclass
class DepositSheet(AmountSheet):
    """What becomes a deposit.

    Attributes:
        balance_minor: of the list, or None; ``balance_as_of`` says when.
    """

    form_name: ClassVar[str] = "deposit"

    balance_minor: int | None = None
    balance_as_of: str = ""

    def summary(self) -> str:
        """Return where the patient lies."""
        return f"{self.answer('ward')} {self.answer('bed')}".strip()

    def form(self) -> Form | list[Problem]:
        """Return the filled form, or what is wrong with it."""
        content: dict[str, Any] = {
            **self.who(),
            **{name: self.answer(name)[: _MOST.get(name)] for name in _TEXTS},
            "total_minor": self.total_minor,
            "payments": self.payments,
            "balance_minor": self.balance_minor,
            "balance_as_of": self.balance_as_of,
        }
        return read_form(Deposit, content)

    def kept(self) -> dict[str, Any]:
        """Return the answers and the balance they were given beside."""
        return {
            **super().kept(),
            "balance_minor": self.balance_minor,
            "balance_as_of": self.balance_as_of,
        }

    @classmethod
    def read_kept(cls, content: dict[str, Any]) -> dict[str, Any]:
        """Return the answers and the balance of a draft."""
        return {
            **super().read_kept(content),
            "balance_minor": content.get("balance_minor"),
            "balance_as_of": str(content.get("balance_as_of") or ""),
        }


class DepositScreen(AmountScreen):
    """One deposit after the other."""

    acts: ClassVar[tuple[str, ...]] = ("patient", "reprint", "hold", "settle", "reverse", "register")
    asked: ClassVar[tuple[Asked, ...]] = (
        Asked("ward", lambda: _("Ward"), needed=True),
        Asked("bed", lambda: _("Bed"), needed=True),
        Asked("amount", lambda: _("Amount"), "amount", needed=True),
        Asked("phone", lambda: _("Phone"), "phone", needed=True),
        Asked("department_phone", lambda: _("Ward's phone"), "phone", needed=True),
        Asked("payer_name", lambda: _("Paid by")),
    )
    sheet_kind: ClassVar[type[WindowSheet]] = DepositSheet
    sheet: DepositSheet
    _balance: Balance | None = None

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "Patient, amount, Enter. Ward, bed and phones come from the lists; Enter stops where one is missing and "
            "goes on without it. The balance is what the list said at its time."
        )

    def total_word(self) -> str:
        """Return what the amount at the bottom is called."""
        return _("Deposit")

    def told(self) -> Sequence[Content | str]:
        """Return the balance."""
        if self._balance is None or self.sheet.patient is None:
            return []
        return [balance_line(self._balance, self.desk.currency, self.station.now())]

    def wait(self) -> None:
        """Know the balance, whichever way the patient came here."""
        patient = self.sheet.patient
        self._balance = balance_of(self.desk, patient.number) if patient is not None else None
        super().wait()

    def seated(self) -> None:
        """Fill in ward, bed and phones as far as they are known."""
        super().seated()
        assert self.sheet.patient is not None
        balance = balance_of(self.desk, self.sheet.patient.number)
        stay = balance.stay
        self.sheet.balance_minor, self.sheet.balance_as_of = balance.listed_minor, balance.as_of
        if stay is not None:
            phones = self.station.remembered.get("ward phones", {})
            self.sheet.typed.update(
                ward=stay.ward, bed=stay.bed, department_phone=str(phones.get(stay.ward, ""))
            )
            if stay.ward in phones:
                self._passed.add("department_phone")

    def stands(self, recorded: Recorded, change_minor: int = 0) -> None:
        """Remember the ward's phone, also that nobody knows it."""
        content = recorded.entry.content
        phones = self.station.remembered.setdefault("ward phones", {})
        phones[content["ward"]] = content["department_phone"]
        super().stands(recorded, change_minor)
