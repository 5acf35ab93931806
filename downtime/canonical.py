"""The one way sealed content becomes bytes.

UTF-8 JSON, keys sorted, no insignificant space, only integers, strings, booleans, null, arrays and
objects. Text stays exactly as it was typed or received: search normalises, storage does not.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, NoReturn


class UnsealableError(ValueError):
    """The content holds something that has no single byte form (a float, a lone surrogate, a foreign type)."""


_encode = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False
).encode


def seal(content: Any) -> bytes:
    """Return the canonical bytes of ``content``.

    Raises:
        UnsealableError: ``content`` holds a float, a non-string key, a lone surrogate or another type.
    """
    if type(content) not in _SCALARS:
        _require_plain(content)
    try:
        return _encode(content).encode()
    except UnicodeEncodeError as error:
        raise UnsealableError("text holds half of a surrogate pair") from error


def unseal(sealed: bytes) -> Any:
    """Return the content of canonical bytes; refuse floats, NaN and repeated keys.

    Raises:
        UnsealableError: the bytes are not JSON of the canonical kind.
    """
    try:
        return _decode(sealed.decode())
    except (ValueError, RecursionError) as error:
        raise UnsealableError(str(error)) from error


def digest(content: Any) -> bytes:
    """Return the SHA-256 of the canonical bytes of ``content`` (32 bytes)."""
    return hashlib.sha256(seal(content)).digest()


_SCALARS = frozenset({str, int, bool, type(None)})


def _require_plain(content: Any) -> None:
    # Every entry passes here several times, hence exact types and no call for a scalar.
    kind = type(content)
    if kind is dict:
        for key, inner in content.items():
            if type(key) is not str:
                raise UnsealableError(f"a key is {type(key).__name__}, not text")
            if type(inner) not in _SCALARS:
                _require_plain(inner)
    elif kind is list or kind is tuple:
        for inner in content:
            if type(inner) not in _SCALARS:
                _require_plain(inner)
    else:
        raise UnsealableError(f"{kind.__name__} has no canonical form")


def _refuse(literal: str) -> NoReturn:
    raise UnsealableError(f"{literal} is not a whole number")


def _object_without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise UnsealableError("a key stands twice in one object")
    return found


_decode = json.JSONDecoder(
    parse_float=_refuse, parse_constant=_refuse, object_pairs_hook=_object_without_repeats
).decode
