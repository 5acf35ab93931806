"""Pricing 划价: the lines and what they cost, on a slip the cashier scans; nobody pays here."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from downtime.i18n import _
from downtime.screens.lines_sheets import PricingSheet
from downtime.screens.unpaid_lines import UnpaidLines

if TYPE_CHECKING:
    from downtime.screens.window_sheet import WindowSheet


class PricingScreen(UnpaidLines):
    """One slip after the other."""

    acts: ClassVar[tuple[str, ...]] = (*UnpaidLines.acts, "payer")
    sheet_kind: ClassVar[type[WindowSheet]] = PricingSheet

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "Patient and items as for a charge, then F8: a slip is printed, no money is taken. The cashier scans the "
            "slip, or types its number, and takes the money."
        )

    def total_word(self) -> str:
        """Return what the amount at the bottom is called."""
        return _("To be paid")

    def offers_card(self) -> bool:
        """No card is kept for what nobody has paid yet."""
        return False
