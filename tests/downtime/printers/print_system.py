"""A CUPS of our own on this machine's loopback address, in a folder that goes away with the test."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

CUPSD = shutil.which("cupsd") or shutil.which("cupsd", path="/usr/sbin:/usr/local/sbin")

_CONFIGURATION = """
Listen 127.0.0.1:{port}
Browsing Off
DefaultAuthType None
WebInterface No
LogLevel none
MaxLogSize 0
JobRetryInterval 1
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit All>
    Order allow,deny
    Allow all
  </Limit>
</Policy>
"""
_FILES = """
ServerRoot {folder}/etc
RequestRoot {folder}/spool
TempDir {folder}/spool/tmp
CacheDir {folder}/cache
StateDir {folder}/state
ErrorLog {folder}/error_log
AccessLog {folder}/access_log
PageLog {folder}/page_log
"""


def why_not() -> str:
    """Return why no CUPS can be started here, or ""."""
    if CUPSD is None or shutil.which("lp") is None or shutil.which("lpadmin", path=_path()) is None:
        return "cupsd and its commands (cups, cups-client) are not installed"
    if os.geteuid() != 0:
        return "cupsd is started as root"
    return ""


def _path() -> str:
    return f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


@dataclass(frozen=True)
class PrintSystem:
    """A running CUPS.

    Attributes:
        port: where it listens.
    """

    port: int

    def run(self, command: str, *arguments: str) -> None:
        """Run one of its administration commands."""
        words = [command, "-h", f"127.0.0.1:{self.port}", *arguments]
        environment = {**os.environ, "PATH": _path(), "LC_ALL": "C"}
        subprocess.run(words, check=True, capture_output=True, timeout=20, env=environment)

    def queue(self, name: str, printer_port: int) -> None:
        """Make a queue to a printer on this machine that takes PDFs as they are."""
        self.run("lpadmin", "-p", name, "-E", "-v", f"socket://127.0.0.1:{printer_port}", "-m", "raw")


@dataclass
class PdfPrinter:
    """A printer on a port that takes a PDF at a time; it may stop taking."""

    port: int = 0
    hangs: bool = False
    taken: list[bytes] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def serve(self, connection: socket.socket) -> None:
        """Take one job."""
        if self.hangs:
            self.stop.wait()
            return
        job = bytearray()
        while got := connection.recv(65536):
            job += got
        if job:
            self.taken.append(bytes(job))


@contextmanager
def printing(printer: PdfPrinter) -> Iterator[PdfPrinter]:
    """Let ``printer`` listen."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        printer.port = server.getsockname()[1]

        def serve() -> None:
            while not printer.stop.is_set():
                connection, _address = server.accept()
                with connection, suppress(OSError):
                    printer.serve(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield printer
        finally:
            printer.stop.set()
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", printer.port), timeout=1).close()
            thread.join(5)


@contextmanager
def running(folder: Path) -> Iterator[PrintSystem]:
    """Start a CUPS in ``folder`` and stop it again."""
    assert CUPSD is not None
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for name in ("etc", "spool/tmp", "cache", "state"):
        (folder / name).mkdir(parents=True)
    (folder / "cupsd.conf").write_text(_CONFIGURATION.format(port=port))
    (folder / "files.conf").write_text(_FILES.format(folder=folder))
    for part in (folder, *folder.parents):  # its backends run as another account
        if part.stat().st_uid == os.geteuid() and part != Path("/"):
            part.chmod(part.stat().st_mode | 0o011)
        if part == Path("/tmp"):  # noqa: S108 (where the search for our own folders ends)
            break
    command = [CUPSD, "-f", "-c", str(folder / "cupsd.conf"), "-s", str(folder / "files.conf")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        give_up_at = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, "cupsd ended"
                assert time.monotonic() < give_up_at, "cupsd does not listen"
        yield PrintSystem(port)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
