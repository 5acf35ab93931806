"""A desk with nothing but a browser: who may ask, what leaves the station, and that one person sits there."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pytest

import downtime
from downtime import serve_process, serve_socket
from downtime.errors import RefusedInputError
from downtime.i18n import choose_language
from downtime.serve import Serving
from downtime.serve_page import headers_for, page, parts
from downtime.serve_process import surroundings
from tests.downtime.served_desks import LOOPBACK, next_of, served, stand_in, until

if TYPE_CHECKING:
    from downtime.home import Home

LAN = ipaddress.ip_address("10.0.0.5")
SERVED = Path(downtime.__file__).parent / "served"


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "224.0.0.1"])  # noqa: S104 (what is refused)
def test_every_network_at_once_is_refused(address: str) -> None:
    """The page is to be had at one address that somebody chose."""
    with pytest.raises(RefusedInputError):
        Serving(ipaddress.ip_address(address), plain_on_lan=True).checked()


def test_without_a_certificate_a_lan_must_be_named_as_guarded() -> None:
    """Nobody sends passwords readable over a network by forgetting something."""
    with pytest.raises(RefusedInputError, match="--plain-http-on-this-lan"):
        Serving(LAN).checked()
    assert Serving(LAN, plain_on_lan=True).checked().scheme == "http"
    assert Serving(LOOPBACK).url() == "http://127.0.0.1:8471/"


def test_a_certificate_without_its_key_is_refused(tmp_path: Path) -> None:
    """Both or neither; files that are none are named before anything listens."""
    with pytest.raises(RefusedInputError):
        Serving(LAN, certificate=tmp_path / "c.pem").checked()
    (tmp_path / "c.pem").write_text("none")
    with pytest.raises(RefusedInputError):
        Serving(LAN, certificate=tmp_path / "c.pem", key=tmp_path / "c.pem").tls()


def test_only_named_pcs_are_let_in() -> None:
    """One PC or one subnet; an address nobody can read is no PC."""
    serving = Serving(LAN, plain_on_lan=True, desks=(ipaddress.ip_network("10.0.3.0/28"),))
    assert serving.lets_in("10.0.3.7")
    assert not serving.lets_in("10.0.4.7")
    assert not serving.lets_in(None)
    assert not serving.lets_in("fe80::1%eth0")


def test_only_its_own_names_are_answered() -> None:
    """The address, its port, and names that were given."""
    assert Serving(LAN, plain_on_lan=True, names=("Desk3",)).hosts() == {"10.0.0.5:8471", "desk3:8471"}
    assert "localhost:80" in Serving(LOOPBACK, 80).hosts()
    assert "localhost" in Serving(LOOPBACK, 80).hosts()
    assert Serving(ipaddress.ip_address("::1")).url() == "http://[::1]:8471/"


async def test_another_host_name_is_refused(practice_home: Home) -> None:
    """A foreign site whose name was turned to this address gets nothing (DNS rebinding)."""
    async with served(practice_home) as desk:
        assert (await desk.get("/"))[0] == 200
        for path in ("/", "/screen", "/parts/xterm.js"):
            assert (await desk.get(path, Host="evil.example"))[0] == 421


async def test_another_pages_socket_is_refused(practice_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A foreign page open in the same browser cannot take the station's screen."""
    stand_in(monkeypatch)
    async with served(practice_home) as desk:
        for origin in ("http://evil.example", "null", desk.origin.replace("http", "https")):
            with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
                await desk.sit(origin)
        async with desk.asking.get(desk.origin + "/screen") as answer:
            assert answer.status == 403


async def test_a_pc_that_is_not_named_is_refused(practice_home: Home) -> None:
    """Where desks are named, others see nothing, not even the page."""
    async with served(practice_home, desks=(ipaddress.ip_network("10.9.9.9"),)) as desk:
        assert (await desk.get("/"))[0] == 403


async def test_nothing_else_is_to_be_had(practice_home: Home) -> None:
    """No folder, no download, no file of the station, no other method."""
    async with served(practice_home) as desk:
        for path in (
            *("/parts/", "/parts/../served/page.html", "/parts/..%2f..%2fapp.py", "/static/", "/download/x"),
            *("/station.toml", "/parts/page.html", "/parts/XTERM-LICENSE.txt"),
        ):
            assert (await desk.get(path))[0] == 404, path
        for method in ("POST", "PUT", "OPTIONS", "HEAD"):
            async with desk.asking.request(method, desk.origin + "/") as answer:
                assert answer.status == 405, method


async def test_every_answer_is_held_to_the_station(practice_home: Home) -> None:
    """Page, parts and refusals alike carry headers that forbid frames, foreign addresses and keeping a page."""
    async with served(practice_home) as desk:
        for path in ("/", "/parts/served.js", "/nothing", "/screen"):
            _status, headers, _content = await desk.get(path)
            for name, value in headers_for(desk.origin).items():
                if name != "Cache-Control":
                    assert headers[name] == value, (path, name)
        assert (await desk.get("/"))[1]["Cache-Control"] == "no-store"


def test_the_page_names_no_foreign_address() -> None:
    """Neither the page nor anything it loads points away from the station."""
    choose_language("en")
    texts = {"page": page("W03", "<b>'\"&", "</title><script>alert(1)</script>")}
    texts |= {name: part.content.decode() for name, part in parts().items() if part.kind.startswith("text/")}
    for name, text in texts.items():
        loaded = re.findall(
            r"""(?:src|href)\s*=\s*["']([^"']+)|url\(["']?([^"')]+)|@import|importScripts""", text
        )
        for found in loaded:
            address = "".join(found)
            assert address.startswith(("/parts/", "data:,", "DowntimeSansSC")), (name, address)
    assert "<script>alert" not in texts["page"]
    assert "<script>" not in texts["page"]
    assert "eval(" not in texts["served.js"]


