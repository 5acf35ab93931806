"""``downtime-sync compare``: is it in the HIS already? Before anything is sent, and after everything was typed in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from downtime.commands.common import FINE, FOUND_A_PROBLEM, home_option, open_home, operator_options, unlock
from downtime.errors import WrongPlaceError
from downtime.holding import BesideHold
from downtime.i18n import _
from downtime.keys import SERVICE_OPERATOR
from downtime.whole_file import write_whole

if TYPE_CHECKING:
    from sync.reading.extract import Extract
    from sync.tick_off import TickedOff


@click.command()
@click.option(
    "--extract",
    "extract_told",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    required=True,
    help="TOML file that says how the HIS's rows are read. 抽取说明",
)
@click.option(
    "--csv", "target", type=click.Path(path_type=Path, dir_okay=False), help="Write a table. 导出表格"
)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON; money in minor units.")
@click.option(
    "--hub",
    "hub_folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Compare the entries of all stations at this hub. 汇集中心目录",
)
@click.option(
    "--connector",
    default="retype",
    show_default=True,
    help="Whose questions people answered. 连接器",
)
@home_option
@operator_options
def compare(
    extract_told: Path,
    target: Path | None,
    hub_folder: Path | None,
    connector: str,
    home_path: Path | None,
    operator: str | None,
    password_file: Path | None,
    *,
    as_json: bool,
) -> int:
    """Compare all entries with what the HIS holds; nothing is sent and nothing recorded. 与HIS比对

    What people decided about doubtful entries counts, and which patient each temporary number is. With --hub the
    password file is the hub's.
    """
    from sync.reading.told import read_told
    from sync.tick_report import as_csv, report_json, report_text

    if hub_folder is not None:
        ticked, extract, currency = _at_hub(hub_folder, password_file, extract_told, connector)
    else:
        ticked, extract, currency = _at_station(home_path, operator, password_file, extract_told, connector)
    if target is not None:
        write_private(target, as_csv(ticked, currency, read_told(extract_told).clock_zone()))
    if as_json:
        click.echo(json.dumps(report_json(ticked, extract), ensure_ascii=False))
    else:
        click.echo(report_text(ticked, extract, currency))
    return FINE if _is_settled(ticked, extract) else FOUND_A_PROBLEM


def _at_station(
    home_path: Path | None,
    operator: str | None,
    password_file: Path | None,
    extract_told: Path,
    connector: str,
) -> tuple[TickedOff, Extract, str]:
    from downtime.shelf import readable_books
    from sync.book_files import StationBook
    from sync.connectors.retype import tick
    from sync.tick_books import entries_of, sayings_of

    home = open_home(home_path)
    currency = home.settings.hospital.currency
    with BesideHold(home):
        if operator is None:
            ring = unlock(home, SERVICE_OPERATOR, home.keys.service_password_file)
        else:
            ring = unlock(home, operator, password_file)
        books = [StationBook.of(ring, paths) for paths in readable_books(home)]
        said = sayings_of(books)
        told = tick(extract_told, currency, entries_of(books), said.decisions(connector), said.patients())
        return (*told, currency)


def _at_hub(
    folder: Path, password_file: Path | None, extract_told: Path, connector: str
) -> tuple[TickedOff, Extract, str]:
    from sync.connectors.retype import tick
    from sync.hub.database import open_store
    from sync.hub.deciding import HubSayings
    from sync.hub.place import HubPlace
    from sync.hub.ticking import entries_at

    place = HubPlace(folder)
    keys = place.open(password_file)
    currency = place.settings.connectors.get(connector, {}).get("currency", "CNY")
    db = open_store(place.settings.store.url, place.store_file, keys.store)
    try:
        said = HubSayings(db)
        said.read()
        entries = entries_at(db, connector, {})
        told = tick(extract_told, currency, entries, said.decisions(connector), said.patients())
        return (*told, currency)
    finally:
        db.close()


def _is_settled(ticked: TickedOff, extract: Extract) -> bool:
    good = all(one.outcome in {"agreed", "not_covered"} for one in ticked.judged)
    return good and not ticked.unknown and not extract.reasons.total


def write_private(target: Path, content: bytes) -> None:
    """Write a table about patients: complete or not at all, and its owner alone can read it.

    Raises:
        WrongPlaceError: ``target`` cannot be written.
    """
    try:
        write_whole(target, content)
    except OSError as error:
        raise WrongPlaceError(
            _("The table {file} could not be written: {reason}.").format(
                file=target.name, reason=error.strerror
            ),
            _("Close it where it is open, or choose another place."),
        ) from error
