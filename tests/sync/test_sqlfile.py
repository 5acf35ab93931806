"""Scripts run by the vendors' own clients, at a real PostgreSQL and a real MariaDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, text, update

from downtime.errors import RefusedInputError
from downtime.outcome import Accepted, FormalDocument, HandedOver, Rejected, Unreachable
from sync.connectors import staging_ddl as ddl
from sync.connectors.sqlfile import SqlFile
from sync.connectors.sqlfile_script import problem_of
from sync.connectors.staging_rows import rows_of
from sync.contract import HOSTILE_TEXTS, ConnectorContract
from sync.contract_entries import HOSPITAL, charge, dispense, made_up_entry, made_up_id, registration
from sync.facts import facts_of
from tests.sync.sqlfile_clients import RunAtOnce, Site, site

if TYPE_CHECKING:
    from pathlib import Path

    from sync.connector import Connector

__all__ = ["site"]


class TestSqlFile(ConnectorContract):
    """The contract, beside somebody who runs every script at once."""

    site: Site

    @pytest.fixture(autouse=True)
    def _at(self, site: Site) -> None:
        self.site = site

    def connector(self) -> Connector:
        """One whose HIS is empty."""
        return RunAtOnce(self.site)

    def unreachable(self) -> Connector:
        """One whose folder is gone."""
        return SqlFile(HOSPITAL, self.site.folder / "gone", self.site.client)

    def postings(self, connector: Connector, entry_id: str) -> int:  # noqa: ARG002 (the contract's signature)
        """As the HIS counts."""
        return self.site.held(entry_id)


def decide(site: Site, entry_id: str, state: str, *, attempt: int = 1, reason: str | None = None) -> None:
    """Do what the vendor's job does."""
    with site.his.begin() as his:
        his.execute(
            insert(ddl.outcome),
            {"entry_id": entry_id, "attempt": attempt, "outcome_state": state, "reason": reason,
             "his_reference": "PX-9" if state == "posted" else None},
        )  # fmt: skip
        if state == "posted":
            his.execute(
                insert(ddl.document),
                {"entry_id": entry_id, "document_no": 1, "document_kind": "e_invoice", "bill_code": "PX-06",
                 "document_number": "PX1", "check_code": "A|B", "issued_at": "2026-01-05", "document_status": "issued",
                 "his_reference": "发票\n1"},
            )  # fmt: skip


def test_a_script_alone_is_handed_over_and_nothing_more(site: Site) -> None:
    """Until somebody ran it nothing is known; then it stands there; posted only when the HIS says so."""
    entry = made_up_entry(1, "charge", charge(1))
    (answer,) = site.deliver(entry).values()
    (script,) = site.scripts()
    assert answer == HandedOver(script.name)
    assert site.ask(entry) == {entry.id: HandedOver(script.name)}
    assert site.deliver(entry) == {entry.id: HandedOver(script.name)}, "asked twice, written once"
    assert site.run(script) == 0
    assert site.ask(entry) == {entry.id: HandedOver(script.name)}
    decide(site, entry.id, "posted")
    assert site.ask(entry) == {entry.id: HandedOver(script.name)}, "nobody looked since"
    site.run_all()
    document = FormalDocument("e_invoice", "PX-06", "PX1", "A|B", "2026-01-05", "issued", "发票\n1")
    assert site.ask(entry) == {entry.id: Accepted((document,), "PX-9")}
    assert site.scripts() == [], "what is decided is put aside"
    assert site.ask(entry) == {entry.id: Accepted((document,), "PX-9")}
    assert site.deliver(entry) == {entry.id: Accepted((document,), "PX-9")}


def test_run_twice_nothing_changes(site: Site) -> None:
    """Whatever was run before, every row stands there as after the first run."""
    first = made_up_entry(1, "charge", charge(1))
    again = made_up_entry(2, "dispense", dispense(1, first.id))
    site.deliver(first, again)
    site.run_all()
    before = site.everything()
    assert len(before[0]) == 2
    site.run_all()
    site.run_all()
    assert site.everything() == before


