"""Copying a number, name or amount without asking the terminal for it.

The escape sequence terminals offer for copying (OSC 52) does nothing on many of them and spoils Chinese on
others; it is used only over SSH, where nothing else reaches the person's own PC.
"""

from __future__ import annotations

import os
import shutil
import subprocess

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
