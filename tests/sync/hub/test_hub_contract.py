"""The hub as a connector passes the contract every connector passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from downtime.signing import SigningKey
from sync.connectors.hub import HubConnector
from sync.connectors.hub_link import HubLink, Speaker
from sync.contract import ConnectorContract
from sync.contract_entries import HOSPITAL, STATION
from tests.sync.hub.hubs import RunningHub, make_hub, stop_hub

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sync.connector import Connector

KEY = SigningKey(bytes(range(32)), "A")


class TestHub(ConnectorContract):
    """Over the real port, with entries that no chain vouches for yet: they are held until it comes."""

    running: RunningHub

    @pytest.fixture(autouse=True)
    def _hub(self, tmp_path: Path, store_url: str) -> Iterator[None]:
        self.running = make_hub(tmp_path / "hub", store_url=store_url, hospital=HOSPITAL)
        self.running.knows(STATION, "A", KEY.public)
        yield
        stop_hub(self.running)

    def connector(self) -> Connector:
        """One on the empty hub."""
        return HubConnector(HOSPITAL, self.running.link(STATION, KEY))

    def unreachable(self) -> Connector:
        """One whose hub is nowhere."""
        authority = self.running.place.authority_certificate
        return HubConnector(HOSPITAL, HubLink(["127.0.0.1:9"], authority, Speaker(STATION, "A", KEY.sign)))

    def postings(self, connector: Connector, entry_id: str) -> int:  # noqa: ARG002 (the contract's signature)
        """As the hub counts."""
        found = self.running.hub.db.row(
            "SELECT count(*) FROM entry WHERE id = ? AND verdict IN ('', 'gap', 'unsigned')", (entry_id,)
        )
        assert found is not None
        return int(found[0])
