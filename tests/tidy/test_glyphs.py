"""No text of ours uses a character that a Chinese console may draw one or two cells wide."""

from __future__ import annotations

import ast
import unicodedata
from typing import TYPE_CHECKING

from tests.tidy.messages import catalogue
from tests.tidy.sources import ROOT, docstrings, files, listed, name_of, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDERS = ("downtime/screens", "forms")

# (file, character) -> why it may stand there
ANY = ""
ALLOWED: dict[tuple[str, str], str] = {
    ("downtime/screens/text.py", ANY): "the table that turns such characters into others; never shown",
    (
        "forms/typed.py",
        "\N{EM DASH}",
    ): "what an input method types for a hyphen; it is turned into one, never shown",
}


def _ambiguous(text: str) -> str:
    found = {sign for sign in text if unicodedata.east_asian_width(sign) == "A"}
    return " ".join(f"{sign} (U+{ord(sign):04X} {unicodedata.name(sign, '?')})" for sign in sorted(found))


def _shown_literals(path: Path) -> Iterator[tuple[int, str]]:
    silent = docstrings(tree_of(path))
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            name = name_of(path)
            kept = "".join(
                sign for sign in node.value if (name, sign) not in ALLOWED and (name, ANY) not in ALLOWED
            )
            yield node.lineno, kept


def test_messages_and_translations_have_one_width() -> None:
    """What the catalogue shows, in both languages, measures the same on every console."""
    found = [
        f"{text}: {_ambiguous(text)}"
        for message in catalogue()
        if message.id
        for text in (str(message.id), str(message.string))
        if _ambiguous(text)
    ]
    assert not found, listed(found)


def test_screens_and_forms_have_one_width() -> None:
    """Literals drawn without the catalogue measure the same on every console."""
    paths = [*files(*FOLDERS), *(path for path in [ROOT / "downtime" / "app.py"] if path.exists())]
    found = [
        f"{name_of(path)}:{line}: {_ambiguous(text)}"
        for path in paths
        for line, text in _shown_literals(path)
        if _ambiguous(text)
    ]
    assert not found, listed(found)


def test_style_sheets_have_one_width() -> None:
    """Style sheets can draw too: their content and hatch characters are looked at as well."""
    found = [
        f"{name_of(path)}:{number}: {_ambiguous(line)}"
        for path in files("downtime", suffix=".tcss")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if _ambiguous(line)
    ]
    assert not found, listed(found)


def test_exceptions_have_a_reason() -> None:
    """Each allowed character says why."""
    assert all(reason.strip() for reason in ALLOWED.values())
