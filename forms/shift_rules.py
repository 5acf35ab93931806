"""What the steps of a shift share: its accounts, counting by note and coin, and which shift is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from forms.base import Part, Problem, fault
from forms.money import Told
from forms.postings import account
from forms.tender import METHODS
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from forms.base import Earlier, Place

DENOMINATIONS: dict[str, tuple[int, ...]] = {"CNY": (10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10)}
"""Notes and coins in minor units, largest first; a currency not listed takes any."""

NOT_OPEN = N_("No shift {shift} is open here.")


class Pieces(Part):
    """How many of one note or coin."""

    denomination_minor: Annotated[int, Field(gt=0)]
    pieces: Annotated[int, Field(ge=0, le=100_000)]


Pile = Annotated[tuple[Pieces, ...], Field(max_length=40, strict=False)]


def float_account(place: Place) -> str:
    """Return where floats come from and stay between shifts."""
    return account("suspense", "float", place.station)


def over_short_account(place: Place) -> str:
    """Return where differences of counts wait for somebody to explain them."""
    return account("suspense", "over_short", place.station)


def handed_in_account(method: str) -> str:
    """Return what shifts handed in by one method, until finance takes it over."""
    return account("suspense", "handed_in", method)


def open_shift(earlier: Earlier) -> Mapping[str, Any] | None:
    """Return the opening (or carried-over opening) of the shift that is open, or None."""
    opened = earlier.last_of("shift_opened")
    if opened is None:
        carried = earlier.last_of("shift_carried")
        opened = carried if carried is not None and carried["is_open"] else None
    closed = earlier.last_of("shift_closed")
    if opened is None or (closed is not None and closed["shift"] == opened["shift"]):
        return None
    return opened


def expected_by_method(earlier: Earlier, currency: str) -> dict[str, int]:
    """Return what the drawer should hold by method, by its postings."""
    found: dict[str, int] = dict.fromkeys(METHODS, 0)
    for (name, unit), amount in earlier.balances("drawer:").items():
        method = name.rpartition(":")[2]
        if unit == currency and method in found:
            found[method] += amount
    return found


def require_sum(counted: Sequence[Pieces], expected_minor: int, currency: str) -> None:
    """Refuse a pile that does not come to its sum, or holds a note there is none of."""
    known = DENOMINATIONS.get(currency)
    named = [pile.denomination_minor for pile in counted]
    if len(set(named)) != len(named) or (known is not None and not set(named) <= set(known)):
        raise fault(N_("One line for each note and coin there is."), "counted")
    total = sum(pile.denomination_minor * pile.pieces for pile in counted)
    if total != expected_minor:
        raise fault(
            N_("The pieces come to {total} minor units, not {given}."),
            "counted",
            total=total,
            given=expected_minor,
        )


def open_problem(shift: str, earlier: Earlier) -> list[Problem]:
    """Return that a shift is not the open one, if so."""
    standing = open_shift(earlier)
    if standing is None or standing["shift"] != shift:
        return [Problem("shift", NOT_OPEN, {"shift": shift})]
    return []


def count_problem(field: str, shift: str, amount_minor: int, earlier: Earlier) -> list[Problem]:
    """Return that an amount is not that of the last blind count of the shift, if so."""
    counted = earlier.last_of("shift_counted")
    if counted is None or counted["shift"] != shift:
        return [Problem(field, N_("Count the drawer first."))]
    if counted["counted_minor"] != amount_minor:
        return [
            Problem(
                field,
                N_("{counted} was counted."),
                {"counted": Told(counted["counted_minor"], counted["currency"])},
            )
        ]
    return []
