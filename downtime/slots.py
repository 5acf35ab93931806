"""Slots: what a person's password opens. A slot belongs to the hospital and travels to every station.

It holds the person's own key pair, locked by argon2id(password) and the hospital secret; the hospital's key
signs the whole, so that nobody edits roles into it. What the person may open on one station is a *grant*
beside it: that station's data key, sealed to the person's public key and the station's device secret. So a
password is set once, a grant can be made without knowing it, and a stolen slot opens nothing anywhere.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from downtime.canonical import seal
from downtime.errors import AccessRefusedError
from downtime.i18n import _
from downtime.signing import signature_is_good
from downtime.wrapping import KEY_BYTES, Argon2Cost, PersonalKeys, stretch, unwrap, wrap

if TYPE_CHECKING:
    from downtime.signing import SigningKey

SLOT_VERSION = 2
HISTORY_MAX = 24


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody is and which roles they act in.

    Attributes:
        operator: staff number.
        name: as shown and printed.
        roles: for instance ("cashier", "supervisor"); see ``downtime.rights.ROLES``.
    """

    operator: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """One account of the hospital.

    Attributes:
        operator: staff number; with ``name`` and ``roles`` as enrolled (the staff list in force decides roles).
        kind: "person", "helper" (drafted for one outage), "service" or "break_glass".
        version: counts up with every change of this account, at whatever station.
        set_at: when the password was set, RFC 3339.
        closed: nobody gets in any more; ``lock`` is empty then.
        outage: the outage a drafted person's account ends with, or "".
        box: X25519 public key, hex.
        signing: Ed25519 public key, hex.
        lock: argon2id cost, salt and the wrapped seed.
        history: fingerprints of earlier passwords, newest first.
        lifted: version of the last closing that two people took back, or 0; a closing nobody took back
            stands whatever the versions say.
    """

    operator: str
    name: str
    roles: tuple[str, ...]
    kind: str
    version: int
    set_at: str
    closed: bool = False
    outage: str = ""
    box: str = ""
    signing: str = ""
    lock: dict[str, Any] | None = None
    history: tuple[dict[str, Any], ...] = ()
    lifted: int = 0

    @property
    def person(self) -> Person:
        """Who it belongs to, with the roles of enrolment."""
        return Person(self.operator, self.name, self.roles)

    def content(self) -> dict[str, Any]:
        """Return what the hospital's signature covers."""
        return {
            "v": SLOT_VERSION,
            "operator": self.operator,
            "name": self.name,
            "roles": list(self.roles),
            "kind": self.kind,
            "version": self.version,
            "set_at": self.set_at,
            "closed": self.closed,
            "outage": self.outage,
            "box": self.box,
            "signing": self.signing,
            "lock": self.lock,
            "history": list(self.history),
            "lifted": self.lifted,
        }

    def fingerprint(self) -> str:
        """Return the SHA-256 of the content, hex; an entry names it."""
        return hashlib.sha256(seal(self.content())).hexdigest()

    def sealed(self, hospital: SigningKey) -> str:
        """Return the file's text, signed."""
        signature = hospital.sign(b"downtime account 1" + seal(self.content())).hex()
        return json.dumps({**self.content(), "signature": signature}, ensure_ascii=False, indent=1)


def read_slot(text: str, hospital_public: bytes) -> Slot:
    """Return the slot in a file's text.

    Raises:
        AccessRefusedError: not a slot, or not signed with the hospital's key.
    """
    try:
        stored = json.loads(text)
        signature = bytes.fromhex(stored.pop("signature"))
        genuine = signature_is_good(hospital_public, signature, b"downtime account 1" + seal(stored))
        assert stored.pop("v") == SLOT_VERSION
        slot = Slot(**{**stored, "roles": tuple(stored["roles"]), "history": tuple(stored["history"])})
    except (ValueError, KeyError, TypeError, AttributeError, AssertionError) as error:
        raise AccessRefusedError(
            _("An account file cannot be read."), _("Take the accounts from another station, or ask IT.")
        ) from error
    if not genuine:
        raise AccessRefusedError(
            _("The account file of {operator} is not signed with this hospital's key.").format(
                operator=slot.operator
            ),
            _("It was not used. Somebody may have changed it: call IT and the administrator."),
        )
    return slot


def locked_slot(slot: Slot, password: str, pepper: bytes, cost: Argon2Cost, set_at: str) -> Slot:
    """Return ``slot`` with a fresh key pair behind ``password`` and the next version.

    Args:
        slot: as it was; its password goes into the history.
        password: the new one, checked already.
        pepper: the hospital secret.
        cost: argon2id cost.
        set_at: RFC 3339.
    """
    keys = PersonalKeys(secrets.token_bytes(KEY_BYTES))
    salt = secrets.token_bytes(16)
    parameters = {"memory_kib": cost.memory_kib, "passes": cost.passes, "lanes": cost.lanes}
    key = stretch(password, salt, pepper, cost)
    bound = _bound(slot.operator, keys.box.hex())
    lock = {"argon2id": parameters, "salt": salt.hex(), **wrap(key, keys.seed, bound)}
    mark = {"argon2id": parameters, "salt": salt.hex(), "mark": _mark(key)}
    return replace(
        slot,
        version=slot.version + 1,
        set_at=set_at,
        closed=False,
        box=keys.box.hex(),
        signing=keys.signing.hex(),
        lock=lock,
        history=(mark, *slot.history)[:HISTORY_MAX],
        lifted=slot.version if slot.closed else slot.lifted,
    )


def open_slot(slot: Slot, password: str, pepper: bytes) -> PersonalKeys:
    """Return the key pairs behind a password.

    Raises:
        AccessRefusedError: the account is closed or the password is wrong.
    """
    if slot.closed or slot.lock is None:
        raise AccessRefusedError(_("This account is closed."), _("Ask a supervisor."))
    cost = Argon2Cost(**slot.lock["argon2id"])
    key = stretch(password, bytes.fromhex(slot.lock["salt"]), pepper, cost)
    return PersonalKeys(unwrap(key, slot.lock, _bound(slot.operator, slot.box)))


def was_used_before(slot: Slot, password: str, pepper: bytes, last: int) -> bool:
    """Return whether ``password`` is among the ``last`` ones of this account."""
    return any(
        _mark(stretch(password, bytes.fromhex(one["salt"]), pepper, Argon2Cost(**one["argon2id"])))
        == one["mark"]
        for one in slot.history[:last]
    )


def closed_slot(slot: Slot) -> Slot:
    """Return the slot as a closed account of the next version: nothing in it opens anything."""
    return replace(slot, version=slot.version + 1, closed=True, box="", signing="", lock=None)


def _mark(key: bytes) -> str:
    return hashlib.sha256(b"downtime password mark" + key).hexdigest()[:32]


def _bound(operator: str, box: str) -> dict[str, Any]:
    return {"operator": operator, "box": box}
