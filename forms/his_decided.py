"""What a person decides about one entry and the HIS: same or not, noted, sent with other codes, typed in by hand.

The entry named may stand in the book of another station: a decision is made where the board is, and only the entry's
id says what it is about. What was decided before is never changed; the last decision counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import Field, model_validator

from forms.base import Part, Problem, fault
from forms.people import Code, FreeText
from forms.station_book import StationForm
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from forms.base import Earlier

ROWS_MAX: Final = 200
Number = Annotated[str, Field(max_length=40)]
RowKey = Annotated[str, Field(min_length=1, max_length=200)]
Step = Annotated[int, Field(ge=0)]
"""The delivery step a decision was made on; once the entry has moved on, the decision is void. 0: none was shown."""
Correctable = Annotated[
    str,
    Field(
        pattern=r"^(patient\.number|visit\.(number|department|doctor)|lines\.\d{1,4}\.(code|department|doctor))$"
    ),
]
"""What may be sent otherwise than recorded: codes and numbers of the HIS. No amount, no quantity, no payment."""

_SAID: Final = N_("That has been said already.")
_WHY: Final = N_("Say why.")


class _About(StationForm):
    """A form about one entry, of this station or another."""

    entry_id: Code
    number: Number = ""

    def refers_to(self) -> tuple[str, ...]:
        """It names the entry."""
        return (self.entry_id,)

    def _last(self, earlier: Earlier) -> Mapping[str, Any] | None:
        """Return what was said last of this entry in the same form, in this book."""
        ids = earlier.referring(self.entry_id, self.name)
        found = earlier.content_of(ids[-1]) if ids else None
        return None if found is None else found[1]


class TickDecided(_About):
    """These rows of the HIS are this entry, or none of them is. No rows and not the same: an answer is taken back.

    Attributes:
        connector: whose tick-off asked.
        rows: the HIS's own keys of the rows asked about.
        is_same: they are this entry; else none of them is.
        found: what the tick-off had said; whatever was not doubtful is overruled, and that needs a reason.
    """

    name: ClassVar[str] = "tick_decided"
    title: ClassVar[str] = N_("Compared with the HIS by a person")
    right: ClassVar[str | None] = "deliver"

    connector: Code
    rows: Annotated[tuple[RowKey, ...], Field(max_length=ROWS_MAX, strict=False)] = ()
    is_same: bool
    found: Literal["", "agreed", "different", "missing_there", "doubtful", "not_covered"] = ""
    reason: FreeText = ""

    @model_validator(mode="after")
    def _says_what_it_means(self) -> Self:
        if self.is_same and not self.rows:
            raise fault(N_("Name the rows of the HIS that are this entry."), "rows")
        if len(set(self.rows)) != len(self.rows):
            raise fault(N_("Each row stands once."), "rows")
        if not self.reason.strip() and not (self.found == "doubtful" and self.rows):
            raise fault(_WHY, "reason")
        return self

    def problems(self, earlier: Earlier) -> list[Problem]:
        """Ten presses are one answer."""
        before = self._last(earlier)
        said = (self.connector, sorted(self.rows), self.is_same)
        if before is not None and (before["connector"], sorted(before["rows"]), before["is_same"]) == said:
            return [Problem("", _SAID)]
        return []


class EntryNoted(_About):
    """A note beside an entry, for whoever looks at it next."""

    name: ClassVar[str] = "entry_noted"
    title: ClassVar[str] = N_("Note on an entry")
    right: ClassVar[str | None] = "look_up"

    text: Annotated[FreeText, Field(min_length=1)]

    def problems(self, earlier: Earlier) -> list[Problem]:
        """The same note is not written twice in a row."""
        before = self._last(earlier)
        return [Problem("text", _SAID)] if before is not None and before["text"] == self.text else []


class Change(Part):
    """One value that is sent otherwise than it was recorded.

    Attributes:
        field: dotted path into the entry's content, lines counted from 0.
        old: as recorded.
        new: as the HIS knows it.
    """

    field: Correctable
    old: Annotated[str, Field(max_length=64)]
    new: Code

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.old == self.new:
            raise fault(N_("The new value is the old one."), "new")
        return self


class SentCorrected(_About):
    """An entry goes to the HIS again with other codes or numbers; the entry itself stays as it was recorded."""

    name: ClassVar[str] = "sent_corrected"
    title: ClassVar[str] = N_("Sent again with a correction")
    right: ClassVar[str | None] = "deliver"

    connector: Code
    changes: Annotated[tuple[Change, ...], Field(min_length=1, max_length=50, strict=False)]
    step: Step = 0
    reason: Annotated[FreeText, Field(min_length=1)]

    @model_validator(mode="after")
    def _each_field_once(self) -> Self:
        fields = [change.field for change in self.changes]
        if len(set(fields)) != len(fields):
            raise fault(N_("Each field stands once."), "changes")
        if not self.reason.strip():
            raise fault(_WHY, "reason")
        return self

    def problems(self, earlier: Earlier) -> list[Problem]:
        """What is corrected stood there so, as far as the entry is in this book; ten presses are one correction."""
        found = earlier.content_of(self.entry_id)
        wrong = []
        if found is not None:
            wrong = [
                Problem(f"changes.{n}.old", N_("The entry does not say that."))
                for n, change in enumerate(self.changes)
                if value_at(found[1], change.field) != change.old
            ]
        before = self._last(earlier)
        if before is not None and all(
            before[name] == value
            for name, value in self.model_dump(mode="json").items()
            if name in {"connector", "changes", "step"}
        ):
            wrong.append(Problem("", _SAID))
        return wrong


class TypedIn(_About):
    """Whoever typed the entry into the HIS says so, or takes that back. Only the HIS itself ticks it off.

    Attributes:
        his_reference: what the HIS showed for it, if anything.
        is_undone: what was said before is taken back.
    """

    name: ClassVar[str] = "typed_in"
    title: ClassVar[str] = N_("Typed into the HIS")
    right: ClassVar[str | None] = "retype"

    his_reference: Annotated[FreeText, Field(max_length=200)] = ""
    is_undone: bool = False
    reason: FreeText = ""

    @model_validator(mode="after")
    def _undone_with_a_reason(self) -> Self:
        if self.is_undone and not self.reason.strip():
            raise fault(_WHY, "reason")
        return self

    def problems(self, earlier: Earlier) -> list[Problem]:
        """It is said once, and taken back only after it was said."""
        before = self._last(earlier)
        stands = before is not None and not before["is_undone"]
        if stands and not self.is_undone:
            return [Problem("", _SAID)]
        if self.is_undone and not stands:
            return [Problem("", N_("Nobody here said that it was typed in."))]
        return []


HIS_FORMS = (TickDecided, EntryNoted, SentCorrected, TypedIn)


def value_at(content: Mapping[str, Any], field: str) -> str | None:
    """Return the text at a dotted path of an entry's content, or None if nothing like it stands there."""
    found: Any = content
    for name in field.split("."):
        if isinstance(found, list | tuple):
            found = found[int(name)] if name.isdecimal() and int(name) < len(found) else None
        elif isinstance(found, dict):
            found = found.get(name)
        else:
            return None
    return found if isinstance(found, str) else None


def corrected(content: Mapping[str, Any], changes: Mapping[str, tuple[str, str]]) -> dict[str, Any] | None:
    """Return ``content`` with ``changes`` made, or None if it does not say what they take for its old values.

    Args:
        content: of an entry.
        changes: (old, new) by field.
    """
    if any(value_at(content, field) != old for field, (old, _new) in changes.items()):
        return None
    done = _copied(content)
    for field, (_old, new) in changes.items():
        *way, last = field.split(".")
        held = done
        for name in way:
            held = held[int(name)] if isinstance(held, list) else held[name]
        held[last] = new
    return dict(done)


def _copied(part: Any) -> Any:
    if isinstance(part, dict):
        return {name: _copied(value) for name, value in part.items()}
    return [_copied(value) for value in part] if isinstance(part, list | tuple) else part
