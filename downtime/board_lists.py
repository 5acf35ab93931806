"""The lists beside the states: 多退少补 预收 待核价 待补结算 待复核 未核实 欠费 留卡 未换 缺纸, and two more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from forms.text import N_


@dataclass(frozen=True, slots=True)
class ListSum:
    """One of the lists beside the states.

    Attributes:
        name: as in ``LISTS``.
        amount_minor: the money that waits.
    """

    name: str
    rows: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of such a list.

    Attributes:
        number: receipt number, or the number of a paper form.
        said: what is to be done about it, where the list alone does not say.
    """

    station: str
    number: str
    entry_id: str
    form: str
    at: str
    patient: str
    name: str
    operator: str
    amount_minor: int
    said: str = ""


LISTS: Final[dict[str, str]] = {
    "price_changed": N_("Price changed since"),
    "advances": N_("Advances not itemised"),
    "unlisted": N_("Unlisted, to be priced"),
    "insured": N_("Insurance to settle"),
    "countersign": N_("To countersign"),
    "unverified": N_("Not verified"),
    "owing": N_("Unpaid"),
    "cards": N_("Cards held"),
    "not_exchanged": N_("Not exchanged"),
    "paper": N_("Paper missing"),
    "unknown": N_("In the HIS only"),
    "recovered": N_("Known from paper alone"),
}
"""多退少补 预收 待核价 待补结算 待复核 未核实 欠费 留卡 未换 缺纸 仅HIS有: lists beside the states."""
