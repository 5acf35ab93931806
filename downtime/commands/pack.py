"""``downtime pack``: numbered paper forms for when there is no power at the window, and who holds which."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from downtime.commands.common import (
    FINE,
    FOUND_A_PROBLEM,
    home_option,
    open_home,
    operator_options,
    require,
    second_options,
    second_person,
    unlock,
)
from downtime.errors import RefusedInputError
from downtime.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from downtime.book import OpenBook
    from forms.paper_pack import Holder, PaperKind

KINDS = ("charge", "deposit", "bookkeeping", "dispense")


@click.group()
def pack() -> None:
    """Numbered paper forms: print packs, issue, take back, report. 手工单"""


@contextmanager
def _opened(home_path: Path | None, operator: str | None, password_file: Path | None) -> Iterator[OpenBook]:
    from downtime.book import OpenBook

    home = open_home(home_path)
    ring = unlock(home, operator, password_file)
    require(home, ring, "late_entry")
    book = OpenBook(home, ring, home.current_book())
    try:
        yield book
    finally:
        book.close()


@pack.command("print")
@click.option("--kind", type=click.Choice(KINDS), required=True, help="Which form. 种类")
@click.option("--count", type=click.IntRange(1), default=50, help="How many forms. 张数")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The PDF. 文件")
@click.option("--language", type=click.Choice(["zh", "en"]), help="Language of the forms. 语言")
@home_option
@operator_options
def print_command(
    kind: str,
    count: int,
    out: Path,
    language: str | None,
    home_path: Path | None,
    operator: str | None,
    password_file: Path | None,
) -> int:
    """Print a pack of numbered forms; its numbers are recorded first. 印制手工单"""
    from downtime.pack_printing import print_pack

    with _opened(home_path, operator, password_file) as book:
        asked = language or book.home.settings.receipt.language
        first, last = print_pack(book, cast("PaperKind", kind), count, out, "en" if asked == "en" else "zh")
    click.echo(_("Forms {first} to {last} are in {file}.").format(first=first, last=last, file=out.name))
    return FINE


@pack.command()
@click.argument("first")
@click.argument("last")
@click.option("--to", "person", help="Staff number of who gets them. 领用人工号")
@click.option("--department", help="Code of the department that gets them. 领用科室代码")
@home_option
@operator_options
def issue(
    first: str,
    last: str,
    person: str | None,
    department: str | None,
    home_path: Path | None,
    operator: str | None,
    password_file: Path | None,
) -> int:
    """Give the forms FIRST to LAST into somebody's hands. 发放手工单"""
    from downtime.packs import issue as issued
    from downtime.packs import read_run
    from downtime.record import record_event

    if bool(person) == bool(department):
        raise click.UsageError(_("Say who gets them: --to STAFF or --department CODE."))
    holder = str(person or department)
    kind: Holder = "person" if person else "department"
    with _opened(home_path, operator, password_file) as book:
        run = read_run(book, first, last)
        record_event(book, issued(book, run, kind, holder, _name_of(book, kind, holder)))
    click.echo(_("{count} forms are with {holder} now.").format(count=len(run), holder=holder))
    return FINE


def _name_of(book: OpenBook, kind: Holder, holder: str) -> str:
    reference = book.reference()
    if reference is None:
        return ""
    row = reference.staff(holder) if kind == "person" else reference.department(holder)
    return row.name if row is not None else ""


@pack.command("return")
@click.argument("first")
@click.argument("last")
@home_option
@operator_options
def return_command(
    first: str, last: str, home_path: Path | None, operator: str | None, password_file: Path | None
) -> int:
    """The forms FIRST to LAST came back unused. 退回手工单"""
    from downtime.packs import read_run, take_back
    from downtime.record import record_event

    with _opened(home_path, operator, password_file) as book:
        run = read_run(book, first, last)
        record_event(book, take_back(book, run))
    click.echo(_("{count} forms are back.").format(count=len(run)))
    return FINE


@pack.command()
@click.argument("first")
@click.argument("last", required=False, default="")
@click.option("--reason", required=True, help="Why. 原因")
@click.option("--lost", is_flag=True, help="They are lost: two people, or a supervisor. 遗失")
@home_option
@operator_options
@second_options
def void(
    first: str,
    last: str,
    reason: str,
    home_path: Path | None,
    operator: str | None,
    password_file: Path | None,
    second: str | None,
    second_password_file: Path | None,
    *,
    lost: bool,
) -> int:
    """Form FIRST, or all to LAST, is void and kept; or it is lost. 作废或遗失"""
    from downtime.approvals import approve
    from downtime.packs import read_run, spoil
    from downtime.record import new_entry_id, record_station_form
    from downtime.rules import rule_for
    from downtime.sealing import Filled

    agreed = second_person(second, second_password_file)
    with _opened(home_path, operator, password_file) as book:
        run = read_run(book, first, last)
        filled = Filled(spoil(book, run, "lost" if lost else "void", reason), new_entry_id())
        rule = rule_for(book, filled.form)
        if rule is not None and agreed is None:
            raise RefusedInputError(
                _("A lost form is explained by two people, or by a supervisor."),
                _("Give --second ID --second-password-file FILE; nothing was recorded."),
            )
        approval = approve(book, filled, rule, *agreed, reason) if rule and agreed else None
        record_station_form(book, filled, approval)
    click.echo(_("{count} forms are accounted for.").format(count=len(run)))
    return FINE


@pack.command()
@home_option
@operator_options
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def report(home_path: Path | None, operator: str | None, password_file: Path | None, *, as_json: bool) -> int:
    """Which forms were typed in, void, returned, and which are missing; exit 1 if any is. 手工单报告"""
    from downtime.pack_report import as_plain, as_text
    from downtime.packs import ledger_of_book

    with _opened(home_path, operator, password_file) as book:
        ledger = ledger_of_book(book)
    if as_json:
        click.echo(json.dumps(as_plain(ledger), ensure_ascii=False))
    else:
        for line in as_text(ledger):
            click.echo(line)
    return FOUND_A_PROBLEM if ledger.missing() or ledger.conflicts else FINE
