"""The controls of the self-inspection: a file the hospital edits, ``inspection-controls.toml`` in the home.

The program ships a starting point and copies it there once. From then on the hospital's file alone counts: a
newer starting point never overwrites it, it is only mentioned.
"""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from downtime.errors import RefusedInputError
from downtime.i18n import _
from downtime.inspection_words import QUOTED, UNVERIFIED
from downtime.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from downtime.home import Home
    from downtime.i18n import Language

FILE = "inspection-controls.toml"
SHIPPED = "inspection_controls.toml"
FORMAT = 1
YEARS_TEN_DAYS = 3_660
FILE_BYTES_MAX = 1 << 20

Line = Annotated[str, Field(max_length=200)]
Sentences = Annotated[str, Field(max_length=1_000)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Control(_Strict):
    """One requirement and what is to prove it.

    Attributes:
        id: stable; attached files are named by it.
        block: chapter of the report.
        source, clause, wording: what is asked for and where it is written.
        mark: how well that is known; see ``downtime.inspection_words.MARKS``.
        note: what somebody quoting it should know.
        evidence: which check of this program proves it; or ``attach``: a file in ``inspection/`` does.
        stale_after_days: older evidence is out of date; 0 leaves it to the check.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
    block: Literal["hardware", "network", "database", "software", "emergency", "problems", "rectification"]
    title: Annotated[Line, Field(min_length=1)]
    title_en: Line = ""
    source: Line = ""
    clause: Line = ""
    wording: Sentences = ""
    wording_en: Sentences = ""
    mark: Literal["P", "C", "B", "R", "X"]
    note: Sentences = ""
    note_en: Sentences = ""
    responsible: Line = ""
    evidence: Annotated[str, Field(max_length=40)] = ""
    attach: bool = False
    stale_after_days: Annotated[int, Field(ge=0, le=YEARS_TEN_DAYS)] = 0
    not_applicable_reason: Sentences = ""
    not_applicable_by: Line = ""

    @property
    def is_verified(self) -> bool:
        """Whether the requirement itself is known well enough for evidence to be held against it."""
        if self.mark in UNVERIFIED or not self.wording.strip():
            return False
        return self.mark not in QUOTED or bool(self.clause.strip() and self.source.strip())

    @property
    def is_quoted(self) -> bool:
        """Whether the wording may stand between quotation marks."""
        return self.mark in QUOTED and self.is_verified

    @property
    def is_not_applicable(self) -> bool:
        """Whether somebody said, with a reason and their name, that it does not apply here."""
        return bool(self.not_applicable_reason.strip() and self.not_applicable_by.strip())

    def title_in(self, language: Language) -> str:
        """Return the title in ``language``."""
        return self.title_en if language == "en" and self.title_en else self.title

    def wording_in(self, language: Language) -> str:
        """Return the wording; a quotation stays in its own language."""
        return (
            self.wording_en if language == "en" and self.wording_en and not self.is_quoted else self.wording
        )

    def note_in(self, language: Language) -> str:
        """Return the note in ``language``."""
        return self.note_en if language == "en" and self.note_en else self.note


class Controls(_Strict):
    """The whole file.

    Attributes:
        edition: counts up with every starting point the program ships.
        control: the controls, in the order they are listed.
    """

    format: Literal[1] = 1
    edition: Annotated[int, Field(ge=1)] = 1
    control: Annotated[tuple[Control, ...], Field(strict=False, min_length=1, max_length=400)]


def shipped_text() -> str:
    """Return the starting point as the program ships it."""
    return (files("downtime") / SHIPPED).read_text("utf-8")


def controls_of(home: Home, known: Mapping[str, Any]) -> Controls:
    """Return the hospital's controls; on first use the shipped ones become theirs.

    Args:
        home: the station.
        known: the checks there are, by evidence id.

    Raises:
        RefusedInputError: the file is not as it must be; names file, line and remedy.
    """
    path = home.path / FILE
    if not path.exists():
        write_whole(path, shipped_text().encode())
    return read_controls(path, known)


def newer_edition(controls: Controls) -> int:
    """Return the edition of the shipped starting point if it is newer than the hospital's file, else 0."""
    shipped = int(tomllib.loads(shipped_text())["edition"])
    return shipped if shipped > controls.edition else 0


def read_controls(path: Path, known: Collection[str]) -> Controls:
    """Return the controls in ``path``.

    Raises:
        RefusedInputError: not TOML, an unknown key, a bad value; names file, line and remedy.
    """
    try:
        with path.open("rb") as stored:
            text = stored.read(FILE_BYTES_MAX).decode("utf-8")
        controls = Controls.model_validate(tomllib.loads(text))
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedInputError(
            _("The controls file {file} cannot be read: {reason}.").format(file=path.name, reason=error),
            _("Restore it from a backup, or move it away: the program then puts its starting point there."),
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise RefusedInputError(
            _("The controls file {file} is not valid TOML: {reason}.").format(file=path.name, reason=error),
            _("Mend that line; nothing else has been changed."),
        ) from error
    except ValidationError as error:
        # An unknown key explains a missing one: it is the one to mend.
        found = error.errors(include_url=False, include_input=False)
        first = min(found, key=lambda one: one["type"] != "extra_forbidden")
        raise _refused(path, text, first["loc"], first["msg"]) from error
    _check(path, text, controls, known)
    return controls


def _check(path: Path, text: str, controls: Controls, known: Collection[str]) -> None:
    seen: set[str] = set()
    for n, control in enumerate(controls.control):
        wrong = _wrong(control, known, is_second=control.id in seen)
        if wrong is not None:
            key, reason = wrong
            raise _refused(path, text, ("control", n, key), reason)
        seen.add(control.id)


def _wrong(control: Control, known: Collection[str], *, is_second: bool) -> tuple[str, str] | None:
    """Return the key and the reason of what does not fit together in one control."""
    if is_second:
        return "id", _("{id} stands there twice").format(id=control.id)
    if control.evidence and control.evidence not in known:
        reason = _("no check is called {id}; there are: {known}").format(
            id=control.evidence, known=", ".join(sorted(known))
        )
        return "evidence", reason
    if bool(control.evidence) == control.attach:
        return ("evidence" if control.evidence else "id"), _("give either evidence or attach = true")
    reason, by = control.not_applicable_reason.strip(), control.not_applicable_by.strip()
    if bool(reason) != bool(by):
        key = "not_applicable_reason" if reason else "not_applicable_by"
        return key, _("what is not applicable needs a reason and the name of who says so")
    return None


def _refused(path: Path, text: str, where: tuple[int | str, ...], reason: str) -> RefusedInputError:
    return RefusedInputError(
        _("{file} line {line}: {key}: {reason}.").format(
            file=path.name, line=_line_of(text, where), key=".".join(map(str, where)), reason=reason
        ),
        _("Mend that line; docs/inspection.md lists every key."),
    )


def _line_of(text: str, where: tuple[int | str, ...]) -> int:
    """Return the line where a key stands, or the head of its control, or 1."""
    wanted = where[1] if len(where) > 1 and where[0] == "control" else -1
    key = where[2] if wanted != -1 and len(where) > 2 else where[0] if where else ""  # noqa: PLR2004 (control, n, key)
    control, best = -1, 1
    for number, line in enumerate(text.splitlines(), start=1):
        if re.match(r"\s*\[\[\s*control\s*\]\]", line):
            control += 1
            if control == wanted:
                best = number
        elif control == wanted and re.match(rf"\s*[\"']?{re.escape(str(key))}[\"']?\s*=", line):
            return number
    return best
