"""Which stations may speak to the hub, how they are let in, and what is known of each."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from downtime.canonical import UnsealableError, seal
from downtime.errors import RefusedInputError
from downtime.i18n import _
from sync.hub.arrivals import Place
from sync.hub.certificates import fingerprint
from sync.hub.keeping import tip_of
from sync.hub.wire import RefusedError, bytes_of, list_of, number_of, object_of, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.hub.database import Database

SECRET_BYTES: Final = 7
PIN_BYTES: Final = 13
FAILURES_MAX: Final = 5
"""After so many wrong codes an invitation is void: guessing 56 bits over the network ends there."""

_CODE: Final = re.compile(r"[A-Z]{1,3}[A-Z0-9]{0,3}")
_LOOKALIKES: Final = str.maketrans({"0": "O", "1": "I", "8": "B"})
_JOURNALS_MAX: Final = 1_000
_KEYS_MAX: Final = 26

_HELD: Final = "SELECT incarnation, book FROM chain WHERE station = ?"
_ARRIVED: Final = "SELECT DISTINCT incarnation, book FROM arrived WHERE station = ?"
_TIP: Final = """
SELECT seq, hash FROM entry WHERE station = ? AND incarnation = ? AND book = ? AND verdict IN ('clone', 'other_hash')
ORDER BY seq DESC, n DESC LIMIT 1
"""
_STANDS: Final = """
SELECT 1 FROM entry WHERE station = ? AND incarnation = ? AND book = ? AND seq = ? AND hash = ? AND chained = 1
"""
_SEEN: Final = """
INSERT INTO seen (station, incarnation, at, skew_seconds, journals, package, told) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (station) DO UPDATE SET incarnation = excluded.incarnation, at = excluded.at,
  skew_seconds = excluded.skew_seconds, journals = excluded.journals, package = excluded.package,
  told = CASE WHEN excluded.told > seen.told THEN excluded.told ELSE seen.told END
"""
_INVITED: Final = """
INSERT INTO invitation (station, secret, failures, made_at) VALUES (?, ?, 0, ?)
ON CONFLICT (station) DO UPDATE SET secret = excluded.secret, failures = 0, made_at = excluded.made_at
"""


@dataclass(frozen=True, slots=True)
class Code:
    """What is typed at a station to let it in: part of the authority's fingerprint, and a secret for one use."""

    pin: bytes
    secret: bytes

    @classmethod
    def read(cls, typed: str) -> Code:
        """Return the code in what was typed.

        Raises:
            RefusedInputError: it is no code.
        """
        plain = "".join(character for character in typed.upper() if character.isalnum()).translate(
            _LOOKALIKES
        )
        try:
            whole = base64.b32decode(plain)
        except ValueError:
            whole = b""
        if len(whole) != PIN_BYTES + SECRET_BYTES:
            raise RefusedInputError(
                _("This is not a whole code."),
                _("It has eight groups of four; type them as the hub shows them."),
            )
        return cls(whole[:PIN_BYTES], whole[PIN_BYTES:])

    def text(self) -> str:
        """Return it as it is shown: eight groups of four."""
        plain = base64.b32encode(self.pin + self.secret).decode()
        return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))

    def fits(self, certificate: bytes) -> bool:
        """Return whether ``certificate`` (PEM) is the authority the code was made for."""
        try:
            return bytes.fromhex(fingerprint(certificate))[:PIN_BYTES] == self.pin
        except ValueError:
            return False


def joining_mark(secret: bytes, request: dict[str, Any]) -> str:
    """Return what proves that whoever makes the joining ``request`` was given the code.

    Raises:
        RefusedError: the request has no canonical form.
    """
    try:
        sealed = seal(request)
    except UnsealableError as error:
        raise RefusedError("garbage") from error
    return hmac.new(secret, b"downtime hub joining 1\x00" + sealed, hashlib.sha256).hexdigest()


def invite(db: Database, station: str, authority: bytes, at: str) -> Code:
    """Return a fresh code for ``station``; an older one of its own no longer counts.

    Raises:
        RefusedInputError: no station can be called so.
    """
    if not _CODE.fullmatch(station) or not 2 <= len(station) <= 4:  # noqa: PLR2004 (as in the settings of a station)
        raise RefusedInputError(
            _("{station} is no station code.").format(station=station),
            _("A code is two to four capitals or figures, as in its settings."),
        )
    code = Code(bytes.fromhex(fingerprint(authority))[:PIN_BYTES], secrets.token_bytes(SECRET_BYTES))
    with db.writing():
        db.rows(_INVITED, (station, code.secret, at))
    return code


def brought_key(content: dict[str, Any], incarnation: str) -> bytes:
    """Return the public key a joining station brings for one of its letters; it signed with that.

    Raises:
        RefusedError: it brings none.
    """
    for key in list_of(object_of(content.get("request")), "keys", _KEYS_MAX):
        told = object_of(key)
        if text_of(told, "incarnation", 1) == incarnation:
            return bytes_of(told, "public", 32)
    raise RefusedError("wrong_signature")


