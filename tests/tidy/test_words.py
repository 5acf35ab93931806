"""Names say what a thing is; words that fit everything are not used."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tests.tidy.sources import PACKAGES, files, imported, is_within, listed, name_of, tree_of, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UNUSED_WORDS = {
    *("manager", "managers", "service", "services", "util", "utils", "utility", "utilities"),
    *("helper", "helpers", "data", "info", "infos", "transaction", "transactions"),
}
HTTP_MODULES = ("http", "urllib.request", "requests", "httpx", "aiohttp")

# set phrase -> what it means, and why no other word will do
TERMS = {
    "data key": "the key contents are encrypted with; every text on wrapped keys calls it so",
    "service operator": "the operator of an account that no person logs in with",
    "service password": "the password of an account that no person logs in with",
    "service account": "an account that no person logs in with; the inspectors' term",
}
# (file, name) -> whose word it is
OTHERS_WORDS = {
    ("hatch_build.py", "build_data"): "a parameter hatchling passes by this name",
    ("downtime/practice_set/services.py", "services"): "medical services, a kind of item on a price list",
}


def _names_defined(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr


def _breaks(identifier: str, words: set[str]) -> bool:
    text = " ".join(words_of(identifier))
    for term in TERMS:
        text = text.replace(term, "")
    return bool(words & set(text.split()))


def _uses(path: Path, words: set[str]) -> list[str]:
    name = name_of(path)
    stems = [part.partition(".")[0] for part in name.split("/")]
    found = [
        f"{name}: file name" for stem in stems if _breaks(stem, words) and (name, stem) not in OTHERS_WORDS
    ]
    for line, identifier in _names_defined(tree_of(path)):
        if _breaks(identifier, words) and (name, identifier) not in OTHERS_WORDS:
            found.append(f"{name}:{line}: {identifier}")
    return found


def test_no_name_is_made_of_words_that_fit_everything() -> None:
    """Files, functions, classes, parameters and variables avoid the words we do not use."""
    found = [use for path in files() for use in _uses(path, UNUSED_WORDS)]
    assert not found, listed(found)


def test_post_is_left_to_the_accountants() -> None:
    """Where HTTP is spoken, sending is not called posting."""
    speakers = [
        path
        for path in files(*PACKAGES)
        if any(is_within(module, http) for _, module in imported(tree_of(path)) for http in HTTP_MODULES)
    ]
    found = [use for path in speakers for use in _uses(path, {"post"})]
    assert not found, listed(found)


def test_exceptions_still_stand() -> None:
    """An allowed name that is gone leaves the table."""
    standing = {
        (name_of(path), identifier) for path in files() for _, identifier in _names_defined(tree_of(path))
    }
    standing |= {(name_of(path), path.stem) for path in files()}
    assert set(OTHERS_WORDS) <= standing
