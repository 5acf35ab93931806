"""What stands before a story at the window begins: advances, slips, deposits; and how a power cut looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.record import Recorded, new_entry_id
from downtime.screens.people import PatientCard
from downtime.screens.unconfirmed import UnconfirmedScreen
from forms import form_named
from tests.screens.made_up import charge_line

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.desk import Desk
    from downtime.entry import Entry
    from tests.screens.story import Story

PATIENT = {"number": "P900001", "name": "练习病人甲", "sex": "female", "birth_date": "1980-01-31"}
INSURED = PatientCard("P900002", "练习病人乙", payer_kind="insured_pending")


def cash(amount_minor: int) -> list[dict[str, Any]]:
    """Return a payment of exactly that in cash."""
    return [
        {"method": "cash", "amount_minor": amount_minor, "tendered_minor": amount_minor, "change_minor": 0}
    ]


def lines_of(desk: Desk, most: int = 2) -> list[dict[str, Any]]:
    """Return lines for the first items of the price list."""
    assert desk.reference is not None
    rows = desk.reference.rows("items")
    return [charge_line(next(rows), "service") for _n in range(most)]


def made(desk: Desk, form: str, **content: Any) -> Entry:
    """Record a form for a made-up patient, told and printed so that nobody is asked about it."""
    kind = form_named(form)
    assert kind is not None
    whole = {"patient": PATIENT, "currency": desk.currency, **content}
    outcome = desk.record(kind.model_validate(whole), new_entry_id())
    assert isinstance(outcome, Recorded), outcome
    desk.confirm(outcome.entry.id)
    return outcome.entry


def made_pricing(desk: Desk, **content: Any) -> Entry:
    """Record a pricing slip of two items."""
    lines = content.pop("lines", None) or lines_of(desk)
    return made(
        desk, "pricing", lines=lines, total_minor=sum(one["amount_minor"] for one in lines), **content
    )


def made_advance(desk: Desk, amount_minor: int = 20_000, **content: Any) -> Entry:
    """Record a pre-collection paid in cash."""
    given = {"category": "检验费", "total_minor": amount_minor, "payments": cash(amount_minor), **content}
    return made(desk, "precollection", **given)


def made_deposit(desk: Desk, amount_minor: int = 50_000, **content: Any) -> Entry:
    """Record a deposit paid in cash."""
    return made(desk, "deposit", **{"total_minor": amount_minor, "payments": cash(amount_minor), **content})


def inpatient(desk: Desk) -> Any:
    """Return the first inpatient of the list, with a deposit."""
    assert desk.reference is not None
    return next(row for row in desk.reference.rows("inpatients") if row.deposit_minor)  # type: ignore[attr-defined]  # inpatients


async def comes_back(
    make: Callable[..., Story], form: str, look: Callable[[Any], object], **named: Any
) -> None:
    """Log in again after a power cut: the half-filled form is offered, and Enter goes on with it."""
    async with make(**named) as again:
        assert isinstance(again.app.screen, UnconfirmedScreen)
        assert not again.entries(form)
        await again.press("enter")
        look(again.app.screen)
