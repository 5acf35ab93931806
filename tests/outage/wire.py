"""A bad line: a program between stations and the hub that cuts, resets, delays, garbles, repeats and swallows.

It sees TLS records and nothing inside them. Records of a request are counted from the station's first one after the
handshake, so "at record 3" is the same moment in every run: 1 asks for a nonce, then come headers and body of each
request in turn. ``python -m tests.outage.wire HUB_PORT`` prints its own port and is then told what to do, a line of
JSON each: ``{"arm": [fault or null for each coming connection]}`` or ``{"told": 1}``, which is answered.
"""

from __future__ import annotations

import json
import select
import socket
import struct
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

AT_ACCEPT: Final = ("nobody answers", "something else answers")
IN_REQUEST: Final = (
    *(
        "request cut",
        "request reset",
        "request garbled",
        "request twice",
        "request late",
        "request in pieces",
    ),
)
IN_REPLY: Final = (
    *(
        "reply lost",
        "reply cut",
        "reply reset",
        "reply garbled",
        "reply twice",
        "reply late",
        "reply in pieces",
    ),
)
KINDS: Final = (*AT_ACCEPT, *IN_REQUEST, *IN_REPLY)
LATE_SECONDS: Final = 0.02
_CARRIED: Final = 23
_HEAD: Final = 5
_AT_ONCE: Final = 1 << 16
_RESET: Final = struct.pack("ii", 1, 0)


class Wire:
    """One connection, and the fault it meets."""

    def __init__(
        self, station: socket.socket, hub: socket.socket, fault: dict[str, Any], hits: list[Any]
    ) -> None:
        self._station, self._hub = station, hub
        self._kind, self._at = str(fault.get("kind", "")), int(fault.get("at", 0))
        self._fault, self._hits = fault, hits
        self._carried_up = 0
        self._reply_is_next = False

    def carry(self) -> None:
        """Carry both directions until one of them ends."""
        ways = {self._station: (self._hub, self._up), self._hub: (self._station, self._down)}
        held = {self._station: b"", self._hub: b""}
        with suppress(OSError, ValueError):  # either end hung up, or we did
            while True:
                readable, _writable, _odd = select.select(list(ways), [], [])
                for source in readable:
                    content = source.recv(_AT_ONCE)
                    if not content:
                        return
                    target, act = ways[source]
                    held[source] = self._whole(held[source] + content, target, act)

    @staticmethod
    def _whole(held: bytes, target: socket.socket, act: Callable[[socket.socket, bytes], None]) -> bytes:
        """Pass every whole record on; return what is left."""
        while len(held) >= _HEAD:
            end = _HEAD + int.from_bytes(held[3:_HEAD], "big")
            if len(held) < end:
                break
            record, held = held[:end], held[end:]
            act(target, record)
        return held

    def _up(self, target: socket.socket, record: bytes) -> None:
        if record[0] == _CARRIED:
            self._carried_up += 1
        is_here = self._kind in IN_REQUEST and self._carried_up == self._at + 1
        if is_here and record[0] == _CARRIED:
            self._spoil(target, record, self._kind.removeprefix("request "))
            return
        if self._kind in IN_REPLY and self._carried_up == self._at + 1:
            self._reply_is_next = True
        target.sendall(record)

    def _down(self, target: socket.socket, record: bytes) -> None:
        if self._reply_is_next and record[0] == _CARRIED:
            self._reply_is_next, kind = False, self._kind
            self._kind = ""
            self._spoil(target, record, kind.removeprefix("reply "))
            return
        target.sendall(record)

    def _spoil(self, target: socket.socket, record: bytes, how: str) -> None:
        self._hits.append(self._fault)
        self._kind = ""
        if how == "lost":
            self._hang_up()
        elif how in {"cut", "reset"}:
            target.sendall(record[: len(record) // 2])
            self._hang_up(reset=how == "reset")
        elif how == "garbled":
            target.sendall(record[:-1] + bytes([record[-1] ^ 1]))
        elif how == "twice":
            target.sendall(record + record)
        elif how == "late":
            time.sleep(LATE_SECONDS)
            target.sendall(record)
        else:
            step = len(record) // 7 + 1
            for at in range(0, len(record), step):
                target.sendall(record[at : at + step])

    def _hang_up(self, *, reset: bool = False) -> None:
        for end in (self._station, self._hub):
            if reset:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            end.close()


class Between:
    """The listening side."""

    def __init__(self, hub_port: int) -> None:
        self._hub_port = hub_port
        self._armed: list[dict[str, Any] | None] = []
        self.hits: list[Any] = []
        self.listener = socket.create_server(("127.0.0.1", 0))

    def serve(self) -> None:
        """Accept for ever."""
        while True:
            station, _address = self.listener.accept()
            fault = self._armed.pop(0) if self._armed else None
            threading.Thread(target=self._connect, args=(station, fault or {}), daemon=True).start()

    def told(self, asked: dict[str, Any]) -> None:
        """Do what the simulator says."""
        if "arm" in asked:
            self._armed = list(asked["arm"])
            self.hits.clear()
        sys.stdout.write(json.dumps(self.hits) + "\n")
        sys.stdout.flush()

    def _connect(self, station: socket.socket, fault: dict[str, Any]) -> None:
        with station:
            if fault.get("kind") in AT_ACCEPT:
                self.hits.append(fault)
                if fault["kind"] == "something else answers":
                    with suppress(OSError):
                        station.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                station.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                return
            try:
                hub = socket.create_connection(("127.0.0.1", self._hub_port), 5)
            except OSError:
                return
            with hub:
                for end in (station, hub):
                    end.settimeout(None)
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                Wire(station, hub, fault, self.hits).carry()


def main() -> None:
    """Stand between until nobody tells anything more."""
    between = Between(int(sys.argv[1]))
    threading.Thread(target=between.serve, daemon=True).start()
    sys.stdout.write(f"{between.listener.getsockname()[1]}\n")
    sys.stdout.flush()
    for line in sys.stdin:
        between.told(json.loads(line))


if __name__ == "__main__":
    main()
