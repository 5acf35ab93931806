"""``downtime verify`` and ``downtime export``: proof for somebody who does not trust the app."""

from __future__ import annotations

import json
from pathlib import Path

import click

from downtime.commands.common import FINE, FOUND_A_PROBLEM, home_option, open_home, operator_options, unlock
from downtime.i18n import _


@click.command()
@home_option
@operator_options
@click.option("--book", "number", type=int, help="Only this book. 只查此账册")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def verify(
    home_path: Path | None,
    operator: str | None,
    password_file: Path | None,
    number: int | None,
    *,
    as_json: bool,
) -> int:
    """Verify journal, head log, signatures, numbers and deliveries. 核验账册

    Names the first position that cannot be trusted. Changes nothing.
    """
    from downtime.verify import verify_book

    home = open_home(home_path)
    ring = unlock(home, operator, password_file)
    books = [paths for paths in home.books() if number in (None, paths.number)]
    if not books:
        raise click.UsageError(_("There is no such book here."))
    found = [verify_book(home, ring, paths) for paths in books]
    if as_json:
        whole = all(verification.whole for verification in found)
        click.echo(
            json.dumps({"ok": whole, "books": [one.as_json() for one in found]}, ensure_ascii=False, indent=1)
        )
    else:
        for verification in found:
            click.echo("\n".join(verification.lines()))
    return FINE if all(verification.whole for verification in found) else FOUND_A_PROBLEM


@click.command()
@home_option
@operator_options
@click.option("--book", "number", type=int, help="This book; by default the newest. 账册号")
@click.option(
    "--journal",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="File to write: sealed lines and heads. 导出文件",
)
def export(
    home_path: Path | None, operator: str | None, password_file: Path | None, number: int | None, target: Path
) -> int:
    """Export a book's sealed lines and heads for an independent verifier. 导出账册"""
    from downtime.export import export_journal

    home = open_home(home_path)
    ring = unlock(home, operator, password_file)
    paths = home.book(number) if number is not None else home.current_book()
    count = export_journal(home, ring, paths, target)
    click.echo(_("{count} entries written to {file}.").format(count=count, file=target))
    return FINE
