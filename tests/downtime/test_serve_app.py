"""The real app behind the socket: it starts, it leaves when nobody can reach it, and it lets go of the station."""

from __future__ import annotations

import asyncio
import ssl
import sys
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

import aiohttp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from downtime.book import OpenBook
from downtime.clock import SystemClock
from downtime.errors import InUseError
from downtime.holding import StationHold
from downtime.store.audit_queries import newest
from tests.downtime.commands.shell import Shell
from tests.downtime.served_desks import free_port, next_of, served

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.home import Home

PATIENCE_SECONDS_MAX = 30
CTRL_Q = "\x11"


async def _login_is_up(socket: aiohttp.ClientWebSocketResponse) -> str:
    """Return all that came until the login stood there."""
    seen = ""
    while "lianxi1001" not in seen:
        piece = await next_of(socket)
        assert isinstance(piece, str), piece
        seen += piece
    return seen


async def _station_is_free(home: Home) -> None:
    """Return when no app has the station any more."""
    from zoneinfo import ZoneInfo

    async with asyncio.timeout(PATIENCE_SECONDS_MAX):
        while True:
            try:
                with StationHold(home, SystemClock(ZoneInfo("Asia/Shanghai"))):
                    return
            except InUseError:
                await asyncio.sleep(0.02)


async def test_a_closed_page_lets_go_of_the_station(practice_home: Home) -> None:
    """The app behind a page that is gone leaves; the station can be opened on its own PC."""
    async with served(practice_home) as desk:
        socket = await desk.sit()
        await _login_is_up(socket)
        await socket.close()
        await _station_is_free(practice_home)


async def test_a_station_open_on_its_own_pc_is_not_served(
    practice_home: Home, capfd: pytest.CaptureFixture[str]
) -> None:
    """The browser hears that it is open there; who sits there stays on the host."""
    from zoneinfo import ZoneInfo

    with StationHold(practice_home, SystemClock(ZoneInfo("Asia/Shanghai"))) as hold:
        hold.name("1001")
        async with served(practice_home) as desk:
            assert await next_of(await desk.sit()) == ["over", "held"]
    capfd.readouterr()


async def test_the_audit_names_the_desk(practice_home: Home) -> None:
    """A login through the browser says from which address it came."""
    async with served(practice_home) as desk:
        socket = await desk.sit()
        await _login_is_up(socket)
        for keys in ("1001", "\r", "lianxi1001", "\r"):
            await socket.send_json(["keys", keys])
        seen = ""
        while "预交金" not in seen:
            piece = await next_of(socket)
            assert isinstance(piece, str), piece
            seen += piece
        await socket.close()
        await _station_is_free(practice_home)
    book = OpenBook(
        practice_home, practice_home.keys.unlock("1001", "lianxi1001"), practice_home.current_book()
    )
    try:
        login = newest(book.db, ["login"])
    finally:
        book.close()
    assert login is not None
    assert login.content["detail"] == "127.0.0.1"


async def test_leaving_the_app_ends_the_page(practice_home: Home) -> None:
    """Ctrl+Q and yes: the page says that the app is closed."""
    async with served(practice_home) as desk:
        socket = await desk.sit()
        await _login_is_up(socket)
        await socket.send_json(["keys", CTRL_Q])
        await socket.send_json(["keys", "\r"])
        while (told := await next_of(socket)) != ["over", "ended"]:
            assert isinstance(told, str), told


async def test_the_app_leaves_when_the_server_is_killed(practice_home: Home) -> None:
    """The server dies by kill -9: no app is left behind that keeps the station from everybody."""
    port = free_port()
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "downtime", "serve", "--home", str(practice_home.path)),
        *("--port", str(port)),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert server.stdout is not None
        assert f"http://127.0.0.1:{port}/" in (await server.stdout.readline()).decode()
        origin = f"http://127.0.0.1:{port}"
        async with aiohttp.ClientSession() as asking:
            socket = await asking.ws_connect(origin + "/screen?columns=80&rows=24", origin=origin)
            await _login_is_up(socket)
            server.kill()
            await server.wait()
        await _station_is_free(practice_home)
    finally:
        if server.returncode is None:
            server.kill()
            await server.wait()


async def test_with_a_certificate_all_of_it_is_encrypted(practice_home: Home, tmp_path: Path) -> None:
    """Page and socket come over TLS; plain HTTP gets no answer at that port."""
    certificate, key = _made_certificate(tmp_path)
    async with served(practice_home, certificate=certificate, key=key) as desk:
        trusting = ssl.create_default_context(cafile=str(certificate))
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trusting)) as asking:
            async with asking.get(desk.origin + "/") as answer:
                assert answer.status == 200
                assert f"wss://127.0.0.1:{desk.serving.port}" in answer.headers["Content-Security-Policy"]
            socket = await asking.ws_connect(desk.origin + "/screen", origin=desk.origin)
            await _login_is_up(socket)
            await socket.close()
        with pytest.raises(aiohttp.ClientError):
            await asking_plainly(desk.origin.replace("https", "http"))


async def asking_plainly(origin: str) -> int:
    """Ask without encryption and return the status."""
    async with aiohttp.ClientSession() as asking, asking.get(origin + "/") as answer:
        return answer.status


def test_wrong_use_is_said(
    practice_home: Home,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exit code 2 and a sentence that says what to give instead."""
    shell = Shell(practice_home.path, tmp_path, monkeypatch, capsys)
    for wrong, hint in (
        (("--address", "0.0.0.0"), "--address"),  # noqa: S104 (what is refused)
        (("--address", "desk"), "desk"),
        (("--address", "10.255.255.1"), "--plain-http-on-this-lan"),
        (("--name", "a b"), "a b"),
        (("--desk", "300.1.1.1"), "300.1.1.1"),
        (("--address", "192.0.2.1", "--plain-http-on-this-lan"), "--port"),
    ):
        answer = shell("serve", "--home", str(practice_home.path), *wrong)
        assert answer.code == 2, wrong
        assert hint in answer.err + answer.out or hint == "--address", (hint, answer)


def _made_certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for 127.0.0.1 and its key, good for an hour."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "practice")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "host.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return folder / "host.pem", folder / "key.pem"
