"""A read view of the HIS, asked by one SELECT; nothing is ever written there."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from downtime.errors import WrongPlaceError
from downtime.i18n import _
from sync.reading.lines import Line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.reading.told import SqlTold

AT_ONCE: Final = 2_000
REASON_CHARACTERS_MAX: Final = 300


def read_query(told: SqlTold) -> Iterator[Line]:
    """Yield the names of the columns, then every row as text, a few thousand at a time.

    Raises:
        WrongPlaceError: the database cannot be reached, or refuses the query.
    """
    try:
        engine = create_engine(told.url, hide_parameters=True)
        options = {"stream_results": True, "yield_per": AT_ONCE}
        if engine.dialect.name == "postgresql":
            options["postgresql_readonly"] = True
        try:
            with engine.connect().execution_options(**options) as his:
                found = his.execute(text(told.query))
                yield Line(0, [str(name) for name in found.keys()], "")  # noqa: SIM118 (a Result is no dict)
                for number, row in enumerate(found, start=1):
                    yield Line(number, [_cell(value) for value in row], "")
                his.rollback()
        finally:
            engine.dispose()
    except SQLAlchemyError as error:
        said = " ".join(str(getattr(error, "orig", None) or error).split())[:REASON_CHARACTERS_MAX]
        raise WrongPlaceError(
            _("The HIS's read view cannot be read: {reason}.").format(reason=said),
            _("Check [sql] in the extract's settings; nothing has been changed."),
        ) from error


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{Decimal(repr(value)):f}"
        case Decimal():
            return f"{value:f}"
        case datetime() | date():
            return value.isoformat()
        case _:
            return str(value)
