"""What goes over the one port, as both ends see it: signed requests, nonces, refusals.

A request carries ``Authorization: Downtime station=W03, incarnation=A, nonce=.., body=.., signature=..``. The
station's key signs method, target, the SHA-256 of the body and a nonce that the hub itself gave out: so no
clock of a station matters, and a request copied from the line is refused the second time it comes. Every
answer brings the next nonce along.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from downtime import os_calls
from downtime.canonical import seal
from downtime.signing import signature_is_good

if TYPE_CHECKING:
    from collections.abc import Callable

PORT: Final = 8743
VERSION: Final = 1
NONCE_HEADER: Final = "Downtime-Nonce"
NONCE_SECONDS: Final = 120
BODY_BYTES_MAX: Final = 4 << 20
SMALL_BODY_BYTES_MAX: Final = 16 << 10
"""For a station that is not known yet."""
BATCH_ENTRIES_MAX: Final = 500
BATCH_BYTES_MAX: Final = 2 << 20
ENTRY_BYTES_MAX: Final = 1 << 20
IDS_MAX: Final = 1_000

_SIGNED: Final = b"downtime hub request 1\x00"
_AUTHORIZATION: Final = re.compile(
    r"Downtime station=(?P<station>[A-Z][A-Z0-9]{1,3}), incarnation=(?P<incarnation>[A-Z]), "
    r"nonce=(?P<nonce>[0-9a-f]{72}), body=(?P<body>[0-9a-f]{64}), signature=(?P<signature>[0-9a-f]{128})"
)
_REASONS: Final = {
    "unsigned": 401,
    "unknown_station": 401,
    "withdrawn": 401,
    "wrong_signature": 401,
    "stale_nonce": 409,
    "replayed": 409,
    "other_body": 400,
    "garbage": 400,
    "no_such_place": 404,
    "too_large": 413,
    "encoded": 415,
    "busy": 503,
    "fault": 500,
}


class RefusedError(Exception):
    """The hub does not take this request; ``word`` says why, and nothing of it was kept."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        assert word in _REASONS, word
        self.word = word

    @property
    def status(self) -> int:
        """The HTTP status of the answer."""
        return _REASONS[self.word]


@dataclass(frozen=True, slots=True)
class Signature:
    """What the header of a request says; ``body`` is the SHA-256 it promises."""

    station: str
    incarnation: str
    nonce: str
    body: str
    signature: str

    @classmethod
    def read(cls, header: str | None) -> Signature:
        """Return what ``header`` says.

        Raises:
            RefusedError: there is none of ours.
        """
        found = _AUTHORIZATION.fullmatch(header or "")
        if found is None:
            raise RefusedError("unsigned")
        return cls(**found.groupdict())

    def header(self) -> str:
        """Return the header's text."""
        return (
            f"Downtime station={self.station}, incarnation={self.incarnation}, nonce={self.nonce}, "
            f"body={self.body}, signature={self.signature}"
        )

    def signed_bytes(self, method: str, target: str) -> bytes:
        """Return what the station's key signs."""
        return _SIGNED + seal(
            {
                "method": method,
                "target": target,
                "station": self.station,
                "incarnation": self.incarnation,
                "nonce": self.nonce,
                "body": self.body,
            }
        )

    def require(self, method: str, target: str, public: bytes) -> None:
        """Go on only if ``public`` signed this.

        Raises:
            RefusedError: it did not.
        """
        signed = self.signed_bytes(method, target)
        if not signature_is_good(public, bytes.fromhex(self.signature), signed):
            raise RefusedError("wrong_signature")


def signed_header(
    method: str,
    target: str,
    body: bytes,
    *,
    nonce: str,
    station: str,
    incarnation: str,
    sign: Callable[[bytes], bytes],
) -> str:
    """Return the header that signs one request with the station's key."""
    bare = Signature(station, incarnation, nonce, hashlib.sha256(body).hexdigest(), "")
    signature = sign(bare.signed_bytes(method, target)).hex()
    return Signature(station, incarnation, nonce, bare.body, signature).header()


