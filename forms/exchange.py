"""Exchange 缴回应急收据换正式发票: states 未换, 已换开, 作废; the slip comes back first, nothing is deletable.

Source: 浙江省医疗收费电子票据管理办法 articles 21 and 29 (marks 已换开 and 已作废, paper taken back before a
void, same amount on both, 「严禁私自删除」). An electronic invoice may be sent without a visit where there is a phone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from forms.base import Part, Problem, fault
from forms.bill import exchange_state, money_of
from forms.money import Told
from forms.people import Code, FreeText, OptionalName, PatientRef, Phone
from forms.station_book import StationForm
from forms.tender import AmountMinor
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from forms.base import Earlier

EXCHANGEABLE = ("charge", "payment", "precollection", "deposit", "itemisation")


class FormalPaper(Part):
    """One formal document: kind, 票据代码, 票据号码, 校验码; several per receipt are usual."""

    kind: Literal["paper_invoice", "e_invoice", "deposit_receipt"]
    bill_code: Annotated[str, Field(max_length=64)] = ""
    number: Code
    check_code: Annotated[str, Field(max_length=64)] = ""
    issued_at: Annotated[str, Field(max_length=40)] = ""
    amount_minor: AmountMinor


class Exchange(StationForm):
    """A provisional receipt became formal, or the formal document was voided.

    Attributes:
        state: exchanged, or void: what was exchanged before does not hold any more.
        slip_returned: our slip was taken back.
        formal_returned: the formal paper was taken back; needed for a void.
        sent_to: where an electronic invoice was sent to, if nobody came.
        difference_reason: why the formal documents do not come to what was paid.
    """

    name: ClassVar[str] = "exchange"
    title: ClassVar[str] = N_("Exchange for the formal invoice")
    right: ClassVar[str | None] = "cash"

    entry_id: Code
    entry_number: Annotated[str, Field(max_length=40)] = ""
    patient: PatientRef
    state: Literal["exchanged", "void"] = "exchanged"
    documents: Annotated[tuple[FormalPaper, ...], Field(max_length=40, strict=False)] = ()
    slip_returned: bool = False
    formal_returned: bool = False
    sent_to: Phone = ""
    collected_by: OptionalName = ""
    difference_reason: FreeText = ""
    reason: FreeText = ""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.state == "void":
            if not self.formal_returned:
                raise fault(N_("Take the formal paper back first."), "formal_returned")
            if not self.reason.strip():
                raise fault(N_("Say why it is void."), "reason")
            return self
        if not self.documents:
            raise fault(N_("Name the formal document."), "documents")
        sent = bool(self.sent_to) and all(paper.kind == "e_invoice" for paper in self.documents)
        if not self.slip_returned and not sent:
            raise fault(
                N_("Take the slip back first; only an electronic invoice can be sent."), "slip_returned"
            )
        return self

    def refers_to(self) -> tuple[str, ...]:
        """It names the receipt."""
        return (self.entry_id,)

    def problems(self, earlier: Earlier) -> list[Problem]:
        """Exchanged once; void only what is exchanged; the amounts agree or somebody says why."""
        where = {"number": self.entry_number or self.entry_id}
        found = earlier.content_of(self.entry_id)
        if (
            found is None
            or found[0] not in EXCHANGEABLE
            or found[1]["patient"]["number"] != self.patient.number
            or earlier.referring(self.entry_id, "reversal")
        ):
            return [Problem("entry_id", N_("There is no receipt {number} here to exchange."), where)]
        state = exchange_state(self.entry_id, earlier)
        if self.state == "void":
            if state == "exchanged":
                return []
            return [Problem("state", N_("Receipt {number} has not been exchanged."), where)]
        if state == "exchanged":
            return [Problem("entry_id", N_("Receipt {number} has been exchanged already."), where)]
        return self._amount_problems(found[0], found[1], earlier)

    def _amount_problems(self, form: str, content: Mapping[str, Any], earlier: Earlier) -> list[Problem]:
        money, currency = money_of(self.entry_id, earlier), content["currency"]
        paid = int(content["total_minor"]) if form == "itemisation" else money.held_minor()
        formal = sum(paper.amount_minor for paper in self.documents)
        if formal == paid or self.difference_reason.strip():
            return []
        return [
            Problem(
                "difference_reason",
                N_("The formal documents come to {formal}, the receipt to {paid}; say why."),
                {"formal": Told(formal, currency), "paid": Told(paid, currency)},
            )
        ]
