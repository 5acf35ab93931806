"""What can be done by a key, and which keys do it: the same key means the same act on every screen.

A site changes keys in ``[keymap]`` of its settings file: ``settle = ["f8", "alt+s"]``. F1, F10 and F11
belong to the terminal on many PCs, so each has a second key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.binding import Binding

from downtime.errors import RefusedInputError
from downtime.i18n import _
from downtime.screens.marks import N_

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Act:
    """Something a key does.

    Attributes:
        id: stable name, used in the settings file and for the method ``act_<id>``.
        keys: the usual keys, the first is shown.
        label: one or two words for the bottom line (msgid).
    """

    id: str
    keys: tuple[str, ...]
    label: str


ACTS: dict[str, Act] = {
    act.id: act
    for act in (
        Act("patient", ("f2",), N_("Patient")),
        Act("item", ("f3",), N_("Item")),
        Act("quantity", ("f4",), N_("Quantity")),
        Act("delete_line", ("f5",), N_("Delete line")),
        Act("reprint", ("f6",), N_("Reprint")),
        Act("hold", ("f7",), N_("Hold")),
        Act("settle", ("f8",), N_("Settle")),
        Act("reverse", ("f9",), N_("Reverse")),
        Act("department", ("f10", "ctrl+p"), N_("Department")),
        Act("register", ("ctrl+n",), N_("New patient")),
        Act("unlisted", ("ctrl+t",), N_("Unlisted")),
        Act("price", ("ctrl+v", "shift+f4"), N_("Other price")),
        Act("payer", ("ctrl+r",), N_("Payer")),
        Act("slip", ("ctrl+s",), N_("Other paper")),
        Act("rescue", ("ctrl+z",), N_("Rescue")),
        Act("authorise", ("ctrl+o",), N_("Unpaid")),
        Act("unknown_person", ("ctrl+u",), N_("Unnamed person")),
        Act("filter", ("ctrl+f",), N_("Filter")),
        Act("deliver", ("ctrl+d",), N_("Send now")),
        Act("resend", ("ctrl+x",), N_("Send again")),
        Act("verify", ("ctrl+e",), N_("Verify")),
        Act("export", ("ctrl+k",), N_("Export")),
        Act("show", ("ctrl+w",), N_("Show numbers")),
        Act("acknowledge", ("ctrl+a",), N_("Seen")),
        Act("copy", ("ctrl+y",), N_("Copy text")),
        Act("language", ("f12", "ctrl+b"), "中文/English"),
        Act("lock", ("f11", "ctrl+l"), N_("Lock")),
        Act("quit", ("ctrl+q",), N_("Quit")),
        Act("help", ("f1", "ctrl+g"), N_("Help")),
        Act("back", ("escape",), N_("Back")),
    )
}
"""In the order of the bottom line; help and back always stand last."""

ACT_RIGHTS = {
    "reverse": "reverse",
    "reprint": "reprint",
    "register": "register",
    "deliver": "deliver",
    "resend": "deliver",
    "verify": "verify",
    "export": "audit",
    "show": "look_up",
}
"""What one must be allowed for an act wherever it stands; a screen adds what its own acts need."""

ALWAYS = ("acknowledge", "copy", "language", "lock", "quit", "help", "back")
"""Acts every screen has after login."""

SHOWN_LAST = ("lock", "help", "back")
MOST_WANTED = ("acknowledge", "settle", "patient", "item", "authorise", "reverse", "reprint")
"""Shown before the others where the line is too short for all."""


def act_bindings() -> list[Binding]:
    """Return the bindings of all acts; they come before what a field does with a key."""
    return [
        Binding(",".join(act.keys), f"act('{act.id}')", act.label, show=False, priority=True, id=act.id)
        for act in ACTS.values()
    ]


def keys_of(site: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return the keys of every act with the site's own in force.

    Raises:
        RefusedInputError: the site names an act that does not exist, or one key twice.
    """
    for unknown in site.keys() - ACTS.keys():
        raise RefusedInputError(
            _("The keymap names {act}, which does not exist.").format(act=unknown),
            _("Choose one of: {known}.").format(known=", ".join(ACTS)),
        )
    found = {act.id: tuple(site.get(act.id) or act.keys) for act in ACTS.values()}
    taken: dict[str, str] = {}
    for act, keys in found.items():
        for key in keys:
            if taken.setdefault(key, act) != act:
                raise RefusedInputError(
                    _("The keymap gives {key} to {first} and to {second}.").format(
                        key=key_words(key), first=taken[key], second=act
                    ),
                    _("Give each act a key of its own; nothing else has been changed."),
                )
    return found


def key_words(key: str) -> str:
    """Return a key as it is printed on a keyboard: "F8", "Esc", "Ctrl+N"."""
    names = {
        "escape": "Esc",
        "enter": "Enter",
        "ctrl": "Ctrl",
        "alt": "Alt",
        "shift": "Shift",
        "space": "Space",
    }
    return "+".join(names.get(part, part.upper()) for part in key.split("+"))
