"""What a hospital decides about its paper: ``site/paper.toml`` in the station's folder, one file for all forms.

Wording, where the formal invoice is had, the emergency stamp, and for each form its title, the names of its parts,
and which blocks it has in which order. Without the file, and while the file is wrong, papers are as the app ships
them: a fault in it is shown on screen and never stops a receipt.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from downtime.errors import RefusedInputError
from downtime.i18n import _
from downtime.settings_watch import SITE_FOLDER
from downtime.toml_file import read_toml
from forms.catalogue import FORMS

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.i18n import Language

FILE = "paper.toml"
FORMAT = 1

Block = Literal[
    "number", "warning", "people", "lines", "money", "remarks", "operator", "traces",
    "formal", "sign", "stamp", "exchange", "wording", "code",
]  # fmt: skip
BLOCKS: tuple[Block, ...] = get_args(Block)
"""What a paper is made of, below hospital and title, in the order the app ships."""

MAY_BE_LEFT_OUT: frozenset[Block] = frozenset({"remarks", "traces", "sign", "stamp", "exchange"})
"""The others say what the paper is worth, to whom, and how it is checked: no paper goes out without them."""

PARTS_MAX = 3
_Line = Annotated[str, Field(max_length=120)]
_Name = Annotated[str, Field(max_length=40)]
_Paragraphs = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=300)], ...], Field(max_length=6)]
_Parts = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=20)], ...], Field(max_length=PARTS_MAX)
]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PaperWords(_Section):
    """The hospital's words on every paper about money; an empty one leaves what ``station.toml`` or the app says."""

    title: _Name = ""
    title_en: _Name = ""
    wording: _Paragraphs = ()
    wording_en: _Paragraphs = ()
    insured: _Paragraphs = ()
    insured_en: _Paragraphs = ()
    exchange_place: _Line = ""
    exchange_place_en: _Line = ""
    exchange_time: _Line = ""
    exchange_time_en: _Line = ""
    phone: _Line = ""
    stamp: Annotated[str, Field(max_length=20)] = ""
    stamp_en: Annotated[str, Field(max_length=30)] = ""


class FormPaper(_Section):
    """The paper of one form."""

    title: _Name = ""
    title_en: _Name = ""
    wording: _Paragraphs = ()
    wording_en: _Paragraphs = ()
    parts: _Parts = ()
    parts_en: _Parts = ()
    order: tuple[Block, ...] = ()

    @field_validator("order")
    @classmethod
    def _says_what_it_must(cls, order: tuple[Block, ...]) -> tuple[Block, ...]:
        twice = [block for n, block in enumerate(order) if block in order[:n]]
        if twice:
            raise ValueError(f"{', '.join(twice)} stands twice")
        missing = [block for block in BLOCKS if block not in order and block not in MAY_BE_LEFT_OUT]
        if order and missing:
            raise ValueError(f"{', '.join(missing)} may not be left out")
        return order

    @model_validator(mode="after")
    def _same_parts_in_both_languages(self) -> Self:
        if self.parts and self.parts_en and len(self.parts) != len(self.parts_en):
            raise ValueError("parts and parts_en name different numbers of parts")
        return self


class PaperTemplate(_Section):
    """The whole file."""

    format: Literal[1] = 1
    words: PaperWords = PaperWords()
    forms: dict[str, FormPaper] = Field(default_factory=dict)

    @field_validator("forms")
    @classmethod
    def _forms_there_are(cls, forms: dict[str, FormPaper]) -> dict[str, FormPaper]:
        known = paper_forms()
        for name in forms:
            if name not in known:
                raise ValueError(f"no form is called {name}; there are {', '.join(known)}")
        return forms

    def of(self, form: str) -> FormPaper:
        """Return what is decided about the paper of ``form``, or that nothing is."""
        return self.forms.get(form) or FormPaper()


@dataclass(frozen=True, slots=True)
class Found:
    """The template in force.

    Attributes:
        template: what papers are made by.
        fault: what is wrong with the site's file, so that the shipped template is in force; or None.
    """

    template: PaperTemplate
    fault: RefusedInputError | None = None

    @property
    def words(self) -> str:
        """What is wrong, in one sentence, or ""."""
        return self.fault.what if self.fault is not None else ""


def paper_forms() -> tuple[str, ...]:
    """Return the names of the forms that have a paper."""
    return tuple(form.name for form in FORMS if form.numbered)


def said_in(language: Language, words: BaseModel, name: str) -> Any:
    """Return a field of the template in ``language``; where there is no English the Chinese words stand."""
    return (getattr(words, f"{name}_en") if language == "en" else None) or getattr(words, name)


def shipped_text() -> str:
    """Return the file a hospital begins with: every key, and what it means."""
    return files("downtime").joinpath("paper_template.toml").read_text("utf-8")


def template_words(fault: str) -> str:
    """Return what the screen says about a template that is not in force."""
    return _("Paper template: {fault} Printed as the app ships it; tell IT.").format(fault=fault)


def template_path(home: Path) -> Path:
    """Return where the template of a station stands."""
    return home / SITE_FOLDER / FILE


def read_template(path: Path) -> PaperTemplate:
    """Return the template in ``path``.

    Raises:
        RefusedInputError: not TOML, an unknown key, or a paper that leaves out what it must say.
    """
    return read_toml(path, PaperTemplate, "docs/papers.md")


_seen: dict[Path, tuple[tuple[int, int], Found]] = {}


def found_template(home: Path) -> Found:
    """Return the template of the station in ``home``; read again only when the file has changed."""
    path = template_path(home)
    try:
        stat = path.stat()
    except OSError:
        return Found(PaperTemplate())
    state = (stat.st_mtime_ns, stat.st_size)
    before = _seen.get(path)
    if before is not None and before[0] == state:
        return before[1]
    try:
        found = Found(read_template(path))
    except RefusedInputError as fault:
        found = Found(PaperTemplate(), fault)
    _seen[path] = (state, found)
    return found
