"""Self-payers by one connector, insured patients by another, and each entry by exactly one."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from sqlalchemy import func, select

from downtime.errors import RefusedInputError
from downtime.outcome import Accepted, HandedOver, Rejected, Unreachable
from sync.connector import Connector, Guarantee, Parcel, settings_at
from sync.connectors import staging_ddl as ddl
from sync.connectors.by_payer import ByPayer
from sync.connectors.memory import MemoryConnector, MemoryHis
from sync.connectors.retype import Retype
from sync.connectors.sqlfile import SqlFile
from sync.connectors.sqlstaging import SqlStaging
from sync.contract import ConnectorContract
from sync.contract_entries import HOSPITAL, charge, dispense, made_up_entry, registration, reversal
from tests.sync.test_tick_retype import write
from tests.sync.tick_his import MadeUpHis

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.entry import Entry
    from downtime.outcome import Outcome


def two_ways(guarantee: Guarantee = Guarantee.RESEND) -> ByPayer:
    """Return the connector with two empty ways."""
    ways = {name: MemoryConnector(HOSPITAL, guarantee=guarantee) for name in ("self", "insured_pending")}
    return ByPayer(HOSPITAL, ways)


def booked(connector: ByPayer, way: str) -> set[str]:
    """Return what one way holds."""
    return set(cast("MemoryConnector", connector.ways[way]).his.postings)


def insured(seq: int, *, code: str = "PX-GLU") -> Entry:
    """Return an insured patient's charge."""
    return made_up_entry(seq, "charge", {**charge(seq, code=code), "payer_kind": "insured_pending"})


def deliver(connector: Connector, *entries: Entry) -> dict[str, Outcome]:
    """Send ``entries`` in one batch."""
    parcels = []
    for entry in entries:
        sent = connector.compose(entry)
        assert isinstance(sent, bytes)
        parcels.append(Parcel(entry, sent))
    return dict(connector.deliver(parcels))


class TestByPayer(ConnectorContract):
    """The contract, with both ways in use."""

    def connector(self) -> Connector:
        """One whose ways are empty."""
        return two_ways()

    def unreachable(self) -> Connector:
        """One of whose ways is down."""
        down = MemoryConnector(HOSPITAL, his=MemoryHis(is_down=True))
        return ByPayer(HOSPITAL, {"self": down, "insured_pending": down})

    def postings(self, connector: Connector, entry_id: str) -> int:
        """By both ways together."""
        ways = {id(way): way for way in cast("ByPayer", connector).ways.values()}
        return sum(len(cast("MemoryConnector", way).his.postings.get(entry_id, ())) for way in ways.values())


def test_each_goes_by_who_pays_and_what_names_it_follows() -> None:
    """Charges part by payer; a dispense and a reversal follow their charge; a registration goes the other way."""
    connector = two_ways()
    known = made_up_entry(1, "registration", registration(9))
    own, theirs = made_up_entry(2, "charge", charge(2)), insured(3)
    deliver(connector, known, own, theirs)
    connector.close()
    # After a restart nothing is remembered: the far ends are asked.
    later = ByPayer(HOSPITAL, {name: connector.ways[name] for name in ("self", "insured_pending")})
    given, undone = (
        made_up_entry(4, "dispense", dispense(3, theirs.id)),
        made_up_entry(5, "reversal", reversal(own.id)),
    )
    assert all(isinstance(answer, Accepted) for answer in deliver(later, given, undone).values())
    assert booked(later, "self") == {known.id, own.id, undone.id}
    assert booked(later, "insured_pending") == {theirs.id, given.id}


def test_a_refusal_by_one_way_holds_up_only_what_names_it() -> None:
    """What builds on a refused entry waits, whichever way it would go."""
    ways = {
        "self": MemoryConnector(HOSPITAL),
        "insured_pending": MemoryConnector(HOSPITAL, faults=["refused"]),
    }
    connector = ByPayer(HOSPITAL, ways)
    refused = insured(1)
    names_it = made_up_entry(2, "dispense", dispense(1, refused.id))
    other = made_up_entry(3, "charge", charge(3))
    answers = deliver(connector, refused, names_it, other)
    assert isinstance(answers[refused.id], Rejected)
    assert isinstance(answers[names_it.id], Unreachable)
    assert isinstance(answers[other.id], Accepted)


def test_it_promises_what_the_weakest_way_can() -> None:
    """One way that can be sent to once only makes the whole so."""
    ways = {
        "self": MemoryConnector(HOSPITAL, batch_max=7),
        "insured_pending": MemoryConnector(HOSPITAL, guarantee=Guarantee.ONE_ATTEMPT, settle_seconds=9),
    }
    connector = ByPayer(HOSPITAL, ways)
    assert (connector.guarantee, connector.settle_seconds, connector.batch_max) == (
        Guarantee.ONE_ATTEMPT,
        9,
        7,
    )


def test_it_is_a_setting(tmp_path: Path) -> None:
    """Each way is named with its own settings; paths in the station's folder are found from there."""
    (tmp_path / "scripts").mkdir()
    settings = {
        "self": "sqlstaging", "self.file": "his.db",
        "insured_pending": "sqlfile", "insured_pending.folder": "scripts", "insured_pending.client": "sqlplus",
    }  # fmt: skip
    connector = ByPayer.configured(HOSPITAL, settings_at(tmp_path, settings))
    own, theirs = connector.ways["self"], connector.ways["insured_pending"]
    assert isinstance(own, SqlStaging)
    assert isinstance(theirs, SqlFile)
    assert connector.ways["other"] is own
    ddl.metadata.create_all(own.engine)
    answers = deliver(connector, made_up_entry(1, "charge", charge(1)), insured(2))
    assert {type(answer) for answer in answers.values()} == {HandedOver}
    assert len(list((tmp_path / "scripts").glob("dt-*.sql"))) == 1
    with own.engine.connect() as his:
        assert his.scalar(select(func.count()).select_from(ddl.header)) == 1
    connector.close()


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"self": "sqlstaging", "self.url": "sqlite://"},
        {"self": "by_payer", "insured_pending": "by_payer"},
        {"self": "sqlstaging", "self.url": "sqlite://", "insured_pending": "memory", "nobody.url": "x"},
    ],
)
def test_half_a_setting_is_refused(settings: dict[str, str]) -> None:
    """Without a way for each payer nothing is delivered by guess."""
    with pytest.raises(RefusedInputError):
        ByPayer.configured(HOSPITAL, settings)


def test_what_follows_an_entry_that_was_typed_in_goes_to_the_worksheet(tmp_path: Path) -> None:
    """Insured patients are typed in by hand: the reversal of such a charge is, too, also after a restart."""
    theirs, own = insured(1), made_up_entry(2, "charge", charge(2))
    his = MadeUpHis()
    for entry in (theirs, own):
        his.type_in(entry, bill=f"B{entry.seq}")
    desk = Retype(HOSPITAL, write(tmp_path, his))
    desk.population = lambda: [theirs, own]
    writer = MemoryConnector(HOSPITAL)
    deliver(writer, own)
    connector = ByPayer(HOSPITAL, {"self": writer, "insured_pending": desk})
    assert connector.reach() is None
    of_theirs = made_up_entry(3, "reversal", reversal(theirs.id))
    of_own = made_up_entry(4, "reversal", reversal(own.id))
    answers = deliver(connector, of_theirs, of_own)
    assert answers[of_theirs.id] == HandedOver("worksheet")
    assert isinstance(answers[of_own.id], Accepted)
