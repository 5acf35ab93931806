"""Opening a locked account from the login screen: a supervisor types number and password, and is not logged in."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from downtime.account_opening import open_account_at_the_door
from downtime.account_words import account_words
from downtime.attempts import CODES
from downtime.i18n import _
from downtime.screens.fields_dialog import FieldsDialog, Line
from downtime.screens.text import shown
from forms.base import Problem
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.content import Content

CODES_WORD = "codes"
"""What is typed for the one-time codes."""


class OpeningDialog(FieldsDialog):
    """Gives the answers, or None.

    Args:
        locked: what is locked, with the wrong tries counted.
        operator: the account somebody tried last.
    """

    def __init__(self, locked: Mapping[str, int], operator: str) -> None:
        self._locked = dict(locked)
        first = operator if operator in locked else next(iter(locked), "")
        super().__init__(
            lambda: _("Open an account"),
            self._sentences,
            (
                Line("account", lambda: _("Account"), "code", CODES_WORD if first == CODES else first),
                Line("by", lambda: _("Supervisor's number"), "code"),
                Line("password", lambda: _("Supervisor's password"), "password"),
            ),
            self._open,
            "password",
        )

    def offers(self, act: str) -> bool:
        """Nobody is logged in: there is nothing to lock."""
        return act != "lock" and super().offers(act)

    def _sentences(self) -> list[Content | str]:
        told: list[Content | str] = [
            shown(
                _("{account}: {count} wrong tries in a row").format(
                    account=account_words(operator), count=count
                ),
                "bold",
            )
            for operator, count in self._locked.items()
        ]
        return [*told, _("A supervisor opens it here, and is not logged in by that. It is recorded.")]

    async def _open(self, answers: Mapping[str, str]) -> Sequence[Problem]:
        app = self.station
        operator = CODES if answers["account"] == CODES_WORD else answers["account"]
        if operator not in self._locked:
            return [Problem("account", N_("This one is not locked."))]
        await asyncio.to_thread(
            open_account_at_the_door, app.home, operator, answers["by"], answers["password"], app.clock
        )
        return []
