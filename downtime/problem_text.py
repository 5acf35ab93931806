"""What is wrong with a form, as a sentence in the language in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.i18n import _

if TYPE_CHECKING:
    from forms.base import Problem

_MSGIDS = ("message", "method")
"""Values that are msgids themselves."""


def problem_words(problem: Problem) -> str:
    """Return a problem as a sentence in the language in use."""
    values = {
        name: _(value) if name in _MSGIDS and isinstance(value, str) else value
        for name, value in problem.values.items()
    }
    return _(problem.message).format(**values)
