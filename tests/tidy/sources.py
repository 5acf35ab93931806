"""The project's own files, as the tidy tests read them."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("forms", "downtime", "sync")
CATALOGUE = ROOT / "downtime" / "locale" / "zh" / "LC_MESSAGES" / "downtime.po"
_NOT_OURS = {"__pycache__", "node_modules", "build", "dist", "practice"}


@cache
def files(*folders: str, suffix: str = ".py") -> tuple[Path, ...]:
    """Return the files below ``folders``, or all of the project's; hidden and built ones are left out."""
    found = [path for folder in folders or (".",) for path in (ROOT / folder).rglob(f"*{suffix}")]
    return tuple(sorted(path for path in found if path.is_file() and not _is_hidden(path)))


def name_of(path: Path) -> str:
    """Return the path as one writes it, from the top of the project."""
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the parsed module."""
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def called(call: ast.Call) -> str:
    """Return the last word of what is called: ``notify`` for ``self.app.notify(...)``."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def calls(tree: ast.AST) -> list[ast.Call]:
    """Return every call in the module."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def imported(tree: ast.AST) -> list[tuple[int, str]]:
    """Return (line, dotted name) of everything imported; ``from a import b`` gives both ``a`` and ``a.b``."""
    found: list[tuple[int, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append((node.lineno, node.module))
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return found


def docstrings(tree: ast.AST) -> set[int]:
    """Return the ids of the nodes that are docstrings or other bare strings: text nobody is shown."""
    bare = (node.value for node in ast.walk(tree) if isinstance(node, ast.Expr))
    return {id(value) for value in bare if isinstance(value, ast.Constant)}


def words_of(identifier: str) -> list[str]:
    """Return the lower-case words of a snake_case or CamelCase name."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", identifier)]


def is_within(module: str, package: str) -> bool:
    """Return whether ``module`` is ``package`` or lies in it."""
    return module == package or module.startswith(f"{package}.")


def listed(problems: list[str]) -> str:
    """Return the problems one a line, for an assertion that says all there is to mend at once."""
    return "\n" + "\n".join(problems)


def _is_hidden(path: Path) -> bool:
    parts = path.relative_to(ROOT).parts
    return any(part in _NOT_OURS or (part.startswith(".") and part != ".ci") for part in parts)
