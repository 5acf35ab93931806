"""Processes that are killed with -9 at one exact moment: a piece of work in a fork of the simulator."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.exc import SQLAlchemyError

from downtime.errors import InUseError
from sync.connectors.hub_link import LinkError

if TYPE_CHECKING:
    from collections.abc import Callable

DONE: Final = 0
IN_USE: Final = 3
CRASHED: Final = 4
"""It ended with a traceback because the other end went away: it should have gone on."""
BROKEN: Final = 9
KILLED: Final = -signal.SIGKILL


def die() -> None:
    """End this process as a pulled plug would."""
    os.kill(os.getpid(), signal.SIGKILL)


def begun(work: Callable[[], Any]) -> int:
    """Begin ``work`` in a fork and return its process id; it ends by itself, or by its own bomb."""
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child:
        return child
    code = BROKEN
    try:
        work()
        code = DONE
    except InUseError:
        code = IN_USE
    except (SQLAlchemyError, LinkError):
        code = CRASHED
    except BaseException:  # noqa: BLE001 (it goes to the simulator as an exit code)
        traceback.print_exc()
    finally:
        os._exit(code)


def ended(child: int) -> int:
    """Wait for a fork; return its exit code, negative if a signal ended it."""
    _child, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code != BROKEN, "a process of the simulation broke; its words stand above"
    return code


class Bomb:
    """Goes off at the n-th call of something, before or after it was done.

    ``counted`` is put in the place of what is to be counted, in the fork only.
    """

    def __init__(self, act: Callable[..., Any], moment: str, number: int) -> None:
        self._act, self._moment, self._left = act, moment, number

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Do it; or die."""
        self._left -= 1
        if not self._left and self._moment == "before":
            die()
        found = self._act(*given, **named)
        if not self._left:
            die()
        return found
