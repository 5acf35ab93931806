"""The one port: HTTPS around ``reception``, with limits on everything that comes from the line.

Every answer is short. What is refused is refused before it is read as far as that can be told: an unknown
station, a stale or used nonce and a wrong signature cost no body.
"""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Self

from aiohttp import web

from downtime.errors import WrongPlaceError
from downtime.i18n import _
from downtime.process import crash_text
from sync.hub.arrivals import KEY_LABEL
from sync.hub.database import open_store
from sync.hub.offers import Offers
from sync.hub.reception import Reception
from sync.hub.verifying import VerifyingThread, verifier_at
from sync.hub.wire import (
    BODY_BYTES_MAX,
    NONCE_HEADER,
    SMALL_BODY_BYTES_MAX,
    VERSION,
    Nonces,
    RefusedError,
    Signature,
    require_body,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from sync.hub.place import HubKeys, HubPlace

BODY_SECONDS_MAX: Final = 30.0
AT_ONCE_MAX: Final = 64
SHUTDOWN_SECONDS_MAX: Final = 5.0
HEADER_BYTES_MAX: Final = 4_096
CERTIFICATE_LOOK_SECONDS: Final = 3_600.0
VERIFIED_LOOKS: Final = 100
VERIFIED_LOOK_SECONDS: Final = 0.02
ASKED: Final = ("keys", "station", "entries", "outcomes", "facts", "receipt", "package")

_SILENT: Final = logging.getLogger("downtime.hub.port")
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False  # what strangers send is nothing to be written down


class Hub:
    """One hub, open: its store, its answers and its web application."""

    def __init__(
        self, place: HubPlace, keys: HubKeys, nonces: Nonces | None = None, *, verifies: bool = True
    ) -> None:
        """Open the store.

        Args:
            place: the hub's folder.
            keys: its secrets, open.
            nonces: gives nonces out.
            verifies: whether this process verifies what arrives, in a thread; else others do.
        """
        self.place = place
        self.keys = keys
        self.nonces = nonces or Nonces()
        clock, settings = place.clock(), place.settings
        self.db = open_store(settings.store.url, place.store_file, keys.store)
        self.offers = Offers(self.db, place.down, settings.hospital.id, keys.own)
        hospital, secret = settings.hospital.id, KEY_LABEL + keys.store
        self.reception = Reception(self.db, hospital, secret, lambda: clock.now().wall, self.offers)
        # The store is one connection: whatever touches it does so in this one thread, in order of arrival.
        self._thread = ThreadPoolExecutor(1, "hub-store")
        self._at_once = 0
        self._verifying = VerifyingThread(*verifier_at(place, keys)) if verifies else None
        if self._verifying is not None:
            self.reception.call_verifier = self._verifying.call

    def close(self) -> None:
        """Finish what is in hand and close the store."""
        self._thread.shutdown(wait=True)
        self.close_verifier()
        self.db.close()

    def close_verifier(self) -> None:
        """Verify nothing more in this process."""
        if self._verifying is not None:
            self._verifying.close()
            self._verifying = None

    def settle(self) -> None:
        """Have everything verified that was kept so far."""
        if self._verifying is not None:
            self._verifying.settle()

    def application(self) -> web.Application:
        """Return the web application."""
        made = web.Application(client_max_size=BODY_BYTES_MAX, middlewares=[self._shortly])
        made.router.add_get("/v1/hello", self._hello)
        made.router.add_get("/v1/ca", self._authority)
        made.router.add_route("POST", "/v1/join", self._join)
        for name in ASKED:
            made.router.add_route("POST", f"/v1/{name}", self._answering(name))
        made.router.add_get("/v1/file/{sha256:[0-9a-f]{64}}/{offset:[0-9]{1,15}}", self._file)
        return made

    @web.middleware
    async def _shortly(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Turn every refusal and fault into a short answer, and bring the next nonce along."""
        self._at_once += 1
        try:
            answer = _short("busy", 503) if self._at_once > AT_ONCE_MAX else await handler(request)
        except RefusedError as refusal:
            answer = _short(refusal.word, refusal.status)
        except web.HTTPRequestEntityTooLarge:
            answer = _short("too_large", 413)
        except web.HTTPException as error:
            answer = _short("no_such_place", error.status)
        except TimeoutError:
            answer = _short("busy", 503)
        except (ssl.SSLError, ConnectionError):
            answer = _short("busy", 503)  # the line broke under the request: nobody hears this
        except Exception as error:  # noqa: BLE001 (one request's fault must not end the hub for everybody)
            sys.stderr.write(crash_text(error))  # kinds and places, never what was being worked on
            answer = _short("fault", 500)
        finally:
            self._at_once -= 1
        answer.headers[NONCE_HEADER] = self.nonces.fresh()
        answer.headers["Cache-Control"] = "no-store"
        return answer

    async def _hello(self, _request: web.Request) -> web.Response:
        return web.json_response({"hub": self.place.settings.hospital.id, "v": VERSION})

    async def _authority(self, _request: web.Request) -> web.Response:
        return web.Response(body=self.place.authority_certificate, content_type="application/x-pem-file")

    async def _join(self, request: web.Request) -> web.Response:
        signature = Signature.read(request.headers.get("Authorization"))
        self.nonces.require_fresh(signature.nonce)
        body = await _body(request, SMALL_BODY_BYTES_MAX)
        require_body(body, signature.body)
        self.nonces.use(signature.nonce)
        return web.json_response(await self._in_thread(self.reception.join, signature, "/v1/join", body))

    def _answering(self, name: str) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def answer(request: web.Request) -> web.StreamResponse:
            signature = await self._signed(request)
            body = await _body(request, BODY_BYTES_MAX)
            require_body(body, signature.body)
            self.nonces.use(signature.nonce)
            if name == "outcomes":
                await self._verified(signature.station)
            return web.json_response(await self._in_thread(self.reception.answer, name, signature, body))

        return answer

    async def _verified(self, station: str) -> None:
        """Wait a moment for what a station sent to be verified, where that is soon done: its answer is then final."""
        for _time in range(VERIFIED_LOOKS):
            if not await self._in_thread(self.reception.soon_verified, station):
                return
            await asyncio.sleep(VERIFIED_LOOK_SECONDS)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        signature = await self._signed(request)
        require_body(b"", signature.body)
        self.nonces.use(signature.nonce)
        sha256, offset = request.match_info["sha256"], int(request.match_info["offset"])
        part = await self._in_thread(self.offers.part, signature.station, sha256, offset)
        if part is None:
            raise RefusedError("no_such_place")
        return web.Response(body=part, content_type="application/octet-stream")

    async def _signed(self, request: web.Request) -> Signature:
        """Return the signature of a request from a station that is known; no body was read yet."""
        signature = Signature.read(request.headers.get("Authorization"))
        self.nonces.require_fresh(signature.nonce)
        await self._in_thread(self.reception.require, signature, request.method, request.raw_path)
        return signature

    async def _in_thread(self, act: Callable[..., Any], *given: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, act, *given)


async def _body(request: web.Request, bytes_max: int) -> bytes:
    if request.headers.get("Content-Encoding"):
        raise RefusedError("encoded")
    if (request.content_length or 0) > bytes_max:
        raise RefusedError("too_large")
    async with asyncio.timeout(BODY_SECONDS_MAX):
        body = await request.read()
    if len(body) > bytes_max:
        raise RefusedError("too_large")
    return body


def _short(word: str, status: int) -> web.Response:
    return web.Response(text=json.dumps({"refused": word}), status=status, content_type="application/json")


def server_context(certificate_file: Path, password: bytes) -> ssl.SSLContext:
    """Return the TLS settings of the port.

    Raises:
        ssl.SSLError: certificate and key do not fit or do not open.
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.load_cert_chain(certificate_file, password=password)
    return made


class Port:
    """A hub listening, in a thread of its own; a context manager."""

    def __init__(self, hub: Hub, port: int | None = None, host: str | None = None) -> None:
        self.hub = hub
        listen = hub.place.settings.listen
        self._host, self.number = host or listen.host, listen.port if port is None else port
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="hub-port", daemon=True)
        self._ready = threading.Event()
        self._over: asyncio.Event | None = None
        self._failure: Exception | None = None
        hub.place.renew_certificate(hub.keys)
        self.context = server_context(hub.place.certificate_file, hub.keys.server_password)

    def __enter__(self) -> Self:
        """Listen.

        Raises:
            WrongPlaceError: another program has the port.
        """
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            self._thread.join()
            raise WrongPlaceError(
                _("Port {port} cannot be opened: {reason}.").format(
                    port=self.number, reason=getattr(self._failure, "strerror", None) or self._failure
                ),
                _("See which program has it, or choose another port in hub.toml."),
            ) from self._failure
        return self

    def __exit__(self, *_failure: object) -> None:
        if self._over is not None:
            with suppress(RuntimeError):  # it has ended already
                self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._listen())
        finally:
            self._ready.set()
            self._loop.close()

    async def _listen(self) -> None:
        runner = web.AppRunner(
            self.hub.application(),
            access_log=None,
            handle_signals=False,
            shutdown_timeout=SHUTDOWN_SECONDS_MAX,
            logger=_SILENT,
            max_line_size=HEADER_BYTES_MAX,
            max_field_size=HEADER_BYTES_MAX,
        )
        await runner.setup()
        try:
            site = web.TCPSite(runner, self._host, self.number, ssl_context=self.context)
            await site.start()
            self.number = runner.addresses[0][1]
            self._over = asyncio.Event()
            self._ready.set()
            while not self._over.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._over.wait(), CERTIFICATE_LOOK_SECONDS)
                if self.hub.place.renew_certificate(self.hub.keys):
                    # New connections get the new certificate; those that are open go on.
                    self.context.load_cert_chain(
                        self.hub.place.certificate_file, password=self.hub.keys.server_password
                    )
        except OSError as error:
            self._failure = error
        finally:
            await runner.cleanup()
