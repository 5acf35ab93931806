"""Two languages, switched while the app runs.

Messages are English msgids; ``downtime/locale/zh`` holds the Chinese. The chosen language is a
property of the running process because one screen shows one language to one operator.
"""

from __future__ import annotations

import gettext
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

_chosen: list[Language] = ["zh"]


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    folder = Path(__file__).parent / "locale"
    return gettext.translation("downtime", localedir=str(folder), languages=[language], fallback=True)


def choose_language(language: str) -> None:
    """Show everything from now on in ``language`` ("zh" or "en")."""
    assert language in LANGUAGES, language
    _chosen[0] = language


def chosen_language() -> Language:
    """Return the language in use."""
    return _chosen[0]


def _(message: str) -> str:
    """Return ``message`` in the language in use."""
    return _catalogue(_chosen[0]).gettext(message) if message else ""


def in_language(message: str, language: Language) -> str:
    """Return ``message`` in ``language``, whatever the screen shows (paper has a language of its own)."""
    return _catalogue(language).gettext(message) if message else ""
