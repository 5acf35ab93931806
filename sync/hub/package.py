"""At a station: taking what the hub offers. The manifest is the hub's by its signature, each file by its hash.

Lists go into the inbox, where they are taken as if somebody had copied them there; accounts are taken over by
the station itself; files of the site, other stations' keys, number blocks and notices are kept in ``hub``.
Files arrive in parts and go on where they stopped.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from downtime import os_calls
from downtime.hub_notice import PACKAGE_FILE, genuine_package, kept_package
from downtime.i18n import _
from downtime.whole_file import write_whole
from sync.connectors.hub_link import HubLink, NoAnswerError
from sync.hub.offers import PACKAGE_VERSION, PART_BYTES_MAX, PLAIN_NAME

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.home import Home
    from sync.hub.collecting import Collected

FILE_BYTES_MAX: Final = 1 << 30
KEY_BYTES: Final = 32
_DEPTH: Final = {"reference": 3, "accounts": 1, "site": 2}
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_MANIFESTS: Final = ("manifest.json", "manifest.toml")


class Taking:
    """Takes packages into one home."""

    def __init__(
        self, home: Home, signing: bytes, take_accounts: Callable[[Path], Any] | None = None
    ) -> None:
        """Make it.

        Args:
            home: the station.
            signing: the hub's public key.
            take_accounts: lets the station take over accounts from a file.
        """
        self._home, self._signing, self._take_accounts = home, signing, take_accounts
        self._folder = home.path / "hub"

    def version(self) -> int:
        """Return the version that was last taken whole, 0 for none."""
        return int(kept_package(self._home).get("version", 0))

    def take_newer(self, link: HubLink, collected: Collected) -> None:
        """Take what the hub offers, if it is newer than what is here.

        Raises:
            LinkError: it did not come whole; what came of it stays, and it goes on there next time.
        """
        if collected.package <= self.version():
            return
        told = link.ask("package", {"have": self.version()})
        package = self._genuine(told)
        before = {file["name"]: file["sha256"] for file in kept_package(self._home).get("files", ())}
        os_calls.private_dir(self._folder)
        files = [file for file in package["files"] if before.get(file["name"]) != file["sha256"]]
        # A manifest comes after its files: a set without one is not looked at.
        for file in sorted(files, key=lambda file: Path(file["name"]).name in _MANIFESTS):
            self._place(file, self._fetched(link, file))
        final = self._home.path / PACKAGE_FILE
        write_whole(final, json.dumps(told, ensure_ascii=False, indent=1).encode())

    def _genuine(self, told: dict[str, Any]) -> dict[str, Any]:
        """Return the manifest if the hub signed it for this very station.

        Raises:
            NoAnswerError: it did not.
        """
        settings = self._home.settings
        package = genuine_package(told, self._signing, settings.hospital.id, settings.station.code)
        try:
            good = (
                package is not None
                and package["v"] == PACKAGE_VERSION
                and type(package["version"]) is int
                and all(_is_plain(file) for file in package["files"])
                and all(_is_block(block) for block in package["numbers"])
                and all(_is_key(key) for key in package["station_keys"])
            )
        except (KeyError, TypeError, ValueError):
            good = False
        if package is None or not good:
            raise NoAnswerError(_("What came down is not signed by this station's hub; nothing was taken."))
        return package

    def _fetched(self, link: HubLink, file: dict[str, Any]) -> Path:
        part = self._folder / f"{file['sha256']}.part"
        os_calls.private_file(part)
        while (size := part.stat().st_size) < file["bytes"]:
            more = link.fetch(file["sha256"], size)
            if not more or len(more) > PART_BYTES_MAX:
                break
            with part.open("ab") as growing:
                growing.write(more)
        with part.open("rb") as whole:
            found = hashlib.file_digest(whole, "sha256").hexdigest()
        if found != file["sha256"]:
            part.unlink()
            raise NoAnswerError(_("The file {name} did not come whole.").format(name=file["name"]))
        return part

    def _place(self, file: dict[str, Any], part: Path) -> None:
        kind, name = file["kind"], Path(file["name"])
        inbox = self._home.path / "inbox"
        if kind == "reference":
            target = inbox / f"hub-{name.parts[1]}" / name.parts[2]
        elif kind == "accounts":
            target = inbox / "accounts.json"
        else:
            target = self._folder / name
        os_calls.private_dir(target.parent)
        os_calls.replace_durably(part, target)
        if kind == "accounts" and self._take_accounts is not None:
            self._take_accounts(target)


def _is_block(block: dict[str, Any]) -> bool:
    first, last = block["first"], block["last"]
    return (
        type(first) is int
        and type(last) is int
        and 0 < first <= last
        and isinstance(block["incarnation"], str)
    )


def _is_key(key: dict[str, Any]) -> bool:
    return isinstance(key["station"], str) and len(bytes.fromhex(key["public"])) == KEY_BYTES


def _is_plain(file: dict[str, Any]) -> bool:
    """Whether a file stays where files of its kind go, and has a size one can take."""
    parts = str(file["name"]).split("/")
    good = file["kind"] in _DEPTH and len(parts) == _DEPTH[file["kind"]]
    good = good and (parts == ["accounts.json"] if file["kind"] == "accounts" else parts[0] == file["kind"])
    good = good and all(PLAIN_NAME.fullmatch(part) for part in parts)
    good = good and isinstance(file["sha256"], str) and _SHA256.fullmatch(file["sha256"]) is not None
    return bool(good and type(file["bytes"]) is int and 0 <= file["bytes"] <= FILE_BYTES_MAX)
