"""Files of the site that the app reads: each is looked at before it comes into force, wherever it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime import paper_template, worksheet_template

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

_READ_BY: dict[str, Callable[[Path], Any]] = {
    paper_template.FILE: paper_template.read_template,
    worksheet_template.FILE: worksheet_template.read_template,
}
"""Name in the site folder, and what reads it; a file nobody reads is only carried."""


def check_site_file(name: str, file: Path) -> None:
    """Go on only if ``file`` may stand in the site folder as ``name``.

    Raises:
        RefusedInputError: the app could not use it; says line and reason.
    """
    read = _READ_BY.get(name)
    if read is not None:
        read(file)
