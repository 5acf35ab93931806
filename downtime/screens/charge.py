"""Charge: patient, items, settle; then the cursor waits for the next patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from downtime.screens.charge_priced import Priced
from downtime.screens.charge_sheet import Sheet

if TYPE_CHECKING:
    from downtime.screens.window_sheet import WindowSheet


class ChargeScreen(Priced):
    """One charge after the other.

    Args of the constructor:
        patient: who is at the window already.
        draft: a half-filled charge to go on with.
        priced: the scan of a pricing slip to charge.
    """

    acts: ClassVar[tuple[str, ...]] = (
        *("patient", "item", "quantity", "delete_line", "reprint", "hold", "settle", "reverse"),
        *("department", "register", "unlisted", "price", "payer"),
    )
    rights: ClassVar[dict[str, str]] = {"settle": "cash", "price": "cash"}
    sheet_kind: ClassVar[type[WindowSheet]] = Sheet
