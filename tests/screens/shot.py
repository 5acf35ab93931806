"""One picture of one screen: who is logged in, which keys lead there, what it waits for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from downtime.screens.countersign import CountersignScreen
from downtime.screens.second_person import SecondPersonDialog
from tests.screens.made_accounts import is_answered, is_listed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from downtime.desk import Desk
    from downtime.home import Home
    from tests.screens.made_board import MadeHub
    from tests.screens.story import Story

WAITS: dict[str, Callable[[Story], object]] = {
    "wait": lambda s: s.entries("charge") and not s.app.printing and s.app.last,
    "asked": lambda s: isinstance(s.app.screen, SecondPersonDialog),
    "answered": is_answered,
    "accounts": is_listed,
    "float": lambda s: getattr(s.app.screen, "stage", "") == "none",
    "opened": lambda s: getattr(s.app.screen, "stage", "") == "open",
    "counted": lambda s: getattr(s.app.screen, "stage", "") == "counted",
    "lists": lambda s: getattr(s.app.screen, "looked", None) and s.app.screen.looked.sums,  # type: ignore[attr-defined]  # asked a word before
    "itemised": lambda s: s.entries("itemisation") and not s.app.printing,
    "found": lambda s: s.app.screen.query("#statement-asked"),
    "compared": lambda s: getattr(s.app.screen, "found", None),
    "item": lambda s: getattr(s.app.screen, "item", None),
    "sums": lambda s: getattr(s.app.screen, "is_read", False),
    "packs": lambda s: getattr(s.app.screen, "_ledger", None) and s.app.screen._ledger.packs,  # type: ignore[attr-defined]  # as above
    "matched": lambda s: getattr(s.app.screen, "matching", None),
    "retyped": lambda s: getattr(s.app.screen, "retyping", None),
    "listed": lambda s: isinstance(s.app.screen, CountersignScreen) and s.app.screen._found,
}


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture.

    Attributes:
        name: name of the file.
        says: what it shows, for the page.
        keys: from the home screen; a word of ``WAITS`` is not a key but waits until something is there, and
            ``go:PLACE`` opens a place.
        operator: who is logged in; "" for the login screen.
        plain: the plain look.
        drill: on a drill's station.
        before: puts entries into the book before anybody looks.
        closed: changes the station before anybody logs in.
        hub: makes the hub in a folder whose board this is.
    """

    name: str
    says: str
    keys: tuple[str, ...] = ()
    operator: str = "1001"
    plain: bool = False
    drill: bool = False
    before: Callable[[Desk], object] | None = None
    closed: Callable[[Home], object] | None = None
    hub: Callable[[Path], MadeHub] | None = None
