"""Noticing at login that somebody edited the settings, and which keys; secrets never stand in what is written."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import tomllib
from typing import TYPE_CHECKING, Any

from downtime.store import audit_queries
from forms.station_book import Audit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from downtime.home import Home
    from downtime.store.sqlite import Database

SETTINGS_SEEN, SETTINGS_CHANGED = "settings_seen", "settings_changed"
STATION_FILE, SITE_FOLDER = "station.toml", "site"

_SECRET = re.compile(r"(?i)passw|secret|token|pin$|口令|密码")
_PASSWORD_IN_URL = re.compile(r"(?<=://)([^/@\s]*)@")
_DETAIL_CHARACTERS_MAX = 1_900
_FINGERPRINT_CHARACTERS = 12
_VALUE_CHARACTERS = (200, 60, 24, 0)
"""Longer values are kept as a fingerprint; the first of these with which everything fits is taken."""


def settings_files(home: Home) -> dict[str, bytes]:
    """Return the station's settings and everything in its ``site`` folder, by name."""
    folder = home.path / SITE_FOLDER
    site = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    named = [home.path / STATION_FILE, *site]
    return {path.relative_to(home.path).as_posix(): path.read_bytes() for path in named if path.is_file()}


def settings_lines(home: Home, key: bytes, before: Mapping[str, Any] | None) -> list[Audit]:
    """Return the audit lines that a login owes: none if everything is as it was seen last.

    Args:
        home: the station.
        key: makes fingerprints that nobody can try passwords against without it.
        before: what ``last_seen`` returned, or None if nothing was seen yet.
    """
    files = settings_files(home)
    now = {
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        "keys": _kept(files.get(STATION_FILE, b""), key),
    }
    if before is not None and before.get("files") == now["files"]:
        return []
    detail = json.dumps(now, ensure_ascii=False, sort_keys=True)
    lines = [Audit(event=SETTINGS_SEEN, subject=", ".join(files)[:200], detail=detail)]
    if before is not None:
        told = "; ".join(_changes(before, now))
        changed = _changed_files(before, now)
        lines.insert(
            0,
            Audit(
                event=SETTINGS_CHANGED, subject=", ".join(changed)[:200], detail=told[:_DETAIL_CHARACTERS_MAX]
            ),
        )
    return lines


def last_seen(db: Database) -> dict[str, Any] | None:
    """Return what stands in the newest line about the settings of a book, or None."""
    line = audit_queries.newest(db, (SETTINGS_SEEN,))
    return dict(json.loads(line.content["detail"])) if line is not None else None


def _kept(content: bytes, key: bytes) -> dict[str, str]:
    """Return every key of the settings with its value as it may be written down."""
    try:
        found = dict(_flat(tomllib.loads(content.decode()), ""))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}
    for most in _VALUE_CHARACTERS:
        kept = {name: _harmless(name, value, key, most) for name, value in found.items()}
        if len(json.dumps(kept, ensure_ascii=False)) < _DETAIL_CHARACTERS_MAX - 200:
            return kept
    return {}


def _flat(content: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    for name, value in content.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{path}{name}.")
        else:
            yield (
                f"{path}{name}",
                value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str),
            )


def _harmless(name: str, value: str, key: bytes, most: int) -> str:
    plain = _PASSWORD_IN_URL.sub("", value)
    if _SECRET.search(name) or plain != value or len(value) > most:
        digest = hmac.new(key, f"{name}={value}".encode(), hashlib.sha256).hexdigest()[
            :_FINGERPRINT_CHARACTERS
        ]
        shown = "" if _SECRET.search(name) or len(plain) > most else plain
        return f"{shown}#{digest}"
    return value


def _changed_files(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    names = sorted({*before["files"], *now["files"]})
    return [name for name in names if before["files"].get(name) != now["files"].get(name)]


def _changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for name in _changed_files(before, now):
        if name != STATION_FILE:
            yield name
    for name in sorted({*before["keys"], *now["keys"]}):
        was, is_now = before["keys"].get(name, ""), now["keys"].get(name, "")
        if was != is_now:
            yield f"{name}: {was} -> {is_now}"
