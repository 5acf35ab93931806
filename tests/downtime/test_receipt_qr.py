"""The signed QR: what it says, what it proves, and that no scan can crash it."""

from __future__ import annotations

import string
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from downtime.receipt_bytes import BytesReader, BytesWriter, UnreadableCodeError
from downtime.receipt_facts import ReceiptFacts, ReceiptItem
from downtime.receipt_qr import DIGITS_MAX, ITEMS_PER_CODE_MAX, check, encode
from tests.downtime.receipt_samples import KEY, KEY_ID, LINES, PUBLIC_KEYS, charge, facts_of, line

FACTS = ReceiptFacts(
    suite=1,
    hospital="practice",
    station="W03",
    incarnation="A",
    seq=128,
    number="W03A-000128-7",
    outage="2026-11-22-01",
    drill=False,
    kind="charge",
    settlement="paid",
    reversal=False,
    happened_at_ms=1795306530123,
    offset_minutes=480,
    patient="1000234",
    payer_kind="self",
    currency="CNY",
    total_minor=4500,
    window="3",
    items=(ReceiptItem("250101015", "1", 2000), ReceiptItem("86979474", "2", 2500)),
    previous_hash=bytes(range(16)),
)
GOLDEN = (
    "013203904027574465009161209978924203866001983668646547797820731777865219038093148828075463184499"
    "197263963136206765690279888445157263275420553074580251096746284931381183010930809243916963725026"
    "581569472095601750752413492838551405876016866460036930662228941134717094353436558330711304156828"
    "050669650403883154106248854971811657130707015793877837628665235659780986948818548149312844119465"
    "753903909708505528013919292892426492003872973464878411960693654796467551172254191876016099465981"
    "798650116652533975043"
)

texts48 = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
items = st.builds(
    ReceiptItem,
    code=st.one_of(
        st.text(string.digits, max_size=20), st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
    ),
    quantity=st.sampled_from(["1", "2", "0.5", "12.125", "99999"]),
    amount_minor=st.integers(-(10**12), 10**12),
)
facts = st.builds(
    ReceiptFacts,
    suite=st.just(1),
    hospital=texts48,
    station=texts48,
    incarnation=texts48,
    seq=st.integers(0, 2**60),
    number=texts48,
    outage=texts48,
    drill=st.booleans(),
    kind=texts48,
    settlement=st.sampled_from(["paid", "unpaid", "none"]),
    reversal=st.booleans(),
    happened_at_ms=st.integers(0, 2**60),
    offset_minutes=st.integers(-900, 900),
    patient=texts48,
    payer_kind=texts48,
    currency=texts48,
    total_minor=st.integers(-(10**15), 10**15),
    window=texts48,
    items=st.lists(items, max_size=50).map(tuple),
    previous_hash=st.binary(min_size=16, max_size=16),
)


def coded(of: ReceiptFacts) -> tuple[str, ...]:
    """Return the QR texts of ``of``."""
    return encode(of, KEY.sign, KEY_ID)


def test_text_is_the_agreed_one() -> None:
    """The same facts and key give this text for ever; a reader made today reads paper made today."""
    assert coded(FACTS) == (GOLDEN,)
    assert check([GOLDEN], PUBLIC_KEYS).facts == FACTS
    assert FACTS.happened_at == "2026-11-22T08:15:30.123+08:00"
    assert replace(FACTS, happened_at_ms=2**69).happened_at == ""
    assert replace(FACTS, offset_minutes=2**69).happened_at == ""


@settings(max_examples=60)
@given(facts, st.randoms())
def test_what_was_sealed_is_read_back(of: ReceiptFacts, chance: object) -> None:
    """Any receipt, its codes scanned in any order and some twice, is genuine and says the same."""
    texts = list(coded(of))
    texts += texts[:1]
    chance.shuffle(texts)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    found = check(texts, PUBLIC_KEYS)
    assert (found.status, found.facts) == ("genuine", of)


def test_digits_only_and_twenty_items_a_code() -> None:
    """Nothing but digits; 20 items stay in one code, 21 take a second."""
    twenty = coded(replace(FACTS, items=(FACTS.items[0],) * ITEMS_PER_CODE_MAX))
    more = coded(replace(FACTS, items=(FACTS.items[0],) * (ITEMS_PER_CODE_MAX + 1)))
    assert (len(twenty), len(more)) == (1, 2)
    assert all(text.isascii() and text.isdigit() and text.startswith("01") for text in twenty + more)


def test_scanners_and_input_methods_are_forgiven() -> None:
    """Full-width digits, spaces, line ends and zero-width characters change nothing."""
    text = coded(FACTS)[0]
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in text)
    for typed in (wide, f"\ufeff{text}\r\n", " ".join(text), "\u3000".join(text), "\u200b".join(text)):
        assert check([typed], PUBLIC_KEYS).status == "genuine"


@given(st.data())
def test_no_changed_digit_passes(chosen: st.DataObject) -> None:
    """A receipt with any one digit changed is never genuine."""
    text = coded(FACTS)[0]
    at = chosen.draw(st.integers(0, len(text) - 1))
    digit = chosen.draw(st.sampled_from([d for d in string.digits if d != text[at]]))
    assert check([text[:at] + digit + text[at + 1 :]], PUBLIC_KEYS).status != "genuine"


