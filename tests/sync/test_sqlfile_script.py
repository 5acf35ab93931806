"""The scripts as text: what is published, what every client takes, and what no dialect is given."""

from __future__ import annotations

import re

import pytest
import sqlglot
from sqlglot.errors import ErrorLevel

from sync.connectors import staging_ddl as ddl
from sync.connectors.sqlfile_oracle import ORACLE
from sync.connectors.sqlfile_script import script_of
from sync.connectors.sqlfile_sql import LINE_CHARACTERS_MAX
from sync.connectors.sqlfile_vendors import CLIENTS
from tests.sync.sqlfile_examples import PUBLISHED, example, example_plan

DIALECTS = {"sqlplus": "oracle", "sqlcmd": "tsql", "psql": "postgres", "mysql": "mysql"}


@pytest.mark.parametrize("client", CLIENTS)
def test_the_published_example_is_what_we_write(client: str) -> None:
    """The script under docs/staging is the very one this version writes."""
    assert (PUBLISHED / f"example-{client}.sql").read_bytes() == example(client)


@pytest.mark.parametrize("client", CLIENTS)
def test_every_client_can_read_every_line(client: str) -> None:
    """Plain ASCII, no line SQL*Plus would cut, nothing it would take for a command, a variable or an end."""
    for row in example(client).decode("ascii").splitlines():
        assert len(row) <= LINE_CHARACTERS_MAX
        assert row.isprintable()
        assert not re.search(r"(?<!U)&|\$\(|\\(?!set|timing|pset|o\b|[0-9A-F]{4}|\+[0-9A-F]{6})", row), row
        assert row == "/" or not row.startswith((".", "/", "@", "#", "!", "?")), row
        assert row.startswith("--") or not row.endswith("-"), row
        inside = row.count("'") % 2
        assert not inside, f"a text runs over the line: {row}"


@pytest.mark.parametrize("client", CLIENTS)
def test_names_fit_every_database(client: str) -> None:
    """Oracle 11g takes names of 30 characters; every word outside a text is shorter."""
    body = re.sub(r"'[^']*'|0x[0-9A-F]*|^(--|SET |:|\\).*$", "", example(client).decode(), flags=re.MULTILINE)
    assert all(len(word) <= ddl.NAME_CHARACTERS_MAX for word in re.findall(r"[A-Za-z_]\w*", body))


@pytest.mark.parametrize("client", CLIENTS)
def test_statements_parse_in_their_dialect(client: str) -> None:
    """Each INSERT, UPDATE and SELECT is one statement by a parser that knows the dialect; none is half a text."""
    body = re.sub(r"^--.*$", "", example(client).decode(), flags=re.MULTILINE)
    found = re.findall(r"^((?:INSERT INTO|UPDATE|SELECT)\b.*?);$", body, flags=re.MULTILINE | re.DOTALL)
    assert len(found) > 30
    kinds = []
    for statement in found:
        (parsed,) = sqlglot.parse(statement, dialect=DIALECTS[client], error_level=ErrorLevel.RAISE)
        assert parsed is not None
        kinds.append(parsed.key)
    assert set(kinds) == {"insert", "update", "select"}
    assert kinds.count("insert") == 3 + 5 + 2
    assert kinds.count("update") == 1


def test_every_insert_is_guarded() -> None:
    """There is no INSERT that a second run could repeat, and none that could add to another body."""
    statements = re.findall(r"INSERT INTO (\w+) .*?;$", example("sqlplus").decode(), re.MULTILINE | re.DOTALL)
    whole = re.findall(r"INSERT INTO .*?;$", example("sqlplus").decode(), re.MULTILINE | re.DOTALL)
    for table, statement in zip(statements, whole, strict=True):
        guard, _found, guarded = statement.partition("NOT EXISTS (SELECT 1 FROM ")
        assert guard
        assert guarded.startswith(table)
        assert table == "dt_header" or "AND body_hash = '" in statement


def test_oracle_stops_at_what_is_not_the_records_fault() -> None:
    """SQL*Plus substitutes nothing, stops at an error that is not one record's, and rolls back what is open."""
    told = example("sqlplus").decode()
    assert told.index("SET DEFINE OFF") < told.index("INSERT")
    assert "WHENEVER SQLERROR EXIT FAILURE ROLLBACK" in told
    assert "WHENEVER OSERROR EXIT FAILURE ROLLBACK" in told
    assert told.count("EXCEPTION WHEN OTHERS THEN\nROLLBACK;") == told.count("\nCOMMIT;\nDBMS_OUTPUT") == 3
    assert told.count("\n/\n") == 3
    literals = re.findall(r"UNISTR\('([^']*)'\)", told)
    assert literals
    assert all(len(text) <= 4000 // 2 for text in literals), "4,000 bytes hold 2,000 characters of UTF-16"
    assert "TO_CLOB(\nUNISTR(" in told
    assert ORACLE.literal("王\U00020bb7") == "UNISTR('\\738B\\D842\\DFB7')"


def test_a_script_cut_or_changed_anywhere_is_no_script_of_ours() -> None:
    """Whatever its answer says is not believed."""
    whole = example("psql")
    _batch, plan, _rows = example_plan()
    found = script_of(whole)
    assert found is not None
    assert list(found.entries) == plan
    assert all(script_of(whole[:at]) is None for at in range(0, len(whole), 7))
    assert script_of(whole[:-1]) is None
    assert script_of(whole.replace(b"1925", b"1926", 1)) is None
    assert script_of(whole + whole) is None
