"""What stands in the way of a sign-off, said on a terminal; and what people say to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from downtime.i18n import _

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from downtime.obstacles import Obstacle

_SHOWN: Final = 8


def say_open(one: Obstacle, explained: Collection[str] = ()) -> None:
    """Say one obstacle, where it is settled, and which things it means."""
    click.echo(f"{one.station}  {one.what}".strip())
    if one.settle:
        click.echo(f"    {one.settle}")
    items = one.unexplained(explained)
    for item in items[:_SHOWN]:
        click.echo("    " + "  ".join(filter(None, (item.key, item.why))))
    if len(items) > _SHOWN:
        click.echo("    " + _("and {count} more").format(count=len(items) - _SHOWN))


def explained_by(accepted: Sequence[str]) -> dict[str, str]:
    """Return reasons by key, each given as KEY=REASON.

    Raises:
        click.UsageError: one of them is not.
    """
    found: dict[str, str] = {}
    for one in accepted:
        key, _sign, why = one.partition("=")
        if not (key.strip() and why.strip()):
            raise click.UsageError(_("Write --accept KEY=REASON."))
        found[key.strip()] = why.strip()
    return found
