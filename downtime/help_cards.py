"""Help cards: what a screen is for, in Markdown files that the site may put its own in place of.

A card stands in ``help/<language>/<place>.md``, for one role in ``<place>.<role>.md``; in the station's home first,
in the app otherwise. Of Markdown it takes a title, paragraphs, lists and bold; everything else is text as it stands
there: no address is followed, no picture fetched, no code run. ``{settle}`` stands for the key of that act, as it is
in force here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

BYTES_MAX = 16 * 1024
_SHIPPED = Path(__file__).parent / "help"
_NAME = re.compile(r"[a-z_]{1,40}")
_ITEM = re.compile(r"^\s{0,3}(?:[-*+]|(\d{1,2})[.)])\s+(.*)$")
_PARTS = re.compile(r"\*\*(?P<bold>.+?)\*\*|\{(?P<act>[a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of a line.

    Attributes:
        text: what it says; the key itself where it stands for one.
        kind: "", "bold" or "key".
    """

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or one line of a list.

    Attributes:
        parts: what it says.
        mark: what stands before it in a list: "-" or "1"; "" for a paragraph.
    """

    parts: tuple[Said, ...]
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One card as it is shown.

    Attributes:
        title: its first heading, or "".
        blocks: the rest, in order.
    """

    title: str
    blocks: tuple[Block, ...]


def card_of(
    home: Path, language: str, place: str, roles: Sequence[str], keys: Mapping[str, str]
) -> Card | None:
    """Return the card of a place for somebody with ``roles``, or None if nobody has written one.

    Args:
        home: folder of the station, whose ``help`` comes first.
        language: "zh" or "en".
        place: name of the place, as on the home screen's list, or "home", "login", "settle".
        roles: of whoever asks; the first one with a card of its own counts.
        keys: the key of each act, as it is written on the keyboard.
    """
    text = _text_of(home, language, place, roles)
    return None if text is None else read_card(text, keys)


def _text_of(home: Path, language: str, place: str, roles: Sequence[str]) -> str | None:
    if not all(map(_NAME.fullmatch, (language, place, *roles))):
        return None
    names = [*(f"{place}.{role}.md" for role in roles), f"{place}.md"]
    for folder in (home / "help", _SHIPPED):
        for name in names:
            text = _read(folder / language / name)
            if text is not None:
                return text
    return None


def _read(path: Path) -> str | None:
    """Return the text of a file; None if there is none, it is empty, or it is no text."""
    try:
        with path.open("rb") as stored:
            text = stored.read(BYTES_MAX).decode("utf-8-sig", "ignore").strip()
    except OSError:
        return None
    return text or None


def read_card(text: str, keys: Mapping[str, str]) -> Card:
    """Return Markdown ``text`` as a card."""
    title = ""
    blocks: list[Block] = []
    for mark, said in _paragraphs(text):
        if mark == "#":
            if not title and not blocks:
                title = said
                continue
            blocks.append(Block((Said(said, "bold"),)))
        else:
            blocks.append(Block(tuple(_parts(said, keys)), mark))
    return Card(title, tuple(blocks))


def _paragraphs(text: str) -> Iterator[tuple[str, str]]:
    """Yield (mark, text): lines of one paragraph or one list item joined, as Markdown joins them."""
    mark, held = "", ""
    for row in [*text.splitlines(), ""]:
        stripped = row.strip()
        item = _ITEM.match(row)
        starts = not stripped or item is not None or stripped.startswith("#")
        if starts and held:
            yield mark, held
            mark, held = "", ""
        if item is not None:
            mark, held = item.group(1) or "-", item.group(2).strip()
        elif stripped.startswith("#"):
            yield "#", stripped.lstrip("#").strip()
        elif stripped:
            held = _joined(held, stripped)


def _joined(held: str, more: str) -> str:
    """Join two lines: with a space between words, with none between Chinese signs."""
    if not held:
        return more
    return f"{held} {more}" if held[-1].isascii() and more[0].isascii() else held + more


def _parts(text: str, keys: Mapping[str, str]) -> Iterator[Said]:
    at = 0
    for found in _PARTS.finditer(text):
        act = found.group("act")
        if act is not None and act not in keys:
            continue  # it stays as it was written
        if found.start() > at:
            yield Said(text[at : found.start()])
        if act is not None:
            yield Said(keys[act], "key")
        else:
            yield Said("".join(part.text for part in _parts(found.group("bold"), keys)), "bold")
        at = found.end()
    if at < len(text):
        yield Said(text[at:])
