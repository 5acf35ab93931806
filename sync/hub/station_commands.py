"""``downtime-sync hub join`` and ``bundle``: a station's side of the hub."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from downtime.clock import SystemClock
from downtime.commands.common import FINE, first_line, home_option, open_home, operator_options, unlock
from downtime.holding import BesideHold
from downtime.i18n import _
from downtime.keys import SERVICE_OPERATOR

if TYPE_CHECKING:
    from downtime.home import Home
    from downtime.keys import Keyring

_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.argument("address")
@click.option(
    "--code-file", type=_FILE, help="File whose first line is the code; asked for if absent. 加入码文件"
)
@home_option
@operator_options
def join(
    address: str,
    code_file: Path | None,
    home_path: Path | None,
    operator: str | None,
    password_file: Path | None,
) -> int:
    """Let this station join the hub at ADDRESS, or by the file IT made for it. 加入汇集中心"""
    from sync.hub.membership import join as join_hub
    from sync.hub.membership import join_by_file

    home = open_home(home_path)
    with BesideHold(home):
        ring = _ring(home, operator, password_file)
        if Path(address).is_file():
            join_by_file(home, ring, Path(address))
        else:
            join_hub(home, ring, address, first_line(code_file) if code_file else click.prompt(_("Code")))
    if "hub" not in home.settings.connectors:
        with (home.path / "station.toml").open("a", encoding="utf-8") as settings:
            settings.write("\n[connectors.hub]\n")
    click.echo(_("This station has joined the hub; downtime-sync run brings its entries there."))
    return FINE


@click.command()
@click.option("--to", "target", type=_FOLDER, required=True, help="Folder for the files. 目录")
@home_option
@operator_options
def bundle(target: Path, home_path: Path | None, operator: str | None, password_file: Path | None) -> int:
    """Write this station's entries as signed files only the hub can open. 导出数据包"""
    from sync.bundle import write_bundles
    from sync.hub.membership import Membership

    home = open_home(home_path)
    member = Membership.of(home)
    clock = SystemClock(ZoneInfo(home.settings.hospital.zone))
    with BesideHold(home):
        ring = _ring(home, operator, password_file)
        written = write_bundles(
            home, ring, bytes.fromhex(member.box), target, clock.now().wall, member.joining
        )
    click.echo(_("{count} new files in {folder}.").format(count=len(written), folder=target))
    return FINE


def _ring(home: Home, operator: str | None, password_file: Path | None) -> Keyring:
    if operator is None:
        return unlock(home, SERVICE_OPERATOR, home.keys.service_password_file)
    return unlock(home, operator, password_file)
