"""The draft of a self-inspection report, in the chapters such reports have; the hospital finishes it.

It is put together here as headings, paragraphs and tables, and written as Word or Markdown elsewhere. Where this
program knows nothing, it says 「待医院填写」 instead of guessing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from downtime import __version__
from downtime.i18n import in_language
from downtime.inspection_text import (
    NO_VERDICT,
    blank,
    clause_words,
    place_words,
    responsible_words,
    state_words,
    wording_words,
)
from downtime.inspection_words import BLOCKS, MARKS, MISSING, OUT_OF_DATE, SHAPES, STATES, minute
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from downtime.i18n import Language
    from downtime.inspection import Checked, Inspection

    Words = Callable[[str], str]

NUMERALS: Final = "一二三四五六七八九十"
FACTS_MAX: Final = 12
"""Facts printed per control; the page on screen and ``--json`` have all of them."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 0 is the title of the whole."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Some sentences."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a head.

    Attributes:
        widths: of the columns, in parts of their sum.
    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]


Part = Heading | Paragraph | Table


def report_parts(inspection: Inspection, language: Language) -> list[Part]:
    """Return the whole draft in ``language``."""
    words = partial(in_language, language=language)
    chapters = _Chapters(language)
    return [
        Heading(words(N_("Draft report of the self-inspection")), 0),
        Paragraph(place_words(inspection, language)),
        *_basics(inspection, language, chapters, words),
        *_blocks(inspection, language, chapters, words),
        *_problems(inspection, language, chapters, words),
        *_measures(inspection, language, chapters, words),
        *_signatures(chapters, words),
    ]


class _Chapters:
    """Numbers the chapters: 一、 in Chinese, 1 in English."""

    def __init__(self, language: Language) -> None:
        self._language, self._count = language, 0

    def next(self, title: str) -> Heading:
        """Return the next chapter's heading."""
        self._count += 1
        numbered = (
            f"{NUMERALS[self._count - 1]}、{title}" if self._language == "zh" else f"{self._count}  {title}"
        )
        return Heading(numbered, 1)


def _basics(inspection: Inspection, language: Language, chapters: _Chapters, words: Words) -> Iterator[Part]:
    empty = blank(language)
    yield chapters.next(words(N_("General")))
    rows = (
        (words(N_("Hospital")), place_words(inspection, language)),
        (
            words(N_("Object of the inspection")),
            words(N_("Downtime station: charges, receipts and dispensing without the HIS")),
        ),
        (words(N_("Level of protection")), empty),
        (words(N_("Made")), minute(inspection.made_at)),
        (words(N_("Made by")), inspection.by),
        (words(N_("Program")), f"hospital-downtime {__version__}"),
        (words(N_("Period")), empty),
        (words(N_("Participants")), empty),
    )
    yield Table((words(N_("Item")), words(N_("Content"))), rows, (1, 3))
    yield Paragraph(words(NO_VERDICT))
    yield Paragraph(
        words(
            N_(
                "Evidence: it is there now and not too old. Out of date: it is there and too old. Missing: there "
                "is none, or the requirement itself is still to be filled in. Not applicable: a named person gave "
                "a reason."
            )
        )
    )
    for note in inspection.notes:
        yield Paragraph(note.words(language))
    head = (words(N_("Chapter")), *(state_words(state, language) for state in STATES), words(N_("Total")))
    counted = [
        (words(title), *_figures(inspection, block), str(inspection.total(block)))
        for block, title in BLOCKS.items()
    ]
    counted.append((words(N_("Total")), *_figures(inspection, ""), str(inspection.total())))
    yield Table(head, tuple(counted), (3, 2, 2, 2, 2, 2))
    for mark, meaning in MARKS.items():
        yield Paragraph(f"[{mark}] {words(meaning)}")


def _figures(inspection: Inspection, block: str) -> tuple[str, ...]:
    counts = inspection.counts(block)
    return tuple(str(counts[state]) for state in STATES)


def _blocks(inspection: Inspection, language: Language, chapters: _Chapters, words: Words) -> Iterator[Part]:
    for block in ("hardware", "network", "database", "software", "emergency"):
        yield chapters.next(words(BLOCKS[block]))
        yield from _controls(inspection.of(block), language, words)


