"""``downtime-sync hub``: at the IT PC the hub itself, at a station its side of it."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from pathlib import Path

import click

from downtime import os_calls
from downtime.commands.common import FINE, FOUND_A_PROBLEM
from downtime.errors import RefusedInputError
from downtime.i18n import _
from downtime.whole_file import made_whole, write_whole
from sync.hub.closing_command import commands as closing_commands
from sync.hub.deliver_command import deliver
from sync.hub.opening import hub_options, opened
from sync.hub.outage_commands import outage
from sync.hub.scan_command import scan
from sync.hub.signing_command import sign_off
from sync.hub.station_commands import bundle, join
from sync.hub.verify_command import run, verify
from sync.hub.worksheet_command import worksheet

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group()
def hub() -> None:
    """Bring the entries of all stations together over one HTTPS port. 汇集中心"""


hub.add_command(join)
hub.add_command(bundle)
hub.add_command(deliver)
for _command in (run, verify, outage, scan):
    hub.add_command(_command)
for _command in (*closing_commands(), sign_off):
    hub.add_command(_command)
hub.add_command(worksheet)


@hub.command()
@click.option("--to", "folder", type=_FOLDER, required=True, help="An empty folder on a local disk. 目录")
@click.option("--hospital", required=True, help="Its id, as in the settings of the stations. 医院标识")
@click.option(
    "--address", "addresses", multiple=True, required=True, help="How stations reach this PC. 本机地址"
)
@click.option("--port", type=int, default=None, help="The one port; 8743 if left out. 端口")
@click.option("--zone", default="Asia/Shanghai", help="IANA time zone. 时区")
@click.option("--store", "store_url", default="", help="PostgreSQL URL instead of a file of its own. 数据库")
def init(
    folder: Path, hospital: str, addresses: tuple[str, ...], port: int | None, zone: str, store_url: str
) -> int:
    """Make a hub: its keys, its own certificate authority, its settings. 建立汇集中心"""
    from sync.hub.certificates import fingerprint
    from sync.hub.place import HubPlace
    from sync.hub.wire import PORT

    place = HubPlace.create(
        folder, hospital=hospital, addresses=addresses, port=port or PORT, zone=zone, store_url=store_url
    )
    click.echo(_("The hub stands in {folder}.").format(folder=folder))
    click.echo(
        _("Fingerprint of its authority: {digits}").format(digits=fingerprint(place.authority_certificate))
    )
    click.echo(
        _("Its password is kept in {file}; it starts by itself with that.").format(file="keys/hub.password")
    )
    return FINE


@hub.command()
@hub_options
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def status(folder: Path, password_file: Path | None, *, as_json: bool) -> int:
    """Say of each station when it was last seen, what is here and what is missing. 汇集状况"""
    from sync.hub.certificates import days_left
    from sync.hub.standing import standings
    from sync.hub.words import standing_text

    with opened(folder, password_file) as (place, _keys, db):
        found = standings(db)
        days = days_left(place.certificate_file.read_bytes())
    if as_json:
        told = {"certificate_days_left": days, "stations": [asdict(one) for one in found]}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        for one in found:
            click.echo(standing_text(one))
        click.echo(_("The certificate goes on for {days} days; it is renewed by itself.").format(days=days))
    return FOUND_A_PROBLEM if any(one.quarantined or one.unsynced for one in found) else FINE


@hub.group()
def station() -> None:
    """Stations of this hub. 工作站"""


@station.command("add")
@click.argument("code")
@click.option(
    "--to", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write a file instead. 写成文件"
)
@hub_options
def add(code: str, file: Path | None, folder: Path, password_file: Path | None) -> int:
    """Give out the code with which station CODE joins, once; as a file where it has no network. 发加入码"""
    from sync.hub.stations import invite

    with opened(folder, password_file) as (place, keys, db):
        given = invite(db, code, place.authority_certificate, place.clock().now().wall)
        listen = place.settings.listen
        address = f"{listen.addresses[0]}:{listen.port}"
        if file is not None:
            told = {
                "station": code,
                "address": address,
                "authority": place.authority_certificate.decode("ascii"),
                "hospital": place.settings.hospital.id,
                "signing": keys.own.signing.hex(),
                "box": keys.own.box.hex(),
                "secret": given.secret.hex(),
            }
            write_whole(file, json.dumps(told, indent=1).encode())
    click.echo(_("At station {station}, type:").format(station=code))
    click.echo(f"downtime-sync hub join {address if file is None else file.name}")
    if file is None:
        click.echo(_("The code, good for this station and once: {code}").format(code=given.text()))
    return FINE


@station.command("withdraw")
@click.argument("code")
@click.argument("incarnation")
@click.option("--by", "said_by", required=True, help="Who says so. 操作人")
@click.option("--reason", required=True, help="Why: stolen, lost .. 原因")
@hub_options
def withdraw_command(
    code: str, incarnation: str, said_by: str, reason: str, folder: Path, password_file: Path | None
) -> int:
    """Take nothing more that is signed with the key of station CODE, letter INCARNATION. 作废工作站密钥

    What was verified before stays. Restored from its backup, the station goes on under the next letter, with a new
    code.
    """
    from sync.hub.stations import withdraw

    with opened(folder, password_file) as (place, _keys, db):
        withdraw(db, code, incarnation, place.clock().now().wall, said_by, reason)
    click.echo(
        _("From now on nothing of {station}{letter} is taken.").format(station=code, letter=incarnation)
    )
    return FINE


@hub.command()
@click.argument("what", type=click.Path(path_type=Path, exists=True))
@click.option("--station", "code", default="all", help="For this station only. 仅某工作站")
@hub_options
def offer(what: Path, code: str, folder: Path, password_file: Path | None) -> int:  # noqa: ARG001 (one set of options)
    """Put WHAT into the package of the stations: a set of lists, accounts.json, or a file. 下发资料"""
    from sync.hub.offers import PLAIN_NAME
    from sync.hub.place import HubPlace
    from sync.intake_manifest import manifest_path

    down = HubPlace(folder).down / code
    if not PLAIN_NAME.fullmatch(what.name) or not PLAIN_NAME.fullmatch(code):
        raise RefusedInputError(
            _("The name {name} cannot go down.").format(name=what.name),
            _("Use letters, figures, dot, hyphen and underscore only."),
        )
    if what.is_dir():
        manifest = manifest_path(what)
        if manifest is None:
            raise RefusedInputError(
                _("There is no set of reference data; a set has a manifest.json or manifest.toml."), ""
            )
        target, files = down / "reference" / what.name, [path for path in what.iterdir() if path.is_file()]
        files.sort(key=lambda path: path == manifest)
    else:
        target = down if what.name == "accounts.json" else down / "site"
        files = [what]
    os_calls.private_dir(target)
    for file in files:
        with made_whole(target / file.name) as part:
            shutil.copyfile(file, part)
    click.echo(_("Offered to {stations}: {files} files.").format(stations=code, files=len(files)))
    return FINE


@hub.command()
@click.argument("code")
@click.argument("incarnation")
@click.argument("first", type=click.IntRange(1, 999_999))
@click.argument("last", type=click.IntRange(1, 999_999))
@hub_options
def numbers(
    code: str, incarnation: str, first: int, last: int, folder: Path, password_file: Path | None
) -> int:
    """Give receipt numbers FIRST to LAST to station CODE, which adds them by itself. 下发号段"""
    from sync.hub.offers import Offers

    with opened(folder, password_file) as (place, keys, db):
        offers = Offers(db, place.down, place.settings.hospital.id, keys.own)
        offers.give_numbers(code, incarnation, first, last, place.clock().now().wall)
    click.echo(_("Stations will be told."))
    return FINE


@hub.command("import")
@click.argument("bundles", type=click.Path(path_type=Path, file_okay=False, exists=True))
@hub_options
def import_bundles(bundles: Path, folder: Path, password_file: Path | None) -> int:
    """Take the bundles in folder BUNDLES; twice or out of order does no harm. 导入数据包"""
    from sync.bundle import take_bundles
    from sync.hub.arrivals import KEY_LABEL
    from sync.hub.receiving import Receiver

    good = True
    with opened(folder, password_file) as (place, keys, db):
        clock = place.clock()
        receiver = Receiver(db, place.settings.hospital.id, KEY_LABEL + keys.store, lambda: clock.now().wall)
        for taken in take_bundles(db, receiver, keys.own, bundles):
            good = good and not taken.refused and not taken.quarantined
            if taken.refused:
                said = _("{file}: refused. {reason}").format(file=taken.name, reason=taken.refused)
            else:
                said = _("{file}: {entries} entries, {new} new, {odd} in quarantine").format(
                    file=taken.name, entries=taken.entries, new=taken.new, odd=taken.quarantined
                )
            click.echo(said)
    return FINE if good else FOUND_A_PROBLEM
