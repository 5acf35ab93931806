"""On the screen, foreign text is only text: nothing parses a name as markup.

Textual reads ``[red]`` in a plain string as markup in many places. So a widget that shows text says
``markup=False``, and where there is no such argument the text comes from ``downtime.screens.text``, which
makes objects that are not parsed.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from tests.tidy.sources import ROOT, called, files, listed, name_of, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXT_MODULE = "downtime.screens.text"
TEXT_CLASSES = {"Text", "Content"}  # rich's and Textual's: made from a plain string they parse nothing

# shows its first argument, parsed unless markup=False
TAKES_MARKUP = {"Static", "Label", "OptionList", "SelectionList", "Tooltip", "Link", "notify"}
# shows these strings parsed, without a way to say no
PARSES = {
    *("add_row", "add_rows", "add_column", "add_columns", "update_cell", "update_cell_at", "add_option"),
    *(
        "add_options",
        "Option",
        "Button",
        "Checkbox",
        "RadioButton",
        "Switch",
        "Tab",
        "TabPane",
        "Collapsible",
    ),
    *("render_str", "from_markup"),
}
PARSED_ATTRIBUTES = {"border_title", "border_subtitle", "tooltip", "label"}
NOT_SHOWN = {
    "id",
    "classes",
    "name",
    "key",
    "height",
    "width",
    "variant",
    "disabled",
    "action",
    "compact",
    "value",
}

# (file, line's text) -> why it is safe
REASONED: dict[tuple[str, str], str] = {}


def _text_names(tree: ast.Module) -> set[str]:
    names = set(TEXT_CLASSES)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == TEXT_MODULE:
            names |= {alias.asname or alias.name for alias in node.names}
    return names


def _cannot_be_parsed(value: ast.expr, made: set[str]) -> bool:
    parts = _parts_of(value)
    if parts is not None:
        return all(_cannot_be_parsed(part, made) for part in parts)
    match value:
        case (
            ast.Constant(value=str() as text)
            | ast.Call(func=ast.Name(id="_"), args=[ast.Constant(value=str() as text)])
        ):
            return "[" not in text
        case ast.Call(func=ast.Name(id=name)):
            return name in made
        case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=name)):
            return name != "from_markup" and (owner == "text" or owner in TEXT_CLASSES)
    return isinstance(value, ast.Constant)


def _parts_of(value: ast.expr) -> list[ast.expr] | None:
    """Return what a choice or a collection may turn out to hold, or None for a single value."""
    match value:
        case ast.IfExp(body=body, orelse=orelse):
            return [body, orelse]
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return parts
        case ast.Starred(value=part) | ast.GeneratorExp(elt=part) | ast.ListComp(elt=part):
            return [part]
    return None


def _says_no_markup(call: ast.Call) -> bool:
    said = [word.value for word in call.keywords if word.arg == "markup"]
    return bool(said) and isinstance(said[0], ast.Constant) and said[0].value is False


def _is_parent_init(call: ast.Call) -> bool:
    return ast.unparse(call.func) == "super().__init__"


def _call_fault(call: ast.Call, made: set[str], showing: set[str]) -> str:
    name = called(call)
    if name in PARSES:
        shown = [*call.args, *(word.value for word in call.keywords if word.arg not in NOT_SHOWN)]
        safe = all(_cannot_be_parsed(value, made) for value in shown)
        return "" if safe else f"{name} parses what it is given; make it with {TEXT_MODULE}"
    first = [*call.args, *(word.value for word in call.keywords if word.arg in {"content", "renderable"})][:1]
    fixed = name not in {"notify", "OptionList", "SelectionList"} and all(
        _cannot_be_parsed(value, made) for value in first
    )
    return (
        f"{name} without markup=False" if name in showing and not fixed and not _says_no_markup(call) else ""
    )


def _bases(node: ast.ClassDef) -> set[str]:
    return {ast.unparse(base).split(".")[-1] for base in node.bases}


def _makes_itself(node: ast.ClassDef) -> bool:
    return any(isinstance(part, ast.FunctionDef) and part.name == "__init__" for part in node.body)


def _showing(trees: list[ast.Module]) -> set[str]:
    """Return the names of all that shows text as Static does, classes of ours without __init__ included."""
    showing = set(TAKES_MARKUP)
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and _bases(node) & showing and not _makes_itself(node):
                showing.add(node.name)
    return showing


def _node_fault(node: ast.AST, made: set[str], showing: set[str]) -> str:
    match node:
        case ast.Call():
            return _call_fault(node, made, showing)
        case ast.Assign(targets=[ast.Attribute(attr=attribute)], value=value) if (
            attribute in PARSED_ATTRIBUTES
        ):
            return "" if _cannot_be_parsed(value, made) else f"{attribute} is parsed"
        case ast.FunctionDef(name="render", returns=ast.expr() as returns):
            loose = ast.unparse(returns).strip("'") in {"str", "RenderResult"}
            return "render() may return a string, which is parsed" if loose else ""
        case ast.ClassDef() if _bases(node) & showing and _makes_itself(node):
            ups = [call for call in ast.walk(node) if isinstance(call, ast.Call) and _is_parent_init(call)]
            safe = all(_says_no_markup(call) or not call.args for call in ups)
            return "" if safe else f"{node.name} passes text up without markup=False"
    return ""


def faults_in(trees: list[ast.Module]) -> Iterator[tuple[ast.Module, int, str]]:
    """Yield (module, line, fault) of every place where a string could be parsed as markup."""
    showing = _showing(trees)
    for tree in trees:
        made = _text_names(tree)
        for node in ast.walk(tree):
            if fault := _node_fault(node, made, showing):
                yield tree, getattr(node, "lineno", 0), fault


def _screens() -> list[Path]:
    return [*files("downtime/screens"), *(path for path in [ROOT / "downtime" / "app.py"] if path.exists())]


def test_no_string_is_parsed_as_markup() -> None:
    """A patient called [red] or [/] is shown under that name and harms nothing."""
    paths = {id(tree_of(path)): path for path in _screens()}
    found = []
    for tree, line, fault in faults_in([tree_of(path) for path in paths.values()]):
        path = paths[id(tree)]
        if (name_of(path), path.read_text("utf-8").splitlines()[line - 1].strip()) not in REASONED:
            found.append(f"{name_of(path)}:{line}: {fault}")
    assert not found, listed(found)


@pytest.mark.parametrize(
    ("source", "noticed"),
    [
        ("Static(name, markup=False)", False),
        ("Static()", False),
        ('Static("", id="banner")', False),
        ('Static(_("Total"))', False),
        ("from downtime.screens.text import plain\nStatic(plain(name))", False),
        ("from downtime.screens import text\ntable.add_row(text.plain(a), text.plain(b))", False),
        ("Static(name)", True),
        ('Label(_("Total {sum}").format(sum=total))', True),
        ("self.notify(message)", True),
        ("self.notify(message, markup=False)", False),
        ("table.add_row(name, amount)", True),
        ("OptionList(Option(name), markup=False)", True),
        ("OptionList(id='rows')", True),
        ("OptionList(id='rows', markup=False)", False),
        ("dialog.border_title = patient.name", True),
        ("dialog.border_title = Content(patient.name)", False),
        ("class Line(Static):\n    pass\nLine(name)", True),
        ("class Line(Static):\n    def __init__(self, t):\n        super().__init__(t)", True),
        (
            "class Line(Static):\n def __init__(self, t):\n  super().__init__(t, markup=False)\nLine(name)",
            False,
        ),
        ("class W(Widget):\n    def render(self) -> str:\n        return self.name", True),
        ("class W(Widget):\n    def render(self) -> Text:\n        return Text(self.name)", False),
    ],
)
def test_the_rule_would_notice(source: str, *, noticed: bool) -> None:
    """The scan tells text that is parsed from text that is not."""
    assert bool(list(faults_in([ast.parse(source)]))) is noticed
