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

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from downtime import os_calls
from downtime.canonical import UnsealableError, unseal
from downtime.errors import StopRecordingError, WrongPlaceError
from downtime.i18n import _
from downtime.keys import key_id_of
from downtime.store import verification
from downtime.store.headlog import HeadLog
from downtime.store.journal import sealed_rows
from downtime.store.sqlite import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from downtime.home import BookPaths, Home
    from downtime.keys import Keyring

EXPORT_FORMAT = "downtime-journal"
EXPORT_VERSION = 1


def export_journal(home: Home, ring: Keyring, paths: BookPaths, target: Path) -> int:
    """Write the journal of one book with its signed heads to ``target``, complete or not at all.

    The rows go out as they are stored; whether they are good is for a verifier to say. The file can be
    read by its owner only.

    Args:
        home: the station.
        ring: open keys.
        paths: the book.
        target: file to write; an older one is replaced.

    Returns:
        The number of entries written.

    Raises:
        WrongPlaceError: ``target`` cannot be written, or there is no journal that opens.
        StopRecordingError: the journal is damaged and cannot be read to its end.
    """
    part = target.with_name(target.name + ".part")
    db = verification.open_evidence(paths.journal, ring.book_key(paths.number))
    try:
        part.unlink(missing_ok=True)
        os_calls.private_file(part)
        with part.open("w", encoding="utf-8", newline="\n") as file:
            count, heads, head = 0, 0, ""
            for line in _lines(home, ring, paths, sealed_rows(db)):
                file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
                count, heads = count + ("seq" in line), heads + ("head" in line)
                head = line.get("hash", head)
            end = {"end": {"entries": count, "heads": heads, "head": head}}
            file.write(json.dumps(end, separators=(",", ":")) + "\n")
            file.flush()
            os_calls.fsync_file(file.fileno())
        os_calls.replace_durably(part, target)
    except OSError as error:
        _remove(part)
        raise WrongPlaceError(
            _("The export {file} could not be written: {reason}.").format(file=target.name, reason=error),
            _("Nothing was exported. Choose another place with enough room, then export again."),
        ) from error
    except (DatabaseError, UnsealableError, UnicodeDecodeError) as error:
        _remove(part)
        raise StopRecordingError(
            _("The journal cannot be read to its end: {reason}.").format(reason=error),
            _("Nothing was exported. See what is damaged: downtime verify."),
        ) from error
    finally:
        db.close()
    return count


def _remove(part: Path) -> None:
    with suppress(OSError):  # the place itself may be what failed; the first error is the one to tell
        part.unlink(missing_ok=True)


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