def let_in(db: Database, hospital: str, station: str, content: dict[str, Any], at: str) -> None:
    """Let a station in that shows its code: keep its public keys, and the code is used up.

    Raises:
        RefusedError: no or another code, another hospital, a drill, or other keys than it had.
    """
    request, mark = object_of(content.get("request")), bytes_of(content, "mark", 32)
    if text_of(request, "station") != station or text_of(request, "hospital") != hospital:
        raise RefusedError("garbage")
    if request.get("drill") is not False:
        raise RefusedError("garbage")
    with db.writing():
        invited = db.row("SELECT secret, failures FROM invitation WHERE station = ?", (station,))
        known = invited is not None and invited[1] < FAILURES_MAX
        good = known and invited is not None and hmac.compare_digest(
            bytes.fromhex(joining_mark(bytes(invited[0]), request)), mark
        )  # fmt: skip
        if good:
            keep_keys(db, station, list_of(request, "keys", _KEYS_MAX), at)
            db.rows("DELETE FROM invitation WHERE station = ?", (station,))
        else:
            db.rows("UPDATE invitation SET failures = failures + 1 WHERE station = ?", (station,))
    if not good:
        raise RefusedError("unknown_station")


def keep_keys(db: Database, station: str, keys: Sequence[Any], at: str) -> None:
    """Keep the public keys of a station's incarnations; one that is known never changes. Hold the write.

    Raises:
        RefusedError: another key under a letter that is known, or no keys.
    """
    for key in keys:
        told = object_of(key)
        letter, public = text_of(told, "incarnation", 1), bytes_of(told, "public", 32)
        if not ("A" <= letter <= "Z"):
            raise RefusedError("garbage")
        known = db.row(
            "SELECT public FROM station_key WHERE station = ? AND incarnation = ?", (station, letter)
        )
        if known is None:
            db.rows("INSERT INTO station_key VALUES (?, ?, ?, ?)", (station, letter, public, at))
        elif bytes(known[0]) != public:
            raise RefusedError("wrong_signature")


def withdraw(db: Database, station: str, incarnation: str, at: str, said_by: str, why: str) -> None:
    """Take nothing more that is signed with the key of a station's letter; its code, if it has one, is void too.

    Raises:
        RefusedInputError: the hub knows no such key, or it was withdrawn before.
    """
    with db.writing():
        place = (station, incarnation)
        if db.row("SELECT 1 FROM station_key WHERE station = ? AND incarnation = ?", place) is None:
            raise RefusedInputError(
                _("The hub knows no station {station} with letter {letter}.").format(
                    station=station, letter=incarnation
                ),
                _("See downtime-sync hub status."),
            )
        if db.row("SELECT 1 FROM station_withdrawn WHERE station = ? AND incarnation = ?", place) is not None:
            raise RefusedInputError(
                _("The key of {station}{letter} was withdrawn before.").format(
                    station=station, letter=incarnation
                ),
                _("Nothing more is needed."),
            )
        db.rows("INSERT INTO station_withdrawn VALUES (?, ?, ?, ?, ?)", (*place, at, said_by, why))
        db.rows("DELETE FROM invitation WHERE station = ?", (station,))


def note_seen(
    db: Database, station: str, incarnation: str, content: dict[str, Any], at: str, package_now: int = 0
) -> None:
    """Keep what a station says of itself: its clock, how far its journals are, which package it has.

    Args:
        db: the hub's store.
        station: who speaks.
        incarnation: under which letter.
        content: what it says.
        at: when, by the hub's clock.
        package_now: version of what is offered to it: whoever has that was told every announcement.

    Raises:
        RefusedError: it says none of that.
    """
    journals = []
    for journal in list_of(content, "journals", _JOURNALS_MAX):
        told = object_of(journal)
        journals.append([text_of(told, "incarnation", 1), number_of(told, "book", 1), number_of(told, "seq")])
    try:
        theirs = datetime.fromisoformat(text_of(content, "clock", 40))
        skew = round((theirs - datetime.fromisoformat(at)).total_seconds())
    except (ValueError, TypeError, OverflowError) as error:
        raise RefusedError("garbage") from error
    package = number_of(content, "package")
    last = db.row("SELECT max(n) FROM outage") if package == package_now else None
    row = (station, incarnation, at, skew, json.dumps(journals), package, last[0] or 0 if last else 0)
    with db.writing():
        db.rows(_SEEN, row)


def held(db: Database, station: str, content: dict[str, Any]) -> list[dict[str, Any]]:
    """Return how far each book of ``station`` stands here, and the newest entry of another chain, if any.

    ``complete``: the last entry the station says it has stands here, so nothing need be sent.

    Raises:
        RefusedError: the station says nothing of its journals.
    """
    ends = {}
    for journal in list_of(content, "journals", _JOURNALS_MAX):
        told = object_of(journal)
        ends[text_of(told, "incarnation", 1), number_of(told, "book", 1)] = (
            number_of(told, "seq"),
            bytes_of(told, "head", 32),
        )
    found = []
    places = {(row[0], row[1]) for row in (*db.rows(_HELD, (station,)), *db.rows(_ARRIVED, (station,)))}
    for incarnation, book in sorted(places, key=lambda place: (place[1], place[0])):
        tip = tip_of(db, Place(station, incarnation, book))
        tips = [{"seq": tip.seq, "hash": tip.head.hex()}] if tip.seq else []
        if (fork := db.row(_TIP, (station, incarnation, book))) is not None:
            tips.append({"seq": fork[0], "hash": bytes(fork[1]).hex()})
        end = ends.get((incarnation, book))
        complete = end is not None and (
            end == (tip.seq, tip.head) or db.row(_STANDS, (station, incarnation, book, *end)) is not None
        )
        found.append({"incarnation": incarnation, "book": book, "tips": tips, "complete": complete})
    return found
