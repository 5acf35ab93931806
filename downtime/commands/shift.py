"""``downtime shift``: the shifts of this station, the report of one, and holding its paper against the journal."""

from __future__ import annotations

import json
from pathlib import Path
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
from downtime.errors import RefusedInputError, WrongPlaceError
from downtime.i18n import _
from forms.money import format_amount

if TYPE_CHECKING:
    from downtime.entry import Entry
    from downtime.home import Home
    from downtime.keys import Keyring


@click.group()
def shift() -> None:
    """Shifts and their reports. 班次"""


@shift.command("list")
@home_option
@operator_options
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line; money in minor units.")
def list_command(
    home_path: Path | None, operator: str | None, password_file: Path | None, *, as_json: bool
) -> int:
    """List the closed shifts of this station, oldest first. 班次清单"""
    _home, closed = _asked(home_path, operator, password_file)
    for entry in closed:
        content = entry.content
        if as_json:
            kept = ("shift", "business_day", "operator", "counted_minor", "over_short_minor", "left_minor")
            told = {name: content[name] for name in kept} | {
                "closed_at": entry.recorded_at,
                "book": entry.book,
            }
            click.echo(json.dumps(told, ensure_ascii=False))
            continue
        currency = content["currency"]
        sums = " ".join(
            f"{label} {format_amount(minor, currency)}"
            for label, minor in ((_("Cash counted"), content["counted_minor"]), _difference(content))
        )
        click.echo(
            f"{content['shift']}  {content['business_day']}  {content['operator']}  {entry.recorded_at[:16]}  {sums}"
        )
    if not closed:
        click.echo(_("No shift was closed at this station yet."), err=True)
    return FINE


@shift.command("report")
@home_option
@operator_options
@click.option("--shift", "label", help="Its label, like W03A01-2; by default the last one closed. 班次号")
@click.option(
    "--pdf",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write it as a PDF on the paper of the settings instead. 写成PDF",
)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON; money in minor units.")
def report(
    home_path: Path | None,
    operator: str | None,
    password_file: Path | None,
    label: str | None,
    target: Path | None,
    *,
    as_json: bool,
) -> int:
    """Show the report of a closed shift; an open one is counted blind, so it has none yet. 日结单"""
    from downtime.paper import letterhead_of
    from downtime.receipt_text import as_text
    from downtime.shift_report import shift_report

    home, closed = _asked(home_path, operator, password_file)
    found = [entry for entry in closed if label is None or entry.content["shift"] == label.strip().upper()]
    if not found:
        raise RefusedInputError(
            _("No closed shift {shift} is in the books of this station.").format(shift=label or "?"),
            _("downtime shift list names those there are."),
        )
    entry = found[-1]
    if as_json:
        click.echo(json.dumps(entry.content | {"closed_at": entry.recorded_at}, ensure_ascii=False, indent=1))
        return FINE
    paper = shift_report(entry, letterhead_of(home.settings, home.settings.receipt.language))
    if target is None:
        click.echo(as_text(paper))
        return FINE
    from downtime.printers.pdf import pdf_of

    _write(target, pdf_of(paper, home.settings.printer))
    click.echo(_("Written to {file}.").format(file=target))
    return FINE


@shift.command("check")
@click.argument("code")
@home_option
@operator_options
def check(code: str, home_path: Path | None, operator: str | None, password_file: Path | None) -> int:
    """Hold the code of a printed report against the journal: was anything before it changed since? 核对日结单"""
    from downtime.shift_report import read_head_code

    read = read_head_code(code)
    if read is None:
        raise click.UsageError(_("This is not the code of a shift report."))
    _home, closed = _asked(home_path, operator, password_file)
    entry = next((one for one in closed if (one.seq, one.hash) == read), None)
    if entry is None:
        click.echo(
            _("NO: the journal here does not lead to this paper. Keep the paper and tell the auditor.")
        )
        return FOUND_A_PROBLEM
    click.echo(
        _("Yes: shift {shift} stands in the journal as entry {seq}, exactly as printed.").format(
            shift=entry.content["shift"], seq=entry.seq
        )
    )
    return FINE


def _asked(
    home_path: Path | None, operator: str | None, password_file: Path | None
) -> tuple[Home, list[Entry]]:
    home = open_home(home_path)
    ring = unlock(home, operator, password_file)
    require(home, ring, "standing")
    return home, _closed(home, ring)


def _closed(home: Home, ring: Keyring) -> list[Entry]:
    """Return the closings in all books that can still be read, oldest first."""
    from contextlib import closing

    from downtime.shelf import readable_books
    from downtime.store import journal
    from downtime.store.verification import open_evidence
    from forms.shift import ShiftClosed

    found: list[Entry] = []
    for paths in readable_books(home):
        with closing(open_evidence(paths.journal, ring.book_key(paths.number))) as db:
            found += journal.entries(db, forms=(ShiftClosed.name,))
    return found


def _write(target: Path, content: bytes) -> None:
    """Write a file that only its owner reads, complete or not at all."""
    from downtime.whole_file import write_whole

    try:
        write_whole(target, content)
    except OSError as error:
        raise WrongPlaceError(
            _("{file} cannot be written: {reason}.").format(file=target.name, reason=error),
            _("Choose another place; nothing else has changed."),
        ) from error


def _difference(content: dict[str, object]) -> tuple[str, int]:
    minor = content["over_short_minor"]
    assert isinstance(minor, int)
    return (_("Over") if minor >= 0 else _("Short")), abs(minor)
