"""The key files of one station, everything small and under ``keys/``.

device.key            secret of this PC; never leaves it
hospital.key          secret all stations of the hospital share; part of every password's lock
hospital.json         the hospital's signing key, wrapped: it vouches for accounts
slots/NNNN.json       one account each, the same file on every station
grants/NNNN.json      this station's data key, sealed to that person and this PC
books/ reference.json stations/   keys of books, reference tables and incarnations, wrapped by the data key
"""

from __future__ import annotations

import json
import secrets
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from downtime import os_calls
from downtime.errors import AccessRefusedError, WrongPlaceError
from downtime.i18n import _
from downtime.keyring import Keyring
from downtime.rights import STATION
from downtime.signing import SigningKey, key_id_of, signature_is_good
from downtime.slots import Person, Slot, closed_slot, locked_slot, open_slot, read_slot
from downtime.whole_file import write_whole
from downtime.wrapping import CHEAP_COST, KEY_BYTES, Argon2Cost, PersonalKeys, seal_to

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = [
    "CHEAP_COST",
    "KEY_BYTES",
    "SERVICE_OPERATOR",
    "Argon2Cost",
    "KeyFolder",
    "Keyring",
    "Person",
    "SigningKey",
    "key_id_of",
    "signature_is_good",
]

SERVICE_OPERATOR = "svc-sync"
SETUP = Person("", "", (STATION,))
"""Who holds the keys while a station is made, before anybody can log in."""

_STAYS_HERE = ("device.key", "svc-sync.password", "attempts.json", "attempts.lock")


