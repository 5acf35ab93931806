"""MariaDB by mysql: one block an entry; what is not the record's fault stops the script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sync.connectors.sqlfile_sql import Sql

if TYPE_CHECKING:
    from collections.abc import Sequence


def _mariadb_text(text: str) -> str:
    return f"_utf8mb4 0x{text.encode().hex().upper()}"


def _with_concat(parts: Sequence[str]) -> str:
    return f"CONCAT({', '.join(parts)})"


MARIADB: Final = Sql(
    name="mariadb",
    dual=" FROM DUAL",
    text=_mariadb_text,
    large="{}",
    joined=_with_concat,
    hexed="HEX(CONVERT(COALESCE({}, '') USING utf8mb4))",
    number="COALESCE(CAST({} AS CHAR), '')",
    part="SUBSTRING({}, {}, {})",
    part_large="SUBSTRING({}, {}, {})",
    line="{}",
    codec="utf-8",
    counts_units=False,
    opening="""\
SET NAMES utf8mb4 COLLATE utf8mb4_bin;
SET SESSION sql_mode = 'STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION';
SET autocommit = 1;
""",
    block="""\
DELIMITER $$
BEGIN NOT ATOMIC
DECLARE dt_code INT DEFAULT 0;
DECLARE dt_said TEXT CHARACTER SET utf8mb4 DEFAULT '';
DECLARE EXIT HANDLER FOR SQLEXCEPTION
BEGIN
GET DIAGNOSTICS CONDITION 1 dt_code = MYSQL_ERRNO, dt_said = MESSAGE_TEXT;
ROLLBACK;
IF dt_code NOT IN (1022, 1048, 1062, 1169, 1216, 1217, 1264, 1265, 1364, 1366, 1406, 1451, 1452, 1644, 4025) THEN
RESIGNAL;
END IF;
SET @dt_error = SUBSTRING(CONCAT(dt_code, ' ', dt_said), 1, 300);
END;
SET @dt_error = '';
START TRANSACTION;
{statements}
COMMIT;
END
$$
DELIMITER ;
SELECT CONCAT('DT1|wrote|{n}|', HEX(CONVERT(@dt_error USING utf8mb4)), '|.') AS dt;
""",
    reading="SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ;\n"
    "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY;\n",
    closing="COMMIT;\n{end}\n",
    command="mysql --batch --skip-column-names --raw DATABASE < {script} > {spool}",
)
