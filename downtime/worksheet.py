"""One entry as it is typed into the HIS: its fields in the HIS's order, what each is, and which can be scanned.

Pure: made of the entry and the template alone, for the screen of a station and for paper of a station or the hub.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from downtime.clean import visible
from downtime.i18n import in_language
from downtime.worksheet_fields import FIELDS
from downtime.worksheet_telling import CODED, GIVING_BACK, PAYER_WORDS, Telling
from forms import form_named
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from downtime.entry import Entry
    from downtime.i18n import Language
    from downtime.worksheet_template import FormFields, WorksheetTemplate

CODE_CHARACTERS_MAX: Final = 32
"""Longer ones do not fit across a sheet in bars a hand scanner reads."""

BY_HAND_MAX: Final = 3
"""So few figures are taken in at a glance and typed sooner than copied; a code has to be read."""

TOTAL: Final = "total"
"""What a template says of a field in which the HIS proposes the total."""

INSURED = PAYER_WORDS["insured_pending"]
UNPAID = N_("Authorised unpaid")
UNMATCHED = N_("Patient not matched: register or match first")
UNLISTED = N_("With an item no list has")
DRILL = N_("DRILL: of no value")


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of one entry.

    Attributes:
        field: its name in the template, or the path of a fact of a form without a layout.
        title: what it is called, in the language of the sheet.
        value: exactly what the HIS wants; "" where there is nothing to type.
        meaning: what the value means, or why there is none.
        scanned: wanted as a bar code.
        is_word: our own word for something the HIS has a code of; a person chooses it there.
        usual: it stands in the HIS by itself.
        checked: read and compared, never typed.
        line: number of the line or payment it belongs to, from 1; 0 for the entry.
        part: "head", "line", "payment" or "foot".
    """

    field: str
    title: str
    value: str
    meaning: str = ""
    scanned: bool = False
    usual: bool = False
    checked: bool = False
    is_word: bool = False
    line: int = 0
    part: str = "head"

    @property
    def is_odd(self) -> bool:
        """Whether it holds characters that act instead of showing: shown spelled out, never copied or scanned."""
        return visible(self.value) != self.value

    @property
    def is_typed(self) -> bool:
        """Whether there is something to type."""
        return bool(self.value) and not self.checked

    @property
    def is_copied(self) -> bool:
        """Whether copying is quicker than typing: not for a few figures, nor for what stands there already."""
        is_short = self.value.isascii() and len(self.value) <= BY_HAND_MAX
        return self.is_typed and not (self.usual or self.is_odd or self.is_word or is_short)

    @property
    def bars(self) -> str:
        """The text of its bar code, or ""."""
        return self.value if self.scanned and not self.is_word and can_be_bars(self.value) else ""


@dataclass(frozen=True, slots=True)
class WorksheetEntry:
    """One entry on a worksheet.

    Attributes:
        entry: the entry.
        title: what its form is called.
        number: the slip's number, or the entry's id where it has none.
        cells: every field, in the order of the HIS's screen.
        remarks: what to mind, in words.
        amount_minor: its money; negative where it was given back.
        is_laid_out: whether the fields stand in the HIS's own order.
    """

    entry: Entry
    title: str
    number: str
    cells: tuple[Cell, ...]
    remarks: tuple[str, ...]
    amount_minor: int
    is_laid_out: bool

    def typed(self) -> tuple[Cell, ...]:
        """Return what is typed, in order."""
        return tuple(cell for cell in self.cells if cell.is_typed)

    def parts(self) -> Iterator[tuple[str, int, tuple[Cell, ...]]]:
        """Yield (part, number of line or payment, its cells), in order."""
        held: list[Cell] = []
        for cell in self.cells:
            if held and (cell.part, cell.line) != (held[-1].part, held[-1].line):
                yield held[-1].part, held[-1].line, tuple(held)
                held = []
            held.append(cell)
        if held:
            yield held[-1].part, held[-1].line, tuple(held)


def can_be_bars(text: str) -> bool:
    """Return whether Code 128 carries ``text`` so that a scanner types exactly it: printable ASCII, no outer space."""
    return (
        0 < len(text) <= CODE_CHARACTERS_MAX
        and text.isascii()
        and text.isprintable()
        and text == text.strip()
    )


def signed_minor(entry: Entry) -> int:
    """Return the money of an entry as a sum counts it: negative where it was given back."""
    amount = entry.amount_minor or 0
    return -amount if entry.form in GIVING_BACK else amount