class KeyFolder:
    """The files under ``keys/``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    # -- making -------------------------------------------------------------------------------------

    def create(self, incarnation: str = "A", hospital: tuple[bytes, bytes] | None = None) -> Keyring:
        """Make the folder with fresh keys; return the open keyring.

        Args:
            incarnation: letter of the first station key.
            hospital: (hospital secret, private signing key) of a hospital this station joins.
        """
        os_calls.private_dir(self.folder)
        for name in ("slots", "grants", "books", "stations", "codes"):
            os_calls.private_dir(self.folder / name)
        secret, signing = hospital or (secrets.token_bytes(KEY_BYTES), secrets.token_bytes(KEY_BYTES))
        self.write("device.key", secrets.token_bytes(KEY_BYTES).hex())
        self.write("hospital.key", secret.hex())
        self._start_counting()
        ring = Keyring(self, secrets.token_bytes(KEY_BYTES), SETUP)
        ring.store_secret("hospital.json", signing, {"hospital": SigningKey(signing).public.hex()})
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

    def keep_service_password(self, password: str) -> None:
        """Keep the delivering account's password where delivery finds it; this lowers protection at rest."""
        self.write("svc-sync.password", password + "\n")

    def _start_counting(self) -> None:
        from downtime.attempts import Attempts
        from downtime.clock import SystemClock

        Attempts(self, SystemClock(ZoneInfo("UTC"))).start()

    def move_in(self, ring: Keyring) -> None:
        """Make this PC's own what a copied folder lacks: device secret, grants, the delivering account."""
        self.write("device.key", secrets.token_bytes(KEY_BYTES).hex())
        self._start_counting()
        for slot in self.slots():
            if slot.kind != "service":
                self.grant(ring, slot)
        password = secrets.token_urlsafe(24)
        self.enrol(ring, Person(SERVICE_OPERATOR, SERVICE_OPERATOR, ("service",)), password, kind="service")
        self.keep_service_password(password)

    def finish_renewal(self) -> None:
        """Put the files of a renewed data key in force that a crash left aside; see ``downtime.data_key``."""
        ready = self.folder / "ready"
        if ready.is_dir():
            for path in sorted(ready.rglob("*.json")):
                os_calls.replace_durably(path, self.folder / path.relative_to(ready))
            shutil.rmtree(ready)

    # -- reading ------------------------------------------------------------------------------------

    @property
    def service_password_file(self) -> Path:
        """Where the delivering account's password is."""
        return self.folder / "svc-sync.password"

    def portable_files(self) -> list[Path]:
        """Return what may leave the PC in a backup: everything but the secrets of the PC itself."""
        found = (path for path in self.folder.rglob("*") if path.is_file() and path.suffix != ".part")
        return sorted(path for path in found if path.name not in _STAYS_HERE)

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

    def hospital_public(self) -> bytes:
        """Return the public key that vouches for accounts."""
        return bytes.fromhex(json.loads(self.read("hospital.json"))["bound"]["hospital"])

    def device_secret(self) -> bytes:
        """Return the secret that belongs to this PC (32 bytes)."""
        return bytes.fromhex(self.read("device.key"))

    def hospital_secret(self) -> bytes:
        """Return the secret all stations of the hospital share (32 bytes)."""
        return bytes.fromhex(self.read("hospital.key"))

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

    def write(self, name: str, text: str) -> None:
        """Write a key file so that a crash leaves the old or the new one."""
        write_whole(self.folder / name, text.encode())

    # -- accounts -----------------------------------------------------------------------------------

    def slots(self) -> Iterator[Slot]:
        """Yield every account with a genuine file, by staff number. No key is needed for this."""
        for path in sorted((self.folder / "slots").glob("*.json")):
            try:
                yield read_slot(path.read_text("utf-8"), self.hospital_public())
            except AccessRefusedError:
                continue  # the login of that person says so; one bad file hides nobody else

    def operators(self) -> list[Person]:
        """Return everybody with an open account, by staff number."""
        return [slot.person for slot in self.slots() if not slot.closed]

    def slot(self, operator: str) -> Slot | None:
        """Return one account, or None.

        Raises:
            AccessRefusedError: its file is not genuine.
        """
        if not operator or not all(character.isalnum() or character in "-_." for character in operator):
            return None
        path = self.folder / "slots" / f"{operator}.json"
        if not path.is_file():
            return None
        slot = read_slot(path.read_text("utf-8"), self.hospital_public())
        return slot if slot.operator == operator else None

    def enrol(
        self,
        ring: Keyring,
        person: Person,
        password: str,
        cost: Argon2Cost | None = None,
        *,
        kind: str = "person",
        outage: str = "",
        set_at: str = "",
    ) -> Slot:
        """Give ``person`` an account that opens with ``password``, or a new password if they have one.

        Args:
            ring: who holds the data key.
            person: for whom.
            password: checked already.
            cost: argon2id cost.
            kind: see ``Slot``.
            outage: for a drafted person.
            set_at: RFC 3339.
        """
        before = self.slot(person.operator) or Slot(person.operator, person.name, (), kind, 0, "")
        fresh = replace(before, name=person.name, roles=person.roles, kind=kind, outage=outage)
        slot = locked_slot(fresh, password, self.hospital_secret(), cost or Argon2Cost(), set_at)
        self.keep_slot(ring, slot)
        return slot

    def keep_slot(self, ring: Keyring, slot: Slot) -> None:
        """Write an account's file, signed, with its grant; a closed one loses its grant."""
        if slot.closed:
            (self.folder / "grants" / f"{slot.operator}.json").unlink(missing_ok=True)
            self.write(f"slots/{slot.operator}.json", slot.sealed(ring.hospital_key()))
            return
        self.grant(ring, slot)
        self.write(f"slots/{slot.operator}.json", slot.sealed(ring.hospital_key()))

    def grant(self, ring: Keyring, slot: Slot) -> None:
        """Let the person behind ``slot`` open this station; needs no password of theirs."""
        if slot.closed:
            return
        bound = {"operator": slot.operator, "box": slot.box}
        sealed = seal_to(bytes.fromhex(slot.box), self.device_secret(), ring.data_key, bound)
        self.write(f"grants/{slot.operator}.json", json.dumps({"v": 1, **sealed}, indent=1))

    def close(self, ring: Keyring, operator: str) -> Slot | None:
        """Close an account; return its closed slot, or None if there was no open one."""
        slot = self.slot(operator)
        if slot is None or slot.closed:
            return None
        closed = closed_slot(slot)
        self.keep_slot(ring, closed)
        return closed

    def unlock(self, operator: str, password: str) -> Keyring:
        """Return the open keyring for ``operator``; counting failures is ``downtime.entrance``'s.

        Raises:
            AccessRefusedError: no such account, or the password is wrong; the two are not told apart.
        """
        refused = AccessRefusedError(
            _("Operator number or password is wrong."), _("Type both again, or ask the shift supervisor.")
        )
        self.finish_renewal()
        slot = self.slot(operator)
        if slot is None or slot.closed:
            raise refused
        try:
            personal = open_slot(slot, password, self.hospital_secret())
        except AccessRefusedError:
            raise refused from None
        return self.open_for(slot, personal)

    def unlock_recovery(self, typed: str) -> Keyring:
        """Return the keyring the recovery envelope opens; see ``downtime.envelopes.open_recovery``."""
        from downtime.envelopes import open_recovery

        self.finish_renewal()
        return open_recovery(self, typed)

    def open_for(self, slot: Slot, personal: PersonalKeys) -> Keyring:
        """Return the keyring a person's own keys open on this station.

        Raises:
            AccessRefusedError: this station has not let them in yet, or the PC's secret is another one.
        """
        path = self.folder / "grants" / f"{slot.operator}.json"
        if not path.is_file():
            raise AccessRefusedError(
                _("This station does not know {operator} yet.").format(operator=slot.operator),
                _("Ask a supervisor or IT to log in once and take the accounts over, then try again."),
            )
        bound = {"operator": slot.operator, "box": slot.box}
        sealed = json.loads(path.read_text("utf-8"))
        return Keyring(
            self, personal.open_sealed(sealed, self.device_secret(), bound), slot.person, slot, personal
        )
