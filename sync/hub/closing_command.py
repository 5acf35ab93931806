"""``downtime-sync hub``: certificate, after-action pack and differences of an outage at all stations."""

from __future__ import annotations

from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from downtime.commands.common import FINE, FOUND_A_PROBLEM
from downtime.commands.obstacles_said import say_open
from downtime.i18n import _, chosen_language
from sync.hub.opening import hub_options, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from downtime.i18n import Language
    from sync.hub.closing import Whole
    from sync.hub.database import Database
    from sync.hub.place import HubPlace

_FILE = click.Path(path_type=Path, dir_okay=False)
outage_option = click.option("--outage", "name", required=True, help="Its name. 停机事件")
_language_option = click.option(
    "--language",
    type=click.Choice(["zh", "en"]),
    help="Of the paper; that of the console if absent. 文件语言",
)
_ask_option = click.option(
    "--ask-his", is_flag=True, help="Ask the HIS once more what it holds of each entry. 向 HIS 读回金额"
)


def commands() -> list[click.Command]:
    """Return the commands of this module."""
    return [certificate, pack, differences, check]


@contextmanager
def outage_read(
    folder: Path, password_file: Path | None, name: str, language: Language, *, ask_his: bool
) -> Iterator[Whole]:
    """Give an outage as it stands at the hub at this moment."""
    from sync.hub.closing import read_outage
    from sync.hub.mirror import Mirror

    with opened(folder, password_file) as (place, _keys, db), Mirror(db) as mirror:
        now = place.clock().now().wall
        amounts = _asked(place, db) if ask_his else {}
        yield read_outage(db, mirror, place.settings, name, language, now, amounts)


def _asked(place: HubPlace, db: Database) -> dict[str, int]:
    """Return what each HIS says that entries come to, by id; one that cannot be reached says nothing."""
    from sync.connector import connector_named, settings_at

    found: dict[str, int] = {}
    for name, told in place.settings.connectors.items():
        given = settings_at(place.path, told)
        with closing(connector_named(name).configured(place.settings.hospital.id, given)) as connector:
            if connector.reach() is not None:
                click.echo(_("{connector} cannot be asked now.").format(connector=name), err=True)
                continue
            ids = [
                row[0]
                for row in db.rows(
                    "SELECT e.id FROM delivery d JOIN entry e ON e.n = d.entry_n "
                    "WHERE d.connector = ? AND d.state = 'accepted'",
                    (name,),
                )
            ]
            for entry_id, facts in connector.read_back(ids):
                if isinstance(total := facts.get("total_minor"), int):
                    found[entry_id] = total
    return found


def language_of(asked: Language | None) -> Language:
    """Return the language asked for, or that of the console."""
    return asked or ("en" if chosen_language() == "en" else "zh")


@click.command("certificate")
@outage_option
@click.option("--pdf", type=_FILE, required=True, help="The file to write. 文件")
@_language_option
@_ask_option
@hub_options
def certificate(
    name: str,
    pdf: Path,
    language: Language | None,
    folder: Path,
    password_file: Path | None,
    *,
    ask_his: bool,
) -> int:
    """Write the closing certificate over all stations: what is missing, every receipt, sums, heads. 全院停机汇总单"""
    from downtime.closing_pdf import certificate_pdf
    from downtime.inspection_writing import write_file

    asked = language_of(language)
    with outage_read(folder, password_file, name, asked, ask_his=ask_his) as whole:
        write_file(pdf, certificate_pdf(whole.closing, asked))
    click.echo(_("The closing certificate is in {file}.").format(file=pdf))
    return _told(whole)


@click.command("pack")
@outage_option
@click.option(
    "--to", "target", type=click.Path(path_type=Path, file_okay=False), required=True, help="The folder. 目录"
)
@_language_option
@_ask_option
@hub_options
def pack(
    name: str,
    target: Path,
    language: Language | None,
    folder: Path,
    password_file: Path | None,
    *,
    ask_his: bool,
) -> int:
    """Write the after-action pack over all stations: one PDF with charts, the same as CSV and JSON. 全院复盘材料"""
    from downtime.closing_pack import write_files

    asked = language_of(language)
    with outage_read(folder, password_file, name, asked, ask_his=ask_his) as whole:
        names = write_files(whole.closing, asked, target)
    click.echo(_("{count} files are in {folder}.").format(count=len(names), folder=target))
    return _told(whole)


@click.command("differences")
@outage_option
@click.option("--csv", "file", type=_FILE, required=True, help="The file to write. 文件")
@_language_option
@_ask_option
@hub_options
def differences(
    name: str,
    file: Path,
    language: Language | None,
    folder: Path,
    password_file: Path | None,
    *,
    ask_his: bool,
) -> int:
    """List per patient what is to be given back or collected (多退少补), with advances and lines without a price."""
    from downtime.closing_tables import Writer
    from downtime.inspection_writing import write_file
    from sync.hub.differences import differences_table

    asked = language_of(language)
    with outage_read(folder, password_file, name, asked, ask_his=ask_his) as whole:
        table = differences_table(whole.differences, with_patient=True)
        write_file(file, Writer(asked, str(whole.closing.place["currency"])).csv(table))
    click.echo(_("{count} rows are in {file}.").format(count=len(table.rows), file=file))
    return FINE


@click.command("check")
@click.argument("code")
@hub_options
def check(code: str, folder: Path, password_file: Path | None) -> int:
    """Hold the code of a printed certificate against the books that came here. 核对汇总单"""
    from downtime.shift_report import read_head_code

    read = read_head_code("".join(code.split()))
    if read is None:
        raise click.UsageError(_("This is not the code of a closing."))
    with opened(folder, password_file) as (_place, _keys, db):
        row = db.row(
            "SELECT station, incarnation, book FROM entry WHERE seq = ? AND hash = ? AND chained = 1", read
        )
    if row is None:
        click.echo(_("NO: no book here leads to this paper. Keep the paper and tell the auditor."))
        return FOUND_A_PROBLEM
    label = f"{row[0]}{row[1]}-{row[2]:04d}"
    click.echo(
        _("Yes: book {book} leads to it, at position {position}.").format(book=label, position=read[0])
    )
    return FINE


def _told(whole: Whole) -> int:
    """Say aloud what stands in red on the paper."""
    stops = [one for one in whole.obstacles if one.stops()]
    if whole.closing.signed_by or not stops:
        return FINE
    for one in stops:
        say_open(one)
    return FOUND_A_PROBLEM
