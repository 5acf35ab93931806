"""Bundles: entries on their way to the hub as files in a folder, where there is no network at all.

One file holds up to 400 entries of one book with their signed heads, signed by the station and sealed to the
hub. It is written beside and then renamed, so a file under its name is whole; what is cut short, changed or
meant for somebody else is refused whole. Files may come twice and in any order.

    "DTBUNDL1" | header length, 4 bytes | header, canonical JSON | signature, 64 bytes | encrypted entries
"""

from __future__ import annotations

import hashlib
import secrets
import struct
import zlib
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from downtime import os_calls
from downtime.canonical import UnsealableError, seal, unseal
from downtime.errors import AccessRefusedError
from downtime.i18n import _
from downtime.shelf import readable_books
from downtime.signing import signature_is_good
from downtime.store.collecting import incarnation_of, rows_after
from downtime.store.headlog import HeadLog
from downtime.store.verification import open_evidence
from downtime.whole_file import write_whole
from downtime.wrapping import KEY_BYTES, seal_to
from sync.hub.arrivals import Batch, is_withdrawn, public_key
from sync.hub.collecting import head_content, row_content
from sync.hub.stations import brought_key
from sync.hub.wire import RefusedError, object_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from downtime.home import BookPaths, Home
    from downtime.keys import Keyring
    from downtime.store.headlog import HeadRecord
    from downtime.wrapping import PersonalKeys
    from sync.hub.database import Database
    from sync.hub.receiving import Received, Receiver

SUFFIX: Final = ".dtb"
ENTRIES_MAX: Final = 400
FILE_BYTES_MAX: Final = 64 << 20
INSIDE_BYTES_MAX: Final = 256 << 20
HEADER_BYTES_MAX: Final = 16 << 10

_MAGIC: Final = b"DTBUNDL1"
_LENGTH: Final = struct.Struct(">I")
_SIGNATURE_BYTES: Final = 64
_NONCE: Final = bytes(12)
"""Every file has a key of its own, used once."""
_SIGNED: Final = b"downtime bundle 1\x00"


class BundleRefusedError(Exception):
    """A file is not taken; ``reason`` says why, translated."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file: ``new`` entries that were not here, or why it was ``refused``."""

    name: str
    entries: int = 0
    new: int = 0
    quarantined: int = 0
    refused: str = ""


# -- at a station -------------------------------------------------------------------------------------


def write_bundles(
    home: Home, ring: Keyring, box: bytes, folder: Path, made_at: str, joining: dict[str, Any] | None = None
) -> list[Path]:
    """Write every entry of every book that is not in ``folder`` yet, and return the new files.

    Args:
        home: the station.
        ring: its open keys.
        box: public key of the hub that may open them.
        folder: where to; files that are there and whole are left alone, so a stopped export goes on.
        made_at: RFC 3339.
        joining: what lets this station in, where it joined by a file and the hub has not heard of it yet.

    Raises:
        OSError: the folder cannot be written; files that have their name are whole.
    """
    os_calls.private_dir(folder)
    written = []
    for paths in readable_books(home):
        heads = HeadLog(paths.head_log).records()
        with closing(open_evidence(paths.journal, ring.book_key(paths.number))) as db:
            incarnation = incarnation_of(db)
            while heads and not rows_after(db, heads[-1].seq_to - 1, heads[-1].seq_to, 1):
                heads.pop()  # recorded after we looked
            end = heads[-1].seq_to if heads else 0
            for after in range(0, end, ENTRIES_MAX):
                rows = rows_after(db, after, end, ENTRIES_MAX)
                covering = [one for one in heads if one.seq_to > after and one.seq_from <= rows[-1][0]]
                inside = {
                    "incarnation": incarnation,
                    "book": paths.number,
                    "rows": [row_content(*row) for row in rows],
                    "heads": [head_content(head) for head in covering],
                }
                path = folder / _name(home, incarnation, paths, rows[0][0], rows[-1][0])
                stated = {**_stated(home, ring, box, inside, covering, made_at), "joining": joining}
                if _is_there(path, stated):
                    continue
                write_whole(path, _sealed(ring, box, inside, stated))
                written.append(path)
    return written


def _name(home: Home, incarnation: str, paths: BookPaths, first: int, last: int) -> str:
    return f"{home.settings.station.code}{incarnation}-{paths.number:04d}-{first:07d}-{last:07d}{SUFFIX}"


def _stated(
    home: Home, ring: Keyring, box: bytes, inside: dict[str, Any], heads: list[HeadRecord], made_at: str
) -> dict[str, Any]:
    """Return what the header says of the entries, before they are sealed."""
    rows, settings = inside["rows"], home.settings
    return {
        "v": 1,
        "hospital": settings.hospital.id,
        "station": settings.station.code,
        "signer": ring.signing_key().incarnation,
        "incarnation": inside["incarnation"],
        "book": inside["book"],
        "drill": settings.station.drill,
        "seq_from": rows[0]["seq"],
        "seq_to": rows[-1]["seq"],
        "hash": rows[-1]["hash"],
        "heads": len(heads),
        "box": box.hex(),
        "made_at": made_at,
    }


