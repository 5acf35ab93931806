"""A new form has a screen at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from downtime.screens.form_fields import KINDS, fields_of
from downtime.screens.form_screen import FormScreen
from forms import FORMS
from forms.base import Form, Part
from forms.people import Name, PatientRef
from forms.quantity import QuantityText
from forms.tender import AmountMinor

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.story import Story


class Donor(Part):
    """Who gave the blood."""

    name: Annotated[str, Field(max_length=40)] = ""


class Transfusion(Form):
    """A form nobody has written a screen for."""

    name: ClassVar[str] = "transfusion"
    title: ClassVar[str] = "Transfusion"

    patient: PatientRef
    product: Name
    group: Literal["a", "b", "zero"] = "a"
    quantity: QuantityText
    price_minor: AmountMinor
    warmed: bool = False
    donor: Donor | None = None


def test_every_field_of_every_form_has_a_kind() -> None:
    """No form holds a field the generic screen could not show, lists of parts apart."""
    for form in FORMS:
        assert all(field.kind in {*KINDS, "patient", "currency"} for field in fields_of(form))


async def test_filled_in_by_keys_and_recorded(story: Callable[..., Story]) -> None:
    """Text, choice, quantity, amount, yes or no, an optional part: Enter goes on, Enter twice records."""
    async with story() as s:
        s.app.push_screen(FormScreen(form=Transfusion))
        await s.rest()
        await s.type("zw")
        await s.press("enter")
        await s.type("plasma")
        await s.press("enter", "3")
        await s.type("1.5")
        await s.press("enter")
        await s.type("２０")
        await s.press("enter", "2", "enter", "enter")
        await s.until(lambda: s.entries("transfusion"))
        (entry,) = s.entries("transfusion")
        content = entry.content
        assert (content["product"], content["group"], content["quantity"]) == ("plasma", "zero", "1.5")
        assert (content["price_minor"], content["warmed"], content["donor"]) == (2000, True, None)


async def test_what_is_wrong_stands_beside_its_field(story: Callable[..., Story]) -> None:
    """A quantity of zero is named in its row, the cursor is there, and nothing is written."""
    async with story() as s:
        s.app.push_screen(FormScreen(form=Transfusion))
        await s.rest()
        await s.type("zw")
        await s.press("enter")
        await s.type("plasma")
        await s.press("enter", "1")
        await s.type("0")
        await s.press("enter")
        await s.type("20")
        await s.press("f8")
        row = next(row for row in s.screen.splitlines() if "quantity" in row)
        assert "数量" in row
        assert s.app.screen.query_one("#field-quantity").has_focus
        assert not s.entries("transfusion")


async def test_a_half_filled_form_is_kept(story: Callable[..., Story]) -> None:
    """Every finished field is on disk before the next one is."""
    async with story() as s:
        s.app.push_screen(FormScreen(form=Transfusion))
        await s.rest()
        await s.type("zw")
        await s.press("enter")
        await s.type("plasma")
        await s.press("enter")
        await s.until(lambda: any(d.content["values"]["product"] == "plasma" for d in s.desk.drafts()))