def test_the_terminal_is_the_one_that_was_looked_at() -> None:
    """What came from elsewhere is byte for byte what docs/serve.md names."""
    document = (Path(downtime.__file__).parents[1] / "docs" / "serve.md").read_text("utf-8")
    for name in ("xterm.js", "xterm.css", "addon-fit.js"):
        assert hashlib.sha256((SERVED / name).read_bytes()).hexdigest() in document, name
    assert "MIT" in document
    assert "Permission is hereby granted" in (SERVED / "XTERM-LICENSE.txt").read_text("utf-8")


def test_the_app_is_started_with_little() -> None:
    """No password, no proxy, no switch for developers reaches the app from this process."""
    given = {
        "PATH": "/bin",
        "DOWNTIME_HOME": "x",
        "SSH_AUTH_SOCK": "x",
        "PYTHONPATH": "x",
        "TEXTUAL": "debug",
    }
    got = surroundings(80, 24, "10.0.3.17", given)
    assert set(got) - {"PATH"} == {
        *("TEXTUAL_DRIVER", "TEXTUAL_COLOR_SYSTEM", "DOWNTIME_SERVED", "COLUMNS", "ROWS"),
    }


async def test_keys_and_sizes_reach_the_app_and_nothing_else_comes_back(
    practice_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys go in, the picture comes out; an address the app would open stays here."""
    stand_in(monkeypatch)
    async with served(practice_home) as desk:
        socket = await desk.sit()
        await next_of(socket)
        await socket.send_json(["keys", "练习"])
        assert await next_of(socket) == "[练习]"
        await socket.send_json(["size", 9999, -5])
        assert '"width": 400, "height": 24' in await next_of(socket)
        await socket.send_json(["keys", "link"])
        await next_of(socket)
        assert await next_of(socket) == "linked"


@pytest.mark.parametrize(
    "said", ["no json", '{"a":1}', '["keys",1]', '["quit"]', '["size","a",2]', '["blur"]', "[]"]
)
async def test_a_browser_that_says_nonsense_is_put_out(
    practice_home: Home, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    """Anything but keys and sizes ends it, and the app leaves."""
    stand_in(monkeypatch)
    async with served(practice_home) as desk:
        socket = await desk.sit()
        await next_of(socket)
        await socket.send_str(said)
        assert await next_of(socket) == aiohttp.WSMsgType.CLOSE
        await socket.close()
        again = await desk.sit()
        assert isinstance(await next_of(again), str)


async def test_a_second_browser_is_told_to_wait(practice_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """While somebody sits there, another window gets words and nothing of the picture."""
    stand_in(monkeypatch, "1001")
    monkeypatch.setattr(serve_socket, "WAIT_FOR_LEAVING_SECONDS", 0.05)
    monkeypatch.setattr(serve_socket, "GIVES_WAY_SECONDS", 0)
    async with served(practice_home) as desk:
        first = await desk.sit()
        await next_of(first)
        second = await desk.sit()
        assert await next_of(second) == ["over", "busy"]
        await first.send_json(["keys", "still here"])
        assert await next_of(first) == "[still here]"


async def test_a_window_nobody_logged_in_at_gives_way(
    practice_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page left open at the login keeps nobody from the station."""
    stand_in(monkeypatch, "")
    monkeypatch.setattr(serve_socket, "GIVES_WAY_SECONDS", 0)
    async with served(practice_home) as desk:
        first = await desk.sit()
        await next_of(first)
        second = await desk.sit()
        assert isinstance(await next_of(second), str)
        await until(first, ["over", "taken"])


async def test_after_a_reload_the_same_desk_is_back_at_once(
    practice_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The app of the page before leaves first; the new one does not find the station taken."""
    stand_in(monkeypatch, "1001")
    async with served(practice_home) as desk:
        for _reload in range(3):
            socket = await desk.sit()
            assert isinstance(await next_of(socket), str)
            await socket.close()


async def test_the_end_of_the_app_is_told(practice_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever leaves the app sees that it is closed; the page does not open it again by itself."""
    stand_in(monkeypatch, "1001")
    async with served(practice_home) as desk:
        socket = await desk.sit()
        await next_of(socket)
        await socket.send_json(["keys", "leave"])
        await until(socket, ["over", "ended"])


async def test_an_app_that_cannot_start_is_told(practice_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The station is open on its own PC: the browser says so, and nothing of whose it is."""
    monkeypatch.setattr("downtime.serve.app_command", lambda _home, _language: ["false"])
    async with served(practice_home) as desk:
        assert await next_of(await desk.sit()) == ["over", "held"]


async def test_a_network_that_stands_still_never_holds_up_the_app(
    practice_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The app's picture is taken off its hands; a browser too far behind begins anew."""
    stand_in(monkeypatch, "1001")
    monkeypatch.setattr(serve_process, "LEAVE_SECONDS_MAX", 0.2)
    async with served(practice_home) as desk:
        socket = await desk.sit()
        await next_of(socket)
        await socket.send_json(["keys", "much"])
        async with desk.asking.get(desk.origin + "/") as answer:  # the server itself goes on
            assert answer.status == 200
        await desk.left()
        await until(socket, ["over", "slow"])
