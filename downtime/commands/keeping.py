"""The end of a book: signed off by two, kept, destroyed; and keys renewed in between."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from downtime.commands.common import (
    FINE,
    FOUND_A_PROBLEM,
    home_option,
    open_home,
    operator_options,
    password_of,
    unlock,
)
from downtime.commands.obstacles_said import explained_by, say_open
from downtime.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from downtime.obstacles import Obstacle


def second_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--second ID --second-password-file FILE``."""
    command = click.option(
        "--second-password-file",
        type=click.Path(path_type=Path, dir_okay=False, exists=True),
        help="File whose first line is the second person's password. 第二人口令文件",
    )(command)
    return click.option("--second", required=True, help="Operator number of the second person. 第二人工号")(
        command
    )


def _say(obstacles: Iterable[Obstacle]) -> None:
    for obstacle in obstacles:
        click.echo(obstacle.what)


@click.command("sign-off")
@click.argument("number", type=click.IntRange(1))
@home_option
@operator_options
@second_options
@click.option("--reason", default="", help="Said where something is left open on purpose. 说明")
@click.option(
    "--accept", "accepted", multiple=True, help="KEY=REASON: why one open thing is accepted. 逐项说明"
)
def sign_off_command(
    number: int,
    home_path: Path | None,
    operator: str | None,
    password_file: Path | None,
    second: str,
    second_password_file: Path | None,
    reason: str,
    accepted: tuple[str, ...],
) -> int:
    """Two people agree that book NUMBER is settled. 账册核签

    Says what still stands in the way, where it is settled and the key of each thing, and records nothing then.
    Neither may have taken money in it.
    """
    from downtime.book import OpenBook
    from downtime.obstacles import NotYet
    from downtime.sign_off import finished_book, sign_off

    home = open_home(home_path)
    ring = unlock(home, operator, password_file)
    other = unlock(home, second, second_password_file)
    book = OpenBook(home, ring, home.current_book())
    try:
        outcome = sign_off(book, other, number, reason, explained_by(accepted))
    finally:
        book.close()
    if isinstance(outcome, NotYet):
        for one in outcome.obstacles:
            say_open(one, explained_by(accepted))
        click.echo(_("Nothing was signed."))
        return FOUND_A_PROBLEM
    _say(one for one in finished_book(home, ring, number).obstacles if one.weight != "stops")
    click.echo(_("Book {book} is signed off.").format(book=number))
    return FINE


@click.command("purge")
@click.argument("number", type=click.IntRange(1))
@home_option
@operator_options
@second_options
@click.option("--reason", default="", help="Why now. 说明")
def purge_command(
    number: int,
    home_path: Path | None,
    operator: str | None,
    password_file: Path | None,
    second: str,
    second_password_file: Path | None,
    reason: str,
) -> int:
    """Destroy book NUMBER after its retention: its key goes, heads and certificate stay. 销毁账册

    The operator is an administrator, the second person an auditor. This cannot be undone.
    """
    from downtime.approvals import approve
    from downtime.book import OpenBook
    from downtime.destroying import finish_purges
    from downtime.obstacles import NotYet
    from downtime.purge import RULE, plan_purge, purge
    from downtime.record import Refused

    home = open_home(home_path)
    ring = unlock(home, operator, password_file)
    finish_purges(home, ring)
    book = OpenBook(home, ring, home.current_book())
    try:
        outcome: Any = plan_purge(book, number)
        if not isinstance(outcome, NotYet):
            plan = outcome
            secret = password_of(second, second_password_file)
            outcome = purge(book, plan, approve(book, plan.filled, RULE, second, secret, reason))
    finally:
        book.close()
    if isinstance(outcome, NotYet | Refused):
        _say(outcome.obstacles if isinstance(outcome, NotYet) else ())
        for problem in outcome.problems if isinstance(outcome, Refused) else ():
            click.echo(_(problem.message).format(**problem.values))
        click.echo(_("Nothing was destroyed."))
        return FOUND_A_PROBLEM
    click.echo(
        _("Book {book} is destroyed. Certificate: {file}").format(
            book=number, file=home.book(number).certificate.with_suffix(".pdf")
        )
    )
    for copy in plan.facts["copies"]:
        click.echo(_("May survive: {copy}").format(copy=copy))
    return FINE


@click.group("keys")
def keys_group() -> None:
    """Keys of the station and its books. 密钥"""


@keys_group.command("renew")
@home_option
@operator_options
@second_options
@click.option(
    "--book", "number", type=click.IntRange(1), help="Only this book's; by default everything. 只换此账册"
)
@click.option("--reason", default="", help="Why now. 说明")
def renew_command(
    home_path: Path | None,
    operator: str | None,
    password_file: Path | None,
    second: str,
    second_password_file: Path | None,
    number: int | None,
    reason: str,
) -> int:
    """Renew the keys of the station, its reference tables and books, as every six months. 更换密钥

    Close the app and stop downtime-sync first. Nobody's password changes.
    """
    from zoneinfo import ZoneInfo

    from downtime.clock import SystemClock
    from downtime.renew import renew_all
    from downtime.shelf import readable_books

    home = open_home(home_path)
    books = [paths.number for paths in readable_books(home) if number in (None, paths.number)]
    if not books:
        raise click.UsageError(_("There is no such book here."))
    ring = unlock(home, operator, password_file)
    secret = password_of(second, second_password_file)
    clock = SystemClock(ZoneInfo(home.settings.hospital.zone))
    for done in renew_all(home, ring, books, (second, secret, reason), clock, station=number is None):
        click.echo(
            _("The key of book {book} is renewed.").format(book=done)
            if done
            else _("The keys of the station and of the reference tables are renewed.")
        )
    return FINE