def require_body(body: bytes, promised: str) -> None:
    """Go on only if ``body`` is what was signed.

    Raises:
        RefusedError: it is not.
    """
    if not hmac.compare_digest(hashlib.sha256(body).hexdigest(), promised):
        raise RefusedError("other_body")


@dataclass
class Nonces:
    """Gives nonces out and takes each back once.

    Nothing is remembered of a nonce until a request with a good signature used it, so asking for nonces
    costs the hub no memory. A restart of the hub makes all of them stale; a station then asks again.

    Attributes:
        passed_ms: milliseconds that passed since some instant; no wall clock.
    """

    passed_ms: Callable[[], int] = os_calls.monotonic_ms
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _used: dict[str, int] = field(default_factory=dict)

    def fresh(self) -> str:
        """Return a nonce, 72 hex digits."""
        begin = self.passed_ms().to_bytes(8, "big") + secrets.token_bytes(12)
        return (begin + self._mark(begin)).hex()

    def require_fresh(self, nonce: str) -> None:
        """Go on only if ``nonce`` is of ours, young and unused.

        Raises:
            RefusedError: stale (ask for another) or used.
        """
        given = bytes.fromhex(nonce)
        age_ms = self.passed_ms() - int.from_bytes(given[:8], "big")
        if not hmac.compare_digest(given[20:], self._mark(given[:20])):
            raise RefusedError("stale_nonce")
        if not 0 <= age_ms <= NONCE_SECONDS * 1000:
            raise RefusedError("stale_nonce")
        if nonce in self._used:
            raise RefusedError("replayed")

    def use(self, nonce: str) -> None:
        """Take ``nonce`` back; it never counts again.

        Raises:
            RefusedError: as ``require_fresh``.
        """
        self.require_fresh(nonce)
        now = self.passed_ms()
        self._used[nonce] = now
        while self._used:  # in order of use; what is long past would be stale anyway
            oldest = next(iter(self._used))
            if now - self._used[oldest] <= 2 * NONCE_SECONDS * 1000:
                break
            del self._used[oldest]

    def _mark(self, begin: bytes) -> bytes:
        return hmac.new(self._secret, begin, hashlib.sha256).digest()[:16]


def text_of(content: dict[str, Any], name: str, length_max: int = 200) -> str:
    """Return a text of a request.

    Raises:
        RefusedError: there is none, or it is too long.
    """
    found = content.get(name)
    if not isinstance(found, str) or len(found) > length_max:
        raise RefusedError("garbage")
    return found


def number_of(content: dict[str, Any], name: str, least: int = 0) -> int:
    """Return a whole number of a request, at most 2 to the power of 53.

    Raises:
        RefusedError: there is none.
    """
    found = content.get(name)
    if type(found) is not int or not least <= found <= 1 << 53:
        raise RefusedError("garbage")
    return found


def bytes_of(content: dict[str, Any], name: str, length: int) -> bytes:
    """Return ``length`` bytes that stand as lower-case hex in a request.

    Raises:
        RefusedError: they do not.
    """
    found = text_of(content, name, 2 * length)
    if not re.fullmatch(r"[0-9a-f]*", found) or len(found) != 2 * length:
        raise RefusedError("garbage")
    return bytes.fromhex(found)


def list_of(content: dict[str, Any], name: str, length_max: int) -> list[Any]:
    """Return a list of a request.

    Raises:
        RefusedError: there is none, or it is too long.
    """
    found = content.get(name)
    if not isinstance(found, list):
        raise RefusedError("garbage")
    if len(found) > length_max:
        raise RefusedError("too_large")
    return found


def object_of(found: Any) -> dict[str, Any]:
    """Return an object of a request.

    Raises:
        RefusedError: it is none.
    """
    if not isinstance(found, dict):
        raise RefusedError("garbage")
    return found
