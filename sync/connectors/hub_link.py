"""The line from a station to the hub: HTTPS to the one port, pinned to the hub's authority, every request signed.

Dates in the hub's certificate are not looked at: this PC's clock may be years wrong, and the authority was made
for this hub alone.
"""

from __future__ import annotations

import http.client
import json
import ssl
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from downtime.canonical import UnsealableError, seal, unseal
from downtime.i18n import _
from sync.hub.wire import NONCE_HEADER, PORT, signed_header

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CONNECT_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 60.0
ANSWER_BYTES_MAX: Final = 8 << 20
IDLE_SECONDS_MAX: Final = 10.0
"""A connection unused for longer may have been closed by the hub; a new one leaves no doubt."""

_NO_CHECK_TIME: Final = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME; Python has no name for it."""


class LinkError(Exception):
    """The hub did not answer the request; ``reason`` says why, translated."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotReachedError(LinkError):
    """Certainly nothing of the request arrived."""


class NoAnswerError(LinkError):
    """Perhaps it arrived."""


class NotTakenError(LinkError):
    """The hub refused the request whole; nothing of it was kept. ``word`` is the hub's."""

    def __init__(self, word: str) -> None:
        super().__init__(_("The hub refuses: {word}.").format(word=word))
        self.word = word


@dataclass(frozen=True, slots=True)
class Speaker:
    """Which station speaks, and what signs for it."""

    station: str
    incarnation: str
    sign: Callable[[bytes], bytes]


class HubLink:
    """One station's line to the hub; used by one thread at a time."""

    def __init__(self, addresses: Sequence[str], authority: bytes, speaker: Speaker) -> None:
        """Make the line; nothing is sent yet.

        Args:
            addresses: ``host`` or ``host:port`` (or with https:// before it), tried in order.
            authority: the hub's certificate authority, PEM.
            speaker: who signs.
        """
        self._places = [_place(address) for address in addresses]
        self._speaker = speaker
        self._tls = pinned(authority)
        self._connection: http.client.HTTPSConnection | None = None
        self._nonce = ""
        self._used_at = 0.0

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def ask(self, name: str, content: dict[str, Any]) -> dict[str, Any]:
        """Send ``content`` to ``/v1/name`` and return the hub's answer.

        Raises:
            NotReachedError, NoAnswerError, NotTakenError: see there.
        """
        answer = self._signed("POST", f"/v1/{name}", seal(content))
        try:
            told = unseal(answer)
        except UnsealableError as error:
            raise NoAnswerError(_("The hub's answer cannot be read.")) from error
        if not isinstance(told, dict):
            raise NoAnswerError(_("The hub's answer cannot be read."))
        return told

    def fetch(self, sha256: str, offset: int) -> bytes:
        """Return the next part of a file that is offered to this station; empty at its end.

        Raises:
            NotReachedError, NoAnswerError, NotTakenError: see there.
        """
        return self._signed("GET", f"/v1/file/{sha256}/{offset}", b"")

    def _signed(self, method: str, target: str, body: bytes) -> bytes:
        if not self._nonce:
            self._exchange("GET", "/v1/hello", b"", None)
        for last in (False, True):
            status, answer = self._exchange(method, target, body, self._header(method, target, body))
            if status == http.client.OK:
                return answer
            word = _word(answer)
            # The hub was started anew, or we were silent for long: the answer brought a fresh nonce along.
            if word != "stale_nonce" or last:
                break
        if word == "fault":
            raise NoAnswerError(_("The hub had a fault in answering."))
        raise NotTakenError(word)

    def _header(self, method: str, target: str, body: bytes) -> str:
        speaker, nonce = self._speaker, self._nonce
        return signed_header(
            method, target, body,
            nonce=nonce, station=speaker.station, incarnation=speaker.incarnation, sign=speaker.sign,
        )  # fmt: skip

    def _exchange(self, method: str, target: str, body: bytes, header: str | None) -> tuple[int, bytes]:
        connection = self._connected()
        headers = {"Authorization": header} if header else {}
        try:
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            content = answer.read(ANSWER_BYTES_MAX + 1)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise NoAnswerError(
                _("The line to the hub broke: {reason}.").format(reason=_reason(error))
            ) from error
        nonce = answer.headers.get(NONCE_HEADER, "")
        if len(content) > ANSWER_BYTES_MAX or not nonce:
            self.close()
            raise NoAnswerError(_("The hub's answer cannot be read."))
        self._nonce = nonce
        self._used_at = time.monotonic()
        if answer.will_close:
            self.close()
        return answer.status, content

    def _connected(self) -> http.client.HTTPSConnection:
        if self._connection is not None and time.monotonic() - self._used_at <= IDLE_SECONDS_MAX:
            return self._connection
        self.close()
        reasons = []
        for host, port in self._places:
            connection = http.client.HTTPSConnection(host, port, timeout=CONNECT_SECONDS, context=self._tls)
            try:
                connection.connect()
            except ssl.SSLError as error:
                connection.close()
                reasons.append(_("something else answers at {place}").format(place=f"{host}:{port}"))
                del error
            except (OSError, UnicodeError) as error:
                connection.close()
                reasons.append(f"{host}:{port}: {_reason(error)}")
            else:
                assert connection.sock is not None, "it is connected"
                connection.sock.settimeout(ANSWER_SECONDS)
                self._connection = connection
                self._used_at = time.monotonic()
                return connection
        raise NotReachedError(_("The hub cannot be reached: {reason}.").format(reason="; ".join(reasons)))


def pinned(authority: bytes) -> ssl.SSLContext:
    """Return TLS settings that trust whatever ``authority`` (PEM) signed, and nothing else.

    Names are not compared: that authority signs for one hub only, and the PC's address may change. Neither are
    dates, see the module.
    """
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.check_hostname = False
    made.load_verify_locations(cadata=authority.decode("ascii"))
    made.verify_flags |= _NO_CHECK_TIME
    return made


def authority_at(address: str) -> bytes:
    """Return the authority's certificate as whoever answers at ``address`` tells it; compare it before trusting.

    Raises:
        NotReachedError: nobody answers, or nobody who speaks so.
    """
    host, port = _place(address)
    unproven = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    unproven.check_hostname = False
    unproven.verify_mode = ssl.CERT_NONE  # nothing is trusted yet: the code that was typed decides
    connection = http.client.HTTPSConnection(host, port, timeout=CONNECT_SECONDS, context=unproven)
    try:
        connection.request("GET", "/v1/ca")
        return connection.getresponse().read(1 << 16)
    except (OSError, UnicodeError, http.client.HTTPException) as error:
        raise NotReachedError(
            _("The hub cannot be reached: {reason}.").format(reason=f"{host}:{port}: {_reason(error)}")
        ) from error
    finally:
        connection.close()


def _place(address: str) -> tuple[str, int]:
    split = urlsplit(address if "//" in address else f"//{address}")
    return split.hostname or "", split.port or PORT


def _word(answer: bytes) -> str:
    try:
        word = json.loads(answer)["refused"]
    except (ValueError, KeyError, TypeError):
        return "?"
    return str(word)[:40]


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or type(error).__name__)
