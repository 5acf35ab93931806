"""``downtime-sync hub deliver``: a worker that brings what stands verified at the hub into the HIS."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from downtime.commands.common import FINE, FOUND_A_PROBLEM
from downtime.errors import RefusedInputError
from downtime.i18n import _

if TYPE_CHECKING:
    from sync.connector import Connector
    from sync.hub.place import HubPlace

ROUND_SECONDS = 20.0


@click.command()
@click.option(
    "--hub",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="DOWNTIME_HUB",
    required=True,
    help="The hub's folder. 汇集中心目录",
)
@click.option(
    "--password-file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The hub's password, if not kept there. 口令文件",
)
@click.option("--connector", "name", help="Only this one; by default every one in hub.toml. 连接器")
@click.option("--once", is_flag=True, help="One round, then stop. 只做一轮")
def deliver(folder: Path, password_file: Path | None, name: str | None, *, once: bool) -> int:
    """Deliver what stations sent into the HIS, every twenty seconds until stopped. 中心回传

    With PostgreSQL several of these may run at once.
    """
    from sync.hub.database import open_store
    from sync.hub.delivering import deliver_round, standing
    from sync.hub.place import HubPlace

    place = HubPlace(folder)
    keys = place.open(password_file)
    wanted = _wanted(place, name)
    url, file = place.settings.store.url, place.store_file
    db, claims = open_store(url, file, keys.store), open_store(url, file, keys.store)
    good = True
    try:
        while True:
            for each in wanted:
                connector = _connector(place, each)
                try:
                    done = deliver_round(db, claims, connector, place.clock())
                finally:
                    connector.close()
                counted = standing(db, each)
                good = (
                    done.unreachable is None and done.agrees and not counted["rejected"] + counted["in_doubt"]
                )
                if once or done.sent or done.unreachable:
                    click.echo(_told(each, done.sent, done.unreachable, dict(counted), agrees=done.agrees))
            if once:
                return FINE if good else FOUND_A_PROBLEM
            threading.Event().wait(ROUND_SECONDS)
    except KeyboardInterrupt:
        return FINE
    finally:
        db.close()
        claims.close()


def _wanted(place: HubPlace, name: str | None) -> list[str]:
    known = place.settings.connectors
    if name is not None and name not in known:
        raise RefusedInputError(
            _("The hub's settings name no connector {name}.").format(name=name),
            _("Use one of: {names}.").format(names=", ".join(known) or "-"),
        )
    return [name] if name is not None else list(known)


def _connector(place: HubPlace, name: str) -> Connector:
    from sync.connector import connector_named, settings_at

    given = settings_at(place.path, place.settings.connectors[name])
    return connector_named(name).configured(place.settings.hospital.id, given)


def _told(name: str, sent: int, unreachable: str | None, counted: dict[str, int], *, agrees: bool) -> str:
    from downtime.standing_text import state_name

    told = [_("{connector}: {sent} entries sent").format(connector=name, sent=sent)]
    if unreachable:
        told.append(_("the HIS cannot be reached: {reason}").format(reason=unreachable))
    told += [f"{state_name(state)} {entries}" for state, entries in sorted(counted.items())]
    if not agrees:
        told.append(_("what the HIS holds differs from ours"))
    return "; ".join(told)
