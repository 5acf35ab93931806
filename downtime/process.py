"""What every program of ours does before it opens anything: keep its files, its memory and its failures to itself."""

from __future__ import annotations

import sys
import threading
import traceback
from typing import TYPE_CHECKING

from downtime import os_calls

if TYPE_CHECKING:
    from types import TracebackType


def keep_to_itself() -> None:
    """Make new files private, leave no core dump, and say where a crash was without the values in it.

    The text of an exception may hold what was being worked on: a validation error quotes its input, a
    database error its parameters. Both may be a patient, so only the kinds and the places are told.
    """
    os_calls.set_private_umask()
    os_calls.no_core_dumps()
    sys.excepthook = _tell
    sys.unraisablehook = lambda failure: _tell(failure.exc_type, failure.exc_value, failure.exc_traceback)
    threading.excepthook = lambda failure: _tell(failure.exc_type, failure.exc_value, failure.exc_traceback)


def crash_text(error: BaseException) -> str:
    """Return where ``error`` came from and of which kind it and its causes are; never what they say."""
    kinds = [type(error).__qualname__]
    cause = error.__cause__ or error.__context__
    while cause is not None and len(kinds) < 8:  # noqa: PLR2004 (a chain longer than that says nothing more)
        kinds.append(type(cause).__qualname__)
        cause = cause.__cause__ or cause.__context__
    return "".join(traceback.format_tb(error.__traceback__)) + " <- ".join(kinds) + "\n"


def _tell(kind: type[BaseException], error: BaseException | None, _frames: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt) or error is None or sys.stderr is None:
        return
    sys.stderr.write(crash_text(error))
    sys.stderr.flush()
