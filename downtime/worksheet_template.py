"""In which order a HIS asks for what: ``site/worksheet.toml``, for the worksheet on paper and the retype desk.

Without the file the one that ships is in force. A wrong one is said with file, line and remedy: no worksheet is
printed by it, and the screen goes on with the shipped one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from downtime.errors import RefusedInputError
from downtime.i18n import _
from downtime.settings_watch import SITE_FOLDER
from downtime.toml_file import read_toml
from downtime.worksheet_fields import FIELDS, fields_of
from downtime.worksheet_telling import CODED
from forms.catalogue import FORMS

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.i18n import Language

FILE = "worksheet.toml"
PAGE = "docs/retype.md"
_Names = Annotated[tuple[str, ...], Field(max_length=40)]
_HisText = Annotated[str, Field(min_length=1, max_length=40)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Writes(_Section):
    """How the HIS writes values; each is an example."""

    amount: Literal["12.50", "12.5", "1250"] = "12.50"
    day: Literal["2026-01-05", "2026/01/05", "20260105"] = "2026-01-05"
    clock: Literal["14:03", "14:03:00", "1403", "140300"] = "14:03"


class FormFields(_Section):
    """What the HIS's screen for one form asks for, in its order.

    Attributes:
        head, lines, foot, payments: fields of the entry, of each line, of the entry below them, of each payment.
        check: fields shown to be compared and never typed.
        barcodes: fields printed as bar codes wherever the value can be one.
        usual: what stands in the HIS by itself, by field.
        negative: what is taken back is written with a minus.
    """

    title: Annotated[str, Field(max_length=40)] = ""
    title_en: Annotated[str, Field(max_length=40)] = ""
    head: _Names = ()
    lines: _Names = ()
    foot: _Names = ()
    payments: _Names = ()
    check: _Names = ()
    barcodes: _Names = ()
    usual: dict[str, Annotated[str, Field(min_length=1, max_length=40)]] = Field(default_factory=dict)
    negative: bool = False

    @field_validator("head", "foot")
    @classmethod
    def _of_the_entry(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return _known(names, fields_of("entry"))

    @field_validator("lines")
    @classmethod
    def _of_a_line(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return _known(names, fields_of("line"))

    @field_validator("payments")
    @classmethod
    def _of_a_payment(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return _known(names, fields_of("payment"))

    @model_validator(mode="after")
    def _speaks_of_its_own_fields(self) -> Self:
        own = (*self.head, *self.lines, *self.foot, *self.payments)
        twice = [name for n, name in enumerate(own) if name in own[:n]]
        if twice:
            raise ValueError(f"{', '.join(twice)} stands twice")
        for key in ("check", "barcodes", "usual"):
            strange = [name for name in getattr(self, key) if name not in own]
            if strange:
                raise ValueError(f"{key} names {', '.join(strange)}, which this form does not list")
        if not own:
            raise ValueError("lists no field; leave the section out for all of them")
        return self


class WorksheetTemplate(_Section):
    """The whole file."""

    format: Literal[1] = 1
    writes: Writes = Writes()
    codes: dict[str, dict[str, _HisText]] = Field(default_factory=dict)
    titles: dict[str, _HisText] = Field(default_factory=dict)
    titles_en: dict[str, _HisText] = Field(default_factory=dict)
    forms: dict[str, FormFields] = Field(default_factory=dict)

    @field_validator("codes")
    @classmethod
    def _codes_of_values_there_are(cls, codes: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        _known(tuple(codes), tuple(CODED))
        for field, values in codes.items():
            _known(tuple(values), tuple(CODED[field]))
        return codes

    @field_validator("titles", "titles_en")
    @classmethod
    def _titles_of_fields_there_are(cls, titles: dict[str, str]) -> dict[str, str]:
        _known(tuple(titles), tuple(FIELDS))
        return titles

    @field_validator("forms")
    @classmethod
    def _forms_there_are(cls, forms: dict[str, FormFields]) -> dict[str, FormFields]:
        _known(tuple(forms), retyped_forms())
        return forms

    def lays_out(self, form: str) -> bool:
        """Whether the fields of ``form`` are in the HIS's order; else every fact is listed."""
        return form in self.forms

    def of(self, form: str) -> FormFields:
        """Return the fields of ``form``, or none."""
        return self.forms.get(form) or _NONE

    def title_of(self, field: str, language: Language) -> str:
        """Return the site's own name of a field, or ""."""
        own = (self.titles_en if language == "en" else self.titles).get(field)
        return own or self.titles.get(field) or ""


_NONE = FormFields.model_construct()


@dataclass(frozen=True, slots=True)
class FoundTemplate:
    """The template in force.

    Attributes:
        template: what fields are ordered by.
        fault: what is wrong with the site's file, so that the shipped one is in force; or None.
    """

    template: WorksheetTemplate
    fault: RefusedInputError | None = None


def _known(names: tuple[str, ...], there_are: tuple[str, ...]) -> tuple[str, ...]:
    strange = [name for name in names if name not in there_are]
    if strange:
        raise ValueError(f"{', '.join(strange)}: no such name here; there are {', '.join(there_are)}")
    return names


def retyped_forms() -> tuple[str, ...]:
    """Return the names of the forms the HIS must get."""
    return tuple(form.name for form in FORMS if form.deliverable)


def shipped_text() -> str:
    """Return the file a hospital begins with."""
    return files("downtime").joinpath("worksheet_template.toml").read_text("utf-8")


@cache
def shipped_template() -> WorksheetTemplate:
    """Return what is in force without a file of the site."""
    import tomllib

    return WorksheetTemplate.model_validate(tomllib.loads(shipped_text()))


def template_path(home: Path) -> Path:
    """Return where the template of a station, or of a hub, stands."""
    return home / SITE_FOLDER / FILE


def read_template(path: Path) -> WorksheetTemplate:
    """Return the template in ``path``; a form it does not name keeps the shipped order.

    Raises:
        RefusedInputError: not TOML, an unknown key, or a field that does not exist.
    """
    own = read_toml(path, WorksheetTemplate, PAGE)
    return own.model_copy(update={"forms": {**shipped_template().forms, **own.forms}})


def found_template(home: Path) -> FoundTemplate:
    """Return the template of the station in ``home``, or the shipped one and what is wrong with the site's."""
    path = template_path(home)
    if not path.is_file():
        return FoundTemplate(shipped_template())
    try:
        return FoundTemplate(read_template(path))
    except RefusedInputError as fault:
        return FoundTemplate(shipped_template(), fault)


def fault_words(fault: RefusedInputError) -> str:
    """Return what the screen says about a template that is not in force."""
    return _("Worksheet template: {fault} Shown in the app's own order; tell IT.").format(fault=fault.what)
