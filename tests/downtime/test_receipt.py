"""What stands on the receipt, in both languages."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest

from downtime.i18n import Language
from downtime.receipt import FormalNumber, receipt_lines
from downtime.receipt_text import COLUMNS, as_text, columns_of
from tests.downtime.receipt_samples import (
    HOSTILE_PATIENT,
    LETTERHEADS,
    LINES,
    PATIENT,
    PRICES_AS_OF,
    SAMPLES,
    charge,
    entry,
)
from tests.downtime.receipt_samples_money import MONEY_SAMPLES

if TYPE_CHECKING:
    from downtime.receipt_rows import Receipt

GOLDENS = Path(__file__).parent / "goldens"
ALL_SAMPLES = SAMPLES | MONEY_SAMPLES
WRITE = "DOWNTIME_WRITE_GOLDENS"
"""Set it to write the golden texts anew; then read what changed before committing it."""


def paper(name: str, language: Language) -> Receipt:
    """Return the receipt of a sample."""
    sample, copy = ALL_SAMPLES[name]
    return receipt_lines(
        sample, LETTERHEADS[language], language=language, copy=copy, prices_as_of=PRICES_AS_OF
    )


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("name", ALL_SAMPLES)
def test_paper_reads_as_agreed(name: str, language: Language) -> None:
    """Every kind of receipt reads, word for word, as the golden text says."""
    text = as_text(paper(name, language))
    golden = GOLDENS / f"receipt-{name}-{language}.txt"
    if os.environ.get(WRITE):
        golden.write_text(text, "utf-8")
    assert text == golden.read_text("utf-8")


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("name", ALL_SAMPLES)
def test_no_line_is_wider_than_the_paper(name: str, language: Language) -> None:
    """Long names wrap; nothing runs over the edge."""
    assert max(map(columns_of, as_text(paper(name, language)).splitlines())) <= COLUMNS


def test_unpaid_is_never_mistaken_for_paid() -> None:
    """An authorised unpaid charge says so, says who vouches, and sends nobody for an invoice."""
    text = as_text(paper("unpaid", "en"))
    assert "NOT PAID: Green channel" in text
    assert "Guarantor" in text
    assert "formal invoice" not in text
    assert "Cashier's signature" not in text


def test_reprint_says_duplicate_and_counts() -> None:
    """The first copy does not say DUPLICATE, the third says which copy it is."""
    assert "DUPLICATE" not in as_text(paper("charge", "en"))
    assert "DUPLICATE: copy 3" in as_text(paper("duplicate", "en"))


def test_drill_says_so_at_both_ends_and_across() -> None:
    """Drill paper cannot be cut so that it looks real."""
    receipt = paper("drill", "en")
    assert receipt.across == "DRILL"
    assert as_text(receipt).count("DRILL: of no value") == 2
    assert "formal invoice" not in as_text(receipt)


def test_hostile_text_is_printed_literally() -> None:
    """Escape sequences, bidi controls, markup and formulas are letters on paper, and act on nothing."""
    text = as_text(paper("hostile", "en"))
    assert "[red]𠮷\\u202E<b>&\\u0000</b>" in text.replace("\n", "")
    assert not {"\x1b", "\x07", "\x00", "\u202e"} & set(text)
    assert "=cmd|'/C calc'!A0" in text.replace("\n", "").replace(" ", "").replace("/C", "/C ")
    assert f"[+{len(str(HOSTILE_PATIENT['name'])) - 300}]" in text


def test_price_list_age_is_on_the_paper() -> None:
    """Version, time and age of the price list stand on the receipt; without a list there is no such line."""
    assert "v118  2026-11-22 04:00  4 h old" in as_text(paper("charge", "en"))
    old = receipt_lines(charge(LINES), LETTERHEADS["en"], prices_as_of="2026-11-12T04:00:00.000+08:00")
    assert "10 days old" in as_text(old)
    assert "Price list" not in as_text(
        receipt_lines(charge(LINES, reference_version=None), LETTERHEADS["en"])
    )


def test_late_entry_shows_both_times() -> None:
    """What happened on paper at nine and was typed at noon says both."""
    late = charge(LINES, recorded_at="2026-11-22T12:00:00.000+08:00")
    assert "Entered                      2026-11-22 12:00:00" in as_text(
        receipt_lines(late, LETTERHEADS["en"])
    )


def test_formal_numbers_stand_on_a_reprint() -> None:
    """Once the HIS has given the invoice, a reprint names it, also when it was voided."""
    formal = [FormalNumber("Electronic invoice", "11060126", "0000123456", void=True)]
    text = as_text(receipt_lines(charge(LINES), LETTERHEADS["en"], copy=2, formal=formal))
    assert "11060126  0000123456  (void)" in text


@pytest.mark.parametrize(
    ("birth_date", "age"),
    [
        ("2026-11-20", "2 days"),
        ("2026-10-22", "1 months"),
        ("2024-11-23", "23 months"),
        ("1981-11-23", "44 years"),
        ("2027-01-01", "2027-01-01"),
    ],
)
def test_age_is_told_as_a_ward_tells_it(birth_date: str, age: str) -> None:
    """Newborns in days, infants in months, others in years; a date to come is just shown."""
    patient = PATIENT | {"birth_date": birth_date}
    text = as_text(receipt_lines(charge(LINES, patient=patient), LETTERHEADS["en"]))
    assert f"male {age}" in text


def test_unknown_currency_and_words_stop_no_paper() -> None:
    """A receipt comes out whatever an older or foreign form holds."""
    content: dict[str, Any] = {
        "currency": "ZZZ",
        "total_minor": 5,
        "patient": None,
        "payments": [],
        "refunds": [],
    }
    odd = entry("reversal", content | {"entry_id": "x", "reason": "{odd} %s"})
    assert "{odd} %s" in as_text(receipt_lines(odd, LETTERHEADS["zh"]))


def test_reprint_copies_the_qr() -> None:
    """A reprint carries the very texts that were sealed; nothing is signed again."""
    once = charge(LINES)
    again = replace(once, qr=("01123",))
    assert "[QR 1/1, 5 digits]" in as_text(receipt_lines(again, LETTERHEADS["en"], copy=2))
