"""``downtime-sync hub deliver``: a worker that brings what stands verified at the hub into the HIS."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click

from downtime.commands.common import FINE, FOUND_A_PROBLEM
from downtime.errors import JournalAlarmError, RefusedInputError
from downtime.i18n import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sync.hub.database import Database
    from sync.hub.delivering import HubRound, Worker
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
@click.option(
    "--although-open",
    multiple=True,
    metavar="CODE",
    help="A station that may still be in the outage; may be given again. 未停止的工作站",
)
def deliver(
    folder: Path, password_file: Path | None, name: str | None, although_open: tuple[str, ...], *, once: bool
) -> int:
    """Deliver what stations sent into the HIS, every twenty seconds until stopped. 中心回传

    What was recorded in an outage waits until every station has stopped in it, except those named as still open.
    Started twice, every entry still goes once; with PostgreSQL several share the work.
    """
    from sync.hub.database import open_store
    from sync.hub.place import HubPlace

    place = HubPlace(folder)
    keys = place.open(password_file)
    wanted = _wanted(place, name)
    url, file = place.settings.store.url, place.store_file
    db, claims = open_store(url, file, keys.store), open_store(url, file, keys.store)
    workers: dict[str, Worker] = {}
    try:
        require_unaltered(db)
        workers.update((each, worker_of(place, db, claims, each, although_open)) for each in wanted)
        told: set[str] = set()
        while True:
            good = tell_waiting(db, although_open, told)
            for each, worker in workers.items():
                good = one_round(each, worker, tells_always=once) and good
            if once:
                return FINE if good else FOUND_A_PROBLEM
            threading.Event().wait(ROUND_SECONDS)
    except KeyboardInterrupt:
        return FINE
    finally:
        for worker in workers.values():
            worker.connector.close()
        db.close()
        claims.close()


def require_unaltered(db: Database) -> None:
    """Go on only if every delivery is as it was written.

    Raises:
        JournalAlarmError: one is not.
    """
    from sync.hub.delivered import first_altered

    altered = first_altered(db)
    if altered is not None:
        raise JournalAlarmError(
            _("Delivery {n} of the hub is not as it was written.").format(n=altered),
            _("Deliver nothing more; call IT and compare the store with its last backup."),
            altered,
        )


def one_round(name: str, worker: Worker, *, tells_always: bool) -> bool:
    """Go once through with one connector and say what came of it; return whether nothing is left to decide."""
    from sync.hub.delivering import standing

    done = worker.round()
    counted = standing(worker.db, name)
    if tells_always or done.sent or done.unreachable:
        click.echo(_told(name, done, dict(counted)))
    open_questions = counted["rejected"] + counted["in_doubt"] + len(done.held)
    return done.unreachable is None and not done.is_elsewhere and done.agrees and not open_questions


def _wanted(place: HubPlace, name: str | None) -> list[str]:
    known = place.settings.connectors
    if name is not None and name not in known:
        raise RefusedInputError(
            _("The hub's settings name no connector {name}.").format(name=name),
            _("Use one of: {names}.").format(names=", ".join(known) or "-"),
        )
    return [name] if name is not None else list(known)


def tell_waiting(db: Database, although_open: Sequence[str], told: set[str]) -> bool:
    """Say which outages wait for which stations, once; return whether none does."""
    from sync.hub.ending import waiting_outages

    waiting = waiting_outages(db, although_open)
    for why in waiting.values():
        if why not in told:
            told.add(why)
            click.echo(_("Not delivered yet: {why}.").format(why=why))
    return not waiting


def worker_of(
    place: HubPlace, db: Database, claims: Database, name: str, although_open: Sequence[str] = ()
) -> Worker:
    """Return what delivers with one connector; ``compare_first`` names the extract that is read before it sends."""
    from sync.connector import connector_named, settings_at
    from sync.connectors.retype import Retype
    from sync.hub.delivering import Worker

    given = dict(place.settings.connectors[name])
    extract = given.pop("compare_first", "")
    hospital = place.settings.hospital.id
    connector = connector_named(name).configured(hospital, settings_at(place.path, given))
    first = Retype(hospital, place.path / extract, given.get("currency", "CNY")) if extract else None
    return Worker(db, claims, connector, place.clock(), first, frozenset(although_open))


def _told(name: str, done: HubRound, counted: dict[str, int]) -> str:
    from downtime.standing_text import state_name

    told = [_("{connector}: {sent} entries sent").format(connector=name, sent=done.sent)]
    if done.unreachable:
        told.append(_("the HIS cannot be reached: {reason}").format(reason=done.unreachable))
    if done.is_elsewhere:
        told.append(_("another window is reading the HIS at this moment; it does the same"))
    told += [f"{state_name(state)} {entries}" for state, entries in sorted(counted.items())]
    if done.held:
        told.append(_("{count} held back").format(count=len(done.held)))
    if not done.agrees:
        told.append(_("what the HIS holds differs from ours"))
    return "; ".join(told)
