"""The commands scripts may rely on. Exit 0: fine; 1: found a problem; 2: wrong use."""

from __future__ import annotations

from importlib import import_module
from typing import cast

import click

from downtime import __version__

COMMANDS = {
    "demo": "demo:demo",
    "setup": "setup:setup",
    "run": "run:run",
    "serve": "serve:serve",
    "record": "record:record_command",
    "standing": "standing:standing",
    "statement": "statement:statement",
    "patients": "patients:patients",
    "find": "receipt:find",
    "receipt": "receipt:receipt",
    "printer": "printer:printer",
    "pack": "pack:pack",
    "worksheet": "worksheet:worksheet",
    "verify": "verify:verify",
    "export": "verify:export",
    "continue": "book:continue_command",
    "book": "book:book_group",
    "numbers": "numbers:numbers",
    "shift": "shift:shift",
    "outage": "outage:outage",
    "hub": "hub:hub",
    "reference": "station_forms:reference",
    "anchor": "station_forms:anchor",
    "accounts": "accounts:accounts",
    "audit": "audit:audit",
    "inspect": "inspect:inspect",
    "backup": "backup:backup",
    "restore": "backup:restore",
    "keys": "keys:keys_group",
}
"""Name of each command and where it stands; loaded when it is asked for, so that the app opens at once."""


class LazyGroup(click.Group):
    """A group whose commands are imported when somebody types them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (click's signature)
        """Return the command called ``cmd_name``."""
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _colon, attribute = place.partition(":")
        return cast("click.Command", getattr(import_module(f"downtime.commands.{module}"), attribute))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version=__version__)
def downtime() -> None:
    """Downtime: charges, receipts and dispensing while the hospital's information system is gone.

    医院信息系统或停电时的应急收费、收据与发药。
    """