def test_changed_amount_is_forged() -> None:
    """Somebody who rewrites the total without the key is found out."""
    other = coded(replace(FACTS, total_minor=450000))
    number, forged = (int(text[2:]) for text in (coded(FACTS)[0], other[0]))
    signature = number % 2**512
    text = "01" + str(forged - forged % 2**512 + signature)
    found = check([text], PUBLIC_KEYS)
    assert found.status == "forged"
    assert found.facts is not None
    assert found.facts.total_minor == 450000


def test_unknown_station_proves_nothing() -> None:
    """Without the station's key the facts can be read and are said to be unproven."""
    found = check(coded(FACTS), {})
    assert (found.status, found.facts, found.key_id) == ("unknown_key", FACTS, KEY_ID)


def test_missing_code_is_incomplete() -> None:
    """Any code missing: incomplete; the facts of the first one can still be read."""
    texts = coded(replace(FACTS, items=FACTS.items * 25))
    assert len(texts) == 3
    assert check(texts[:2], PUBLIC_KEYS).status == "incomplete"
    assert check([texts[0], texts[2]], PUBLIC_KEYS).status == "incomplete"
    alone = check(texts[1:], PUBLIC_KEYS)
    assert (alone.status, alone.facts) == ("incomplete", None)


def test_codes_of_two_receipts_do_not_mix() -> None:
    """Items of another receipt are never taken for this one's."""
    one = coded(replace(FACTS, items=FACTS.items * 15))
    other = coded(replace(FACTS, items=FACTS.items[:1] * 30))
    assert check([one[0], other[1]], PUBLIC_KEYS).status == "unreadable"
    assert check([one[0], other[0]], PUBLIC_KEYS).status == "unreadable"


def test_forged_items_in_a_further_code_are_found() -> None:
    """The further code carries no signature, but other items do not fit the signed hash."""
    texts = coded(replace(FACTS, items=FACTS.items * 15))
    number = int(texts[1][2:])
    code = bytearray(number.to_bytes((number.bit_length() + 7) // 8))
    code[-1] ^= 2
    found = check([texts[0], "01" + str(int.from_bytes(code))], PUBLIC_KEYS)
    assert found.status == "forged"


def test_too_long_text_is_named_by_its_hash() -> None:
    """An absurd patient number or item code still gets a receipt with a code that fits on paper."""
    long = replace(FACTS, patient="9" * 5000, items=(ReceiptItem("X" * 100, "1", 1),) * 20)
    texts = coded(long)
    found = check(texts, PUBLIC_KEYS)
    assert found.status == "genuine"
    assert found.facts is not None
    assert found.facts.patient.startswith("~")
    assert len(found.facts.items[0].code) == 24
    assert max(map(len, texts)) < DIGITS_MAX


def test_facts_are_read_off_the_form() -> None:
    """A charge says what was paid; an authorised one that it was not; a drill that it is one."""
    paid = facts_of(charge(LINES))
    assert (paid.settlement, paid.total_minor, len(paid.items), paid.patient) == ("paid", 9000, 3, "1000234")
    assert (paid.happened_at_ms, paid.offset_minutes) == (1795306530123, 480)
    vouched = charge(LINES, [], authorisation={"kind": "arrears", "guarantor": "赵练习"}, drill=True)
    assert facts_of(vouched).settlement == "unpaid"
    assert check(vouched.qr, PUBLIC_KEYS).facts == facts_of(vouched)
    assert check(charge([line("", "x", "", "", 1, "1")]).qr, PUBLIC_KEYS).status == "genuine"


@given(
    st.lists(
        st.one_of(st.text(max_size=40), st.text("0123456789０１", max_size=700).map(lambda t: "01" + t)),
        max_size=4,
    )
)
def test_no_scan_crashes(texts: list[str]) -> None:
    """Whatever comes from a scanner gets an answer, and never "genuine"."""
    assert check(texts, PUBLIC_KEYS).status != "genuine"


@given(st.binary(max_size=400))
def test_no_bytes_crash(octets: bytes) -> None:
    """Lengths inside a code are never trusted."""
    for start in (b"\x01\x00", b"\x01\x01"):
        assert check(["01" + str(int.from_bytes(start + octets))], PUBLIC_KEYS).status != "genuine"
    with pytest.raises(UnreadableCodeError):
        read_items_to_the_end(octets)


def read_items_to_the_end(octets: bytes) -> None:
    """Read lists of items until the bytes run out."""
    reader = BytesReader(octets)
    while True:
        reader.items(1_000_000)


@given(st.integers(-(2**69) + 1, 2**69 - 1))
def test_numbers_of_either_sign_survive(number: int) -> None:
    """Amounts of either sign are written and read exactly."""
    assert BytesReader(BytesWriter().signed(number).done()).signed() == number


def test_endless_text_is_refused_quickly() -> None:
    """A million digits are not even turned into a number."""
    assert check(["01" + "9" * 1_000_000], PUBLIC_KEYS).status == "unreadable"
    assert check(["01"] * 1000, PUBLIC_KEYS).status == "unreadable"
    assert check([], PUBLIC_KEYS).status == "unreadable"
