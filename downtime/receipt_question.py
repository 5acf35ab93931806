"""Asking the hub about a receipt without waiting for it: the question is a small file, and so is the answer.

The app writes the question when a receipt is brought up and looks for an answer while the form is on the screen;
``downtime-sync run`` asks the hub and puts the answer beside it. Without a hub, or without sync, nothing comes and
nothing waits. No patient stands in either file.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from downtime import os_calls
from downtime.clean import visible
from downtime.hub_notice import hub_key
from downtime.i18n import _
from downtime.receipt_number import parse_number
from forms import form_named

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.home import Home

ASKED, ANSWERED = "hub/asked", "hub/answered"
FILE_BYTES_MAX: Final = 64 << 10
_USES_MAX: Final = 20


@dataclass(frozen=True, slots=True)
class Use:
    """Where a receipt was used, or is about to be: station, form (or "" where nothing is recorded yet), time."""

    station: str
    form: str
    at: str

    def words(self, number: str) -> str:
        """Return it as a sentence."""
        kind, moment = form_named(self.form), visible(self.at[11:16])
        if not self.form:
            told = _("Receipt {number} is in hand at window {station} just now ({at}).")
        else:
            told = _("Receipt {number} was used at window {station} already: {form}, {at}.")
        return told.format(
            number=number,
            station=visible(self.station, 8),
            form=_(kind.title) if kind is not None else visible(self.form, 40),
            at=moment,
        )


def ask_about(home: Home, number: str, using: str) -> bool:
    """Leave a question for sync; return whether this station has a hub that could answer.

    Args:
        home: the station.
        number: of the receipt.
        using: id of the form being filled in on it: other windows are told of that.
    """
    parsed = parse_number(number)
    if parsed is None or hub_key(home) is None:
        return False
    try:
        _put(home.path / ASKED, str(parsed), {"number": str(parsed), "using": using})
    except OSError:
        return False  # a full disk: then nobody is asked
    return True


def uses_of(home: Home, number: str, using: str) -> list[Use] | None:
    """Return where else a receipt was used, as the hub answered for this very form; None before it has."""
    parsed = parse_number(number)
    told = _read(home.path / ANSWERED / f"{parsed}.json")
    if parsed is None or told.get("using") != using or told.get("number") != str(parsed):
        return None
    own = home.settings.station.code
    try:
        used = [
            Use(str(use["station"]), str(use["form"]), str(use["at"])) for use in told["used"][:_USES_MAX]
        ]
        used += [Use(str(use["station"]), "", str(use["at"])) for use in told["about"][:_USES_MAX]]
    except (KeyError, TypeError):
        return None
    return [use for use in used if use.station != own]


def questions(home: Home) -> list[tuple[Path, str, str]]:
    """Return what was asked and not answered yet: file, receipt number, id of the form; oldest first."""
    folder = home.path / ASKED
    found = []
    for file in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        told = _read(file)
        if told:
            found.append((file, str(told.get("number", "")), str(told.get("using", ""))))
    return found


def put_answer(home: Home, number: str, using: str, answer: dict[str, Any]) -> None:
    """Leave the hub's answer for the app."""
    told = {"used": answer.get("used", []), "about": answer.get("about_to_be_used", [])}
    _put(home.path / ANSWERED, number, {"number": number, "using": using, **told})


def _put(folder: Path, name: str, content: dict[str, Any]) -> None:
    """Write a small file that may be lost with the power: it is not worth waiting for the disk."""
    os_calls.private_dir(folder)
    part = folder / f"{name}.{os.getpid()}.part"
    os_calls.private_file(part)
    part.write_text(json.dumps(content), "utf-8")
    part.replace(folder / f"{name}.json")


def _read(file: Path) -> dict[str, Any]:
    found: Any = None
    with suppress(OSError, ValueError), file.open("rb") as stored:
        found = json.loads(stored.read(FILE_BYTES_MAX))
    return found if isinstance(found, dict) else {}
