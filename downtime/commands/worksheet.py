"""``downtime worksheet``: entries on paper in the HIS's field order, with bar codes, to be typed in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from downtime.commands.common import FINE, home_option, open_home, operator_options, require, unlock
from downtime.errors import RefusedInputError
from downtime.i18n import _

if TYPE_CHECKING:
    from downtime.i18n import Language


@click.group(invoke_without_command=True)
@click.pass_context
@click.option("--of", "whose", help="Another's entries: staff number. For supervisors and IT. 他人工号")
@click.option("--everybody", is_flag=True, help="Everybody's entries. For supervisors and IT. 所有人")
@click.option("--outage", "outage_name", default="", help="Only those of this outage. 停机事件")
@click.option("--all", "everything", is_flag=True, help="Those typed in and verified too. 含已补录")
@click.option("--pdf", type=click.Path(path_type=Path, dir_okay=False), help="The file to write. 文件")
@click.option("--language", type=click.Choice(["zh", "en"]), help="As on receipts if absent. 文件语言")
@home_option
@operator_options
def worksheet(
    context: click.Context,
    whose: str | None,
    outage_name: str,
    pdf: Path | None,
    language: Language | None,
    home_path: Path | None,
    operator: str | None,
    password_file: Path | None,
    *,
    everybody: bool,
    everything: bool,
) -> int:
    """Print what is still to be typed into the HIS: the own entries, in the HIS's order, with bar codes. 补录工作单"""
    from downtime.book import OpenBook
    from downtime.worksheet_printing import Asked, print_worksheet

    if context.invoked_subcommand is not None:
        return FINE
    if pdf is None:
        raise click.UsageError(_("Name the file to write: --pdf FILE."))
    if whose and everybody:
        raise click.UsageError(_("Say one of --of and --everybody."))
    home = open_home(home_path)
    ring = unlock(home, operator, password_file)
    own = ring.person.operator
    of = "" if everybody else whose or own
    require(home, ring, "retype" if of == own else "deliver")
    book = OpenBook(home, ring, home.current_book())
    try:
        asked = Asked(of, outage_name, everything)
        made = print_worksheet(book, asked, pdf, language or home.settings.receipt.language)
    finally:
        book.close()
    if made is None:
        click.echo(_("Nothing is left to type in; no file was written."))
        return FINE
    click.echo(
        _("Sheet {number}: {entries} entries, {again} of them printed before. It is in {file}.").format(
            number=made.number, entries=made.entries, again=made.again, file=pdf.name
        )
    )
    return FINE


@worksheet.group()
def template() -> None:
    """The order in which the HIS asks for fields. 工作单模板"""


@template.command()
def show() -> int:
    """Write out the file to begin with. 输出模板文件"""
    from downtime.worksheet_template import shipped_text

    click.echo(shipped_text(), nl=False)
    return FINE


@template.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@home_option
def check(file: Path | None, home_path: Path | None) -> int:
    """Say whether FILE, or the one in force, is right. 检查模板"""
    from downtime.worksheet_template import read_template, template_path

    path = file or template_path(open_home(home_path).path)
    if not path.is_file():
        raise RefusedInputError(
            _("There is no {file}: the app's own order is in force.").format(file=path.name),
            _("Begin with: downtime worksheet template show"),
        )
    found = read_template(path)
    click.echo(_("{file} is right: {forms}.").format(file=path.name, forms=", ".join(found.forms)))
    return FINE
