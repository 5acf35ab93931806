"""``downtime accounts``: who has an account here, and accounts on their way between stations."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from downtime.commands.common import (
    FINE,
    FOUND_A_PROBLEM,
    home_option,
    open_home,
    operator_options,
    password_of,
    require,
    second_options,
    unlock,
)
from downtime.errors import RefusedInputError
from downtime.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from downtime.account_list import AccountLine
    from downtime.account_package import Taken
    from downtime.book import OpenBook

_FILE = click.Path(path_type=Path, dir_okay=False)
_CARRY_RIGHTS = ("accounts", "reference")
"""What those who carry accounts between stations must be allowed: any one of these."""


@click.group()
def accounts() -> None:
    """Accounts of this station. 账号"""


@contextmanager
def _book(
    home_path: Path | None, operator: str | None, password_file: Path | None, *rights: str
) -> Iterator[OpenBook]:
    """Open the book for somebody with any one of ``rights``."""
    from downtime.book import OpenBook
    from downtime.rights import may

    home = open_home(home_path)
    ring = unlock(home, operator, password_file)
    held = [right for right in rights if may(ring.person.roles, right)]
    require(home, ring, held[0] if held else rights[0])
    book = OpenBook(home, ring, home.current_book())
    try:
        yield book
    finally:
        book.close()


@accounts.command("list")
@home_option
@operator_options
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line. 每行一个 JSON")
def list_command(
    home_path: Path | None, operator: str | None, password_file: Path | None, *, as_json: bool
) -> int:
    """Every account: number, name, roles as of now, age of the password, state. 账号列表"""
    from downtime.account_list import accounts_here
    from downtime.account_words import role_words, state_words

    with _book(home_path, operator, password_file, "unlock") as book:
        for found in accounts_here(book):
            if as_json:
                click.echo(json.dumps(_plain(found), ensure_ascii=False))
                continue
            slot = found.slot
            age = "-" if found.age_days is None else _("{days} d").format(days=found.age_days)
            click.echo(
                "\t".join((slot.operator, slot.name, role_words(found.roles), age, state_words(found)))
            )
    return FINE


def _plain(line: AccountLine) -> dict[str, object]:
    slot = line.slot
    return {
        "operator": slot.operator,
        "name": slot.name,
        "roles": list(line.roles),
        "kind": slot.kind,
        "version": slot.version,
        "password_age_days": line.age_days,
        "state": line.state,
    }


@accounts.command("pack")
@click.argument("file", type=_FILE)
@home_option
@operator_options
def pack_command(file: Path, home_path: Path | None, operator: str | None, password_file: Path | None) -> int:
    """Write this station's accounts into FILE, signed, for another station. 导出账号"""
    from downtime.account_package import pack, travelling

    with _book(home_path, operator, password_file, *_CARRY_RIGHTS) as book:
        content = pack(book)
        count = len(travelling(book.home.keys.slots()))
    _write(file, content)
    click.echo(_("{count} accounts are in {file}.").format(count=count, file=file.name))
    return FINE


@accounts.command("take")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@home_option
@operator_options
def take_command(file: Path, home_path: Path | None, operator: str | None, password_file: Path | None) -> int:
    """Take the accounts in FILE over; newer ones count, closed ones close here. 导入账号"""
    from downtime.account_package import read_package, take

    content = _read(file)
    with _book(home_path, operator, password_file, *_CARRY_RIGHTS) as book:
        package = read_package(content, book.home.keys.hospital_public())
        found = take(book, package)
    for one in found:
        if one.outcome != "same":
            click.echo(_said(one))
    click.echo(
        _("{count} of {all} accounts of {station} changed something here.").format(
            count=sum(one.changed_something for one in found), all=len(found), station=package.station
        )
    )
    return FOUND_A_PROBLEM if any(one.outcome == "conflict" for one in found) else FINE


def _said(taken: Taken) -> str:
    words = {
        "new": _("{operator}: new here, may log in."),
        "newer": _("{operator}: taken over, newer than here."),
        "closed": _("{operator}: closed."),
        "granted": _("{operator}: let in here."),
        "older": _("{operator}: older than here, left as it is."),
        "stays_closed": _("{operator}: closed here and stays so; two people can reinstate it."),
        "conflict": _(
            "{operator}: same version, other content; not taken. Reset the password at one station."
        ),
    }
    return words[taken.outcome].format(operator=taken.operator)


@accounts.command("close")
@click.argument("who", metavar="OPERATOR")
@click.option("--reason", default="", help="Why. 原因")
@home_option
@operator_options
def close_command(
    who: str, reason: str, home_path: Path | None, operator: str | None, password_file: Path | None
) -> int:
    """Close the account of OPERATOR at once. 停用账号"""
    from downtime.account_changes import close_account

    if not reason.strip():
        raise click.UsageError(_("Say why: --reason TEXT."))
    with _book(home_path, operator, password_file, "accounts") as book:
        close_account(book, who, reason)
    click.echo(_("The account of {operator} is closed.").format(operator=who))
    return FINE


@accounts.command("join-file")
@click.argument("file", type=_FILE)
@home_option
@operator_options
@second_options
def join_file_command(
    file: Path,
    home_path: Path | None,
    operator: str | None,
    password_file: Path | None,
    second: str | None,
    second_password_file: Path | None,
) -> int:
    """Write FILE for `downtime setup --join` at a new station; its code is shown once. 加入文件

    The operator is an administrator; a second person with the right to approve signs with --second.
    """
    from downtime.envelopes import grouped
    from downtime.joining import joining_file

    if file.exists():
        raise RefusedInputError(
            _("{file} exists already.").format(file=file), _("Name another one; it was not touched.")
        )
    if not second:
        raise click.UsageError(_("A second person signs: --second ID --second-password-file FILE."))
    secret = password_of(second, second_password_file)
    with _book(home_path, operator, password_file, "keys") as book:
        content, code = joining_file(book, second, secret)
    _write(file, content)
    click.echo(_("Joining file: {file}").format(file=file))
    click.echo(_("Code, shown this once: {code}").format(code=grouped(code)))
    click.echo(
        _("Bring the file and the code two different ways; delete the file when the new station stands.")
    )
    return FINE


def _write(file: Path, content: bytes) -> None:
    from downtime.whole_file import write_whole

    try:
        write_whole(file, content)
    except OSError as error:
        raise RefusedInputError(
            _("{file} cannot be written: {reason}.").format(file=file.name, reason=error),
            _("Name a file in a folder you may write to."),
        ) from error


def _read(file: Path) -> bytes:
    from downtime.account_package import PACKAGE_BYTES_MAX

    try:
        with file.open("rb") as stored:
            return stored.read(PACKAGE_BYTES_MAX)
    except OSError as error:
        raise RefusedInputError(
            _("{file} cannot be read: {reason}.").format(file=file.name, reason=error),
            _("Fetch it again."),
        ) from error
