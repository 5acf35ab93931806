"""``downtime keys``: envelopes and code sheets on paper, and renewing keys. Two people answer for each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from downtime.commands.common import (
    FINE,
    home_option,
    open_home,
    operator_options,
    second_options,
    second_person,
    unlock,
)
from downtime.commands.keeping import keys_group
from downtime.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from downtime.book import OpenBook

    _Command = TypeVar("_Command", bound=Callable[..., Any])

__all__ = ["keys_group"]


def _paper_options(command: _Command) -> _Command:
    command = click.option(
        "--to",
        "folder",
        type=click.Path(path_type=Path, file_okay=False, exists=True),
        required=True,
        help="Folder for the PDF. 存放目录",
    )(command)
    return home_option(operator_options(second_options(command)))


@keys_group.command("recovery")
@_paper_options
def recovery_command(**asked: Any) -> int:
    """Make the recovery envelope anew, as a PDF to print; the one before is void. 恢复信封"""
    from downtime.enveloping import seal_recovery_envelope

    return _made(asked, seal_recovery_envelope)


@keys_group.command("emergency")
@_paper_options
def emergency_command(**asked: Any) -> int:
    """Make the emergency envelope anew, as a PDF to print; the one before is void. 应急信封"""
    from downtime.enveloping import seal_emergency_envelope

    return _made(asked, seal_emergency_envelope)


@keys_group.command("codes")
@_paper_options
@click.option("--holder", required=True, help="Who keeps the sheet, for instance 总值班. 保管人")
def codes_command(holder: str, **asked: Any) -> int:
    """Make a sheet of twenty one-time codes, as a PDF to print. 一次性授权码单"""
    from downtime.enveloping import make_code_sheet

    def make(book: OpenBook, second: tuple[str, str], folder: Path) -> Path:
        return make_code_sheet(book, second, folder, holder)

    return _made(asked, make)


def _made(asked: dict[str, Any], make: Callable[[OpenBook, tuple[str, str], Path], Path]) -> int:
    from downtime.book import OpenBook

    home = open_home(asked["home_path"])
    ring = unlock(home, asked["operator"], asked["password_file"])
    second = second_person(asked["second"], asked["second_password_file"])
    if second is None:
        raise click.UsageError(_("This needs a second person: --second ID --second-password-file FILE."))
    book = OpenBook(home, ring, home.current_book())
    try:
        written = make(book, second, asked["folder"])
    finally:
        book.close()
    click.echo(_("{file} is written. Print it now, then delete the file.").format(file=written))
    click.echo(_("Fold it, seal it, sign across the flap, both of you. It is recorded who made it."))
    return FINE
