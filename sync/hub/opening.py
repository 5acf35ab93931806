"""What every command at the hub shares: where it is, and its keys and store, beside a hub that may be running."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sync.hub.database import Database
    from sync.hub.place import HubKeys, HubPlace

_Command = TypeVar("_Command", bound="Callable[..., Any]")


def hub_options(command: _Command) -> _Command:
    """Add ``--hub DIR`` (or DOWNTIME_HUB in the environment) and ``--password-file FILE``."""
    command = click.option(
        "--password-file",
        type=click.Path(path_type=Path, dir_okay=False, exists=True),
        help="The hub's password, if not kept there. 口令文件",
    )(command)
    return click.option(
        "--hub",
        "folder",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="DOWNTIME_HUB",
        required=True,
        help="The hub's folder. 汇集中心目录",
    )(command)


@contextmanager
def opened(folder: Path, password_file: Path | None) -> Iterator[tuple[HubPlace, HubKeys, Database]]:
    """Give the hub's folder, keys and store."""
    from sync.hub.database import open_store
    from sync.hub.place import HubPlace

    place = HubPlace(folder)
    keys = place.open(password_file)
    db = open_store(place.settings.store.url, place.store_file, keys.store)
    try:
        yield place, keys, db
    finally:
        db.close()
