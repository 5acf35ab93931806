"""``python -m downtime`` and the ``downtime`` command."""

from __future__ import annotations

import sys

from downtime.commands import downtime
from downtime.commands.common import run_command
from downtime.process import keep_to_itself


def main() -> None:
    """Run one command; see ``downtime --help``."""
    keep_to_itself()
    sys.exit(run_command(downtime))


if __name__ == "__main__":
    main()
