"""A plain line to a hub, on which a test sends whatever it wants."""

from __future__ import annotations

import http.client
import json
from typing import TYPE_CHECKING

from downtime.signing import SigningKey
from sync.connectors.hub_link import pinned
from sync.hub.wire import NONCE_HEADER, signed_header

if TYPE_CHECKING:
    from tests.sync.hub.hubs import RunningHub

KEY = SigningKey(bytes(range(32)), "A")
ANSWER_BYTES_MAX = 200
"""What a refusal may say at most."""


class Line:
    """A plain connection that sends whatever a test wants."""

    def __init__(self, running: RunningHub) -> None:
        self.running = running
        self.tls = pinned(running.place.authority_certificate)

    def send(
        self, method: str, target: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, bytes, str]:
        """Return status, answer and the next nonce."""
        line = http.client.HTTPSConnection(
            "127.0.0.1", self.running.port.number, timeout=30, context=self.tls
        )
        try:
            line.request(method, target, body, headers or {})
            answer = line.getresponse()
            return answer.status, answer.read(), answer.headers.get(NONCE_HEADER, "")
        finally:
            line.close()

    def nonce(self) -> str:
        """Return a fresh one."""
        return self.send("GET", "/v1/hello")[2]

    def signed(
        self, target: str, body: bytes, *, nonce: str = "", station: str = "W9A", key: SigningKey = KEY
    ) -> tuple[int, bytes, str]:
        """Send a request a station signed."""
        header = signed_header(
            "POST", target, body, nonce=nonce or self.nonce(), station=station, incarnation="A", sign=key.sign
        )
        return self.send("POST", target, body, {"Authorization": header})


def refused(answer: tuple[int, bytes, str]) -> tuple[int, str]:
    """Return status and word of a refusal, which must be short."""
    status, body, _nonce = answer
    assert len(body) <= ANSWER_BYTES_MAX
    return status, str(json.loads(body)["refused"])
