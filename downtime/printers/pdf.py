"""One copy as a PDF on the paper of a profile, and the test page as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.i18n import in_language
from downtime.printers.part_names import part_feet, parts_on_roll
from downtime.receipt_blocks import ROLLS
from downtime.receipt_pdf import receipt_pdf
from downtime.receipt_pdf_wide import wide_pdf
from downtime.receipt_rows import Codes, Receipt, Rule, Words
from forms.text import N_

if TYPE_CHECKING:
    from downtime.i18n import Language
    from downtime.printer_profile import PrinterSettings

TRIAL_DIGITS = "0123456789" * 3
"""What the code of a test page says; a scanner reads digits, as from receipts."""


def pdf_of(receipt: Receipt, profile: PrinterSettings) -> bytes:
    """Return the PDF of one copy on the profile's paper, every part of it."""
    roll = ROLLS.get(profile.paper_in)
    if roll is not None:
        return receipt_pdf(parts_on_roll(receipt), roll)
    # a page printer has no carbon paper: each part is a page of its own
    feet = part_feet(profile.model_copy(update={"carbon": False}), receipt)
    return wide_pdf(receipt, profile.paper_in, feet)


def trial_receipt(language: Language) -> Receipt:
    """Return the test page of printers that are sent pictures or PDFs."""
    rows = (
        Words(in_language(N_("Test page"), language), "title", "centre"),
        Words("1  ABC abc 0123456789 $ # @ [ ] { } \\ | ~"),
        Words("2  收据 患者 合计 壹佰贰拾元整", "strong"),
        Words("3  喆 堃 玥 珺 淼"),
        Rule(),
        Words(in_language(N_("Every line must be whole, and a scanner must read the code."), language)),
        Codes((TRIAL_DIGITS,), "0123456789"),
    )
    return Receipt("test-page", language, 1, "", rows)
