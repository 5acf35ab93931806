"""``python -m downtime`` and the ``downtime`` command."""

from __future__ import annotations

import sys

from downtime import os_calls
from downtime.commands import downtime
from downtime.commands.common import run_command


def main() -> None:
    """Run one command; see ``downtime --help``."""
    os_calls.set_private_umask()
    os_calls.no_core_dumps()
    sys.exit(run_command(downtime))


if __name__ == "__main__":
    main()
