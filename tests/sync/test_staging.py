"""The published staging tables, and how batches behave in a real database."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, event, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from downtime.outcome import HandedOver, InDoubt, Rejected, Unreachable
from sync.connector import Parcel, connector_named, connector_names
from sync.connectors import staging_ddl as ddl
from sync.connectors.sqlstaging import SqlStaging
from sync.connectors.staging_rows import rows_from, rows_of, sent_bytes
from sync.contract_entries import HOSPITAL, charge, dispense, made_up_entry, registration, reversal
from sync.practice_his import post_staged

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from downtime.entry import Entry

PUBLISHED = Path(__file__).parents[2] / "docs" / "staging"


def parcels(*entries: Entry) -> list[Parcel]:
    """Return what is sent for ``entries``."""
    return [Parcel(entry, sent_bytes(rows_of(entry))) for entry in entries]


@pytest.mark.parametrize("name", ddl.DIALECTS)
def test_the_published_tables_are_the_ones_we_write(name: str) -> None:
    """The script under docs/staging is what this version compiles, with names every database takes."""
    script = (PUBLISHED / f"{name}.sql").read_text("utf-8")
    assert script == ddl.ddl(name)
    body = "\n".join(row for row in script.splitlines() if not row.startswith("--"))
    names = re.findall(r"(?:TABLE|CONSTRAINT|INDEX) (\w+)|^\t(\w+) ", body, re.MULTILINE)
    assert names
    assert all(len(found) <= ddl.NAME_CHARACTERS_MAX for pair in names for found in pair)
    assert not re.findall(r"[\"`\[]", body), "a reserved word would be quoted"


def test_the_published_sqlite_script_makes_the_tables(tmp_path: Path) -> None:
    """The script runs as it stands and takes entries."""
    engine = create_engine(f"sqlite:///{tmp_path / 'his.db'}")
    with engine.begin() as his:
        body = (PUBLISHED / "sqlite.sql").read_text("utf-8")
        for statement in re.sub(r"^--.*$", "", body, flags=re.MULTILINE).split(";\n"):
            if statement.strip():
                his.execute(text(statement))
    entry = made_up_entry(1, "charge", charge(1))
    assert dict(SqlStaging(HOSPITAL, engine).deliver(parcels(entry))) == {entry.id: HandedOver(entry.id)}
    engine.dispose()


@pytest.mark.parametrize(
    ("form", "content"),
    [
        ("charge", charge(1, name="名" * 5_000)),
        ("dispense", dispense(1, "px-charge")),
        ("registration", registration(1)),
        ("reversal", reversal("px-charge")),
    ],
)
def test_the_bytes_recorded_as_sent_are_the_rows(form: str, content: dict[str, object]) -> None:
    """From the bytes kept here the very rows come back."""
    entry = made_up_entry(1, form, content)
    rows = rows_of(entry)
    assert rows_from(sent_bytes(rows), entry) == rows
    assert list(rows.header) == [column.name for column in ddl.header.columns]


def test_a_text_too_long_for_its_column_is_marked_and_whole_beside_it() -> None:
    """Nothing is cut silently: the column is named and the whole form goes along."""
    rows = rows_of(made_up_entry(1, "charge", charge(1, name="𠮷" * 5_000)))
    assert rows.header["cut_columns"] == "patient_name"
    assert rows.header["patient_name"] == "𠮷" * 100
    assert "𠮷" * 5_000 in rows.header["content_json"]


def test_what_the_header_carries() -> None:
    """Original operator, times, outage, numbers, payer, totals and what it reverses are columns."""
    header = rows_of(made_up_entry(3, "reversal", reversal("px-charge"))).header
    assert header["operator_code"] == "px01"
    assert header["reverses_entry"] == "px-charge"
    assert header["total_minor"] == 1925
    charged = rows_of(made_up_entry(3, "charge", charge(1))).header
    assert (charged["payer_kind"], charged["paid_minor"], charged["outage"]) == ("self", 1925, "PX-OUTAGE-1")
    assert charged["happened_at"].endswith("+08:00")
    assert charged["receipt_number"] == "W9AA-000003-0"


def test_another_entry_under_our_sequence_number_is_refused(his: Engine) -> None:
    """A cloned station is caught by the second unique key."""
    first, twin = (
        made_up_entry(1, "charge", charge(1)),
        made_up_entry(1, "charge", charge(2), entry_id="px-twin"),
    )
    connector = SqlStaging(HOSPITAL, his)
    dict(connector.deliver(parcels(first)))
    assert isinstance(dict(connector.deliver(parcels(twin)))[twin.id], Rejected)


def test_a_commit_that_fails_is_a_doubt_and_resolved_by_asking(his: Engine) -> None:
    """The line breaks at COMMIT: perhaps received; asked, the HIS says what is true."""
    entry = made_up_entry(1, "charge", charge(1))
    connector = SqlStaging(HOSPITAL, his)

    breaks = [True]

    def line_breaks(_connection: object) -> None:
        if breaks and breaks.pop():
            raise OperationalError("COMMIT", {}, ConnectionError("the line broke"))

    event.listen(his, "commit", line_breaks)
    assert dict(connector.deliver(parcels(entry))) == {entry.id: InDoubt("the line broke")}
    ((_entry_id, answer),) = connector.ask([entry])
    assert isinstance(answer, Unreachable)
    assert dict(connector.deliver(parcels(entry))) == {entry.id: HandedOver(entry.id)}


def test_missing_tables_are_not_the_entries_fault(tmp_path: Path) -> None:
    """Without the staging tables nothing is refused: it is retried once they are there."""
    engine = create_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    connector = SqlStaging(HOSPITAL, engine)
    assert isinstance(connector.reach(), Unreachable)
    entry = made_up_entry(1, "charge", charge(1))
    assert isinstance(dict(connector.deliver(parcels(entry)))[entry.id], Unreachable)
    engine.dispose()


def test_values_are_bound_never_written_into_the_statement(his: Engine) -> None:
    """A name that is SQL arrives as a name; no statement ever holds it."""
    seen: list[str] = []
    event.listen(his, "before_cursor_execute", lambda *given: seen.append(given[2]))
    name = "'; DROP TABLE dt_header; --"
    entry = made_up_entry(1, "charge", charge(1, name=name))
    dict(SqlStaging(HOSPITAL, his).deliver(parcels(entry)))
    with his.connect() as connection:
        assert connection.scalar(select(ddl.header.c.patient_name)) == name
    assert not [statement for statement in seen if "DROP" in statement]


def test_the_vendor_job_refuses_what_names_nothing_known(his: Engine) -> None:
    """A dispense whose charge the HIS never saw is refused with a reason; one whose charge waits, waits."""
    lonely = made_up_entry(1, "dispense", dispense(1, "px-nowhere"))
    connector = SqlStaging(HOSPITAL, his)
    dict(connector.deliver(parcels(lonely)))
    assert post_staged(his).refused == 1
    assert dict(connector.ask([lonely])) == {lonely.id: Rejected("Entry px-nowhere is not known here.")}
    stranger = made_up_entry(2, "charge", charge(2, temporary=True))
    dict(connector.deliver(parcels(stranger)))
    post_staged(his)
    (answer,) = dict(connector.ask([stranger])).values()
    assert isinstance(answer, Rejected)
    assert "never registered" in answer.reason


def test_two_runs_of_the_vendor_job_book_once(his: Engine) -> None:
    """Whatever another run booked in between is left alone."""
    entry = made_up_entry(1, "charge", charge(1))
    dict(SqlStaging(HOSPITAL, his).deliver(parcels(entry)))
    assert (post_staged(his).posted, post_staged(his).posted) == (1, 0)
    with his.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(
            insert(ddl.outcome), {"entry_id": entry.id, "attempt": 1, "outcome_state": "posted"}
        )


def test_connectors_are_found_by_name() -> None:
    """Built-in ones are there without any registration."""
    assert connector_names()[:2] == ("sqlstaging", "practice")
    assert connector_named("sqlstaging") is SqlStaging
