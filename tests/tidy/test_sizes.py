"""No file grows into the one everything hangs on."""

from __future__ import annotations

import ast

from tests.tidy.sources import files, listed, name_of, tree_of

FILE_LINES_MAX = 300
FUNCTION_LINES_MAX = 70

# name -> why it may be longer
LONG_FILES: dict[str, str] = {
    "downtime/os_calls.py": "every call that differs between systems in one place, each with both branches",
}
LONG_FUNCTIONS: dict[str, str] = {}


def _long_files() -> dict[str, int]:
    sizes = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in files()}
    return {name: lines for name, lines in sizes.items() if lines > FILE_LINES_MAX}


def _long_functions() -> dict[str, int]:
    found = {}
    for path in files():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES_MAX:
                    found[f"{name_of(path)}:{node.name}"] = lines
    return found


def test_no_file_is_longer_than_one_can_read() -> None:
    """A file has at most 300 lines, or a reason stands in the table."""
    long = [f"{name}: {lines} lines" for name, lines in _long_files().items() if name not in LONG_FILES]
    assert not long, listed(long)


def test_no_function_is_longer_than_a_screen() -> None:
    """A function has at most 70 lines, or a reason stands in the table."""
    long = [
        f"{name}: {lines} lines" for name, lines in _long_functions().items() if name not in LONG_FUNCTIONS
    ]
    assert not long, listed(long)


def test_exceptions_are_still_needed_and_have_a_reason() -> None:
    """What became short again leaves the table."""
    assert set(LONG_FILES) <= set(_long_files())
    assert set(LONG_FUNCTIONS) <= set(_long_functions())
    assert all(reason.strip() for reason in (LONG_FILES | LONG_FUNCTIONS).values())
