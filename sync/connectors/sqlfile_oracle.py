"""Oracle 11g and later by SQL*Plus: one PL/SQL block an entry; what is not the record's fault stops the script."""

from __future__ import annotations

from typing import Final

from sync.connectors.sqlfile_sql import Sql, escaped, with_bars


def _units(text: str) -> list[int]:
    """Return the UTF-16 units of ``text``."""
    encoded = text.encode("utf-16-be")
    return [int.from_bytes(encoded[at : at + 2], "big") for at in range(0, len(encoded), 2)]


def _oracle_text(text: str) -> str:
    return "UNISTR('" + escaped(text, lambda char: "".join(f"\\{unit:04X}" for unit in _units(char))) + "')"


ORACLE: Final = Sql(
    name="oracle",
    dual=" FROM DUAL",
    text=_oracle_text,
    large="TO_CLOB({})",
    joined=with_bars,
    hexed="CASE WHEN {0} IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW({0}, 'AL32UTF8')) END",
    number="TO_CHAR({})",
    part="SUBSTR({}, {}, {})",
    part_large="DBMS_LOB.SUBSTR({0}, {2}, {1})",
    line="{}",
    codec="utf-8",
    counts_units=True,
    opening="""\
SET DEFINE OFF
SET ESCAPE OFF
SET ECHO OFF
SET FEEDBACK OFF
SET HEADING OFF
SET VERIFY OFF
SET TIMING OFF
SET TERMOUT OFF
SET TRIMSPOOL ON
SET TAB OFF
SET WRAP ON
SET PAGESIZE 0
SET LINESIZE 32767
SET LONG 1000000
SET SQLBLANKLINES ON
SET SQLTERMINATOR ON
SET AUTOCOMMIT OFF
SET SERVEROUTPUT ON SIZE UNLIMITED FORMAT WRAPPED
WHENEVER OSERROR EXIT FAILURE ROLLBACK
WHENEVER SQLERROR EXIT FAILURE ROLLBACK
ALTER SESSION SET NLS_NUMERIC_CHARACTERS = '.,';
SPOOL {spool}
""",
    block="""\
BEGIN
{statements}
COMMIT;
DBMS_OUTPUT.PUT_LINE('DT1|wrote|{n}||.');
EXCEPTION WHEN OTHERS THEN
ROLLBACK;
IF SQLCODE IN (-1, -1400, -1401, -1407, -1426, -1438, -1722, -2290, -2291, -2292, -6502, -12899)
OR SQLCODE BETWEEN -20999 AND -20000 THEN
DBMS_OUTPUT.PUT_LINE('DT1|wrote|{n}|'
|| RAWTOHEX(UTL_I18N.STRING_TO_RAW(SUBSTR(SQLERRM, 1, 300), 'AL32UTF8')) || '|.');
ELSE
RAISE;
END IF;
END;
/
""",
    reading="SET TRANSACTION READ ONLY;\n",
    closing="COMMIT;\n{end}\nSPOOL OFF\nEXIT SUCCESS\n",
    command="sqlplus -L USER@DATABASE @{script}",
)
