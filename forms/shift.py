"""Shift 班次: float, blind count, two-person hand-over, close. One drawer per station, one shift at a time.

A shift is everything since the one before was closed, by sequence number; so nothing falls between two shifts,
a clock set back over midnight moves nothing, and the business day is the day the shift was opened. Sources:
交接班2人同时清点金额、备用金、日清日结 (domain findings 4.3); figures from payment rows only (findings 2, no. 11).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import Field, model_validator

from forms.base import Part, Problem, fault
from forms.people import Code, DateText, FreeText, OptionalName
from forms.postings import Posting, move
from forms.shift_figures import ShiftFigures
from forms.shift_rules import (
    Pile,
    count_problem,
    expected_by_method,
    float_account,
    handed_in_account,
    open_problem,
    open_shift,
    over_short_account,
    require_sum,
)
from forms.station_book import Hex, StationForm
from forms.tender import METHODS, AmountMinor, drawer
from forms.text import N_

if TYPE_CHECKING:
    from forms.base import Earlier, Place

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class ShiftForm(StationForm):
    """What all steps of a shift have in common: its label, for instance ``W03A07-2``, and the currency."""

    right: ClassVar[str | None] = "cash"

    shift: Code
    currency: Currency


class ShiftOpened(ShiftForm):
    """Somebody takes the drawer with its float 备用金.

    Attributes:
        business_day: the day it counts for, whatever the clock says later.
        operator: whose shift it is.
    """

    name: ClassVar[str] = "shift_opened"
    title: ClassVar[str] = N_("Shift opened")

    business_day: DateText
    operator: Code
    operator_name: OptionalName = ""
    float_minor: AmountMinor = 0
    counted: Pile = ()

    @model_validator(mode="after")
    def _counts(self) -> Self:
        if self.counted:
            require_sum(self.counted, self.float_minor, self.currency)
        return self

    def postings(self, place: Place, earlier: Earlier) -> tuple[Posting, ...]:  # noqa: ARG002 (signature of Form)
        """The float goes into the drawer."""
        if not self.float_minor:
            return ()
        return move(self.currency, self.float_minor, out_of=float_account(place), into=drawer(place, "cash"))

    def problems(self, earlier: Earlier) -> list[Problem]:
        """One drawer, one shift; a label is used once."""
        standing = open_shift(earlier)
        if standing is not None:
            return [Problem("shift", N_("Shift {shift} is still open here."), {"shift": standing["shift"]})]
        before = earlier.last_of("shift_closed")
        if before is not None and before["shift"] == self.shift:
            return [Problem("shift", N_("Shift {shift} was closed already."), {"shift": self.shift})]
        return []


class ShiftCounted(ShiftForm):
    """The drawer was counted, before anybody showed what should be in it (blind)."""

    name: ClassVar[str] = "shift_counted"
    title: ClassVar[str] = N_("Drawer counted")

    counted: Annotated[Pile, Field(min_length=1)]
    counted_minor: AmountMinor
    counted_by: OptionalName = ""

    @model_validator(mode="after")
    def _counts(self) -> Self:
        require_sum(self.counted, self.counted_minor, self.currency)
        return self

    def problems(self, earlier: Earlier) -> list[Problem]:
        """The shift is open."""
        return open_problem(self.shift, earlier)


class ShiftHandedOver(ShiftForm):
    """Two people counted the same drawer, one after the other, and both sign (交接班双人清点).

    The second person of the approval is ``to_operator``, who typed the own password.
    """

    name: ClassVar[str] = "shift_handed_over"
    title: ClassVar[str] = N_("Drawer handed over")

    from_operator: Code
    to_operator: Code
    to_name: OptionalName = ""
    given_minor: AmountMinor
    counted: Annotated[Pile, Field(min_length=1)]
    received_minor: AmountMinor
    reason: FreeText = ""

    @model_validator(mode="after")
    def _counts(self) -> Self:
        require_sum(self.counted, self.received_minor, self.currency)
        if self.from_operator == self.to_operator:
            raise fault(N_("Nobody hands over to themselves."), "to_operator")
        if self.received_minor != self.given_minor and not self.reason.strip():
            raise fault(N_("The two counts differ; say why."), "reason")
        return self

    def problems(self, earlier: Earlier) -> list[Problem]:
        """The shift is open, and what is given is what was counted."""
        return open_problem(self.shift, earlier) or count_problem(
            "given_minor", self.shift, self.given_minor, earlier
        )


class Explained(Part):
    """One paper that is unaccounted for, and why the shift closes all the same."""

    number: Annotated[str, Field(min_length=1, max_length=40)]
    reason: Annotated[FreeText, Field(min_length=1)]


class ShiftClosed(ShiftForm):
    """The shift is over: expected, counted, over or short, and everything its report says.

    Attributes:
        expected_minor: what the drawer should hold by method, from the postings; the float is in the cash.
        counted_minor: of the last blind count.
        over_short_minor: counted less expected; negative is short.
        left_minor: cash that stays in the drawer as the next float; the rest is handed in.
        figures: see ``ShiftFigures``.
        explained: papers that never came out or were never confirmed, each with a reason.
        head: chain head the figures were read at; the report prints it as a code.
    """

    name: ClassVar[str] = "shift_closed"
    title: ClassVar[str] = N_("Shift closed")

    business_day: DateText
    operator: Code
    float_minor: AmountMinor = 0
    expected_minor: dict[str, int]
    counted_minor: AmountMinor
    over_short_minor: int
    left_minor: AmountMinor = 0
    reason: FreeText = ""
    figures: ShiftFigures
    explained: Annotated[tuple[Explained, ...], Field(max_length=2_000, strict=False)] = ()
    head: Hex = ""

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if set(self.expected_minor) != set(METHODS):
            raise fault(N_("The expected sum of every method is needed."), "expected_minor")
        if self.over_short_minor != self.counted_minor - self.expected_minor["cash"]:
            raise fault(N_("Over or short is counted less expected."), "over_short_minor")
        if self.over_short_minor and not self.reason.strip():
            raise fault(N_("The count differs from what is expected; say why."), "reason")
        if self.left_minor > self.counted_minor:
            raise fault(N_("No more can stay in the drawer than was counted."), "left_minor")
        if not self.figures.agree():
            raise fault(N_("The figures do not agree with each other."), "figures")
        return self

    def postings(self, place: Place, earlier: Earlier) -> tuple[Posting, ...]:  # noqa: ARG002 (signature of Form)
        """Every method's account is emptied: handed in, left as float, or over and short."""
        legs: list[Posting] = []
        for method in METHODS:
            here, handed_in = drawer(place, method), self.expected_minor[method]
            if method == "cash":
                handed_in = self.counted_minor - self.left_minor
                missing = -self.over_short_minor
                legs += move(self.currency, self.left_minor, out_of=here, into=float_account(place))
                legs += move(self.currency, missing, out_of=here, into=over_short_account(place))
            legs += move(self.currency, handed_in, out_of=here, into=handed_in_account(method))
        return tuple(leg for leg in legs if leg.amount)

    def problems(self, earlier: Earlier) -> list[Problem]:
        """Counted blind, and nothing was recorded since the figures were read."""
        found = open_problem(self.shift, earlier) or count_problem(
            "counted_minor", self.shift, self.counted_minor, earlier
        )
        if found:
            return found
        standing = open_shift(earlier)
        assert standing is not None
        if (standing["business_day"], standing["float_minor"]) != (self.business_day, self.float_minor):
            return [Problem("business_day", N_("Day and float are those the shift was opened with."))]
        if expected_by_method(earlier, self.currency) != self.expected_minor:
            return [
                Problem("expected_minor", N_("Something was recorded meanwhile; look at the figures again."))
            ]
        return []


class ShiftCarried(StationForm):
    """A shift went on, or none was open, when a new book began; its figures so far come along.

    Attributes:
        float_minor: what the open shift began with; where none is open, what the last one left in the drawer.
        holder: whose hands the drawer of the open shift is in.
        figures: everything since the last shift was closed.
    """

    name: ClassVar[str] = "shift_carried"
    title: ClassVar[str] = N_("Shift carried over")

    is_open: bool
    shift: Annotated[str, Field(max_length=64)] = ""
    business_day: Annotated[str, Field(max_length=10)] = ""
    operator: Annotated[str, Field(max_length=64)] = ""
    operator_name: OptionalName = ""
    opened_at: Annotated[str, Field(max_length=40)] = ""
    holder: Annotated[str, Field(max_length=64)] = ""
    holder_name: OptionalName = ""
    float_minor: AmountMinor = 0
    currency: Currency
    figures: ShiftFigures = ShiftFigures()


SHIFT_FORMS: tuple[type[StationForm], ...] = (
    ShiftOpened,
    ShiftCounted,
    ShiftHandedOver,
    ShiftClosed,
    ShiftCarried,
)