def _sealed(ring: Keyring, box: bytes, inside: dict[str, Any], stated: dict[str, Any]) -> bytes:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    key = secrets.token_bytes(KEY_BYTES)
    payload = ChaCha20Poly1305(key).encrypt(_NONCE, zlib.compress(seal(inside)), None)
    told = {
        **stated,
        "key": seal_to(box, b"", key, _bound(stated)),
        "bytes": len(payload),
        "sha256": hashlib.sha256(payload).hexdigest(),
    }
    header = seal(told)
    signature = ring.signing_key().sign(_SIGNED + header)
    return _MAGIC + _LENGTH.pack(len(header)) + header + signature + payload


def _is_there(path: Path, stated: dict[str, Any]) -> bool:
    """Whether ``path`` is a whole file of the very same entries for the very same hub."""
    try:
        header, _signature, payload = _parts(path.read_bytes())
    except (OSError, BundleRefusedError):
        return False
    same = ("hospital", "station", "incarnation", "book", "seq_from", "seq_to", "hash", "heads", "box")
    whole = hashlib.sha256(payload).hexdigest() == header.get("sha256")
    return whole and all(header.get(name) == stated[name] for name in same)


# -- at the hub ---------------------------------------------------------------------------------------


def take_bundles(db: Database, receiver: Receiver, own: PersonalKeys, folder: Path) -> Iterator[Taken]:
    """Take every bundle in ``folder`` and say what became of each; one that is refused holds up no other."""
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            with os_calls.open_regular(path) as stored:
                content = stored.read(FILE_BYTES_MAX + 1)
            received = take_bundle(db, receiver, own, content)
        except BundleRefusedError as refusal:
            yield Taken(path.name, refused=refusal.reason)
        except OSError as error:
            yield Taken(path.name, refused=_("cannot be read: {reason}").format(reason=error.strerror))
        else:
            verdicts = received.verdicts.values()
            odd = sum(1 for verdict in verdicts if verdict not in ("", "gap", "unsigned"))
            yield Taken(path.name, len(verdicts), received.new, odd)


def take_bundle(db: Database, receiver: Receiver, own: PersonalKeys, content: bytes) -> Received:
    """Take one bundle: the same road into the hub as over the line.

    Raises:
        BundleRefusedError: it is not whole, not a known station's, or not for this hub; nothing was kept.
    """
    header, signature, payload = _parts(content)
    try:
        station, signer = str(header["station"]), str(header["signer"])
        known = public_key(db, station, signer) if (station + signer).isascii() else None
        joining = object_of(header["joining"]) if known is None and header.get("joining") else None
        public = brought_key(joining, signer) if joining is not None else known
        if public is None:
            raise BundleRefusedError(
                _("This hub does not know station {station}.").format(station=repr(station + signer)[1:40])
            )
        if not signature_is_good(public, signature, _SIGNED + seal(header)):
            raise BundleRefusedError(_("The signature over this file is not the station's."))
        if is_withdrawn(db, station, signer):
            raise BundleRefusedError(_("The key this file is signed with was withdrawn."))
        if (header["bytes"], header["sha256"]) != (len(payload), hashlib.sha256(payload).hexdigest()):
            raise BundleRefusedError(_("This file is not whole or was changed."))
        inside = _opened(own, header, payload)
        batch = Batch.read(station, inside)
        if joining is not None:
            receiver.let_in(station, joining)
    except (KeyError, TypeError, ValueError, RefusedError) as error:
        raise BundleRefusedError(_("This is no bundle of entries.")) from error
    return receiver.take(batch)


def _opened(own: PersonalKeys, header: dict[str, Any], payload: bytes) -> dict[str, Any]:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    try:
        stated = {name: header[name] for name in header if name not in ("key", "bytes", "sha256")}
        key = own.open_sealed(header["key"], b"", _bound(stated))
        packed = ChaCha20Poly1305(key).decrypt(_NONCE, payload, None)
        unpacking = zlib.decompressobj()
        inside: dict[str, Any] = unseal(unpacking.decompress(packed, INSIDE_BYTES_MAX))
    except (AccessRefusedError, InvalidTag) as error:
        raise BundleRefusedError(_("This file is meant for another hub.")) from error
    except (zlib.error, UnsealableError) as error:
        raise BundleRefusedError(_("This is no bundle of entries.")) from error
    return inside


def _parts(content: bytes) -> tuple[dict[str, Any], bytes, bytes]:
    """Return header, signature and payload.

    Raises:
        BundleRefusedError: it is no bundle, or cut short.
    """
    begin = len(_MAGIC) + _LENGTH.size
    if content[: len(_MAGIC)] != _MAGIC or len(content) < begin or len(content) > FILE_BYTES_MAX:
        raise BundleRefusedError(_("This is no bundle of entries."))
    (length,) = _LENGTH.unpack(content[len(_MAGIC) : begin])
    payload_at = begin + length + _SIGNATURE_BYTES
    if length > HEADER_BYTES_MAX or len(content) < payload_at:
        raise BundleRefusedError(_("This file is not whole or was changed."))
    raw = content[begin : begin + length]
    try:
        header = unseal(raw)
    except UnsealableError as error:
        raise BundleRefusedError(_("This file is not whole or was changed.")) from error
    if not isinstance(header, dict) or seal(header) != raw:
        raise BundleRefusedError(_("This file is not whole or was changed."))
    return header, content[payload_at - _SIGNATURE_BYTES : payload_at], content[payload_at:]


def _bound(stated: dict[str, Any]) -> dict[str, Any]:
    return {"bundle": 1, **stated}
