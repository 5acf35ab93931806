"""``downtime serve``: the screen in a browser, for a desk whose PC cannot run the app."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from downtime.commands.common import FINE, home_option, open_home
from downtime.i18n import _

if TYPE_CHECKING:
    from downtime.i18n import Language

_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
_HOST_NAME = re.compile(r"(?i)[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")


@click.command()
@home_option
@click.option("--address", default="127.0.0.1", show_default=True, help="Of this PC; the only one. 本机地址")
@click.option("--port", default=8471, show_default=True, type=click.IntRange(1, 65535), help="TCP port. 端口")
@click.option("--name", "names", multiple=True, help="Host name browsers may ask by. 主机名")
@click.option("--desk", "desks", multiple=True, help="Address of a PC that may ask; else any. 允许的电脑")
@click.option("--certificate", type=_FILE, help="PEM file for HTTPS. 证书文件")
@click.option("--key", type=_FILE, help="PEM file of its key. 证书密钥")
@click.option("--plain-http-on-this-lan", "plain", is_flag=True, help="Readable for all on it. 不加密")
@click.option("--language", type=click.Choice(["zh", "en"]), help="Language of the screen. 界面语言")
def serve(
    home_path: Path | None,
    address: str,
    port: int,
    names: tuple[str, ...],
    desks: tuple[str, ...],
    certificate: Path | None,
    key: Path | None,
    *,
    plain: bool,
    language: Language | None,
) -> int:
    """Serve this station's screen to one browser; needs the LAN. 供浏览器使用(需要局域网)"""
    from downtime.serve import Serving
    from downtime.serve import serve as serve_station

    try:
        place = ipaddress.ip_address(address)
        let_in = tuple(ipaddress.ip_network(desk, strict=False) for desk in desks)
    except ValueError as error:
        raise click.UsageError(_("This is no network address: {text}").format(text=error)) from error
    for name in names:
        if not _HOST_NAME.fullmatch(name):
            raise click.UsageError(_("This is no host name: {text}").format(text=name))
    serving = Serving(place, port, names, let_in, certificate, key, plain).checked()
    home = open_home(home_path)
    code = home.settings.station.code

    def ready(url: str) -> None:
        click.echo(_("Station {station} in the browser: {url}").format(station=code, url=url))
        if not place.is_loopback:
            click.echo(
                _("The desk needs the network to this PC: without it nothing works there. Keep paper ready.")
            )
            if certificate is None:
                click.echo(_("NOT ENCRYPTED: whoever is on this network can read passwords and names."))
        click.echo(_("One browser at a time. Ctrl+C ends it."))

    serve_station(home, serving, language, ready)
    return FINE
