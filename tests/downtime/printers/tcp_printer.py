"""A thermal printer on a TCP port that can misbehave in every way we know."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

OK, PAPER_OK = 0x12, 0x12
ASK_NOW, ASK_PRINTED = b"\x10\x04", b"\x1dr"


@dataclass
class TcpPrinter:
    """How it behaves, and what it was sent.

    Attributes:
        answers: it answers questions at all.
        paper: there is paper.
        offline_because: bits of the second answer (0x04 cover, 0x40 fault), 0 for on line.
        closes_after: it closes the connection once it has taken so many bytes.
        stalls_after: it takes no more once it has taken so many bytes.
        silent_at_end: it takes everything and never says that it printed it.
        paper_ends_while_printing: the answer after the job says so.
        late: it answers about its paper only when the job is printed.
        gate: it takes nothing more until this is set.
        taken: everything it was sent but questions.
        jobs: how many connections it served to their end.
    """

    answers: bool = True
    paper: bool = True
    offline_because: int = 0
    closes_after: int | None = None
    stalls_after: int | None = None
    silent_at_end: bool = False
    paper_ends_while_printing: bool = False
    late: bool = False
    gate: threading.Event | None = None
    jobs: int = 0
    taken: bytearray = field(default_factory=bytearray)
    port: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def serve(self, connection: socket.socket) -> None:
        """Print what one connection sends."""
        waiting = b""
        while not self.stop.is_set():
            if self.stalls_after is not None and len(self.taken) >= self.stalls_after:
                self.stop.wait()
                return
            if self.gate is not None:
                self.gate.wait(30)
            got = connection.recv(1024)
            if not got:
                self.jobs += 1
                return
            waiting = self._answered(connection, waiting + got)
            self.taken += waiting
            waiting = b""
            if self.closes_after is not None and len(self.taken) >= self.closes_after:
                return

    def _answered(self, connection: socket.socket, octets: bytes) -> bytes:
        """Answer the questions in ``octets`` and return the rest; they come one by one, between the jobs."""
        if octets[:2] == ASK_NOW and len(octets) == 3:
            if self.answers and not (self.late and octets[2] == 4):
                connection.sendall(bytes((self._now(octets[2]),)))
            return b""
        if octets.endswith(ASK_PRINTED + b"\x01"):
            if self.late:
                connection.sendall(bytes((self._now(4),)))
            if self.answers and not self.silent_at_end:
                connection.sendall(b"\x0c" if self.paper_ends_while_printing else b"\x00")
            return octets[:-3]
        return octets

    def _now(self, question: int) -> int:
        stopped = self.offline_because or not self.paper
        if question == 1:
            return OK | (0x08 if stopped else 0)
        if question == 2:
            return OK | self.offline_because | (0 if self.paper else 0x20)
        return PAPER_OK | (0 if self.paper else 0x60)


@contextmanager
def listening(printer: TcpPrinter) -> Iterator[TcpPrinter]:
    """Let ``printer`` listen on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        # a small window, as printers have: what is not taken stays with the sender
        server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        printer.port = server.getsockname()[1]

        def serve() -> None:
            while not printer.stop.is_set():
                try:
                    connection, _address = server.accept()
                except OSError:
                    return
                with connection, suppress(OSError):
                    printer.serve(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield printer
        finally:
            printer.stop.set()
            with suppress(OSError), socket.create_connection(("127.0.0.1", printer.port), timeout=1):
                pass
            server.close()
            thread.join(5)
