"""Statement matched 对账: a bank, POS or mobile statement was compared with the payments of this station.

会计法 article 35 keeps payee and checker apart, so it takes the right to sign off, which cashiers do not have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from forms.base import Part, Problem, fault
from forms.people import FreeText
from forms.station_book import Hex, StationForm
from forms.text import N_

if TYPE_CHECKING:
    from forms.base import Earlier

Count = Annotated[int, Field(ge=0)]
Outcome = Literal["matched", "missing_there", "unknown_here", "different", "duplicate"]


class OutcomeSum(Part):
    """How many rows had one outcome, and their money here and there."""

    outcome: Outcome
    rows: Count
    here_minor: int
    there_minor: int


class StatementDifference(Part):
    """One row somebody must look at."""

    outcome: Outcome
    entry_number: Annotated[str, Field(max_length=40)] = ""
    row: Count = 0
    tail: Annotated[str, Field(max_length=8)] = ""
    here_minor: int = 0
    there_minor: int = 0
    note: FreeText = ""


class StatementMatched(StationForm):
    """What one statement file said about one stretch of time.

    Attributes:
        sha256: of the file as it was read.
        sums: one per outcome; differences: every row that is not simply matched, as far as 500.
    """

    name: ClassVar[str] = "statement_matched"
    title: ClassVar[str] = N_("Statement matched")
    right: ClassVar[str | None] = "sign_off"

    source: Annotated[str, Field(min_length=1, max_length=80)]
    file: Annotated[str, Field(max_length=200)] = ""
    sha256: Hex
    encoding: Annotated[str, Field(max_length=20)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    rows: Count
    first_at: Annotated[str, Field(max_length=40)] = ""
    last_at: Annotated[str, Field(max_length=40)] = ""
    sums: Annotated[tuple[OutcomeSum, ...], Field(strict=False)]
    differences: Annotated[tuple[StatementDifference, ...], Field(max_length=500, strict=False)] = ()
    note: FreeText = ""

    @model_validator(mode="after")
    def _each_outcome_once(self) -> Self:
        named = [one.outcome for one in self.sums]
        if len(set(named)) != len(named):
            raise fault(N_("Each outcome stands once."), "sums")
        return self

    def problems(self, earlier: Earlier) -> list[Problem]:
        """The very same file is not matched twice in a row."""
        before = earlier.last_of(self.name)
        if (
            before is not None
            and before["sha256"] == self.sha256
            and before["sums"] == self.model_dump(mode="json")["sums"]
        ):
            return [Problem("sha256", N_("This file has been matched already, with the same outcome."))]
        return []
