"""Receipt numbers and what their check digit catches."""

from __future__ import annotations

import random
from itertools import pairwise
from string import ascii_uppercase, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from downtime.receipt_number import ReceiptNumber, check_digit, format_number, parse_number

numbers = st.builds(
    ReceiptNumber,
    station=st.text(ascii_uppercase + digits, min_size=2, max_size=4),
    incarnation=st.sampled_from(ascii_uppercase),
    count=st.integers(1, 999_999),
    drill=st.booleans(),
)


def test_number_reads_as_agreed() -> None:
    """Station, incarnation, six figures, check digit; drills begin with D."""
    assert format_number("W03", "A", 128) == "W03A-000128-7"
    assert format_number("W03", "A", 128, drill=True) == "D-W03A-000128-1"


def test_check_digit_is_the_standard_one() -> None:
    """ISO 7064 MOD 11,10 gives 5 for 0794, the example of the standard."""
    assert check_digit("0794") == "5"


@given(numbers)
def test_numbers_survive_print_and_typing(number: ReceiptNumber) -> None:
    """What was printed is read back, also in lower case, full width, with spaces or without its hyphens."""
    text = str(number)
    wide = "".join(chr(ord(character) + 0xFEE0) for character in text)
    for typed in (text, text.lower(), wide, f"  {text} ", text.replace("-", " - ")):
        assert parse_number(typed) == number
    prefix, rest = (text[:2], text[2:]) if number.drill else ("", text)
    assert parse_number(prefix + rest.replace("-", "")) == number


@given(numbers, st.data())
def test_every_wrong_figure_is_caught(number: ReceiptNumber, chosen: st.DataObject) -> None:
    """One wrong figure anywhere, station and check digit too: never accepted."""
    text = str(number)
    at = chosen.draw(st.sampled_from([n for n, c in enumerate(text) if c in digits]))
    wrong = chosen.draw(st.sampled_from([c for c in digits if c != text[at]]))
    assert parse_number(text[:at] + wrong + text[at + 1 :]) is None


def test_most_wrong_letters_are_caught() -> None:
    """Of single wrong letters in the station, look-alikes for figures included, at least 90 % are caught."""
    chance = random.Random(7064)
    caught = []
    for _ in range(20_000):
        right = [*chance.choices(ascii_uppercase, k=3), *f"{chance.randrange(1, 1_000_000):06}"]
        wrong = right.copy()
        wrong[chance.randrange(3)] = chance.choice(ascii_uppercase + digits)
        if wrong != right:
            caught.append(check_digit("".join(wrong)) != check_digit("".join(right)))
    assert sum(caught) / len(caught) > 0.9


def test_next_incarnation_is_caught() -> None:
    """A number of a restored station is not one of its predecessor."""
    for one, other in pairwise(ascii_uppercase):
        assert check_digit(f"W03{one}000128") != check_digit(f"W03{other}000128")


@given(numbers)
def test_a_drill_number_never_passes_as_real(number: ReceiptNumber) -> None:
    """Cutting off or adding the D makes the check digit wrong."""
    text = str(number)
    assert parse_number(text[2:] if number.drill else f"D-{text}") is None


def test_most_swapped_neighbours_are_caught() -> None:
    """Of neighbouring characters swapped, at least 95 % are caught."""
    chance = random.Random(7064)
    swapped = caught = 0
    for _ in range(20_000):
        body = list("W03A" + f"{chance.randrange(1, 1_000_000):06}")
        body.append(check_digit("".join(body)))
        at = chance.randrange(3, len(body) - 1)
        if body[at] == body[at + 1]:
            continue
        body[at], body[at + 1] = body[at + 1], body[at]
        if not body[-1].isdigit():
            continue
        swapped += 1
        caught += check_digit("".join(body[:-1])) != body[-1]
    assert caught / swapped > 0.95


@given(st.text(max_size=60))
def test_no_text_crashes(text: str) -> None:
    """Anything at all is a number or it is not."""
    number = parse_number(text)
    assert number is None or parse_number(str(number)) == number


@pytest.mark.parametrize(
    "text", ["", "W03A-000000-1", "W-000128-3", "W0333A-000128-3", "W03A-000128-", "W03A-00128-7", "x" * 50]
)
def test_other_text_is_no_number(text: str) -> None:
    """Wrong shape, zero count, too long: not a receipt number."""
    assert parse_number(text) is None
