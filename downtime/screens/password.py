"""A new password: one's own with the old one, or typed twice at the keyboard of whoever authorises it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.i18n import _
from downtime.password_policy import policy_named
from downtime.record import new_entry_id
from downtime.screens.fields_dialog import FieldsDialog, Line
from downtime.screens.text import shown
from forms.base import Problem
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.content import Content

    from downtime.desk import Desk
    from downtime.settings import Settings

TWICE = (
    Line("password", lambda: _("New password"), "password"),
    Line("again", lambda: _("Once more"), "password"),
)


def rule_words(settings: Settings) -> str:
    """Return what the profile in force asks of a password."""
    policy = policy_named(settings.access.policy)
    words = [_("At least {count} characters.").format(count=policy.length_min)]
    if policy.classes_min > 1:
        words.append(
            _("At least {count} of: small letters, capitals, figures, signs.").format(
                count=policy.classes_min
            )
        )
    return " ".join(words)


def twice_problems(answers: Mapping[str, str]) -> Sequence[Problem]:
    """Return the problem of a password typed differently the second time."""
    if answers["password"] != answers["again"]:
        return [Problem("password", N_("The two do not agree; type both again."))]
    return []


class PasswordDialog(FieldsDialog):
    """One's own new password. Gives the answers, or None.

    Args:
        desk: whose.
        old: the password just typed at the login, where it has to be changed before anything else.
    """

    def __init__(self, desk: Desk, old: str | None = None) -> None:
        self._of, self._old = desk, old
        asked = TWICE if old is not None else (Line("old", lambda: _("Old password"), "password"), *TWICE)
        super().__init__(
            self._words, self._sentences, asked, self._change, "old" if old is None else "password"
        )
        self._entry_id = new_entry_id()

    def offers(self, act: str) -> bool:
        """Before the new password there is nothing to lock."""
        return (act != "lock" or self._old is None) and super().offers(act)

    def _words(self) -> str:
        return _("Change my password") if self._old is None else _("The password has expired")

    def _sentences(self) -> list[Content | str]:
        told: list[Content | str] = []
        if self._old is not None:
            told.append(shown(_("Choose a new one to go on. Esc logs out."), "bold"))
        return [*told, rule_words(self._of.home.settings)]

    def on_mount(self) -> None:
        """An expired password is not left lying open: after a while it logs out like Esc."""
        super().on_mount()
        if self._old is not None:
            self.set_interval(1, self._leave_if_idle)

    def _leave_if_idle(self) -> None:
        if self.station.idle_too_long:
            self.dismiss(None)

    def refused(self, answers: Mapping[str, str]) -> Sequence[Problem]:
        """Typed twice the same?"""
        return twice_problems(answers)

    async def _change(self, answers: Mapping[str, str]) -> Sequence[Problem]:
        from downtime.account_changes import change_own_password

        desk, old = self._of, answers.get("old", self._old or "")
        return await desk.in_writer(
            lambda: change_own_password(desk.book, old, answers["password"], self._entry_id)
        )
