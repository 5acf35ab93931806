"""``downtime-sync hub scan``: receipts of a PC that is gone, scanned off their paper, and what is known so."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from downtime.clean import visible
from downtime.commands.common import FINE, FOUND_A_PROBLEM
from downtime.i18n import _
from downtime.whole_file import write_whole
from sync.hub.opening import hub_options, opened

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from downtime.i18n import Language
    from sync.hub.recovering import Recovered, Scanned

LINE_CHARACTERS_MAX = 20_000


@click.group()
def scan() -> None:
    """Receipts recovered from their paper. 扫描收据找回"""


@scan.command("take")
@click.argument("file", type=click.File("r", encoding="utf-8", errors="replace"), default="-")
@click.option("--by", required=True, help="Who scans. 扫描人")
@hub_options
def take_command(file: TextIO, by: str, folder: Path, password_file: Path | None) -> int:
    """Take receipt codes, one a line: from a scanner at the keyboard, or from FILE. An empty line ends. 扫描

    Signature, hospital and number are looked at; what is tampered, foreign, a drill's or scanned twice is refused.
    """
    from sync.hub.recovering import Scanning

    counted: dict[str, int] = {}
    with opened(folder, password_file) as (place, _keys, db):
        scanning = Scanning(db, place.settings.hospital.id, by, place.clock().now().wall)
        for text in _texts(file):
            became: Scanned = scanning.take(text)
            counted[became.state] = counted.get(became.state, 0) + 1
            click.echo(became.words)
    click.echo(
        _("{recovered} recovered, {arrived} here already, {twice} twice, {refused} refused.").format(
            **{name: counted.get(name, 0) for name in ("recovered", "arrived", "twice", "refused")}
        )
    )
    return FOUND_A_PROBLEM if counted.get("refused") else FINE


def _texts(file: TextIO) -> Iterable[str]:
    for line in iter(lambda: file.readline(LINE_CHARACTERS_MAX), ""):
        if not line.strip():
            if file.isatty():
                return
            continue
        yield line.strip()


@scan.command("list")
@click.option("--station", default="", help="Of this station only. 仅某工作站")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON; money in minor units.")
@hub_options
def list_command(folder: Path, password_file: Path | None, station: str, *, as_json: bool) -> int:
    """List what was recovered, whether its entry has arrived since, and the numbers nobody knows. 找回清单

    Exit code 1 while a receipt stands on paper only.
    """
    from sync.hub.recovering import gaps, recovered

    with opened(folder, password_file) as (_place, _keys, db):
        found = recovered(db, station)
        missing = gaps(db, found)
    left = [one for one in found if not one.has_arrived]
    if as_json:
        told = {"recovered": [asdict(one) for one in found], "gaps": missing, "on_paper_only": len(left)}
        click.echo(json.dumps(told, ensure_ascii=False))
        return FOUND_A_PROBLEM if left else FINE
    for one in found:
        click.echo(_line(one))
    for first, last in missing:
        words = _("{first}: nobody knows it") if first == last else _("{first} to {last}: nobody knows them")
        click.echo(words.format(first=first, last=last))
    by_currency: dict[str, int] = {}
    for one in left:
        currency = str(one.facts["currency"])
        by_currency[currency] = by_currency.get(currency, 0) + one.amount_minor
    sums = "  ".join(
        f"{_amount(minor, currency)} {currency}" for currency, minor in sorted(by_currency.items())
    )
    click.echo(
        _("{count} only on paper, {sums}; {arrived} have arrived since.").format(
            count=len(left), sums=sums or "0", arrived=len(found) - len(left)
        )
    )
    return FOUND_A_PROBLEM if left else FINE


@scan.command("worksheet")
@click.option("--pdf", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file. 文件")
@click.option("--by", required=True, help="Who prints it. 打印人")
@click.option("--station", default="", help="Of this station only. 仅某工作站")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", help="Of the paper. 文件语言")
@hub_options
def worksheet_command(
    folder: Path, password_file: Path | None, pdf: Path, by: str, station: str, language: Language
) -> int:
    """Print what stands on paper only, to be typed into the HIS in its own order of fields. 找回收据补录单"""
    from downtime.worksheet_printing import template_in_force
    from sync.hub.recovered_sheet import ID_BEGINS, recovered_pdf
    from sync.hub.recovering import on_paper_only
    from sync.hub.worksheet_command import note_printed, printed_here

    with opened(folder, password_file) as (place, _keys, db):
        found = [one for one in on_paper_only(db) if station in ("", one.station)]
        hospital, now = place.settings.hospital, place.clock().now().wall
    if not found:
        click.echo(_("Nothing is left to type in; no file was written."))
        return FINE
    before = printed_here(folder)
    ids = [f"{ID_BEGINS}{one.number}" for one in found]
    again = frozenset(ids) & frozenset(name for one in before for name in one["entries"])
    number = f"H-{len(before) + 1}"
    paper = recovered_pdf(
        found,
        template_in_force(folder),
        language,
        hospital=(hospital.name_en if language == "en" else "") or hospital.name or hospital.id,
        currency=hospital.currency,
        number=number,
        made_at=now,
        made_by=by,
        again=again,
    )
    note_printed(
        folder, before, number, now, ids
    )  # before the paper: a sheet nobody knows of is typed in twice
    write_whole(pdf, paper)
    click.echo(
        _("Sheet {number}: {entries} receipts, {again} of them printed before. It is in {file}.").format(
            number=number, entries=len(found), again=len(again), file=pdf.name
        )
    )
    return FINE


def _line(one: Recovered) -> str:
    state = _("arrived") if one.has_arrived else _("only on paper")
    parts = [
        one.number,
        state,
        visible(one.happened_at[:16].replace("T", " ")),
        visible(str(one.facts["patient"]), 40),
        _amount(one.amount_minor, str(one.facts["currency"])),
        _("NOT PAID") if one.facts["settlement"] == "unpaid" else "",
        _("key withdrawn: compare it with the money") if one.key_withdrawn else "",
    ]
    return "  ".join(part for part in parts if part)


def _amount(minor: int, currency: str) -> str:
    from forms.money import format_amount

    try:
        return format_amount(minor, currency)
    except (ValueError, KeyError):
        return str(minor)
