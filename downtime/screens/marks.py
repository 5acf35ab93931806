"""Marking texts for translation without loading the forms, which the first screen does not need."""

from __future__ import annotations


def N_(message: str) -> str:  # noqa: N802 (the name message extraction tools look for)
    """Return ``message`` unchanged; it only marks an English msgid for the catalogue."""
    return message
