"""The one way to write a file that only its owner reads: complete or not at all.

What is being written bears the name of the target with ``.part`` at its end, in the same folder; it takes
the target's name once it is on the disk. After a power cut the old file or the new one is there.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from downtime import os_calls

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def made_whole(target: Path) -> Iterator[Path]:
    """Give an empty private file to fill; it becomes ``target`` when the block ends without an error.

    One file is made by one writer at a time. What an earlier one left half-made is thrown away.

    Raises:
        OSError: it cannot be made, synced or renamed. ``target`` is as it was, and nothing half-made is left.
    """
    part = target.with_name(target.name + ".part")
    try:
        part.unlink(missing_ok=True)
        os_calls.private_file(part)
        yield part
        os_calls.replace_durably(part, target)
    except BaseException:
        with suppress(OSError):  # the place itself may be what failed; the first error is the one to tell
            part.unlink(missing_ok=True)
        raise


def write_whole(target: Path, content: bytes) -> None:
    """Write ``content`` to ``target``; an older file is replaced.

    Raises:
        OSError: it cannot be written. ``target`` is as it was, and nothing half-written is left.
    """
    with made_whole(target) as part:
        part.write_bytes(content)
