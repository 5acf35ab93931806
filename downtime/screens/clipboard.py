"""Copying a number, name or amount without asking the terminal for it.

The escape sequence terminals offer for copying (OSC 52) does nothing on many of them and spoils Chinese on
others; it is used only over SSH, where nothing else reaches the person's own PC.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from downtime.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

_PROGRAMS = (
    ("WAYLAND_DISPLAY", ("wl-copy",), "utf-8"),
    ("DISPLAY", ("xclip", "-selection", "clipboard"), "utf-8"),
    ("DISPLAY", ("xsel", "--clipboard", "--input"), "utf-8"),
    ("", ("clip.exe",), "utf-16-le"),
)
WAIT_SECONDS_MAX = 2


def copy_natively(text: str) -> bool:
    """Hand ``text`` to the desktop's own clipboard; return whether one took it."""
    for wanted, command, encoding in _PROGRAMS:
        if (wanted and not os.environ.get(wanted)) or shutil.which(command[0]) is None:
            continue
        try:
            answer = subprocess.run(  # noqa: S603 (fixed command, no shell)
                command,
                input=text.encode(encoding),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=WAIT_SECONDS_MAX,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            continue
        if answer.returncode == 0:
            return True
    return False


def over_ssh() -> bool:
    """Return whether the person sits at another PC."""
    return bool(os.environ.get("SSH_TTY") or os.environ.get("SSH_CONNECTION"))


def in_browser() -> bool:
    """Return whether the screen is in a browser at another desk: this PC's clipboard is nobody's there."""
    return bool(os.environ.get("DOWNTIME_SERVED"))


def copy_and_tell(text: str, by_terminal: Callable[[str], None]) -> Callable[[], str]:
    """Copy ``text`` and return the words that say how; without a clipboard they show it for marking by hand."""
    if not text:
        return lambda: _("There is nothing to copy here.")
    if not in_browser() and copy_natively(text):
        return lambda: _("Copied: {text}").format(text=text)
    if over_ssh():
        by_terminal(text)
        return lambda: _("Sent to your terminal: {text}").format(text=text)
    return lambda: _("Mark it with Shift and the mouse: {text}").format(text=text)
