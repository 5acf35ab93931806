"""Who may log in at a practice station: its made-up passwords stand on the login screen, nobody else's ever do."""

from __future__ import annotations

import tomllib
from functools import partial
from typing import TYPE_CHECKING

from downtime.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OPERATORS_FILE = "practice-operators.toml"
_ROLES = ("cashier", "pharmacist", "nurse", "supervisor", "it")


def practice_words(home: Path) -> list[Callable[[], str]]:
    """Return a line per role with a made-up number and password; none where this is no practice station."""
    try:
        listed = tomllib.loads((home / OPERATORS_FILE).read_text("utf-8"))["operator"]
    except (OSError, ValueError, KeyError):
        return []
    lines: list[Callable[[], str]] = [lambda: _("Practice: staff number and password")]
    for role in _ROLES:
        found = next((one for one in listed if one["roles"] == [role]), None)
        if found is not None:
            lines.append(partial(_line, found["id"], found["password"], role))
    return lines


def first_receipt_words(home: Path) -> list[Callable[[], str]]:
    """Return what to type for a first receipt at the practice station; none anywhere else."""
    if not (home / OPERATORS_FILE).is_file():
        return []
    return [
        lambda: _("Practice: your first receipt"),
        lambda: _("  1, then hwb Enter (patient), xcg Enter (item),"),
        lambda: _("  Enter (settle), 50 Enter (cash handed over)"),
    ]


def _line(operator: str, password: str, role: str) -> str:
    title = {
        "cashier": _("Cashier"),
        "pharmacist": _("Pharmacist"),
        "nurse": _("Nurse"),
        "supervisor": _("Shift supervisor"),
        "it": _("IT"),
    }[role]
    return f"  {operator}  {password}  {title}"
