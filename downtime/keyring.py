"""An open keyring: the station's data key, whose password opened it, and what it opens in turn."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from downtime.signing import SigningKey
from downtime.wrapping import KEY_BYTES, unwrap, wrap

if TYPE_CHECKING:
    from downtime.keys import KeyFolder
    from downtime.slots import Person, Slot
    from downtime.wrapping import PersonalKeys


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """The open data key and whose password opened it.

    Attributes:
        keys: the folder it belongs to.
        data_key: the station's data key.
        person: who, with the roles of enrolment.
        slot: their account, or None while a station is made or recovered.
        personal: their own key pairs, or None.
    """

    keys: KeyFolder
    data_key: bytes
    person: Person
    slot: Slot | None = None
    personal: PersonalKeys | None = None

    def store_secret(self, name: str, secret: bytes, bound: dict[str, Any]) -> None:
        """Wrap ``secret`` with the data key into the key file ``name``, bound to ``bound``."""
        wrapped = {"v": 1, "bound": bound, **wrap(self.data_key, secret, bound)}
        self.keys.write(name, json.dumps(wrapped, indent=1))

    def open_secret(self, name: str) -> tuple[bytes, dict[str, Any]]:
        """Return what ``store_secret`` stored, and what it is bound to."""
        wrapped = json.loads(self.keys.read(name))
        return unwrap(self.data_key, wrapped, wrapped["bound"]), wrapped["bound"]

    def new_book_key(self, book: int) -> bytes:
        """Make and store the key of ``book``."""
        key = secrets.token_bytes(KEY_BYTES)
        self.store_secret(f"books/{book:04d}.json", key, {"book": book})
        return key

    def book_key(self, book: int) -> bytes:
        """Return the key of ``book``."""
        return self.open_secret(f"books/{book:04d}.json")[0]

    def reference_key(self) -> bytes:
        """Return the key of the reference tables."""
        return self.open_secret("reference.json")[0]

    def public_key(self, incarnation: str) -> bytes:
        """Return the public key of an incarnation, proven by the data key, not merely read from its file."""
        private, bound = self.open_secret(f"stations/{incarnation}.json")
        return SigningKey(private, bound["incarnation"]).public

    def signing_key(self) -> SigningKey:
        """Return the station's signing key of the newest incarnation."""
        incarnation = self.keys.incarnation()
        private, bound = self.open_secret(f"stations/{incarnation}.json")
        return SigningKey(private, bound["incarnation"])

    def hospital_key(self) -> SigningKey:
        """Return the key that vouches for accounts."""
        return SigningKey(self.open_secret("hospital.json")[0])

    def sign(self, content: bytes) -> bytes:
        """Return the person's own signature of ``content``, 64 bytes."""
        assert self.personal is not None, "nobody's own keys are open"
        return self.personal.sign(content)

    @property
    def personal_public(self) -> bytes:
        """The public half of the key ``sign`` uses."""
        assert self.personal is not None, "nobody's own keys are open"
        return self.personal.signing
