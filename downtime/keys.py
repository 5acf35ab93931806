"""Keys: one data key per station, wrapped once per person; it wraps the keys of books and reference tables.

KEK = HKDF(argon2id(password, salt) | device secret): a stolen disk image without the device secret, or
the device secret without a password, opens nothing. Everything here is small files under ``keys/``.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from downtime import os_calls
from downtime.canonical import seal
from downtime.errors import AccessRefusedError, WrongPlaceError
from downtime.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

KEY_BYTES = 32
NONCE_BYTES = 12
KEY_ID_BYTES = 8
SERVICE_OPERATOR = "svc-sync"


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """How much work one guess costs; stored in every slot."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 4


CHEAP_COST = Argon2Cost(memory_kib=8 * 1024, passes=1, lanes=1)
"""For practice homes and tests, never for a real station."""


def _derive(password: str, salt: bytes, device_secret: bytes, cost: Argon2Cost) -> bytes:
    from argon2.low_level import Type, hash_secret_raw
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    stretched = hash_secret_raw(
        password.encode(), salt, cost.passes, cost.memory_kib, cost.lanes, KEY_BYTES, Type.ID
    )
    return HKDF(SHA256(), KEY_BYTES, salt=device_secret, info=b"downtime slot 1").derive(stretched)


def _wrap(key: bytes, secret: bytes, bound: dict[str, Any]) -> dict[str, str]:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = ChaCha20Poly1305(key).encrypt(nonce, secret, seal(bound))
    return {"nonce": nonce.hex(), "sealed": sealed.hex()}


def _unwrap(key: bytes, wrapped: dict[str, str], bound: dict[str, Any]) -> bytes:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    try:
        return ChaCha20Poly1305(key).decrypt(
            bytes.fromhex(wrapped["nonce"]), bytes.fromhex(wrapped["sealed"]), seal(bound)
        )
    except (InvalidTag, KeyError, ValueError) as error:
        raise AccessRefusedError(
            _("The key file does not open with this key."), _("Ask IT to restore the keys folder.")
        ) from error


@dataclass(frozen=True, slots=True)
class Person:
    """Who a slot belongs to; bound into the slot, so nobody can change the roles in the file.

    Attributes:
        operator: staff number.
        name: as shown and printed.
        roles: for instance ("cashier", "supervisor").
    """

    operator: str
    name: str
    roles: tuple[str, ...]

    def bound(self) -> dict[str, Any]:
        """Return what the slot's seal covers."""
        return {"operator": self.operator, "name": self.name, "roles": list(self.roles)}


class SigningKey:
    """The station's Ed25519 key of one incarnation."""

    def __init__(self, private: bytes, incarnation: str) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        self._key = Ed25519PrivateKey.from_private_bytes(private)
        self.incarnation = incarnation
        self.public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def key_id(self) -> bytes:
        """First 8 bytes of the SHA-256 of the public key."""
        return key_id_of(self.public)

    def sign(self, content: bytes) -> bytes:
        """Return the 64-byte signature of ``content``."""
        return self._key.sign(content)


def key_id_of(public: bytes) -> bytes:
    """Return the key id of a raw Ed25519 public key."""
    import hashlib

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


