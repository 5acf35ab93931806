"""``downtime receipt check`` and ``downtime find``: from paper back to the record."""

from __future__ import annotations

import json
from pathlib import Path

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
from downtime.i18n import _
from forms.money import format_amount


@click.group()
def receipt() -> None:
    """Receipts on paper. 收据"""


@receipt.command()
@click.argument("texts", nargs=-1, required=True)
@home_option
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def check(texts: tuple[str, ...], home_path: Path | None, *, as_json: bool) -> int:
    """Check what a scanner read from a receipt, offline. 核验收据二维码

    Give every code of the receipt, in any order; a receipt number alone is only checked for typing errors.
    """
    from downtime.hub_notice import receipt_keys
    from downtime.receipt_check import check_texts

    home = open_home(home_path)
    found = check_texts(texts, receipt_keys(home))
    click.echo(json.dumps(found.as_json(), ensure_ascii=False) if as_json else "\n".join(found.lines()))
    return FINE if found.is_good else FOUND_A_PROBLEM


@receipt.group()
def template() -> None:
    """What the hospital decides about its paper: site/paper.toml. 票据模板"""


@template.command()
def show() -> None:
    """Print the file to begin with: every key and what it means. 输出模板样例"""
    from downtime.paper_template import shipped_text

    click.echo(shipped_text(), nl=False)


@template.command("check")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True), required=False)
@home_option
def check_template(file: Path | None, home_path: Path | None) -> int:
    """Check the station's template, or FILE before it becomes one. 检查模板"""
    from downtime.paper_template import BLOCKS, read_template, template_path

    path = file or template_path(open_home(home_path).path)
    if not path.is_file():
        click.echo(_("There is no {file}: papers are as the app ships them.").format(file=path))
        return FINE
    read = read_template(path)
    click.echo(_("{file} is right.").format(file=path))
    for name, form in read.forms.items():
        left_out = [block for block in BLOCKS if form.order and block not in form.order]
        parts = ", ".join(form.parts) or "-"
        click.echo(
            _("{form}: parts {parts}; left out {blocks}").format(
                form=name, parts=parts, blocks=", ".join(left_out) or "-"
            )
        )
    return FINE


@click.command()
@click.argument("text")
@home_option
@operator_options
def find(text: str, home_path: Path | None, operator: str | None, password_file: Path | None) -> int:
    """Find an entry by receipt number, formal document number or entry id. 查找"""
    from downtime.desk import Desk

    home = open_home(home_path)
    ring = unlock(home, operator, password_file)
    require(home, ring, "look_up")
    desk = Desk(home, ring)
    try:
        found = [desk.find(text), *map(desk.find, desk.entries_with_formal_number(text.strip()))]
        known = {entry.id: entry for entry in found if entry is not None}
        for entry in known.values():
            amount = "" if entry.amount_minor is None else format_amount(entry.amount_minor, desk.currency)
            line = {
                "id": entry.id,
                "seq": entry.seq,
                "form": entry.form,
                "number": entry.number,
                "happened_at": entry.happened_at,
                "amount": amount,
                "formal": [
                    {"bill_code": document.bill_code, "number": document.number, "status": document.status}
                    for document in desk.formal_documents(entry.id)
                ],
            }
            click.echo(json.dumps(line, ensure_ascii=False))
        if not known:
            click.echo(_("Nothing here has that number."), err=True)
        return FINE if known else FOUND_A_PROBLEM
    finally:
        desk.close()
