"""``downtime serve``: this station's screen for a desk whose PC runs a browser but not the app.

One station, one address, one browser at a time, each with an app process and a login of its own. The page and
everything it loads come from here. Whoever answers elsewhere's questions is refused: another host name (DNS turned
to this address), another page's socket, another PC than the ones named.
"""

from __future__ import annotations

import asyncio
import ipaddress
import signal
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from aiohttp import web

from downtime.errors import RefusedInputError, WrongPlaceError
from downtime.i18n import _
from downtime.serve_page import PARTS_PATH, SOCKET_PATH, headers_for, page, parts
from downtime.serve_process import app_command
from downtime.serve_socket import Seat

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from aiohttp.typedefs import Middleware

    from downtime.home import Home

PORT = 8471
_USUAL_PORTS = {"http": 80, "https": 443}
SEAT = web.AppKey("seat", Seat)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Serving:
    """Where the page is to be had and by whom.

    Attributes:
        address: of this PC, the only one listened on.
        port: TCP port.
        names: host names under which browsers may ask, besides the address.
        desks: PCs that may ask; empty for every PC that reaches the address.
        certificate: PEM file, or None for plain HTTP.
        key: PEM file of the certificate's key.
        plain_on_lan: passwords and names may cross the network readable.
    """

    address: Address
    port: int = PORT
    names: tuple[str, ...] = ()
    desks: tuple[Network, ...] = ()
    certificate: Path | None = None
    key: Path | None = None
    plain_on_lan: bool = False

    def checked(self) -> Self:
        """Return it, unless it would let in more than was meant.

        Raises:
            RefusedInputError: every address at once, or others could read what is typed.
        """
        if self.address.is_unspecified or self.address.is_multicast:
            raise RefusedInputError(
                _("{address} means every network this PC is in.").format(address=self.address),
                _("Name the one address of this PC that the desk reaches."),
            )
        if (self.certificate is None) != (self.key is None):
            raise RefusedInputError(
                _("A certificate and its key belong together."), _("Give both --certificate and --key.")
            )
        if self.certificate is None and not self.address.is_loopback and not self.plain_on_lan:
            raise RefusedInputError(
                _("Without a certificate, everybody on the network can read passwords and patients' names."),
                _("Give --certificate and --key, or say --plain-http-on-this-lan if the network is guarded."),
            )
        return self

    @property
    def scheme(self) -> str:
        """How browsers ask."""
        return "https" if self.certificate is not None else "http"

    @property
    def _written(self) -> str:
        """The address as it stands in a URL."""
        return f"[{self.address}]" if isinstance(self.address, ipaddress.IPv6Address) else str(self.address)

    def hosts(self) -> set[str]:
        """Return what the Host header of a question may be."""
        named = [self._written, *self.names]
        if self.address.is_loopback:
            named.append("localhost")
        lowered = [name.lower() for name in named]
        bare = lowered if self.port == _USUAL_PORTS[self.scheme] else []
        return {*bare, *(f"{name}:{self.port}" for name in lowered)}

    def url(self) -> str:
        """Return what one types into the browser."""
        return f"{self.scheme}://{self.names[0] if self.names else self._written}:{self.port}/"

    def lets_in(self, peer: str | None) -> bool:
        """Return whether a PC may ask."""
        if not self.desks:
            return True
        try:
            asking = ipaddress.ip_address((peer or "").partition("%")[0])
        except ValueError:
            return False
        return any(asking in network for network in self.desks)

    def tls(self) -> ssl.SSLContext | None:
        """Return what encrypts the connection, or None.

        Raises:
            RefusedInputError: certificate or key cannot be used.
        """
        if self.certificate is None:
            return None
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            context.load_cert_chain(self.certificate, self.key)
        except (OSError, ssl.SSLError) as error:
            raise RefusedInputError(
                _("Certificate and key cannot be used: {reason}.").format(reason=error.strerror or "PEM"),
                _("Give the PEM files of one certificate, readable for this account."),
            ) from error
        return context


def make_server(home: Home, serving: Serving, language: str | None = None) -> web.Application:
    """Return the server of one station; nothing listens yet.

    Raises:
        RefusedInputError: it would let in more than was meant.
    """
    hosts = serving.checked().hosts()
    settings = home.settings
    hospital = settings.hospital.name
    seat = Seat(app_command(str(home.path.resolve()), language), home.path / "app.json")

    async def answer_page(_request: web.Request) -> web.Response:
        text = page(settings.station.code, settings.station.name, hospital)
        return web.Response(text=text, content_type="text/html")

    async def answer_part(request: web.Request) -> web.Response:
        part = parts().get(request.match_info["name"])
        if part is None:
            raise web.HTTPNotFound
        keep = {
            "Cache-Control": "private, max-age=3600"
        }  # its address carries its hash; patients are not in it
        return web.Response(body=part.content, content_type=part.kind, headers=keep)

    async def answer_socket(request: web.Request) -> web.WebSocketResponse:
        if request.headers.get("Origin", "").lower() not in {f"{serving.scheme}://{host}" for host in hosts}:
            raise web.HTTPForbidden
        return await seat.take(request)

    server = web.Application(middlewares=[_only_for(serving)], client_max_size=1024)
    server[SEAT] = seat
    server.router.add_get("/", answer_page, allow_head=False)
    server.router.add_get(PARTS_PATH + "{name}", answer_part, allow_head=False)
    server.router.add_get(SOCKET_PATH, answer_socket, allow_head=False)

    async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
        for name, value in headers_for(f"{serving.scheme}://{request.host}").items():
            if name != "Cache-Control" or name not in response.headers:
                response.headers[name] = value

    async def leave(_server: web.Application) -> None:
        seat.leave()

    server.on_response_prepare.append(add_headers)
    server.on_shutdown.append(leave)
    return server


def _only_for(serving: Serving) -> Middleware:
    hosts = serving.hosts()

    @web.middleware
    async def check(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if not serving.lets_in(request.remote):
            raise web.HTTPForbidden
        if request.headers.get("Host", "").lower() not in hosts:
            raise web.HTTPMisdirectedRequest
        return await handler(request)

    return check


def serve(home: Home, serving: Serving, language: str | None, ready: Callable[[str], None]) -> None:
    """Serve until somebody stops it (Ctrl+C).

    Args:
        home: of the station.
        serving: where and for whom.
        language: of the screen; the station's by default.
        ready: told the address to type, once it answers.

    Raises:
        WrongPlaceError: this PC does not have the address, or the port is taken.
    """
    tls = serving.tls()
    with suppress(KeyboardInterrupt):
        asyncio.run(_serving(home, serving, language, ready, tls))


async def _serving(
    home: Home,
    serving: Serving,
    language: str | None,
    ready: Callable[[str], None],
    tls: ssl.SSLContext | None,
) -> None:
    runner = web.AppRunner(make_server(home, serving, language), access_log=None, shutdown_timeout=15)
    await runner.setup()
    stop = asyncio.Event()
    with suppress(NotImplementedError):  # Windows ends with KeyboardInterrupt
        for asked in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(asked, stop.set)
    try:
        try:
            await web.TCPSite(runner, str(serving.address), serving.port, ssl_context=tls).start()
        except OSError as error:
            raise WrongPlaceError(
                _("{address}, port {port}, cannot be listened on.").format(
                    address=serving.address, port=serving.port
                ),
                _("Give an address this PC has and a port nothing else uses: --address, --port."),
            ) from error
        ready(serving.url())
        await stop.wait()
    finally:
        await runner.cleanup()
