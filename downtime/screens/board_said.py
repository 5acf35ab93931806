"""What somebody decided about an entry, in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.i18n import _

if TYPE_CHECKING:
    from downtime.board_whole import Decision


def said_about(one: Decision) -> str:
    """Return a decision in the language in use, with its reason."""
    content = one.content
    told = {
        "resend_decided": lambda: _("sent again"),
        "sent_corrected": lambda: _("sent again with {what}").format(what=_changes(one)),
        "tick_decided": lambda: _ticked(one),
        "entry_noted": lambda: str(content.get("text") or ""),
        "typed_in": lambda: (
            _("takes back that it was typed in") if content.get("is_undone") else _("typed it in")
        ),
    }.get(one.form, lambda: one.form)()
    reason = str(content.get("reason") or content.get("his_reference") or "")
    return f"{told}: {reason}" if reason else told


def _ticked(one: Decision) -> str:
    rows = ", ".join(map(str, one.content.get("rows") or ()))
    if not rows:
        return _("takes an answer back")
    words = _("it is {rows} in the HIS") if one.content.get("is_same") else _("it is not {rows} in the HIS")
    return words.format(rows=rows)


def _changes(one: Decision) -> str:
    changes = one.content.get("changes") or ()
    return ", ".join(
        _("{new} instead of {old}").format(new=change["new"], old=change["old"]) for change in changes
    )