def _controls(checked: list[Checked], language: Language, words: Words) -> Iterator[Part]:
    if not checked:
        yield Paragraph(words(N_("The controls file has no control in this chapter.")))
        return
    rows = tuple(
        (
            f"{SHAPES[one.state]} {state_words(one.state, language)}",
            "\n".join(_requirement(one, language)),
            one.line.words(language),
            responsible_words(one, language),
        )
        for one in checked
    )  # fmt: skip
    head = (
        words(N_("State")),
        words(N_("Requirement")),
        words(N_("Evidence of this station")),
        words(N_("Responsible")),
    )
    yield Table(head, rows, (2, 5, 5, 2))
    for one in checked:
        yield from _facts(one, language, words)


def _requirement(one: Checked, language: Language) -> list[str]:
    control = one.control
    asked = [wording_words(control, language)] if control.is_verified else []
    return [control.title_in(language), clause_words(control, language), *asked]


def _facts(one: Checked, language: Language, words: Words) -> Iterator[Part]:
    note = one.control.note_in(language)
    if not one.facts and not note:
        return
    yield Heading(f"{one.control.title_in(language)} ({one.control.id})", 2)
    if note:
        yield Paragraph(words(N_("Note: {note}")).format(note=note))
    if not one.facts:
        return
    shown = one.facts[:FACTS_MAX]
    rows = tuple(
        (words(fact.label), fact.told.words(language), fact.source.words(language)) for fact in shown
    )
    yield Table((words(N_("About")), words(N_("Found")), words(N_("Source"))), rows, (2, 6, 3))
    if len(one.facts) > len(shown):
        yield Paragraph(
            words(N_("{count} more facts stand on the screen.")).format(count=len(one.facts) - len(shown))
        )


def _problems(
    inspection: Inspection, language: Language, chapters: _Chapters, words: Words
) -> Iterator[Part]:
    yield chapters.next(words(N_("Problems found")))
    found = _open(inspection)
    said = words(N_("{missing} controls are without evidence, {old} have evidence that is out of date."))
    counts = inspection.counts()
    yield Paragraph(said.format(missing=counts[MISSING], old=counts[OUT_OF_DATE]))
    rows = tuple(
        (str(n), f"{SHAPES[one.state]} {state_words(one.state, language)}", words(BLOCKS[one.control.block]),
         one.control.title_in(language), one.line.words(language))
        for n, one in enumerate(found, start=1)
    )  # fmt: skip
    if rows:
        head = (
            words(N_("No.")),
            words(N_("State")),
            words(N_("Chapter")),
            words(N_("Control")),
            words(N_("Finding")),
        )
        yield Table(head, rows, (1, 2, 2, 4, 6))
    yield from _controls(inspection.of("problems"), language, words)
    yield Paragraph(words(N_("Other problems: {blank}")).format(blank=blank(language)))


def _open(inspection: Inspection) -> list[Checked]:
    return [one for one in inspection.urgent_first() if one.state in {MISSING, OUT_OF_DATE}]


def _measures(
    inspection: Inspection, language: Language, chapters: _Chapters, words: Words
) -> Iterator[Part]:
    yield chapters.next(words(N_("Rectification plan")))
    yield from _controls(inspection.of("rectification"), language, words)
    empty = blank(language)
    rows = tuple(
        (str(n), one.control.title_in(language), empty, responsible_words(one, language), empty, empty, empty)
        for n, one in enumerate(_open(inspection), start=1)
    )
    head = (
        words(N_("No.")),
        words(N_("Problem")),
        words(N_("Measure")),
        words(N_("Responsible")),
        words(N_("Until")),
        words(N_("Checked by, somebody else")),
        words(N_("Result")),
    )
    yield Table(head, rows, (1, 4, 4, 3, 2, 3, 2))


def _signatures(chapters: _Chapters, words: Words) -> Iterator[Part]:
    yield chapters.next(words(N_("Signatures")))
    people = (N_("Inspected by"), N_("Head of IT"), N_("Head of the hospital"))
    rows = tuple((words(who), "", "") for who in people)
    yield Table((words(N_("Who")), words(N_("Signature")), words(N_("Date"))), rows, (2, 4, 2))
