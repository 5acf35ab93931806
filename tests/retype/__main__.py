"""``python -m tests.retype``: seconds to type an entry of three lines into a HIS, three ways, as one JSON object.

Our own keys are counted at the real screen; those of the HIS are assumed (``his_screen``). Settings by environment:
LISTS (folder of real lists), SEED, ENTRIES (100).
"""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.retype.desk import figures


def main() -> None:
    """Print the figures as one JSON object."""
    asked = os.environ
    with TemporaryDirectory() as place:
        found = asyncio.run(
            figures(
                Path(place) / "home",
                Path(asked["LISTS"]) if asked.get("LISTS") else None,
                seed=int(asked.get("SEED") or 1),
                entries=int(asked.get("ENTRIES") or 100),
            )
        )
    print(json.dumps(found, ensure_ascii=False, indent=1))  # noqa: T201 (its output)


if __name__ == "__main__":
    main()
