"""SQL Server 2008 and later by sqlcmd: one batch an entry; what is not the record's fault stops the script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sync.connectors.sqlfile_sql import Sql

if TYPE_CHECKING:
    from collections.abc import Sequence


def _mssql_text(text: str) -> str:
    return f"CAST(0x{text.encode('utf-16-le').hex().upper()} AS NVARCHAR(MAX))"


def _with_plus(parts: Sequence[str]) -> str:
    return " + ".join(parts)


MSSQL: Final = Sql(
    name="mssql",
    dual="",
    text=_mssql_text,
    large="{}",
    joined=_with_plus,
    hexed="CONVERT(VARCHAR(MAX), CONVERT(VARBINARY(MAX), CAST(COALESCE({}, N'') AS NVARCHAR(MAX))), 2)",
    number="COALESCE(CAST({} AS VARCHAR(40)), '')",
    part="SUBSTRING({}, {}, {})",
    part_large="SUBSTRING({}, {}, {})",
    line="CAST({} AS VARCHAR(8000))",
    codec="utf-16-le",
    counts_units=True,
    opening="""\
:ON ERROR EXIT
SET NOCOUNT ON;
SET XACT_ABORT ON;
SET ANSI_NULLS ON;
SET ANSI_PADDING ON;
SET ANSI_WARNINGS ON;
SET ARITHABORT ON;
SET CONCAT_NULL_YIELDS_NULL ON;
SET QUOTED_IDENTIFIER ON;
SET LANGUAGE us_english;
GO
:OUT {spool}
""",
    block="""\
DECLARE @dt_error NVARCHAR(300);
DECLARE @dt_code INT;
SET @dt_error = N'';
BEGIN TRY
BEGIN TRANSACTION;
{statements}
COMMIT TRANSACTION;
END TRY
BEGIN CATCH
SET @dt_code = ERROR_NUMBER();
SET @dt_error = LEFT(CAST(@dt_code AS NVARCHAR(12)) + N' ' + ERROR_MESSAGE(), 300);
IF XACT_STATE() <> 0 ROLLBACK TRANSACTION;
IF @dt_code < 50000
AND @dt_code NOT IN (220, 242, 245, 515, 547, 2601, 2627, 2628, 8114, 8115, 8152)
RAISERROR(N'%s', 16, 1, @dt_error);
END CATCH;
SELECT CAST('DT1|wrote|{n}|'
+ CONVERT(VARCHAR(MAX), CONVERT(VARBINARY(MAX), @dt_error), 2)
+ '|.' AS VARCHAR(8000)) AS dt;
GO
""",
    reading="SET TRANSACTION ISOLATION LEVEL READ COMMITTED;\nGO\n",
    closing="{end}\nGO\n:OUT STDOUT\n",
    command="sqlcmd -b -x -W -w 65535 -S SERVER -d DATABASE -i {script}",
)
