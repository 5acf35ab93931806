"""How one secret is locked away behind another: by a password, by a key, or for a person's public key."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from downtime.canonical import seal
from downtime.errors import AccessRefusedError
from downtime.i18n import _

KEY_BYTES = 32
NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """How much work one guess costs; stored in every slot."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 4


CHEAP_COST = Argon2Cost(memory_kib=8 * 1024, passes=1, lanes=1)
"""For practice homes and tests, never for a real station."""


def hkdf(secret: bytes, *, salt: bytes, purpose: bytes) -> bytes:
    """Return 32 bytes derived from ``secret`` for one ``purpose``."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), KEY_BYTES, salt=salt, info=purpose).derive(secret)


def stretch(password: str, salt: bytes, pepper: bytes, cost: Argon2Cost) -> bytes:
    """Return the key behind a password: HKDF(argon2id(password, salt) | pepper)."""
    from argon2.low_level import Type, hash_secret_raw

    stretched = hash_secret_raw(
        password.encode(), salt, cost.passes, cost.memory_kib, cost.lanes, KEY_BYTES, Type.ID
    )
    return hkdf(stretched, salt=pepper, purpose=b"downtime slot 2")


def wrap(key: bytes, secret: bytes, bound: dict[str, Any]) -> dict[str, str]:
    """Return ``secret`` encrypted with ``key``; ``bound`` must be given unchanged to open it."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = ChaCha20Poly1305(key).encrypt(nonce, secret, seal(bound))
    return {"nonce": nonce.hex(), "sealed": sealed.hex()}


def unwrap(key: bytes, wrapped: dict[str, Any], bound: dict[str, Any]) -> bytes:
    """Return what ``wrap`` locked away.

    Raises:
        AccessRefusedError: another key, other ``bound`` values, or a damaged file.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    try:
        return ChaCha20Poly1305(key).decrypt(
            bytes.fromhex(wrapped["nonce"]), bytes.fromhex(wrapped["sealed"]), seal(bound)
        )
    except (InvalidTag, KeyError, ValueError, TypeError) as error:
        raise AccessRefusedError(
            _("The key file does not open with this key."), _("Ask IT to restore the keys folder.")
        ) from error


class PersonalKeys:
    """The two key pairs of one person, both made from one seed that only their password opens.

    Attributes:
        box: X25519 public key, 32 bytes: what a station's data key is sealed to.
        signing: Ed25519 public key, 32 bytes: approvals are signed with its other half.
    """

    def __init__(self, seed: bytes) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

        salt = b"downtime person"
        self.seed = seed
        self._box = X25519PrivateKey.from_private_bytes(hkdf(seed, salt=salt, purpose=b"box"))
        self._sign = Ed25519PrivateKey.from_private_bytes(hkdf(seed, salt=salt, purpose=b"sign"))
        self.box = self._box.public_key().public_bytes_raw()
        self.signing = self._sign.public_key().public_bytes_raw()

    def sign(self, content: bytes) -> bytes:
        """Return the person's 64-byte signature of ``content``."""
        return self._sign.sign(content)

    def open_sealed(self, sealed: dict[str, Any], device_secret: bytes, bound: dict[str, Any]) -> bytes:
        """Return what ``seal_to`` sealed for this person on this PC."""
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

        other = X25519PublicKey.from_public_bytes(bytes.fromhex(sealed["ephemeral"]))
        return unwrap(_agreed(self._box.exchange(other), device_secret), sealed, bound)


def seal_to(box: bytes, device_secret: bytes, secret: bytes, bound: dict[str, Any]) -> dict[str, str]:
    """Return ``secret`` encrypted so that only the person behind ``box`` opens it, and only on this PC."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

    ephemeral = X25519PrivateKey.generate()
    agreed = ephemeral.exchange(X25519PublicKey.from_public_bytes(box))
    wrapped = wrap(_agreed(agreed, device_secret), secret, bound)
    return {"ephemeral": ephemeral.public_key().public_bytes_raw().hex(), **wrapped}


def _agreed(shared: bytes, device_secret: bytes) -> bytes:
    return hkdf(shared, salt=device_secret, purpose=b"downtime grant 1")