def worksheet_entry(
    entry: Entry,
    template: WorksheetTemplate,
    *,
    language: Language,
    currency: str,
    patients: Mapping[str, str],
    bills: Mapping[str, str],
) -> WorksheetEntry:
    """Return ``entry`` as it is typed in.

    Args:
        entry: any entry the HIS must get.
        template: order of fields and the HIS's writing.
        language: of titles and words.
        currency: for entries that carry none of their own.
        patients: HIS numbers by temporary number, as matched.
        bills: what the HIS knows earlier entries by, by entry id; for what builds on them.
    """

    def say(message: str) -> str:
        return in_language(message, language)

    telling = Telling(entry, template, str(entry.content.get("currency") or currency), patients, bills, say)
    fields = template.of(entry.form)
    if template.lays_out(entry.form):
        cells = tuple(_laid_out(telling, fields, template, language))
    else:
        cells = tuple(_every_fact(telling))
    form = form_named(entry.form)
    own = (fields.title_en if language == "en" else fields.title) or fields.title
    return WorksheetEntry(
        entry=entry,
        title=own or (say(form.title) if form else entry.form),
        number=entry.number or entry.id,
        cells=cells,
        remarks=tuple(say(remark) for remark in _remarks(telling)),
        amount_minor=signed_minor(entry),
        is_laid_out=template.lays_out(entry.form),
    )


def _laid_out(
    telling: Telling, fields: FormFields, template: WorksheetTemplate, language: Language
) -> Iterator[Cell]:
    content = telling.entry.content

    def cells(names: Sequence[str], said: Any, part: str, line: int = 0) -> Iterator[Cell]:
        for name in names:
            value, meaning = FIELDS[name].value(telling, said)
            if not value and not meaning:
                continue  # nothing was said: the HIS's field stays empty
            yield Cell(
                field=name,
                title=template.title_of(name, language) or telling.say(FIELDS[name].title),
                value=value,
                meaning=meaning,
                scanned=name in fields.barcodes,
                usual=bool(value) and value == _usual(telling, fields, name),
                checked=name in fields.check,
                is_word=name in CODED and bool(value) and not meaning,
                line=line,
                part=part,
            )

    yield from cells(fields.head, content, "head")
    for n, line in enumerate(content.get("lines") or (), 1):
        yield from cells(fields.lines, {"line": n, **line}, "line", n)
    yield from cells(fields.foot, content, "foot")
    for n, payment in enumerate(content.get("payments") or content.get("refunds") or (), 1):
        yield from cells(fields.payments, payment, "payment", n)


def _usual(telling: Telling, fields: FormFields, name: str) -> str | None:
    """Return what stands in the HIS by itself; a code may be given in our words, and an amount as the total."""
    told = fields.usual.get(name)
    if told is None:
        return None
    if told == TOTAL:
        return telling.amount(telling.entry.content.get("total_minor"))
    return telling.coded(name, told)[0] if told in CODED.get(name, {}) else told


def _every_fact(telling: Telling) -> Iterator[Cell]:
    """Yield everything a form without a layout says, titled as on its screen."""
    titles = _titles_of(telling.entry.form)
    for path, value, line in _walked(telling.entry.content):
        name = path.rpartition(".")[2]
        told = telling.amount(value) if name.endswith("_minor") and isinstance(value, int) else str(value)
        if isinstance(value, bool):
            told = telling.say(N_("yes") if value else N_("no"))
        title = titles.get(name) or name.removesuffix("_minor").replace("_", " ").capitalize()
        yield Cell(path, telling.say(title), told, scanned=True, line=line, part="line" if line else "head")


def _walked(content: Mapping[str, Any], path: str = "", line: int = 0) -> Iterator[tuple[str, Any, int]]:
    for name, value in content.items():
        here = f"{path}.{name}" if path else name
        if isinstance(value, dict):
            yield from _walked(value, here, line)
        elif isinstance(value, list):
            for n, inner in enumerate(value, 1):
                if isinstance(inner, dict):
                    yield from _walked(inner, here, line or n)
                else:
                    yield here, inner, line or n
        elif value not in (None, ""):
            yield here, value, line


def _titles_of(form_name: str) -> dict[str, str]:
    """Return the msgids of a form's fields by name; those of fields there are here come first."""
    known = {name: rule.title for name, rule in FIELDS.items()}
    form = form_named(form_name)
    said = {name: field.title for name, field in form.model_fields.items() if field.title} if form else {}
    return known | _USUAL_TITLES | said


_USUAL_TITLES: Final = {
    "number": N_("Number"),
    "code": N_("Code"),
    "name": N_("Name"),
    "total_minor": N_("Total"),
    "amount_minor": N_("Amount"),
    "unit_price_minor": N_("Unit price"),
    "currency": N_("Currency"),
}


def _remarks(telling: Telling) -> Iterable[str]:
    content = telling.entry.content
    patient = content.get("patient") or {}
    if telling.entry.drill:
        yield DRILL
    is_unmatched = patient.get("temporary") and patient.get("number") not in telling.patients
    if telling.entry.form != "registration" and is_unmatched:
        yield UNMATCHED
    if content.get("payer_kind") == "insured_pending":
        yield INSURED
    if content.get("authorisation"):
        yield UNPAID
    if any(line.get("kind") == "unlisted" for line in content.get("lines") or ()):
        yield UNLISTED
