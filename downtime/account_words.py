"""What roles, kinds and states of accounts are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.attempts import CODES
from downtime.i18n import _
from downtime.rights import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from downtime.account_list import AccountLine


def role_words(roles: Iterable[str]) -> str:
    """Return roles in words, or "-"."""
    return ", ".join(_(ROLES[role]) for role in roles if role in ROLES) or "-"


def state_words(line: AccountLine) -> str:
    """Return the state of an account in a few words."""
    words = {
        "closed": _("closed"),
        "locked": _("LOCKED, {count} wrong").format(count=line.failures),
        "over": _("outage over"),
        "left": _("has left, or no role"),
        "strange": _("not let in here"),
        "expired": _("password expired"),
        "drafted": _("until the outage ends"),
        "open": _("ready, in its envelope") if line.slot.kind == "break_glass" else "",
    }
    return words[line.state]


def account_words(operator: str) -> str:
    """Return whose wrong passwords were counted."""
    return _("one-time codes") if operator == CODES else operator
