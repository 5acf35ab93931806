"""Whoever else is on the network: requests without, with wrong and with stolen signatures, and things that are none."""

from __future__ import annotations

import hashlib
import http.client
import json
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from downtime.signing import SigningKey
from sync.connectors.hub_link import pinned
from sync.hub.wire import NONCE_HEADER, signed_header

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.outage.faults import Place
    from tests.outage.hub import Hub

EXPECTED: Final = {
    "unsigned": "unsigned",
    "unknown station": "unknown_station",
    "wrong signature": "wrong_signature",
    "signed for another place": "wrong_signature",
    "stale nonce": "stale_nonce",
    "replayed": "replayed",
    "other body": "other_body",
    "garbage, well signed": "garbage",
    "nested without end": "garbage",
    "oversized": "too_large",
    "encoded": "encoded",
    "no such place": "no_such_place",
    "joins with a wrong code": "unknown_station",
    "asks about another station": "",
    "no HTTP inside TLS": "",
    "no TLS": "",
}
"""Kinds, and the word each is refused with; "" where it is not refused but gets nothing."""
KINDS: Final = tuple(EXPECTED)
OVERSIZED: Final = 5 << 20


@dataclass
class Stranger:
    """Sends one hostile request after another to the hub's own port.

    Attributes:
        station: a station the hub knows, and its key: well-signed nonsense comes from it.
        foreign_ids: ids of entries of other stations.
        taken: what was not refused as it should have been.
    """

    hub: Hub
    place: Place
    station: str
    key: SigningKey
    foreign_ids: list[str]
    taken: list[str] = field(default_factory=list)
    _line: http.client.HTTPSConnection | None = None

    def __post_init__(self) -> None:
        self._tls = pinned(self.hub.place.authority_certificate)
        self._own = SigningKey(hashlib.sha256(b"stranger").digest(), "A")

    def attack(self) -> None:
        """Go on until everything planned was sent."""
        while self.place.left:
            kind = self.place.draw()
            if kind is None:
                continue
            act: Callable[[Random], str] = getattr(
                self, "_" + kind.replace(" ", "_").replace(",", "").lower()
            )
            word = act(self.place.chance())
            if word != EXPECTED[kind]:
                self.taken.append(f"{kind}: {word}")
            self.place.hit(kind, word)

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.close()
            self._line = None

    # -- sending ----------------------------------------------------------------------------------------

    def _send(self, method: str, target: str, body: bytes, headers: dict[str, str]) -> tuple[str, str, bytes]:
        """Return the word of the refusal ("" if it was none), the next nonce, and the answer."""
        for last in (False, True):
            if self._line is None:
                self._line = http.client.HTTPSConnection(
                    "127.0.0.1", self.hub.port, timeout=20, context=self._tls
                )
            try:
                self._line.request(method, target, body, headers)
                answer = self._line.getresponse()
                content = answer.read()
            except (OSError, http.client.HTTPException):
                self.close()
                if last:
                    raise
                continue
            if answer.will_close:
                self.close()
            told = json.loads(content) if content.startswith(b"{") else {}
            return str(told.get("refused", "")), answer.headers.get(NONCE_HEADER, ""), content
        raise AssertionError

    def _nonce(self) -> str:
        return self._send("GET", "/v1/hello", b"", {})[1]

    def _header(self, target: str, body: bytes, **more: Any) -> str:
        told = {"nonce": "", "station": self.station, "incarnation": "A", "sign": self.key.sign, **more}
        told["nonce"] = told["nonce"] or self._nonce()
        return signed_header("POST", target, body, **told)

    def _post(self, target: str, body: bytes, header: str, **more: str) -> str:
        return self._send("POST", target, body, {"Authorization": header, **more})[0]

    def _garbage(self, chance: Random) -> bytes:
        return chance.choice(
            [
                b"",
                b"{}",
                b"[]",
                b"null",
                b'{"entries":1}',
                b'{"ids":[{}]}',
                chance.randbytes(60),
                b'{"number":7}',
            ]
        )

    # -- kinds ------------------------------------------------------------------------------------------

    def _unsigned(self, chance: Random) -> str:
        header = chance.choice(["", "Basic YTpi", "Downtime station=W01", "Bearer x"])
        return self._post("/v1/entries", self._garbage(chance), header)

    def _unknown_station(self, _chance: Random) -> str:
        return self._post(
            "/v1/station", b"{}", self._header("/v1/station", b"{}", station="W8Z", sign=self._own.sign)
        )

    def _wrong_signature(self, _chance: Random) -> str:
        return self._post("/v1/station", b"{}", self._header("/v1/station", b"{}", sign=self._own.sign))

    def _signed_for_another_place(self, _chance: Random) -> str:
        return self._post("/v1/entries", b"{}", self._header("/v1/facts", b"{}"))

    def _stale_nonce(self, chance: Random) -> str:
        nonce = chance.randbytes(36).hex()
        return self._post("/v1/station", b"{}", self._header("/v1/station", b"{}", nonce=nonce))

    def _replayed(self, _chance: Random) -> str:
        body = b'{"entries":[]}'
        header = self._header("/v1/outcomes", body)
        self._post("/v1/outcomes", body, header)
        return self._post("/v1/outcomes", body, header)

    def _other_body(self, chance: Random) -> str:
        return self._post(
            "/v1/outcomes", b'{"entries":[ ]}' + chance.randbytes(3), self._header("/v1/outcomes", b"{}")
        )

    def _garbage_well_signed(self, chance: Random) -> str:
        target, body = (
            "/v1/" + chance.choice(["entries", "outcomes", "facts", "receipt"]),
            b"?" + chance.randbytes(50),
        )
        return self._post(target, body, self._header(target, body))

    def _nested_without_end(self, chance: Random) -> str:
        depth = chance.randrange(20_000, 60_000)
        body = b"[" * depth + b"]" * depth
        return self._post("/v1/entries", body, self._header("/v1/entries", body))

    def _oversized(self, _chance: Random) -> str:
        header = self._header("/v1/entries", b"x")
        self.close()
        line = http.client.HTTPSConnection("127.0.0.1", self.hub.port, timeout=20, context=self._tls)
        try:
            line.putrequest("POST", "/v1/entries")
            line.putheader("Authorization", header)
            line.putheader("Content-Length", str(OVERSIZED))
            line.endheaders()
            return str(json.loads(line.getresponse().read())["refused"])
        finally:
            line.close()

    def _encoded(self, chance: Random) -> str:
        body = self._garbage(chance)
        return self._post(
            "/v1/entries", body, self._header("/v1/entries", body), **{"Content-Encoding": "gzip"}
        )

    def _no_such_place(self, chance: Random) -> str:
        target = chance.choice(
            ["/", "/v2/entries", "/v1/nothing", "/v1/file/../../keys/hub.json", "/v1/entries/"]
        )
        return self._post(target, b"", "")

    def _joins_with_a_wrong_code(self, chance: Random) -> str:
        request = {
            "hospital": self.hub.place.settings.hospital.id, "station": "W8Y", "drill": False,
            "keys": [{"incarnation": "A", "public": self._own.public.hex()}],
        }  # fmt: skip
        body = json.dumps({"request": request, "mark": chance.randbytes(32).hex()}).encode()
        header = self._header("/v1/join", body, station="W8Y", sign=self._own.sign)
        return self._post("/v1/join", body, header)

    def _asks_about_another_station(self, chance: Random) -> str:
        entry_id = chance.choice(self.foreign_ids)
        body = json.dumps({"ids": [entry_id]}).encode()
        word, _nonce, answer = self._send(
            "POST", "/v1/facts", body, {"Authorization": self._header("/v1/facts", body)}
        )
        return word or ("" if json.loads(answer) == {"facts": {}} else "told")

    def _no_http_inside_tls(self, chance: Random) -> str:
        plain = socket.create_connection(("127.0.0.1", self.hub.port), timeout=10)
        with suppress(OSError), self._tls.wrap_socket(plain) as stream:
            stream.sendall(chance.randbytes(chance.randrange(1, 300)) + b"\r\n\r\n")
        plain.close()
        return ""

    def _no_tls(self, chance: Random) -> str:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.hub.port), timeout=10) as stream:
            stream.sendall(chance.choice([b"GET / HTTP/1.1\r\n\r\n", chance.randbytes(200)]))
        return ""
