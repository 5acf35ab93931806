"""What the source asks the catalogue for."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from string import Formatter
from typing import TYPE_CHECKING

from babel.messages.pofile import read_po

from tests.tidy.sources import CATALOGUE, PACKAGES, called, calls, files, name_of, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from babel.messages.catalog import Catalog

MARKERS = {"_", "N_", "in_language"}
_OPEN_ARGUMENTS = (ast.Name, ast.Attribute, ast.Subscript, ast.IfExp, ast.BoolOp)


@dataclass(frozen=True)
class Marked:
    """One marked message in the source.

    Attributes:
        place: file and line.
        message: the msgid, or None where it is not a literal.
        fault: why the catalogue could never hold it, or empty.
    """

    place: str
    message: str | None
    fault: str = ""


def marked_messages() -> list[Marked]:
    """Return every message the three packages mark for translation."""
    return [marked for path in files(*PACKAGES) for marked in messages_in(name_of(path), tree_of(path))]


def messages_in(name: str, tree: ast.AST) -> Iterator[Marked]:
    """Yield the marked messages of one module."""
    for call in calls(tree):
        if called(call) not in MARKERS or not call.args:
            continue
        place, argument = f"{name}:{call.lineno}", call.args[0]
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            yield Marked(place, argument.value, _fault_of(argument.value))
        elif isinstance(argument, ast.JoinedStr):
            yield Marked(place, None, "an f-string: put the values in after translating")
        elif called(call) == "N_" or not _stands_for_a_marked_message(argument):
            yield Marked(place, None, f"not a literal: {ast.unparse(argument)}")


def _stands_for_a_marked_message(argument: ast.expr) -> bool:
    """A name or a plain call may stand for a message that N_ marked elsewhere; put-together text may not."""
    if isinstance(argument, ast.Call):
        return not (isinstance(argument.func, ast.Attribute) and argument.func.attr in {"format", "join"})
    return isinstance(argument, _OPEN_ARGUMENTS)


def _fault_of(message: str) -> str:
    try:
        places = placeholders(message)
    except ValueError as error:
        return f"broken braces ({error})"
    return "a place without a name" if "" in places or any(place.isdigit() for place in places) else ""


def placeholders(message: str) -> set[str]:
    """Return the names between braces.

    Raises:
        ValueError: the braces do not pair.
    """
    return {name for _, name, _, _ in Formatter().parse(message) if name is not None}


def catalogue(path: Path = CATALOGUE) -> Catalog:
    """Return the committed Chinese catalogue."""
    with path.open("rb") as source:
        return read_po(source, locale="zh")
