"""The vendors' own clients, by the word in the settings. A new one is one file and one line here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sync.connectors.sqlfile_mariadb import MARIADB
from sync.connectors.sqlfile_mssql import MSSQL
from sync.connectors.sqlfile_oracle import ORACLE
from sync.connectors.sqlfile_postgresql import POSTGRESQL

if TYPE_CHECKING:
    from sync.connectors.sqlfile_sql import Sql

CLIENTS: Final[dict[str, Sql]] = {
    "sqlplus": ORACLE,
    "sqlcmd": MSSQL,
    "psql": POSTGRESQL,
    "mysql": MARIADB,
}
