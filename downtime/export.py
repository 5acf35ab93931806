"""``downtime export --journal``: a book as plain lines that anybody can verify without this app.

    {"format":"downtime-journal","v":1,"hospital":..,"station":..,"incarnation":..,"book":..,"drill":..,
     "previous_head":..,"key_id":..,"public_keys":{key id: public key}}
    {"seq":1,"salt":..,"sealed":"..","hash":..}                       one per entry, sealed text as chained
    {"head":{"seq_from":..,"seq_to":..,"head":..,"signature":..}}     one per commit group
    {"end":{"entries":..,"heads":..,"head":..}}                       absent from a file that was cut short

Bytes are hex. The text of the entries is not encrypted: whoever has the file reads the patients in it.
``verify_export.py`` beside this module reads it and imports nothing of ours.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from downtime.canonical import UnsealableError, unseal
from downtime.errors import StopRecordingError, WrongPlaceError
from downtime.i18n import _
from downtime.keys import key_id_of
from downtime.store import verification
from downtime.store.headlog import HeadLog
from downtime.store.journal import sealed_rows
from downtime.store.sqlite import DatabaseError
from downtime.verify import verify_book
from downtime.whole_file import made_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from downtime.home import BookPaths, Home
    from downtime.keys import Keyring

EXPORT_FORMAT = "downtime-journal"
EXPORT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Written:
    """An export that is on the disk but not under its name yet.

    Attributes:
        entries: how many it holds; ``head`` is the chain hash (hex) after the last of them.
        sha256: of the file, hex.
    """

    entries: int
    head: str
    sha256: str


def export_journal(
    home: Home,
    ring: Keyring,
    paths: BookPaths,
    target: Path,
    before_shown: Callable[[Written], None] = lambda _written: None,
) -> int:
    """Write the journal of one book with its signed heads to ``target``, complete or not at all.

    The rows go out as they are stored; whether they are good is for a verifier to say. The file can be
    read by its owner only.

    Args:
        home: the station.
        ring: open keys.
        paths: the book.
        target: file to write; an older one is replaced.
        before_shown: called when all of it is on the disk, before it gets its name; an error from it leaves
            nothing behind.

    Returns:
        The number of entries written.

    Raises:
        WrongPlaceError: ``target`` cannot be written, no journal opens, or the book was destroyed.
        StopRecordingError: the journal is damaged and cannot be read to its end.
    """
    if paths.is_destroyed:
        raise WrongPlaceError(
            verify_book(home, ring, paths).lines()[0],
            _("Nothing of it can be exported; the certificate stays."),
        )
    db = verification.open_evidence(paths.journal, ring.book_key(paths.number))
    try:
        with made_whole(target) as part:
            count, head = _fill(part, _lines(home, ring, paths, sealed_rows(db)))
            before_shown(Written(count, head, file_sha256(part)))
    except OSError as error:
        raise WrongPlaceError(
            _("The export {file} could not be written: {reason}.").format(file=target.name, reason=error),
            _("Nothing was exported. Choose another place with enough room, then export again."),
        ) from error
    except (DatabaseError, UnsealableError, UnicodeDecodeError) as error:
        raise StopRecordingError(
            _("The journal cannot be read to its end: {reason}.").format(reason=error),
            _("Nothing was exported. See what is damaged: downtime verify."),
        ) from error
    finally:
        db.close()
    return count


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, hex."""
    with path.open("rb") as stored:
        return hashlib.file_digest(stored, "sha256").hexdigest()


def _fill(part: Path, lines: Iterator[dict[str, Any]]) -> tuple[int, str]:
    """Write the lines and the line that ends them; return the number of entries and the last one's hash."""
    count, heads, head = 0, 0, ""
    with part.open("w", encoding="utf-8", newline="\n") as file:
        for line in lines:
            file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
            count, heads = count + ("seq" in line), heads + ("head" in line)
            head = line.get("hash", head)
        end = {"end": {"entries": count, "heads": heads, "head": head}}
        file.write(json.dumps(end, separators=(",", ":")) + "\n")
    return count, head


def _lines(
    home: Home, ring: Keyring, paths: BookPaths, rows: Iterator[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    last = 0
    for row in rows:
        sealed = row["sealed"]
        if not last:
            yield _header(home, ring, paths, sealed)
        last = row["seq"]
        yield {
            "seq": last,
            "salt": row["salt"].hex(),
            "sealed": sealed.decode(),
            "hash": row["hash"].hex(),
        }
    for record in HeadLog(paths.head_log).records():
        if record.seq_to <= last:
            yield {
                "head": {
                    "seq_from": record.seq_from,
                    "seq_to": record.seq_to,
                    "head": record.head.hex(),
                    "signature": record.signature.hex(),
                }
            }


def _header(home: Home, ring: Keyring, paths: BookPaths, sealed_opening: bytes) -> dict[str, Any]:
    opening = unseal(sealed_opening)
    envelope, content = opening["envelope"], opening["body"]["content"]
    known = {key_id.hex(): public.hex() for key_id, public in home.keys.public_keys().items()}
    return {
        "format": EXPORT_FORMAT,
        "v": EXPORT_VERSION,
        "hospital": envelope["hospital"],
        "station": envelope["station"],
        "incarnation": envelope["incarnation"],
        "book": paths.number,
        "drill": envelope["drill"],
        "previous_head": content["previous_head"],
        "key_id": key_id_of(ring.public_key(envelope["incarnation"])).hex(),
        "public_keys": known,
    }
