"""A receipt as rows of text, before any printer: what is said, not where it stands.

Every foreign text passes ``visible`` here, once; printers draw rows literally and parse nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from downtime.clean import visible
from downtime.i18n import in_language
from forms.money import EXPONENTS, SYMBOLS, format_amount

if TYPE_CHECKING:
    from downtime.i18n import Language

TEXT_CHARACTERS_MAX = 300
"""Longer foreign text is cut on paper, and the paper says by how much; the entry keeps it whole."""

Style = Literal["name", "title", "body", "small", "strong"]
Align = Literal["left", "centre"]
Weight = Literal["small", "body", "strong", "loud"]
"""How much a value asks to be seen; loud are the figures everybody looks for."""


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    text: str
    style: Style = "body"
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Pair:
    """A label at the left and its value at the right."""

    label: str
    value: str
    weight: Weight = "body"


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the bill: name over the full width, then detail, price, quantity and amount in columns."""

    name: str
    detail: str
    price: str
    quantity: str
    amount: str


@dataclass(frozen=True, slots=True)
class Banner:
    """White on black over the full width: nobody may miss it."""

    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A label and room to sign by hand."""

    label: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """A place for the emergency stamp, and which stamp belongs there."""

    label: str


@dataclass(frozen=True, slots=True)
class Codes:
    """QR codes, one below the other, and the words under them."""

    texts: tuple[str, ...]
    caption: str


Row = Words | Pair | Item | Banner | Rule | Sign | Stamp | Codes


@dataclass(frozen=True, slots=True)
class Receipt:
    """One copy of one receipt.

    Attributes:
        number: receipt number, or the entry id where a form has none.
        language: language of the paper.
        copy: 1 for the first, higher on reprints.
        across: words printed pale across the whole paper, or "".
        rows: from top to bottom.
        beside: places in ``rows`` of what stands beside the code on wide paper; None for all after the last rule.
        parts: names the site gives the parts of this very paper, or none.
    """

    number: str
    language: Language
    copy: int
    across: str
    rows: tuple[Row, ...]
    beside: frozenset[int] | None = None
    parts: tuple[str, ...] = ()


class Paper:
    """Collects rows in one language and one currency, block by block.

    Attributes:
        blocks: the rows of each block by its name; see ``downtime.paper_template.BLOCKS``.
    """

    def __init__(self, language: Language, currency: str) -> None:
        self.language: Language = language
        self.currency = currency
        self.blocks: dict[str, list[Row]] = {"": []}
        self._block = ""

    def begin(self, block: str) -> None:
        """Let the rows that follow belong to ``block``, after those it has."""
        self.blocks.setdefault(block, [])
        self._block = block

    @property
    def rows(self) -> list[Row]:
        """The rows of the block that was begun last."""
        return self.blocks[self._block]

    def say(self, message: str, **fields: str | int) -> str:
        """Return ``message`` (a msgid) in the paper's language, with ``fields`` shown literally."""
        told = in_language(message, self.language)
        return told.format(**{name: shown(str(value)) for name, value in fields.items()}) if fields else told

    def words(self, text: str, style: Style = "body", align: Align = "left") -> None:
        """Add a paragraph of foreign or translated text, if there is any."""
        if text:
            self.rows.append(Words(shown(text), style, align))

    def pair(self, label: str, value: str, weight: Weight = "body") -> None:
        """Add a translated label and a value, unless the value is empty."""
        if value:
            self.rows.append(Pair(shown(self.say(label)), shown(value), weight))

    def banner(self, text: str) -> None:
        """Add words nobody may miss."""
        self.rows.append(Banner(shown(text)))

    def rule(self) -> None:
        """Add a line across, unless there is one already."""
        if self.rows and not isinstance(self.rows[-1], Rule):
            self.rows.append(Rule())

    def figure(self, minor: int) -> str:
        """Return an amount without its currency."""
        return format_amount(minor, self.currency) if self.currency in EXPONENTS else str(minor)

    def money(self, minor: int) -> str:
        """Return an amount with its currency: ¥45.00 in Chinese, CNY 45.00 in English."""
        sign = SYMBOLS.get(self.currency, "") if self.language == "zh" else ""
        return sign + self.figure(minor) if sign else f"{self.currency} {self.figure(minor)}"


def shown(text: str) -> str:
    """Return foreign text as it stands on paper: nothing in it acts, and absurd length is cut with a word."""
    left = len(text) - TEXT_CHARACTERS_MAX
    return visible(text) if left <= 0 else f"{visible(text[:TEXT_CHARACTERS_MAX])}...[+{left}]"
