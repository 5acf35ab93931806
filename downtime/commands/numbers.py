"""``downtime numbers``: give the station receipt numbers, and account for every one it was given."""

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
from downtime.errors import RefusedInputError
from downtime.i18n import _
from forms.money import format_amount

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.numbers import NumberLine


@click.group()
def numbers() -> None:
    """Receipt numbers. 收据号段"""


@numbers.command("add")
@click.argument("first", type=click.IntRange(1, 999_999))
@click.argument("last", type=click.IntRange(1, 999_999))
@home_option
@operator_options
def add(
    first: int, last: int, home_path: Path | None, operator: str | None, password_file: Path | None
) -> int:
    """Give the station the receipt numbers FIRST to LAST; the app may be open. 增加号段"""
    from downtime.book import OpenBook
    from downtime.record import record_event
    from downtime.store import number_queries
    from forms.station_book import NumberBlock

    if last < first:
        raise click.UsageError(_("The last number comes after the first."))
    home = open_home(home_path)
    ring = unlock(home, operator, password_file)
    require(home, ring, "numbers")
    book = OpenBook(home, ring, home.current_book())
    try:
        passed = max(
            [number_queries.following(book.db) - 1, *(block.last for block in number_queries.blocks(book.db))]
        )
        if first <= passed:  # a block is used from its first number on, each number once
            raise RefusedInputError(
                _("Numbers up to {passed} were given to this station already.").format(passed=passed),
                _("Nothing was added. Begin the block at {first} or later.").format(first=passed + 1),
            )
        record_event(book, NumberBlock(first=first, last=last))
        left = number_queries.left(book.db)
    finally:
        book.close()
    click.echo(_("Numbers {first} to {last} are added.").format(first=first, last=last))
    click.echo(_("{left} receipt numbers are left.").format(left=left))
    return FINE


@numbers.command("list")
@home_option
@operator_options
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line; money in minor units.")
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice(["used", "void", "unused", "missing", "retired"]),
    help="Only these; may be given again. 只列状态",
)
def list_command(
    home_path: Path | None,
    operator: str | None,
    password_file: Path | None,
    *,
    as_json: bool,
    states: tuple[str, ...],
) -> int:
    """List every used, void and unused number and who held it; exit code 1 if one is missing. 号码清单"""
    from downtime.numbers import number_lines, sums_of

    home = open_home(home_path)
    ring = unlock(home, operator, password_file)
    require(home, ring, "standing")
    lines = number_lines(home, ring)
    sums = sums_of(lines)
    for line in lines:
        if not states or line.state in states:
            currency = home.settings.hospital.currency
            click.echo(json.dumps(line.as_json(), ensure_ascii=False) if as_json else _row(line, currency))
    if not as_json:
        click.echo(_sums_words(sums))
    return FOUND_A_PROBLEM if sums["missing"] else FINE


def _row(line: NumberLine, currency: str) -> str:
    from downtime.clean import visible
    from downtime.numbers import state_words
    from forms import form_named

    shown = line.first if line.count == 1 else f"{line.first} - {line.last}  ({line.count})"
    kind = form_named(line.form)
    amount = "" if line.amount_minor is None else format_amount(line.amount_minor, currency)
    parts = (
        shown,
        state_words(line.state),
        line.held_by,
        line.at[:19].replace("T", " "),
        _(kind.title) if kind is not None else line.form,
        amount,
        line.reversed_by,
    )
    return visible("  ".join(part for part in parts if part))


def _sums_words(sums: dict[str, int]) -> str:
    from downtime.numbers import state_words

    return "   ".join(
        f"{state_words(state)} {count}" for state, count in sums.items() if count or state != "retired"
    )
