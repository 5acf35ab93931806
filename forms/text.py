"""Marking of user-visible text that is translated where it is shown."""

from __future__ import annotations


def N_(message: str) -> str:  # noqa: N802 (the name message extraction tools look for)
    """Return ``message`` unchanged; it only marks an English msgid for the catalogue."""
    return message
