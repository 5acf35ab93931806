"""Opening books, and going on after an alarm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from downtime.commands.common import FINE, home_option, open_home, operator_options, require, unlock
from downtime.commands.keeping import purge_command, sign_off_command
from downtime.i18n import _

if TYPE_CHECKING:
    from pathlib import Path


@click.command("continue")
@home_option
@operator_options
def continue_command(home_path: Path | None, operator: str | None, password_file: Path | None) -> int:
    """After an alarm: go on in a new book under a new incarnation; the old one is left as it is. 告警后继续"""
    from downtime.station import continue_after_alarm

    home = open_home(home_path)
    ring = unlock(home, operator, password_file)
    require(home, ring, "book")
    book = continue_after_alarm(home, ring)
    click.echo(
        _("Book {book} is open; receipt numbers now begin with {prefix}.").format(
            book=book.paths.number, prefix=book.identity.station + book.identity.incarnation
        )
    )
    book.close()
    return FINE


@click.group("book")
def book_group() -> None:
    """Books: one per outage. 账册"""


book_group.add_command(sign_off_command)
book_group.add_command(purge_command)


@book_group.command("open")
@home_option
@operator_options
def open_command(home_path: Path | None, operator: str | None, password_file: Path | None) -> int:
    """Open the next book; numbers and balances carry over. 开新账册"""
    from downtime.station import open_new_book

    home = open_home(home_path)
    ring = unlock(home, operator, password_file)
    require(home, ring, "book")
    book = open_new_book(home, ring)
    click.echo(_("Book {book} is open.").format(book=book.paths.number))
    book.close()
    return FINE
