"""Where the hub keeps everything: a folder on a local disk of the IT PC, readable by one account.

hub.toml          settings                       keys/hub.json      every secret, locked by the hub's password
hub.db            SQLCipher, unless PostgreSQL   keys/hub.password  so that it starts by itself; may be removed
down/             what stations are offered      keys/ca.pem        what stations pin; no secret
keys/server.pem  the certificate in use with its locked key
"""

from __future__ import annotations

import json
import secrets
import tomllib
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from downtime import os_calls
from downtime.canonical import seal, unseal
from downtime.clock import SystemClock
from downtime.commands.common import first_line
from downtime.errors import AccessRefusedError, RefusedInputError, WrongPlaceError
from downtime.home import refuse_network_share
from downtime.i18n import _
from downtime.settings import HisSettings, settings_text
from downtime.whole_file import write_whole
from downtime.wrapping import Argon2Cost, PersonalKeys, hkdf, stretch, unwrap, wrap
from sync.hub import certificates
from sync.hub.wire import PORT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FORMAT = 1
_KEY_BYTES = 32


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HospitalSettings(_Section):
    """Whose entries come together here; ``name`` stands on papers, ``name_en`` on English ones."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,32}$")]
    name: str = ""
    name_en: str = ""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "CNY"
    zone: str = "Asia/Shanghai"


class ListenSettings(_Section):
    """Where the port is; ``addresses`` are the names stations reach this PC by."""

    host: str = "0.0.0.0"  # noqa: S104 (stations are on other PCs; every request is signed)
    port: Annotated[int, Field(ge=1, le=65535)] = PORT
    addresses: Annotated[tuple[str, ...], Field(min_length=1)]


class StoreSettings(_Section):
    """``url``: a PostgreSQL database (postgresql://..); empty: an encrypted file in the hub's folder."""

    url: str = ""


class HubSettings(_Section):
    """The whole of ``hub.toml``."""

    format: Literal[1] = 1
    hospital: HospitalSettings
    listen: ListenSettings
    store: StoreSettings = StoreSettings()
    his: HisSettings = HisSettings()
    connectors: dict[str, dict[str, str]] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True, repr=False)
class HubKeys:
    """Every secret of the hub, open.

    Attributes:
        store: key of its store, 32 bytes.
        own: its own pair: it signs what goes down to stations, and bundles are sealed to it.
        authority: the certificate authority.
    """

    store: bytes
    own: PersonalKeys
    authority: certificates.Issued

    @property
    def server_password(self) -> bytes:
        """What the key file of the certificate in use is locked with."""
        return hkdf(self.own.seed, salt=b"downtime hub", purpose=b"server key").hex().encode()


