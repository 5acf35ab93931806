"""PostgreSQL by psql: one DO block an entry; what is not the record's fault stops the script."""

from __future__ import annotations

from typing import Final

from sync.connectors.sqlfile_sql import Sql, escaped, with_bars


def _postgresql_text(text: str) -> str:
    return "U&'" + escaped(text, lambda char: f"\\+{ord(char):06X}") + "'"


POSTGRESQL: Final = Sql(
    name="postgresql",
    dual="",
    text=_postgresql_text,
    large="{}",
    joined=with_bars,
    hexed="ENCODE(CONVERT_TO(COALESCE({}, ''), 'UTF8'), 'hex')",
    number="COALESCE(CAST({} AS VARCHAR(40)), '')",
    part="SUBSTRING({}, {}, {})",
    part_large="SUBSTRING({}, {}, {})",
    line="{}",
    codec="utf-8",
    counts_units=False,
    opening="""\
\\set ON_ERROR_STOP on
\\set AUTOCOMMIT on
\\set ECHO none
\\set QUIET on
\\timing off
\\pset format unaligned
\\pset tuples_only on
\\pset pager off
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
\\o {spool}
""",
    block="""\
DO $dt$
BEGIN
PERFORM SET_CONFIG('dt.error', '', false);
{statements}
EXCEPTION WHEN data_exception OR integrity_constraint_violation OR raise_exception THEN
PERFORM SET_CONFIG('dt.error', SUBSTRING(SQLSTATE || ' ' || SQLERRM, 1, 300), false);
END
$dt$;
SELECT 'DT1|wrote|{n}|' || ENCODE(CONVERT_TO(CURRENT_SETTING('dt.error'), 'UTF8'), 'hex') || '|.' AS dt;
""",
    reading="BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;\n",
    closing="COMMIT;\n{end}\n\\o\n",
    command="psql -X -d DATABASE -f {script}",
)
