"""``downtime-sync board``: the board of a hub, at the IT PC, for the person who logs in at its own station home."""

from __future__ import annotations

from pathlib import Path

import click

from downtime.commands.common import FINE, home_option, open_home
from downtime.errors import RefusedInputError
from downtime.i18n import _


@click.command()
@click.option(
    "--hub",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="DOWNTIME_HUB",
    required=True,
    help="The hub's folder. 汇集中心目录",
)
@home_option
@click.option(
    "--password-file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The hub's password, if not kept there. 口令文件",
)
@click.option("--connector", "name", help="Whose answers are shown; the first one in hub.toml. 连接器")
@click.option("--plain", is_flag=True, help="Plain frames for classic consoles. 朴素边框")
@click.option("--language", type=click.Choice(["zh", "en"]), help="Language of the screen. 界面语言")
def board(
    folder: Path,
    home_path: Path | None,
    password_file: Path | None,
    name: str | None,
    *,
    plain: bool,
    language: str | None,
) -> int:
    """Open the board: every entry of every station and what became of it at the HIS. 回传看板

    --home is the station of this PC: whoever decides something logs in there, and its journal holds the decision.
    """
    from downtime.screens.board_app import run_board
    from sync.board.source import HubBoard
    from sync.hub.database import open_store
    from sync.hub.place import HubPlace

    place = HubPlace(folder)
    keys = place.open(password_file)
    home = open_home(home_path)
    if home.settings.hospital.id != place.settings.hospital.id or home.settings.station.drill:
        raise RefusedInputError(
            _("{home} is no station of this hub's hospital.").format(home=home.path),
            _("Give the home of the IT PC with --home; join it with: downtime-sync hub join."),
        )
    known = list(place.settings.connectors)
    if name is not None and name not in known:
        raise RefusedInputError(
            _("The hub's settings name no connector {name}.").format(name=name),
            _("Use one of: {names}.").format(names=", ".join(known) or "-"),
        )
    db = open_store(place.settings.store.url, place.store_file, keys.store)
    source = HubBoard(
        place,
        db,
        name or next(iter(known), ""),
        currency=home.settings.hospital.currency,
        password_file=password_file,
    )
    try:
        run_board(home, source, plain=plain, language=language)
    finally:
        source.close()
    return FINE