class HubPlace:
    """The hub's folder."""

    def __init__(self, path: Path) -> None:
        """Check place and format.

        Raises:
            WrongPlaceError: there is no hub, or it lies on a network share.
        """
        self.path = path
        refuse_network_share(path)
        if not self.settings_file.is_file():
            raise WrongPlaceError(
                _("There is no hub in {folder}.").format(folder=path),
                _("Give the right folder with --hub, or make one: downtime-sync hub init."),
            )

    @classmethod
    def create(
        cls,
        path: Path,
        *,
        hospital: str,
        addresses: Sequence[str],
        port: int = PORT,
        zone: str = "Asia/Shanghai",
        store_url: str = "",
        password: str | None = None,
        cost: Argon2Cost | None = None,
    ) -> HubPlace:
        """Make a hub in an empty folder: its keys, its authority, its certificate and its settings.

        Args:
            path: an empty or absent folder on a local disk.
            hospital: id as in the settings of every station.
            addresses: names or addresses stations reach this PC by, without port.
            port: the one port.
            zone: IANA zone for the times it shows.
            store_url: a PostgreSQL database, or "" for a file.
            password: what its secrets are locked with; None makes one up and keeps it beside them.
            cost: argon2id cost.

        Raises:
            WrongPlaceError: the folder is not empty or on a share.
            RefusedInputError: a setting is out of range.
        """
        refuse_network_share(path)
        if path.exists() and any(path.iterdir()):
            raise WrongPlaceError(
                _("The folder {folder} is not empty.").format(folder=path),
                _("Choose an empty folder; nothing there has been touched."),
            )
        told = {
            "hospital": {"id": hospital, "zone": zone},
            "listen": {"port": port, "addresses": list(addresses)},
            "store": {"url": store_url},
        }
        try:
            HubSettings.model_validate(told)
        except ValidationError as error:
            raise _refused(error) from error
        for folder in (path, path / "keys", path / "down"):
            os_calls.private_dir(folder)
        authority = certificates.make_authority(hospital)
        keys = HubKeys(
            secrets.token_bytes(_KEY_BYTES), PersonalKeys(secrets.token_bytes(_KEY_BYTES)), authority
        )
        locking = password or secrets.token_urlsafe(24)
        write_whole(path / "keys" / "hub.json", _locked(keys, locking, cost or Argon2Cost()))
        if password is None:
            write_whole(path / "keys" / "hub.password", locking.encode() + b"\n")
        write_whole(path / "keys" / "ca.pem", authority.certificate)
        # Written last: a folder with settings is a whole hub.
        write_whole(path / "hub.toml", settings_text(told).encode())
        place = cls(path)
        place.renew_certificate(keys)
        return place

    @property
    def settings_file(self) -> Path:
        """Its settings."""
        return self.path / "hub.toml"

    @property
    def store_file(self) -> Path:
        """Its store, unless that is PostgreSQL."""
        return self.path / "hub.db"

    @property
    def down(self) -> Path:
        """What stations are offered."""
        return self.path / "down"

    @property
    def authority_certificate(self) -> bytes:
        """What stations pin, PEM."""
        return (self.path / "keys" / "ca.pem").read_bytes()

    @property
    def certificate_file(self) -> Path:
        """The certificate in use, its key and the authority above it; one file, so that they always fit."""
        return self.path / "keys" / "server.pem"

    @cached_property
    def settings(self) -> HubSettings:
        """The settings, read once.

        Raises:
            RefusedInputError: not TOML, an unknown key or a value out of range.
        """
        try:
            return HubSettings.model_validate(tomllib.loads(self.settings_file.read_text("utf-8")))
        except ValidationError as error:
            raise _refused(error) from error
        except (OSError, ValueError) as error:
            raise RefusedInputError(
                _("The settings file {file} cannot be read: {reason}.").format(file="hub.toml", reason=error),
                _("Restore it from a backup, or ask IT."),
            ) from error

    def clock(self) -> SystemClock:
        """Return the hub's clock."""
        return SystemClock(ZoneInfo(self.settings.hospital.zone))

    def open(self, password_file: Path | None = None) -> HubKeys:
        """Return the hub's secrets, with the password of ``password_file`` or the one kept beside them.

        Raises:
            AccessRefusedError: wrong password, or none is kept here.
        """
        kept = password_file or self.path / "keys" / "hub.password"
        if not kept.is_file():
            raise AccessRefusedError(
                _("The hub's password is not kept here."), _("Give it with --password-file FILE.")
            )
        try:
            stored = json.loads((self.path / "keys" / "hub.json").read_text("utf-8"))
            cost, salt = Argon2Cost(**stored["argon2id"]), bytes.fromhex(stored["salt"])
            inside = unseal(unwrap(stretch(first_line(kept), salt, b"", cost), stored, _bound(salt)))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise WrongPlaceError(
                _("The key file {file} cannot be read.").format(file="hub.json"),
                _("Restore the keys folder from a backup, or ask IT."),
            ) from error
        return HubKeys(
            bytes.fromhex(inside["store"]),
            PersonalKeys(bytes.fromhex(inside["own"])),
            certificates.Issued(self.authority_certificate, inside["authority"].encode()),
        )

    def renew_certificate(self, keys: HubKeys) -> bool:
        """Make a new certificate if the one in use ends soon, is for other addresses or is absent."""
        names = set(self.settings.listen.addresses)
        try:
            held = self.certificate_file.read_bytes()
            good = certificates.days_left(held) >= certificates.RENEW_DAYS
            if good and certificates.names_of(held) == names:
                return False
        except (OSError, ValueError):
            pass  # absent or unreadable: a new one is the remedy
        made = certificates.make_certificate(keys.authority, sorted(names))
        key = certificates.locked_key(made.key, keys.server_password)
        write_whole(self.certificate_file, made.certificate + self.authority_certificate + key)
        return True


def _locked(keys: HubKeys, password: str, cost: Argon2Cost) -> bytes:
    salt = secrets.token_bytes(16)
    inside = {
        "store": keys.store.hex(),
        "own": keys.own.seed.hex(),
        "authority": keys.authority.key.decode(),
    }
    wrapped = wrap(stretch(password, salt, b"", cost), seal(inside), _bound(salt))
    return json.dumps({"v": 1, "argon2id": asdict(cost), "salt": salt.hex(), **wrapped}, indent=1).encode()


def _bound(salt: bytes) -> dict[str, str]:
    return {"hub": "1", "salt": salt.hex()}


def _refused(error: ValidationError) -> RefusedInputError:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(step) for step in first["loc"])
    return RefusedInputError(
        _("{file}: {key}: {reason}.").format(file="hub.toml", key=where, reason=first["msg"]),
        _("Mend or remove that line; docs/hub.md lists every key."),
    )
