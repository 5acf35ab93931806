"""``statements.toml``: how each bank, POS or mobile pay writes its statements, declared by the site, never guessed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from downtime.errors import RefusedInputError
from downtime.i18n import _
from downtime.statement_csv import ENCODINGS, StatementLayout
from downtime.toml_file import read_toml

if TYPE_CHECKING:
    from downtime.home import Home

FILE = "statements.toml"
FOLDER = "statements"
"""Folder of the station's home where the screen looks for statements."""

Encoding = Literal["utf-8-sig", "gb18030", "utf-16"]
_Column = Annotated[str, Field(max_length=80)]
_Needed = Annotated[str, Field(min_length=1, max_length=80)]


class StatementSource(BaseModel):
    """One source of statements.

    Attributes:
        methods: which payments it lists.
        window_minutes: how far its clock and ours may be apart.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: _Needed
    methods: Annotated[tuple[Literal["card", "mobile"], ...], Field(min_length=1)]
    encoding: Encoding = "utf-8-sig"
    header: _Needed
    at: _Needed
    amount: _Needed
    reference: _Needed
    day: _Column = ""
    kind: _Column = ""
    refund_words: tuple[str, ...] = ("退款", "撤销", "refund", "void")
    time_format: _Needed = "%Y-%m-%d %H:%M:%S"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    window_minutes: Annotated[int, Field(ge=1, le=720)] = 30

    @property
    def window(self) -> timedelta:
        """Return how far the two clocks may be apart."""
        return timedelta(minutes=self.window_minutes)

    def layout(self) -> StatementLayout:
        """Return how the file is read."""
        return StatementLayout(**self.model_dump(exclude={"methods", "window_minutes"}))


class StatementsFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1] = 1
    statement: dict[str, StatementSource] = Field(default_factory=dict)


def statement_sources(home: Home) -> dict[str, StatementSource]:
    """Return the sources this site has declared, by name.

    Raises:
        RefusedInputError: no such file, or something in it is wrong.
    """
    path = home.path / FILE
    if not path.is_file():
        raise RefusedInputError(
            _("This station does not know how statements are written: {file} is missing.").format(file=FILE),
            _("IT writes it once; docs/statements.md has examples."),
        )
    return read_toml(path, StatementsFile, "docs/statements.md").statement


def chosen_source(
    sources: dict[str, StatementSource], *, name: str = "", method: str = "", encoding: str = ""
) -> StatementSource:
    """Return the source that was asked for: by its name, or the only one that lists a method.

    Args:
        sources: from ``statement_sources``.
        name: of a source, or "".
        method: card or mobile, or "".
        encoding: read the file so instead of as declared, or "".

    Raises:
        RefusedInputError: there is none, or more than one.
    """
    fitting = {
        known: source
        for known, source in sources.items()
        if (not name or known == name) and (not method or method in source.methods)
    }
    if len(fitting) != 1:
        raise RefusedInputError(
            _("{count} of the declared statements fit: {names}.").format(
                count=len(fitting), names=", ".join(fitting or sources) or "-"
            ),
            _("Name one of them; {file} declares them.").format(file=FILE),
        )
    source = next(iter(fitting.values()))
    if not encoding:
        return source
    assert encoding in ENCODINGS, encoding
    return source.model_copy(update={"encoding": encoding})