def test_stopped_anywhere_and_run_again_it_stands_there_once(site: Site) -> None:
    """The client dies after any part of the script: what is there is whole, and running it again mends it."""
    entries = [made_up_entry(seq, "charge", charge(seq, name="练习")) for seq in (1, 2)]
    site.deliver(*entries)
    (script,) = site.scripts()
    whole = script.read_bytes()
    part = site.folder / "part.sql"
    for at in range(0, len(whole), len(whole) // 23):
        part.write_bytes(whole[:at])
        site.run(part)
        headers, documents, lines, outcomes, payments = (len(rows) for rows in site.everything())
        assert (lines, payments, documents, outcomes) == (2 * headers, headers, 0, 0)
        site.folder.joinpath("part.out").rename(
            script.with_suffix(".out")
        ) if site.client == "mysql" else None
        answers = set(map(type, site.ask(*entries).values()))
        assert answers == {HandedOver}
        with site.his.begin() as his:
            for table in (ddl.payment, ddl.line, ddl.header):
                his.execute(table.delete())
        script.with_suffix(".out").unlink(missing_ok=True)
    site.run(script)
    assert [site.held(entry.id) for entry in entries] == [1, 1]


def test_one_bad_record_holds_up_only_what_names_it(site: Site) -> None:
    """The database refuses one record with a reason; what names it is left out; the others stand there."""
    with site.his.begin() as his:
        his.execute(text("ALTER TABLE dt_line ADD CONSTRAINT px_poison CHECK (item_code <> 'PX-POISON')"))
    good = made_up_entry(1, "charge", charge(1))
    poison = made_up_entry(2, "charge", charge(2, code="PX-POISON"))
    names_it = made_up_entry(3, "dispense", dispense(2, poison.id))
    other = made_up_entry(4, "charge", charge(4))
    site.deliver(good, poison, names_it, other)
    site.run_all()
    answers = site.ask(good, poison, names_it, other)
    assert isinstance(answers[good.id], HandedOver)
    assert isinstance(answers[other.id], HandedOver)
    refused = answers[poison.id]
    assert isinstance(refused, Rejected)
    assert "px_poison" in refused.reason.lower()
    assert isinstance(answers[names_it.id], Unreachable)
    assert [site.held(entry.id) for entry in (good, poison, names_it, other)] == [1, 0, 0, 1]
    with site.his.begin() as his:
        his.execute(text("ALTER TABLE dt_line DROP CONSTRAINT px_poison"))
    # A person decided; the old answer says nothing about the new script.
    assert isinstance(site.deliver(poison, names_it)[poison.id], HandedOver)
    assert isinstance(site.ask(poison)[poison.id], HandedOver)
    site.run_all()
    assert [site.held(entry.id) for entry in (poison, names_it)] == [1, 1]


def test_later_scripts_leave_out_what_an_earlier_one_has_not_brought(site: Site) -> None:
    """Run in the wrong order nothing stands there without what it names; it goes again by itself."""
    first = made_up_entry(1, "charge", charge(1))
    names_it = made_up_entry(2, "dispense", dispense(1, first.id))
    site.deliver(first)
    site.deliver(names_it)
    early, late = site.scripts()
    site.run(late)
    assert isinstance(site.ask(names_it)[names_it.id], Unreachable)
    assert site.held(names_it.id) == 0
    site.run(early)
    site.deliver(names_it)
    site.run_all()
    assert (site.held(first.id), site.held(names_it.id)) == (1, 1)
    assert isinstance(site.ask(names_it)[names_it.id], HandedOver)


def test_what_the_his_refused_goes_again_as_another_attempt(site: Site) -> None:
    """After a person decided it is offered once more; old answers and old scripts change nothing."""
    entry = made_up_entry(1, "charge", charge(1))
    site.deliver(entry)
    site.run_all()
    (first,) = site.scripts()
    decide(site, entry.id, "refused", reason="项目停用; DT1|end|x|1|.\nPX")
    site.run_all()
    old_script, old_answer = first.read_bytes(), first.with_suffix(".out").read_bytes()
    assert site.ask(entry) == {entry.id: Rejected("项目停用; DT1|end|x|1|.\nPX")}
    (answer,) = site.deliver(entry).values()
    (second,) = site.scripts()
    assert answer == HandedOver(second.name)
    assert isinstance(site.ask(entry)[entry.id], HandedOver)
    site.run_all()
    first.write_bytes(old_script)
    first.with_suffix(".out").write_bytes(old_answer)
    site.run(first)
    assert isinstance(site.ask(entry)[entry.id], HandedOver)
    site.run_all()
    with site.his.connect() as his:
        assert his.execute(ddl.header.select()).one().attempt == 2
    decide(site, entry.id, "posted", attempt=2)
    site.run_all()
    assert isinstance(site.ask(entry)[entry.id], Accepted)


def test_a_doctored_row_shows_when_read_back(site: Site) -> None:
    """What the answer says stands there is what stands there."""
    entry = made_up_entry(1, "charge", charge(1, name="练习\t'甲'"))
    site.deliver(entry)
    site.run_all()
    with site.his.begin() as his:
        his.execute(update(ddl.line).values(amount_minor=1).where(ddl.line.c.line_no == 2))
    site.run_all()
    connector = site.connector()
    dict(connector.ask([entry]))
    ((_id, facts),) = connector.read_back([entry.id])
    expected = facts_of(entry)
    assert {name for name in facts if facts[name] != expected[name]} == {"line 2 amount_minor"}


def test_missing_tables_stop_the_script_and_refuse_nobody(site: Site) -> None:
    """It is not the entries' fault: the client stops, nothing is believed, running it again later mends it."""
    entry = made_up_entry(1, "charge", charge(1))
    site.deliver(entry)
    ddl.metadata.drop_all(site.his)
    (script,) = site.scripts()
    assert site.run(script) != 0
    assert isinstance(site.ask(entry)[entry.id], HandedOver)
    assert script.with_suffix(".problem.txt").is_file()
    ddl.metadata.create_all(site.his)
    site.run_all()
    assert isinstance(site.ask(entry)[entry.id], HandedOver)
    assert site.held(entry.id) == 1
    assert not script.with_suffix(".problem.txt").is_file()


def test_other_content_under_our_id_at_the_his_is_said_so(site: Site) -> None:
    """Somebody else wrote under our id: nothing of ours is added to it, and it is refused."""
    entry = made_up_entry(1, "charge", charge(1))
    site.deliver(entry)
    with site.his.begin() as his:
        row = {
            "schema_version": 1, "entry_id": entry.id, "body_hash": "00", "attempt": 1, "hospital": "PX",
            "station": "PX", "incarnation": "A", "seq": 9, "book": 1, "form": "charge",
            "form_version": 1, "happened_at": "-", "recorded_at": "-", "operator_code": "PX", "content_json": "{}",
        }  # fmt: skip
        his.execute(insert(ddl.header), row)
    site.run_all()
    assert isinstance(site.ask(entry)[entry.id], Rejected)
    assert [len(rows) for rows in site.everything()] == [1, 0, 0, 0, 0]


def test_patients_before_visits_before_charges(site: Site) -> None:
    """A charge of a patient only we know stands there after the registration, or not at all."""
    known = registration(1)
    entries = [
        made_up_entry(1, "registration", known),
        made_up_entry(2, "charge", charge(1, temporary=True)),
    ]
    site.deliver(*entries)
    (script,) = site.scripts()
    told = script.read_text("ascii")
    assert f"-- DT1 entry 2 {entries[1].id}" in told
    assert f"{entries[0].id}:0\n" in told
    site.run_all()
    assert [site.held(entry.id) for entry in entries] == [1, 1]


def test_every_hostile_text_is_only_text(site: Site) -> None:
    """Quotes, substitutions, terminators, comments and controls arrive as they were recorded."""
    texts = (*HOSTILE_TEXTS, "O'Neill & Söhne &&x", "$(DB) ${x} `id`", "a;\nb/\n/\n.\n@x", "-- x",
             "/* x", ":v :'v' \\q", "$$ $dt$", "DT1|end|x|.", "%s {0} {n}", "\\0041", "\u2028\u0085\x7f\t\r\n",
             "G\nGO\n:OUT x", "#", "x-")  # fmt: skip
    entries = [
        made_up_entry(seq, "charge", charge(seq, name=name), entry_id=made_up_id(f"hostile {seq}"))
        for seq, name in enumerate(texts, 1)
    ]
    site.deliver(*entries)
    site.run_all()
    connector = site.connector()
    dict(connector.ask(entries))
    assert dict(connector.read_back([entry.id for entry in entries])) == {
        entry.id: facts_of(entry) for entry in entries
    }


@pytest.mark.parametrize(
    ("column", "value"),
    [("item_code", "P" * 65), ("item_code", "PX\0"), ("quantity", "NaN"), ("amount_minor", 2**63)],
)
def test_what_no_column_can_hold_never_gets_into_a_script(column: str, value: object) -> None:
    """A code that is too long, a NUL, a number that is none: refused before anything is written."""
    entry = made_up_entry(1, "charge", charge(1))
    rows = rows_of(entry)
    assert problem_of(entry.id, rows) is None
    rows.lines[0][column] = value
    answer = problem_of(entry.id, rows)
    assert isinstance(answer, Rejected)
    assert column in answer.reason
    assert problem_of("x'; --", rows_of(entry)) is not None


def test_settings_say_what_is_wrong(tmp_path: Path) -> None:
    """A client we do not know is refused with those we do."""
    made = SqlFile.configured(HOSPITAL, {"folder": str(tmp_path), "client": "sqlplus"})
    assert made.sql.name == "oracle"
    with pytest.raises(RefusedInputError):
        SqlFile.configured(HOSPITAL, {"folder": str(tmp_path), "client": "toad"})
