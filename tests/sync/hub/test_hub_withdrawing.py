"""A stolen PC: from the moment its key is withdrawn nothing signed with it is taken; what was verified before stays."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from downtime.errors import AccessRefusedError, RefusedInputError
from downtime.home import Home
from downtime.hub_notice import receipt_keys
from downtime.receipt_qr import check
from downtime.station import continue_after_alarm
from sync.bundle import BundleRefusedError, take_bundle, write_bundles
from sync.connectors.hub_link import NotTakenError
from sync.hub.standing import standings
from sync.hub.stations import withdraw
from sync.hub.words import standing_text
from tests.downtime import builders
from tests.sync.hub.stations import MadeStation, make_station, take, verdicts

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sync.hub.hubs import RunningHub

AT = "2026-01-05T14:02:00+08:00"


@pytest.fixture
def stolen(hub: RunningHub, tmp_path: Path) -> MadeStation:
    """Station W03, collected up to its second charge, then stolen."""
    made = make_station(tmp_path / "w03")
    made.join(hub)
    made.charge(2)
    made.round()
    verdicts(hub, "W03")
    withdraw(hub.hub.db, "W03", "A", AT, "练习信息科", "被盗")
    return made


def test_nothing_signed_with_a_withdrawn_key_is_taken(
    hub: RunningHub, stolen: MadeStation, tmp_path: Path
) -> None:
    """No request, no bundle, no entry in whatever way; what stood verified stands."""
    before = verdicts(hub, "W03")
    stolen.charge(1)
    assert "withdrawn" in str(stolen.round().unreachable)
    link = hub.link("W03", stolen.ring.signing_key())
    with pytest.raises(NotTakenError) as refusal:
        link.ask("keys", {"keys": [{"incarnation": "B", "public": "11" * 32}]})
    assert refusal.value.word == "withdrawn", "it cannot vouch for a new key either"
    link.close()
    (file,) = write_bundles(stolen.home, stolen.ring, hub.hub.keys.own.box, tmp_path / "usb", AT)
    with pytest.raises(BundleRefusedError):
        take_bundle(hub.hub.db, hub.hub.reception.receiver, hub.hub.keys.own, file.read_bytes())
    assert verdicts(hub, "W03") == before
    take(hub, stolen, stolen.batch())
    assert verdicts(hub, "W03").pop("withdrawn") == len(stolen.batch()["rows"]) - before[""]
    assert verdicts(hub, "W03")[""] == before[""]


def test_it_is_shown_and_said_once(hub: RunningHub, stolen: MadeStation) -> None:
    """Status names the letter; a second time there is nothing to withdraw, and an unknown key neither."""
    (standing,) = standings(hub.hub.db)
    assert standing.withdrawn == "A"
    assert "A" in standing_text(standing)
    for letter in ("A", "B"):
        with pytest.raises(RefusedInputError):
            withdraw(hub.hub.db, stolen.code, letter, AT, "练习信息科", "被盗")


def test_its_receipts_are_no_proof_any_more(file_hub: RunningHub, tmp_path: Path) -> None:
    """Other stations get the list of keys without it: whoever has the PC could sign receipts."""
    thief, other = make_station(tmp_path / "w03"), make_station(tmp_path / "w04", "W04")
    for one in (thief, other):
        one.join(file_hub)
    other.round()
    (charge,) = thief.charge(1)
    assert check(charge.qr, receipt_keys(other.home)).status == "genuine"
    withdraw(file_hub.hub.db, "W03", "A", AT, "练习信息科", "被盗")
    other.round()
    assert check(charge.qr, receipt_keys(other.home)).status == "unknown_key"


def test_restored_it_joins_again_under_the_next_letter(file_hub: RunningHub, tmp_path: Path) -> None:
    """By a new code; what the backup holds of the withdrawn key is put aside, what is new is taken."""
    made = make_station(tmp_path / "w03")
    made.join(file_hub)
    made.charge(2)
    made.round()
    copied = Home(shutil.copytree(made.home.path, tmp_path / "restored"))
    made.charge(1)
    withdraw(file_hub.hub.db, "W03", "A", AT, "练习信息科", "被盗")
    restored = MadeStation(copied, builders.unlock(copied), made.clock)
    with pytest.raises(AccessRefusedError):
        MadeStation(copied, builders.unlock(copied), made.clock).join(file_hub)
    continue_after_alarm(restored.home, restored.ring, clock=restored.clock).close()
    restored.join(file_hub)
    restored.charge(2)
    assert restored.round().unreachable is None
    held = verdicts(file_hub, "W03")
    (standing,) = standings(file_hub.hub.db)
    assert (standing.incarnations, standing.withdrawn) == ("AB", "A")
    charges = file_hub.hub.db.rows(
        "SELECT incarnation, count(*) FROM entry WHERE form = 'charge' AND verdict = '' GROUP BY incarnation"
    )
    assert sorted(charges) == [("A", 2), ("B", 2)]
    assert set(held) <= {"", "withdrawn"}
