"""``downtime hub``: what sync lets the station do when something came down from its hub, and what came down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from downtime.commands.common import FINE, FOUND_A_PROBLEM, home_option, open_home, operator_options, unlock
from downtime.i18n import _

if TYPE_CHECKING:
    from pathlib import Path


@click.group()
def hub() -> None:
    """What the hub sent to this station. 汇集中心下发的内容"""


@hub.command("follow")
@home_option
@operator_options
def follow_command(home_path: Path | None, operator: str | None, password_file: Path | None) -> int:
    """Do what came down: an outage ends, numbers are added, files of the site change; each once. 执行下发内容

    The hub's signature is what counts, not who runs this; the app may be open. Exit code 1 if something was refused.
    """
    from downtime.book import OpenBook
    from downtime.hub_following import follow

    home = open_home(home_path)
    ring = unlock(home, operator, password_file)
    book = OpenBook(home, ring, home.current_book())
    try:
        done = follow(book)
    finally:
        book.close()
    for sentence in (*done.done, *done.refused):
        click.echo(sentence)
    return FOUND_A_PROBLEM if done.refused else FINE


@hub.command("show")
@home_option
def show_command(home_path: Path | None) -> int:
    """Say what the hub last announced, and which package this station has. 查看下发内容"""
    from downtime.hub_notice import kept_package, notices

    home = open_home(home_path)
    package = kept_package(home)
    if not package:
        click.echo(_("Nothing came down from a hub, or it is not as the hub signed it."))
        return FOUND_A_PROBLEM
    click.echo(_("Package {version} of the hub.").format(version=package["version"]))
    for notice in notices(home):
        click.echo(notice.words())
    return FINE
