"""Sealed envelopes and sheets: the recovery code, the emergency account, one-time codes.

Codes are figures only: an input method or Caps Lock cannot spoil them. The recovery code has 40 figures
(132 bits) and opens the data key without password and PC; so it lies in a sealed, numbered envelope. The
emergency code has 20 figures and is the password of an account that works once.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from downtime.canonical import seal, unseal
from downtime.errors import AccessRefusedError, RefusedInputError
from downtime.i18n import _
from downtime.keys import Keyring, Person
from downtime.slots import Slot, locked_slot
from downtime.wrapping import Argon2Cost, PersonalKeys, hkdf, seal_to

if TYPE_CHECKING:
    from downtime.keys import KeyFolder

EMERGENCY_OPERATOR = "0000"
GROUP = 4
RECOVERY_GROUPS = 10
EMERGENCY_DIGITS = 20
CODE_DIGITS = 8
CODES_ON_A_SHEET = 20
_RECOVERED = Person("recovery", "", ("station",))


def random_figures(count: int) -> str:
    """Return a random code of ``count`` figures."""
    return "".join(str(secrets.randbelow(10)) for _n in range(count))


def grouped(code: str) -> str:
    """Return a code as it is printed: groups of four figures."""
    return " ".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def bare(typed: str) -> str:
    """Return only the figures of what was typed, full-width ones too."""
    return "".join(str(int(character)) for character in typed if character.isdecimal())


# -- recovery -----------------------------------------------------------------------------------------


def seal_recovery(ring: Keyring) -> str:
    """Make a fresh recovery code; the one before opens nothing any more. Return its 44 figures.

    The last four are a check, so that a slip in typing is told apart from a wrong envelope.
    """
    code = random_figures(GROUP * RECOVERY_GROUPS)
    ring.keys.write("recovery.json", recovery_file(_recovery_keys(code).box, ring.data_key))
    return code + _check(code)


def recovery_file(box: bytes, data_key: bytes) -> str:
    """Return the text of ``recovery.json``: the data key for whoever holds the code behind ``box``."""
    bound = {"recovery": 1, "box": box.hex()}
    return json.dumps({"v": 1, "bound": bound, **seal_to(box, b"", data_key, bound)}, indent=1)


def open_recovery(keys: KeyFolder, typed: str) -> Keyring:
    """Return the keyring the recovery code opens; no password, no PC secret.

    Raises:
        RefusedInputError: figures are missing or mistyped.
        AccessRefusedError: the code belongs to another station or was replaced.
    """
    figures = bare(typed)
    code, check = figures[:-GROUP], figures[-GROUP:]
    if len(code) != GROUP * RECOVERY_GROUPS or check != _check(code):
        raise RefusedInputError(
            _("The recovery code has {count} groups of four figures; something is mistyped.").format(
                count=RECOVERY_GROUPS + 1
            ),
            _("Compare it with the paper group by group."),
        )
    wrapped = json.loads(keys.read("recovery.json"))
    try:
        data_key = _recovery_keys(code).open_sealed(wrapped, b"", wrapped["bound"])
    except AccessRefusedError:
        raise AccessRefusedError(
            _("This recovery code does not open this station."),
            _("Take the newest envelope of this very station; older ones are void."),
        ) from None
    return Keyring(keys, data_key, _RECOVERED)


def _recovery_keys(code: str) -> PersonalKeys:
    return PersonalKeys(hkdf(code.encode(), salt=b"downtime recovery", purpose=b"downtime recovery 1"))


def _check(code: str) -> str:
    return f"{int.from_bytes(hashlib.sha256(code.encode()).digest()[:8]) % 10**GROUP:04d}"


# -- emergency account --------------------------------------------------------------------------------


def seal_emergency(ring: Keyring, set_at: str) -> tuple[str, Slot]:
    """Make the emergency account anew; return its code and its slot."""
    code, slot = emergency_slot(ring, set_at)
    ring.keys.keep_slot(ring, slot)
    return code, slot


def emergency_slot(ring: Keyring, set_at: str, *, above: int = 0) -> tuple[str, Slot]:
    """Return a fresh code and the emergency account behind it, not written anywhere yet.

    Args:
        ring: who holds the data key.
        set_at: RFC 3339.
        above: version the journal knows; an account file put back or lost does not fall behind it.
    """
    number = EMERGENCY_OPERATOR
    before = ring.keys.slot(number) or Slot(number, number, (), "break_glass", 0, "")
    fresh = replace(before, roles=("break_glass",), kind="break_glass", version=max(before.version, above))
    code = random_figures(EMERGENCY_DIGITS)
    return code, locked_slot(fresh, code, ring.keys.hospital_secret(), Argon2Cost(), set_at)


# -- one-time codes -----------------------------------------------------------------------------------


def new_code_sheet(ring: Keyring, holder: str) -> tuple[str, list[str]]:
    """Make a sheet of one-time codes; return its number and the codes.

    Args:
        ring: who holds the data key.
        holder: who keeps the paper, for instance 总值班.
    """
    sheet = next_code_sheet(ring)
    codes: list[str] = []
    while len(codes) < CODES_ON_A_SHEET:
        code = random_figures(CODE_DIGITS)
        if code not in codes:
            codes.append(code)
    _store(ring, sheet, {"holder": holder, "codes": codes, "used": {}})
    return sheet, codes


def next_code_sheet(ring: Keyring) -> str:
    """Return the number the next sheet will have."""
    taken = [int(path.stem) for path in (ring.keys.folder / "codes").glob("*.json")]
    return f"{max(taken, default=0) + 1:02d}"


def use_code(ring: Keyring, typed: str, entry_id: str) -> tuple[str, int] | None:
    """Burn a one-time code for one entry; return (sheet, line), or None if it is no unused code.

    The same code again for the same entry is the same approval: a crash in between loses nothing.
    """
    code = bare(typed)
    for path in sorted((ring.keys.folder / "codes").glob("*.json")):
        sheet = _sheet(ring, path.stem)
        if code in sheet["codes"]:
            place = sheet["codes"].index(code) + 1
            if sheet["used"].setdefault(str(place), entry_id) != entry_id:
                return None
            _store(ring, path.stem, sheet)
            return path.stem, place
    return None


def burnt_for(ring: Keyring, sheet: str, place: int) -> str | None:
    """Return the id of the entry a code was used for, or None."""
    if not (ring.keys.folder / "codes" / f"{sheet}.json").is_file():
        return None
    used: dict[str, str] = _sheet(ring, sheet)["used"]
    return used.get(str(place))


def codes_left(ring: Keyring) -> dict[str, int]:
    """Return how many codes are left on each sheet."""
    found = {}
    for path in sorted((ring.keys.folder / "codes").glob("*.json")):
        sheet = _sheet(ring, path.stem)
        found[path.stem] = len(sheet["codes"]) - len(sheet["used"])
    return found


def _sheet(ring: Keyring, sheet: str) -> dict[str, Any]:
    found: dict[str, Any] = unseal(ring.open_secret(f"codes/{sheet}.json")[0])
    return found


def _store(ring: Keyring, sheet: str, content: dict[str, Any]) -> None:
    ring.store_secret(f"codes/{sheet}.json", seal(content), {"codes": sheet})