class KeyFolder:
    """The files under ``keys/``: device secret, one slot per person, wrapped book, reference and station keys."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self, incarnation: str = "A") -> Keyring:
        """Make the folder with a fresh device secret, data key and station key; return the open keyring."""
        os_calls.private_dir(self.folder)
        for name in ("slots", "books", "stations"):
            os_calls.private_dir(self.folder / name)
        self._write("device.key", secrets.token_bytes(KEY_BYTES).hex())
        ring = Keyring(self, secrets.token_bytes(KEY_BYTES), Person("", "", ()))
        ring.store_secret("reference.json", secrets.token_bytes(KEY_BYTES), {"reference": 1})
        self.add_incarnation(ring, incarnation)
        return ring

    def add_incarnation(self, ring: Keyring, incarnation: str) -> None:
        """Make the station key of a new incarnation."""
        private = secrets.token_bytes(KEY_BYTES)
        public = SigningKey(private, incarnation).public.hex()
        ring.store_secret(
            f"stations/{incarnation}.json", private, {"incarnation": incarnation, "public": public}
        )

    def operators(self) -> list[Person]:
        """Return everybody with a slot, by staff number. No key is needed for this."""
        return [_person_in(json.loads(path.read_text("utf-8"))) for path in sorted(self._slots())]

    def incarnation(self) -> str:
        """Return the letter of the newest incarnation."""
        return max(path.stem for path in (self.folder / "stations").glob("*.json"))

    def public_keys(self) -> dict[bytes, bytes]:
        """Return public keys by key id, of every incarnation of this station."""
        found = {}
        for path in (self.folder / "stations").glob("*.json"):
            public = bytes.fromhex(json.loads(path.read_text("utf-8"))["bound"]["public"])
            found[key_id_of(public)] = public
        return found

    def enrol(self, ring: Keyring, person: Person, password: str, cost: Argon2Cost | None = None) -> None:
        """Give ``person`` a slot that opens with ``password``."""
        cost = cost or Argon2Cost()
        salt = secrets.token_bytes(16)
        kek = _derive(password, salt, self.device_secret(), cost)
        slot = {
            "v": 1,
            **person.bound(),
            "argon2id": {"memory_kib": cost.memory_kib, "passes": cost.passes, "lanes": cost.lanes},
            "salt": salt.hex(),
            **_wrap(kek, ring.data_key, person.bound()),
        }
        self._write(f"slots/{person.operator}.json", json.dumps(slot, ensure_ascii=False, indent=1))

    def keep_service_password(self, password: str) -> None:
        """Keep the service account's password where delivery finds it; this lowers protection at rest."""
        self._write("svc-sync.password", password + "\n")

    @property
    def service_password_file(self) -> Path:
        """Where the service account's password is."""
        return self.folder / "svc-sync.password"

    def unlock(self, operator: str, password: str) -> Keyring:
        """Return the open keyring for ``operator``.

        Raises:
            AccessRefusedError: no such slot, or the password is wrong; the two are not told apart.
        """
        refused = AccessRefusedError(
            _("Operator number or password is wrong."), _("Type both again, or ask the shift supervisor.")
        )
        if not operator or not all(character.isalnum() or character in "-_." for character in operator):
            raise refused
        path = self.folder / "slots" / f"{operator}.json"
        if not path.is_file():
            raise refused
        slot = json.loads(path.read_text("utf-8"))
        cost = Argon2Cost(**slot["argon2id"])
        kek = _derive(password, bytes.fromhex(slot["salt"]), self.device_secret(), cost)
        person = _person_in(slot)
        try:
            data_key = _unwrap(kek, slot, person.bound())
        except AccessRefusedError:
            raise refused from None
        return Keyring(self, data_key, person)

    def _slots(self) -> Sequence[Path]:
        return list((self.folder / "slots").glob("*.json"))

    def device_secret(self) -> bytes:
        """Return the secret that belongs to this PC (32 bytes)."""
        return bytes.fromhex(self.read("device.key"))

    def read(self, name: str) -> str:
        """Return the text of a key file.

        Raises:
            WrongPlaceError: it is not there.
        """
        try:
            return (self.folder / name).read_text("utf-8")
        except OSError as error:
            raise WrongPlaceError(
                _("The key file {file} cannot be read.").format(file=name),
                _("Restore the keys folder from a backup, or ask IT."),
            ) from error

    def _write(self, name: str, text: str) -> None:
        final = self.folder / name
        part = final.with_suffix(".part")
        part.write_text(text, "utf-8")
        os_calls.private_file(part)
        os_calls.replace_durably(part, final)


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """The open data key and whose password opened it."""

    keys: KeyFolder
    data_key: bytes
    person: Person

    def store_secret(self, name: str, secret: bytes, bound: dict[str, Any]) -> None:
        """Wrap ``secret`` with the data key into the key file ``name``, bound to ``bound``."""
        wrapped = {"v": 1, "bound": bound, **_wrap(self.data_key, secret, bound)}
        self.keys._write(name, json.dumps(wrapped, indent=1))  # noqa: SLF001 (one file format, one module)

    def _open_secret(self, name: str) -> tuple[bytes, dict[str, Any]]:
        wrapped = json.loads(self.keys.read(name))
        return _unwrap(self.data_key, wrapped, wrapped["bound"]), wrapped["bound"]

    def new_book_key(self, book: int) -> bytes:
        """Make and store the key of ``book``."""
        key = secrets.token_bytes(KEY_BYTES)
        self.store_secret(f"books/{book:04d}.json", key, {"book": book})
        return key

    def book_key(self, book: int) -> bytes:
        """Return the key of ``book``."""
        return self._open_secret(f"books/{book:04d}.json")[0]

    def reference_key(self) -> bytes:
        """Return the key of the reference tables."""
        return self._open_secret("reference.json")[0]

    def public_key(self, incarnation: str) -> bytes:
        """Return the public key of an incarnation, proven by the data key, not merely read from its file."""
        private, bound = self._open_secret(f"stations/{incarnation}.json")
        return SigningKey(private, bound["incarnation"]).public

    def signing_key(self) -> SigningKey:
        """Return the station's signing key of the newest incarnation."""
        incarnation = self.keys.incarnation()
        private, bound = self._open_secret(f"stations/{incarnation}.json")
        return SigningKey(private, bound["incarnation"])


def _person_in(slot: dict[str, Any]) -> Person:
    return Person(slot["operator"], slot["name"], tuple(slot["roles"]))
