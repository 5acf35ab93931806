"""``downtime standing``: what was recorded, what the HIS has, what is owed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from downtime.commands.common import (
    FINE,
    FOUND_A_PROBLEM,
    home_option,
    open_home,
    operator_options,
    require,
    unlock,
)

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@home_option
@operator_options
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON; money in minor units.")
def standing(
    home_path: Path | None, operator: str | None, password_file: Path | None, *, as_json: bool
) -> int:
    """Say per state how many entries and how much money; the sums always add up. 账册状况

    Whoever is going to count a drawer blind sees no sum of it beforehand, here as little as on the screen.
    """
    from downtime.desk import Desk
    from downtime.standing_text import standing_lines

    home = open_home(home_path)
    ring = unlock(home, operator, password_file)
    require(home, ring, "standing")
    desk = Desk(home, ring)
    try:
        found = desk.standing_told()
    finally:
        desk.close()
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(standing_lines(found, desk.currency)))
    return FINE if found.adds_up() else FOUND_A_PROBLEM
