"""The ways bytes reach a printer: a device file, a TCP port, or the Windows spooler.

None waits longer than it is told. What was certainly not sent, and what may have been, are told apart: that is
the difference between printing again and looking first.
"""

from __future__ import annotations

import os
import select
import socket
import time
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from downtime import os_calls
from downtime.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from downtime.printer_profile import PrinterSettings

_CONNECT_SECONDS_MAX = 2.0
_PIECE_BYTES = 4096
_DRAIN_PAUSE_SECONDS = 0.01


class NobodyThereError(OSError):
    """The printer was not reached: nothing was sent."""


class Line(Protocol):
    """An open way to a printer."""

    sent: int

    def send(self, octets: bytes, give_up_at: float) -> None:
        """Send all of it before the monotonic time ``give_up_at``.

        Raises:
            OSError: part of it, or nothing, went; ``sent`` counts the bytes that may have arrived.
        """
        ...

    def ask(self, question: bytes, seconds: float) -> bytes:
        """Send a question, which may be empty, and return what is answered within ``seconds``, empty for nothing."""
        ...


class Channel(Protocol):
    """A way to a printer.

    Attributes:
        name: what people call it: the device, host and port, or the printer's name.
    """

    name: str

    def open(self) -> AbstractContextManager[Line]:
        """Open it.

        Raises:
            NobodyThereError: it is not there, or does not answer in time.
        """
        ...


def channel_of(profile: PrinterSettings) -> Channel:
    """Return the way to the printer of ``profile``, which names exactly one."""
    if profile.host:
        return TcpChannel(profile.host, profile.port_used, profile.timeout_seconds)
    return DeviceChannel(profile.device) if profile.device else SpoolChannel(profile.queue)


class TcpChannel:
    """A printer that listens on a TCP port, nearly always 9100."""

    def __init__(self, host: str, port: int, timeout_seconds: float) -> None:
        self.name = f"{host}:{port}"
        self._address = (host, port)
        self._wait_seconds = min(timeout_seconds, _CONNECT_SECONDS_MAX)

    @contextmanager
    def open(self) -> Iterator[Line]:
        """Connect."""
        try:
            connection = socket.create_connection(self._address, timeout=self._wait_seconds)
        except OSError as error:
            raise NobodyThereError(error.errno, error.strerror or str(error)) from error
        with connection:
            yield _TcpLine(connection)


class _TcpLine:
    def __init__(self, connection: socket.socket) -> None:
        self.sent = 0
        self._connection = connection

    def send(self, octets: bytes, give_up_at: float) -> None:
        at = 0
        while at < len(octets):
            self._connection.settimeout(max(0.001, give_up_at - time.monotonic()))
            taken = self._connection.send(octets[at : at + _PIECE_BYTES])
            at += taken
            self.sent += taken
        # What the printer's side has not acknowledged is still in this machine.
        while os_calls.bytes_waiting(self._connection.fileno()):
            if time.monotonic() >= give_up_at:
                raise TimeoutError(_("the printer stopped taking bytes"))
            time.sleep(_DRAIN_PAUSE_SECONDS)
        broken = self._connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if broken:  # a reset empties the queue as well
            raise OSError(broken, os.strerror(broken))

    def ask(self, question: bytes, seconds: float) -> bytes:
        self._connection.settimeout(seconds)
        self._connection.sendall(question)
        try:
            answer = self._connection.recv(64)
        except TimeoutError:
            return b""
        if not answer:
            raise ConnectionResetError(_("the printer closed the connection"))
        return answer


class DeviceChannel:
    """A device file: ``/dev/usb/lp0``, ``/dev/ttyUSB0``."""

    def __init__(self, path: str) -> None:
        self.name = path

    @contextmanager
    def open(self) -> Iterator[Line]:
        """Open the device, without waiting for anybody at its other end."""
        try:
            fd, answers = os_calls.open_device(self.name)
        except OSError as error:
            raise NobodyThereError(error.errno, error.strerror or str(error)) from error
        try:
            yield DeviceLine(fd, answers=answers)
        finally:
            os.close(fd)


class DeviceLine:
    """An open device file."""

    def __init__(self, fd: int, *, answers: bool) -> None:
        self.sent = 0
        self.fd = fd
        self._answers = answers

    def send(self, octets: bytes, give_up_at: float) -> None:
        """Write all of it, as fast as the device takes it."""
        at = 0
        while at < len(octets):
            wait = give_up_at - time.monotonic()
            _read, writable, _error = select.select([], [self.fd], [], max(0.0, wait))
            if not writable:
                raise TimeoutError(_("the printer stopped taking bytes"))
            try:
                taken = os.write(self.fd, octets[at : at + _PIECE_BYTES])
            except BlockingIOError:
                time.sleep(_DRAIN_PAUSE_SECONDS)
                continue
            at += taken
            self.sent += taken

    def ask(self, question: bytes, seconds: float) -> bytes:
        """Ask, where the device can be read at all."""
        if not self._answers:
            return b""
        if question:
            self.send(question, time.monotonic() + seconds)
            self.sent -= len(question)
        readable, _write, _error = select.select([self.fd], [], [], seconds)
        return os.read(self.fd, 64) if readable else b""


class SpoolChannel:
    """The Windows spooler, RAW: bytes go to the named printer as they are. Needs the package pywin32."""

    def __init__(self, printer: str) -> None:
        self.name = printer

    @contextmanager
    def open(self) -> Iterator[Line]:
        """Open the printer and one RAW document in it; the spooler keeps it until the printer takes it."""
        try:
            spooler: Any = import_module("win32print")  # Windows only, and optional there
        except ImportError as error:
            raise NobodyThereError(0, _("the Windows spooler needs the package pywin32")) from error
        failures = (OSError, spooler.error)
        try:
            printer = spooler.OpenPrinter(self.name)
        except failures as error:
            raise NobodyThereError(0, str(error.args[-1])) from error
        try:
            yield _SpoolLine(spooler, printer)
        finally:
            spooler.ClosePrinter(printer)


class _SpoolLine:
    def __init__(self, spooler: Any, printer: Any) -> None:
        self.sent = 0
        self._spooler, self._printer = spooler, printer

    def send(self, octets: bytes, give_up_at: float) -> None:
        del give_up_at  # the spooler takes everything at once
        try:
            self._spooler.StartDocPrinter(self._printer, 1, ("receipt", None, "RAW"))
            self._spooler.StartPagePrinter(self._printer)
            taken = self._spooler.WritePrinter(self._printer, octets)
            self.sent += taken
            if taken != len(octets):
                raise OSError(0, _("the printer stopped taking bytes"))
            self._spooler.EndPagePrinter(self._printer)
            self._spooler.EndDocPrinter(self._printer)
        except self._spooler.error as error:
            raise OSError(0, str(error.args[-1])) from error

    def ask(self, question: bytes, seconds: float) -> bytes:
        del question, seconds  # RAW goes one way
        return b""
