"""How a HIS wants values written: amounts, quantities, days, times and its own codes of few values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from forms.money import exponent, format_amount
from forms.tender import METHOD_WORDS
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from downtime.entry import Entry
    from downtime.worksheet_template import WorksheetTemplate

GIVING_BACK = frozenset({"refund", "deposit_refund", "reversal"})
"""Forms that take money and lines back: their amounts count as negative."""

NAMING = ("charge", "entry", "deposit", "precollection", "refund")
"""What forms call the entry they build on: ``charge_id`` and ``charge_number``, and so on."""

NOT_MATCHED = N_("temporary number {number}: not matched yet")
UNLISTED_ITEM = N_("no list has it: choose it in the HIS")
NO_BILL = N_("look it up in the HIS")
PAYER_WORDS = {"self": N_("Self-pay"), "insured_pending": N_("Insurance, to be settled later")}
_SEX_WORDS = {"male": N_("male"), "female": N_("female"), "unknown": N_("unknown")}
_VISIT_WORDS = {"outpatient": N_("Outpatient"), "emergency": N_("Emergency"), "inpatient": N_("Inpatient")}
_VOUCHED_WORDS = {"arrears": N_("Arrears"), "green_channel": N_("Green channel")}
_ID_WORDS = {
    "national_id": N_("Identity card"),
    "passport": N_("Passport"),
    "other": N_("Other document"),
}
_ITEM_WORDS = {"service": N_("Service"), "drug": N_("Drug"), "unlisted": N_("Unlisted")}
_IDENTITY_WORDS = {
    "known": N_("known"),
    "unknown_person": N_("Identity unknown"),
    "child": N_("a child"),
}

CODED: dict[str, dict[str, str]] = {
    "sex": _SEX_WORDS,
    "visit_kind": _VISIT_WORDS,
    "payer": PAYER_WORDS,
    "method": METHOD_WORDS,
    "authorisation": _VOUCHED_WORDS,
    "id_kind": _ID_WORDS,
    "item_kind": _ITEM_WORDS,
    "identity": _IDENTITY_WORDS,
}
"""Fields of few values, each with its word (msgid); ``[codes.FIELD]`` gives the HIS's own code for each."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One entry about to be told.

    Attributes:
        entry: the entry.
        template: how the HIS writes.
        currency: of amounts.
        patients: HIS numbers by temporary number.
        bills: what the HIS knows earlier entries by, by entry id.
        say: returns a msgid in the language of the sheet.
    """

    entry: Entry
    template: WorksheetTemplate
    currency: str
    patients: Mapping[str, str]
    bills: Mapping[str, str]
    say: Callable[[str], str]

    @property
    def sign(self) -> int:
        """-1 where the HIS writes what is taken back with a minus, else 1."""
        is_back = self.entry.form in GIVING_BACK
        return -1 if is_back and self.template.of(self.entry.form).negative else 1

    def amount(self, minor: int | None) -> str:
        """Return an amount as the HIS writes it."""
        if minor is None:
            return ""
        signed = minor * self.sign
        if self.template.writes.amount == "1250":
            return str(signed)
        text = format_amount(signed, self.currency)
        if self.template.writes.amount == "12.5" and exponent(self.currency):
            return text.rstrip("0").rstrip(".")
        return text

    def quantity(self, text: str) -> str:
        """Return a quantity; negative where amounts are."""
        return f"-{text}" if self.sign < 0 and text and text != "0" else text

    def day(self, text: str | None) -> str:
        """Return an ISO day as the HIS writes days; one that no calendar has is left out."""
        try:
            found = date.fromisoformat((text or "")[:10])
        except ValueError:
            return ""
        joint = self.template.writes.day[4] if not self.template.writes.day[4].isdigit() else ""
        return f"{found.year:04}{joint}{found.month:02}{joint}{found.day:02}"

    def clock(self) -> str:
        """Return the time of day the entry happened, as the HIS writes it."""
        shape = self.template.writes.clock
        whole = self.entry.happened_at[11:19]
        wanted = whole if len(shape.replace(":", "")) == len("140300") else whole[:5]
        return wanted if ":" in shape else wanted.replace(":", "")

    def coded(self, field: str, value: str) -> tuple[str, str]:
        """Return the HIS's code of one of few values, and its word."""
        if not value:
            return "", ""
        word = CODED[field].get(value)
        told = self.say(word) if word else value
        code = self.template.codes.get(field, {}).get(value)
        return (told, "") if code is None else (code, told)
