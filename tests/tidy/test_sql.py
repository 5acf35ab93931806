"""No SQL is put together from what somebody typed."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from tests.tidy.sources import PACKAGES, called, files, listed, name_of, tree_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SPEAKING = {
    "execute",
    "executemany",
    "executescript",
    "execute_returning_dicts",
    "query",
    "exec_driver_sql",
    "text",
}

# file:function -> what is put in, and why it can hold nothing foreign
REASONED = {
    "downtime/store/sqlite.py:open_database": "PRAGMA takes no parameter; hex digits of our own key",
    "downtime/store/deliveries.py:_migrate": "triggers and PRAGMA take no parameter; our own table names",
    "downtime/store/deliveries.py:create_schema": "DDL takes no parameter; the schema is named in the source",
    "downtime/store/delivery_queries.py:look": "ATTACH takes no parameter for a key; hex digits of our own",
    "downtime/store/mirrored.py:_take": "ATTACH takes no parameter for a key; hex digits of our own",
    "downtime/store/rekey.py:_write_anew": "ATTACH and PRAGMA take no parameter; hex digits of our own, a number",
    "downtime/store/journal.py:entries": "conditions are literals chosen there; every value is bound",
    "downtime/store/journal_schema.py:migrate": "PRAGMA takes no parameter; a number counted there",
}


def _is_constant_name(part: ast.expr) -> bool:
    """A name in capitals is a constant of the source; ruff sees to it that it is one."""
    name = part.attr if isinstance(part, ast.Attribute) else part.id if isinstance(part, ast.Name) else ""
    return name.isupper()


def _is_fixed(side: ast.expr) -> bool:
    return isinstance(side, ast.Constant | ast.JoinedStr | ast.BinOp) or _is_constant_name(side)


def _is_put_together(sql: ast.expr, put_together: set[str]) -> bool:
    match sql:
        case ast.JoinedStr(values=values):
            parts = [value.value for value in values if isinstance(value, ast.FormattedValue)]
            return not all(_is_constant_name(part) for part in parts)
        case ast.BinOp(left=left, op=ast.Add() | ast.Mod(), right=right):
            joined = isinstance(sql.op, ast.Add)
            return not joined or any(
                _is_put_together(side, put_together) or not _is_fixed(side) for side in (left, right)
            )
        case ast.Call(func=ast.Attribute(attr="format" | "join" | "replace")):
            return True
        case ast.Name(id=name):
            return name in put_together and not _is_constant_name(sql)
        case ast.IfExp(body=body, orelse=orelse):
            return _is_put_together(body, put_together) or _is_put_together(orelse, put_together)
    return False


def _assigned(scope: ast.AST) -> set[str]:
    """Return the names that hold put-together text within ``scope``."""
    names: set[str] = set()
    for node in ast.walk(scope):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_put_together(value, names):
                names.add(name)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if _is_put_together(
                value, names
            ):
                names.add(name)
            case ast.AugAssign(target=ast.Name(id=name)):
                names.add(name)
    return names


def put_together_sql(tree: ast.Module) -> Iterator[tuple[int, int, str]]:
    """Yield (first line, last line, function) of every statement that is built at run time."""
    scopes = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    seen: set[int] = set()
    # The innermost function comes last in ast.walk, and is the one to be named.
    for scope in [*reversed(scopes), tree]:
        names = _assigned(scope)
        for node in ast.walk(scope):
            if (
                not isinstance(node, ast.Call)
                or id(node) in seen
                or called(node) not in SPEAKING
                or not node.args
            ):
                continue
            if _is_put_together(node.args[0], names):
                seen.add(id(node))
                yield node.lineno, node.end_lineno or node.lineno, getattr(scope, "name", "the module")


def _says_why(path: Path, first: int, last: int) -> bool:
    """Where ruff sees it too, the reason stands beside the statement."""
    return any(
        re.search(r"noqa: S608 \(\w", line) for line in path.read_text("utf-8").splitlines()[first - 1 : last]
    )


def test_statements_are_fixed_and_values_are_bound() -> None:
    """A statement is a literal; the few that cannot be have a reason beside them or in the table."""
    found = [
        f"{name_of(path)}:{first}: {function}"
        for path in files(*PACKAGES)
        for first, last, function in put_together_sql(tree_of(path))
        if f"{name_of(path)}:{function}" not in REASONED and not _says_why(path, first, last)
    ]
    assert not found, listed(found)


def test_exceptions_are_still_needed() -> None:
    """A statement that became fixed leaves the table."""
    used = {
        f"{name_of(path)}:{function}"
        for path in files(*PACKAGES)
        for _, _, function in put_together_sql(tree_of(path))
    }
    assert set(REASONED) <= used
    assert all(reason.strip() for reason in REASONED.values())


@pytest.mark.parametrize(
    ("source", "noticed"),
    [
        ('db.execute("SELECT 1 WHERE id = ?", [id])', False),
        ('db.execute("SELECT 1 " + "WHERE id = ?", [id])', False),
        ("db.execute(OWED, [id])", False),
        ('db.execute(f"SELECT {_COLUMNS} FROM entry WHERE id = ?", [id])', False),
        ('db.execute(SELECT + " WHERE id = ?", [id])', False),
        ('db.execute(SELECT + f" WHERE id = {id}")', True),
        ('db.execute(f"SELECT {name}")', True),
        ('db.execute("SELECT %s" % name)', True),
        ('db.execute("SELECT {}".format(name))', True),
        ('db.execute("SELECT " + name)', True),
        ('sql = f"SELECT {name}"\ndb.execute(sql)', True),
        ('sql = "SELECT 1"\nsql += name\ndb.execute(sql)', True),
    ],
)
def test_the_rule_would_notice(source: str, *, noticed: bool) -> None:
    """The scan tells a bound value from a pasted one."""
    assert bool(list(put_together_sql(ast.parse(source)))) is noticed
