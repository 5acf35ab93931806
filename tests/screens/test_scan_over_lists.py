"""A scan while a list is open: nothing of it picks a row, opens a place or changes what was chosen.

Scanners type like keyboards, and most codes begin with a digit. Each story is played twice: with the time
between keys as a scanner makes it, and as fast as keys can really come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from downtime import worklists
from downtime.screens.charge import ChargeScreen
from downtime.screens.precollection import PrecollectionScreen, fee_categories
from downtime.screens.reason import ReasonDialog
from downtime.screens.rows import DIGITS
from downtime.screens.typed_fields import AskedField
from downtime.screens.worklists import WorklistsScreen
from tests.screens.made_back import made_paid

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story

PATIENT, ITEM = "PX000042", "250900251"


@pytest.fixture(params=[False, True], ids=["a scanner's speed", "all at once"])
def window(story: Callable[..., Story], request: pytest.FixtureRequest) -> Story:
    """A window with a scanner."""
    return story(real_keys=request.param)


def card_of(s: Story, number: str = PATIENT) -> str:
    """Return what stands on a patient's card; its first digit is one that picks rows."""
    assert s.desk.reference is not None
    patient = s.desk.reference.get_patient(number)
    assert patient is not None
    assert patient.card[0] in DIGITS
    return patient.card


async def at_the_category(s: Story) -> PrecollectionScreen:
    """Take an advance from somebody; the list of fee categories is open."""
    s.app.go("precollection")
    await s.rest()
    await s.type("zw")
    await s.press("enter")
    screen = s.app.screen
    assert isinstance(screen, PrecollectionScreen)
    assert screen.query_one("#ask-category").is_open  # type: ignore[attr-defined]  # a field with a list
    return screen


async def test_a_card_over_the_fee_categories_chooses_none(window: Story) -> None:
    """The card's first digit is no category: the money would go to the wrong one. Its patient is seated."""
    async with window as s:
        screen = await at_the_category(s)
        await s.scan(card_of(s))
        assert screen.sheet.answer("category") == ""
        assert screen.sheet.patient is not None
        assert screen.sheet.patient.number == PATIENT


async def test_a_strange_code_over_the_fee_categories_leaves_the_chosen_one(window: Story) -> None:
    """A code that belongs nowhere stands in the field, to be seen; neither it nor its Enter is a category."""
    async with window as s:
        screen = await at_the_category(s)
        await s.press("3")
        chosen = screen.sheet.answer("category")
        assert chosen == fee_categories(s.desk, {})[2]
        screen.focus_on("category")
        await s.rest()
        await s.scan("6901234567892")
        assert screen.sheet.answer("category") == chosen
        assert screen.query_one("#ask-category").input.has_focus  # type: ignore[attr-defined]  # as above


async def test_an_item_over_the_candidates_seats_nobody(window: Story) -> None:
    """With patients found and in sight, an item's code adds the item; what was typed stays."""
    async with window as s:
        await s.press("1")
        await s.type("zw")
        screen = s.app.screen
        assert isinstance(screen, ChargeScreen)
        assert screen.patients.is_open
        await s.scan(ITEM)
        assert screen.sheet.patient is None
        assert [line.code for line in screen.sheet.lines] == [ITEM]


async def test_a_card_over_the_work_lists_takes_no_list(
    window: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before a list is taken, the card's patient is looked for in the one in sight; its digits take none."""
    async with window as s:
        s.app.go("worklists")
        await s.rest()
        screen = s.app.screen
        assert isinstance(screen, WorklistsScreen)
        assert card_of(s)[0] in DIGITS[: len(worklists.LISTS)]
        taken: list[str] = []
        monkeypatch.setattr(screen, "take_list", lambda name, **_how: taken.append(name))
        await s.scan(card_of(s))
        assert taken == []
        assert screen.asked == PATIENT


async def test_a_card_at_home_opens_one_place(window: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first digit of a card is the key of a place, too: only the charge opens, no other for a moment."""
    async with window as s:
        opened: list[str] = []
        go = s.app.go

        def note(place: str, **given: Any) -> None:
            opened.append(place)
            go(place, **given)

        monkeypatch.setattr(s.app, "go", note)
        await s.scan(card_of(s))
        assert opened == ["charge"]


async def test_a_strange_code_at_home_is_told_and_opens_nothing(window: Story) -> None:
    """Neither its digits nor its Enter open a place; the screen says what was scanned."""
    async with window as s:
        home = s.app.screen
        await s.scan("6901234567892")
        assert s.app.screen is home
        assert "6901234567892" in s.screen


async def test_a_code_over_the_usual_reasons_takes_none(window: Story) -> None:
    """Why a receipt is reversed is said by a person; a code that comes in between is no reason."""
    async with window as s:
        number = str(made_paid(s.desk).number)
        s.app.go("journal")
        await s.rest()
        await s.type(number)
        await s.press("f9")
        await s.until(lambda: isinstance(s.app.screen, ReasonDialog))
        usual = [words() for words in s.app.screen._usual]  # type: ignore[attr-defined]  # the dialog's
        await s.scan(ITEM)
        assert isinstance(s.app.screen, ReasonDialog)
        assert s.app.screen.query_one(AskedField).value not in usual


async def test_one_digit_needs_no_further_key(window: Story) -> None:
    """A person's digit picks at once, and two digits in a row do what each of them says."""
    async with window as s:
        screen = await at_the_category(s)
        await s.press("3")
        assert screen.sheet.answer("category") == fee_categories(s.desk, {})[2]
        assert screen.query_one("#ask-amount").has_focus
        await s.press("2", "5")
        assert screen.sheet.answer("amount") == "25"


async def test_what_is_typed_ahead_arrives_where_the_digit_led(story: Callable[..., Story]) -> None:
    """Whoever types 1 and a name without looking types the name into the charge."""
    async with story() as s:
        await s.press("1", "z", "w")
        screen: Any = s.app.screen
        assert isinstance(screen, ChargeScreen)
        assert screen.patients.text == "zw"
