"""At the pharmacy window: what is paid goes out from the right batch, and nothing else does."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from textual.widgets import Static

from downtime.screens.dispense_sheet import sheet_of
from downtime.screens.second_person import SecondPersonDialog
from downtime.screens.typed_fields import Field
from tests.screens.made_up import HOSTILE, charge_line, drugs_of, made_charge, made_reversal

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story

_PHARMACIST = "3001"


async def _opened(s: Story) -> None:
    s.app.go("dispense")
    await s.rest()


async def test_scan_and_enter_hand_over(story: Callable[..., Story]) -> None:
    """A paid receipt is scanned; Enter hands over all of it from the batch that expires first."""
    async with story(operator=_PHARMACIST) as s:
        charge = made_charge(s.desk)
        await _opened(s)
        await s.scan(charge.qr[0])
        assert "已付" in s.screen or "PAID" in s.screen
        await s.press("enter")
        await s.until(lambda: s.entries("dispense"))
        (dispensed,) = s.entries("dispense")
        assert s.desk.reference is not None
        first = s.desk.reference.batches_of(charge.content["lines"][0]["code"])[0]
        assert dispensed.content["charge_id"] == charge.id
        assert [line["quantity"] for line in dispensed.content["lines"]] == ["2"]
        assert dispensed.content["lines"][0]["batch"] == first.batch
        assert dispensed.content["lines"][0]["expiry"] == first.expiry


async def test_a_number_or_name_brings_it_up_as_well(story: Callable[..., Story]) -> None:
    """Typed number or typed name, then Enter; ten more Enters hand nothing over twice."""
    async with story(operator=_PHARMACIST) as s:
        charge = made_charge(s.desk)
        await _opened(s)
        await s.type(str(charge.number).lower())
        await s.press(*["enter"] * 10)
        await s.until(lambda: s.entries("dispense"))
        assert len(s.entries("dispense")) == 1
        await s.until(lambda: not s.app.recording)
        await s.type("练习病人甲")
        await s.press("enter")
        assert "全部发完" in s.screen or "ALL HANDED OVER" in s.screen


async def test_a_code_typed_slowly_is_the_same_receipt(story: Callable[..., Story]) -> None:
    """A code that was pasted, or came so slowly that it looks typed, still brings the receipt up."""
    async with story(operator=_PHARMACIST) as s:
        charge = made_charge(s.desk)
        await _opened(s)
        s.app.screen.query_one("#dispense-find Input", Field).take(charge.qr[0])
        await s.press("enter", "enter")
        await s.until(lambda: s.entries("dispense"))
        assert s.entries("dispense")[0].content["charge_id"] == charge.id


async def test_another_batch_by_its_digit_and_less_by_f4(story: Callable[..., Story]) -> None:
    """A digit takes another batch, F4 another quantity; the rest stays on the charge."""
    async with story(operator=_PHARMACIST) as s:
        reference = s.desk.reference
        assert reference is not None
        drug = next(row for row in drugs_of(s.desk) if len(reference.batches_of(row.code)) > 1)
        charge = made_charge(s.desk, [charge_line(drug, "drug", "3")])
        await _opened(s)
        await s.scan(charge.qr[0])
        await s.press("2", "f4")
        await s.type("1")
        await s.press("enter", "f8")
        await s.until(lambda: s.entries("dispense"))
        (line,) = s.entries("dispense")[0].content["lines"]
        assert line["batch"] == reference.batches_of(drug.code)[1].batch
        assert line["quantity"] == "1"
        assert s.desk.left_to_dispense(charge.id)[drug.code] == Decimal(2)


async def test_too_much_is_said_beside_the_quantity(story: Callable[..., Story]) -> None:
    """More than the charge holds, or nonsense, is refused in the dialog; nothing is written."""
    async with story(operator=_PHARMACIST) as s:
        charge = made_charge(s.desk)
        await _opened(s)
        await s.scan(charge.qr[0])
        for typed in ("9", "-1", "abc"):
            await s.press("f4")
            await s.type(typed)
            await s.press("enter")
            assert s.app.screen.query("#quantity")
            await s.press("escape")
        assert not s.entries("dispense")


async def test_a_line_can_be_left_out(story: Callable[..., Story]) -> None:
    """F5 leaves the marked line on the charge; with every line left out nothing is recorded."""
    async with story(operator=_PHARMACIST) as s:
        one, two = drugs_of(s.desk)[:2]
        charge = made_charge(s.desk, [charge_line(one, "drug"), charge_line(two, "drug")])
        await _opened(s)
        await s.scan(charge.qr[0])
        await s.press("f5", "down", "f5", "enter")
        assert not s.entries("dispense")
        await s.press("f5", "enter")
        await s.until(lambda: s.entries("dispense"))
        assert [line["code"] for line in s.entries("dispense")[0].content["lines"]] == [two.code]


async def test_vouched_for_is_handed_over_and_says_so(story: Callable[..., Story]) -> None:
    """Authorised unpaid: the screen says that it is not paid and who vouches; it may go out."""
    async with story(operator=_PHARMACIST) as s:
        charge = made_charge(s.desk, vouched=True)
        await _opened(s)
        await s.scan(charge.qr[0])
        assert "练习总值班" in s.screen
        await s.press("enter")
        await s.until(lambda: s.entries("dispense"))


async def test_a_reversed_charge_gives_nothing(story: Callable[..., Story]) -> None:
    """A reversed charge is shown as such in words; Enter and F8 hand nothing over."""
    async with story(operator=_PHARMACIST) as s:
        charge = made_charge(s.desk)
        made_reversal(s.desk, charge)
        await _opened(s)
        await s.scan(charge.qr[0])
        assert "已冲正" in s.screen or "REVERSED" in s.screen
        await s.press("enter", "f8")
        assert not s.entries("dispense")


async def test_a_controlled_drug_needs_a_second_pharmacist(story: Callable[..., Story]) -> None:
    """Enter asks for the second person; oneself and a cashier are refused; the second name is on the paper."""
    async with story(operator=_PHARMACIST) as s:
        charge = made_charge(s.desk, [charge_line(drugs_of(s.desk, controlled=True)[0], "drug")])
        await _opened(s)
        await s.scan(charge.qr[0])
        await s.press("enter")
        await s.until(lambda: isinstance(s.app.screen, SecondPersonDialog))
        for refused in (_PHARMACIST, "1006"):
            await s.press("shift+tab", *["backspace"] * 6, *refused, "enter", *f"lianxi{refused}", "enter")
            await s.until(lambda: _problem(s))
        assert not s.entries("dispense")
        await s.press("shift+tab", *["backspace"] * 6, *"3002", "enter", *"lianxi3002", "enter")
        await s.until(lambda: s.entries("dispense"))
        (dispensed,) = s.entries("dispense")
        assert dispensed.second_person == "3002"
        assert dispensed.content["checked_by"].endswith("3002")
        assert dispensed.operator == _PHARMACIST


async def test_a_controlled_drug_is_never_given_alone_or_by_a_code(story: Callable[..., Story]) -> None:
    """There is no other way than the second person; the key says so."""
    async with story(operator=_PHARMACIST) as s:
        charge = made_charge(s.desk, [charge_line(drugs_of(s.desk, controlled=True)[0], "drug")])
        await _opened(s)
        await s.scan(charge.qr[0])
        await s.press("enter")
        await s.until(lambda: isinstance(s.app.screen, SecondPersonDialog))
        await s.press("ctrl+o")
        assert "没有别的办法" in s.screen or "no other way" in s.screen
        await s.press("escape")
        assert not s.entries("dispense")


def _problem(s: Story) -> str:
    return str(s.app.screen.query_one("#second-problem", Static).content)


async def test_a_receipt_of_elsewhere_is_shown_but_gives_nothing(
    story: Callable[..., Story],
) -> None:
    """A number typed right that is not in this journal, and a forged code: shown, never handed over."""
    async with story(operator=_PHARMACIST) as s:
        charge = made_charge(s.desk)
        await _opened(s)
        changed = charge.qr[0][:-3] + ("123" if not charge.qr[0].endswith("123") else "321")
        await s.scan(changed)
        assert "伪造" in s.screen or "FORGED" in s.screen
        await s.press("escape")
        await s.type("W09A-000001-")
        await s.type(_check_digit_of("W09A-000001"))
        await s.press("enter", "f8", "enter")
        assert "不在本机" in s.screen or "NOT IN THIS" in s.screen
        assert not s.entries("dispense")


def _check_digit_of(body: str) -> str:
    from downtime.receipt_number import format_number

    return format_number(body[:3], body[3], int(body[-6:]))[-1]


async def test_the_wrong_pack_is_noticed(story: Callable[..., Story]) -> None:
    """Scanning a pack tells whether the drug is on the receipt."""
    async with story(operator=_PHARMACIST) as s:
        right, wrong = drugs_of(s.desk)[:2]
        charge = made_charge(s.desk, [charge_line(right, "drug")])
        await _opened(s)
        await s.scan(charge.qr[0])
        await s.scan(wrong.barcode)
        assert "不在这张收据上" in s.screen or "NOT ON THIS RECEIPT" in s.screen
        await s.scan(right.barcode)
        assert "药品相符" in s.screen or "Right drug" in s.screen


async def test_stock_runs_over_to_the_next_batch(story: Callable[..., Story]) -> None:
    """When the first batch does not hold enough, the next one gives the rest; what went out is remembered."""
    async with story(operator=_PHARMACIST) as s:
        reference = s.desk.reference
        assert reference is not None
        drug = next(row for row in drugs_of(s.desk) if len(reference.batches_of(row.code)) > 1)
        first, second = reference.batches_of(drug.code)[:2]
        wanted = str(int(first.quantity) + 1)
        charge = made_charge(s.desk, [charge_line(drug, "drug", wanted)])
        gives = sheet_of(s.desk, charge).gives
        assert [(give.batch, give.quantity) for give in gives] == [
            (first.batch, Decimal(first.quantity)),
            (second.batch, Decimal(1)),
        ]
        await _opened(s)
        await s.scan(charge.qr[0])
        await s.press("enter")
        await s.until(lambda: s.entries("dispense"))
        following = made_charge(s.desk, [charge_line(drug, "drug")])
        assert sheet_of(s.desk, following).gives[0].batch == second.batch


async def test_a_hostile_name_is_only_text(story: Callable[..., Story]) -> None:
    """Escape sequences, markup and bidi controls in a name are shown as characters and recorded as they came."""
    async with story(operator=_PHARMACIST) as s:
        charge = made_charge(s.desk, name=HOSTILE)
        await _opened(s)
        await s.scan(charge.qr[0])
        assert "[red]" in s.screen
        assert "\x1b" not in s.screen
        assert "\u202e" not in s.screen
        await s.press("enter")
        await s.until(lambda: s.entries("dispense"))
        assert s.entries("dispense")[0].content["patient"]["name"] == HOSTILE
