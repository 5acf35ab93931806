"""Ed25519 keys that speak for a station or a hospital, and checking what they signed."""

from __future__ import annotations

import hashlib

KEY_ID_BYTES = 8


class SigningKey:
    """An Ed25519 key: the station's of one incarnation, or the hospital's that vouches for accounts."""

    def __init__(self, private: bytes, incarnation: str = "") -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self._key = Ed25519PrivateKey.from_private_bytes(private)
        self.incarnation = incarnation
        self.public = self._key.public_key().public_bytes_raw()

    @property
    def key_id(self) -> bytes:
        """First 8 bytes of the SHA-256 of the public key."""
        return key_id_of(self.public)

    def sign(self, content: bytes) -> bytes:
        """Return the 64-byte signature of ``content``."""
        return self._key.sign(content)


def key_id_of(public: bytes) -> bytes:
    """Return the key id of a raw Ed25519 public key."""
    return hashlib.sha256(public).digest()[:KEY_ID_BYTES]


def signature_is_good(public: bytes, signature: bytes, content: bytes) -> bool:
    """Return whether ``signature`` over ``content`` was made with the key behind ``public``."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, content)
    except (InvalidSignature, ValueError):
        return False
    return True
