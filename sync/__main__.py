"""``downtime-sync``: reference data in, entries out; a process of its own beside the app."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from downtime.book import OpenBook
from downtime.clock import SystemClock
from downtime.commands.common import (
    FINE,
    FOUND_A_PROBLEM,
    home_option,
    open_home,
    operator_options,
    run_command,
    unlock,
)
from downtime.errors import RefusedInputError
from downtime.holding import BesideHold
from downtime.i18n import _
from downtime.keys import SERVICE_OPERATOR
from downtime.practice_set import write_practice_set
from downtime.process import keep_to_itself
from downtime.shelf import readable_books
from downtime.store.reference import reference_files
from sync.board.command import board
from sync.book_files import StationBook
from sync.connector import Connector, connector_named, settings_at
from sync.connectors.hub import HubConnector
from sync.hub import commands as hub_commands
from sync.hub.membership import answer_questions, connector_at, news
from sync.intake import take_inbox
from sync.intake_watch import watch
from sync.station_program import ask_station, follow_hub
from sync.tick_books import deliver_books
from sync.tick_command import compare

if TYPE_CHECKING:
    from downtime.home import Home
    from downtime.keys import Keyring
    from sync.intake_report import IntakeReport
    from sync.worker import Round

ROUND_SECONDS = 20.0
_SAID: set[str] = set()
"""What this process told of the hub already; a round every twenty seconds says nothing twice."""
ACCOUNTS_FILE = "accounts.json"
"""What ``downtime accounts pack`` made at another station, when it comes with the lists."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def sync() -> None:
    """Beside the app: takes reference data in and brings entries into the HIS. 资料导入与回传"""


sync.add_command(hub_commands.hub)
sync.add_command(compare)
sync.add_command(board)


def _keys_of_sync(home: Home, operator: str | None, password_file: Path | None) -> Keyring:
    if operator is None:
        return unlock(home, SERVICE_OPERATOR, home.keys.service_password_file)
    return unlock(home, operator, password_file)


@sync.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
@click.option("--example", is_flag=True, help="Write a made-up set into FOLDER to start from. 写出样例")
@home_option
@operator_options
def intake(
    folder: Path | None,
    home_path: Path | None,
    operator: str | None,
    password_file: Path | None,
    *,
    example: bool,
) -> int:
    """Take complete sets of reference data from FOLDER, or from the station's inbox. 导入资料

    A set is refused whole with a report of rows and reasons; the old data then stay in force.
    """
    home = open_home(home_path)
    if example:
        return _write_example(home, folder)
    with BesideHold(home):
        ring = _keys_of_sync(home, operator, password_file)
        reports = take_inbox(
            folder or home.path / "inbox",
            home.path / "reference",
            ring.reference_key(),
            currency=home.settings.hospital.currency,
            in_force_version=_in_force(home, ring),
            keep_files=folder is not None,
        )
        for report in reports:
            _put_in_force(home, report)
            click.echo(report.text().rstrip())
        accounts = _take_accounts(home, (folder or home.path / "inbox") / ACCOUNTS_FILE)
    if accounts is not None and not reports:
        return accounts
    if not reports:
        click.echo(_("There is no set of reference data; a set has a manifest.json or manifest.toml."))
        return FOUND_A_PROBLEM
    whole = accounts in {None, FINE} and all(report.status in {"taken", "already"} for report in reports)
    return FINE if whole else FOUND_A_PROBLEM


def _take_accounts(home: Home, file: Path) -> int | None:
    """Let the station take over the accounts that came with the lists; return the exit code, None without any."""
    if not file.is_file():
        return None
    try:
        said = ask_station(home, "accounts", "take", str(file))
    except subprocess.CalledProcessError as error:
        click.echo((error.stdout + error.stderr).decode(errors="replace").rstrip(), err=True)
        return FOUND_A_PROBLEM
    click.echo(said.rstrip())
    return FINE


def _write_example(home: Home, folder: Path | None) -> int:
    if folder is None:
        raise click.UsageError(_("Name the folder to write the made-up set into."))
    version = max(reference_files(home.path / "reference"), default=0) + 1
    taken_at = SystemClock(ZoneInfo(home.settings.hospital.zone)).now().wall
    write_practice_set(folder, version=version, taken_at=taken_at)
    click.echo(_("A made-up set, version {version}, is in {folder}.").format(version=version, folder=folder))
    return FINE


def _in_force(home: Home, ring: Keyring) -> int | None:
    book = OpenBook(home, ring, home.current_book())
    try:
        return book.reference_version()
    finally:
        book.close()


def _put_in_force(home: Home, report: IntakeReport) -> None:
    if report.file is not None:
        ask_station(home, "reference", "use", str(report.file.version))


@sync.command()
@home_option
@operator_options
@click.option("--connector", "name", help="Only this one; by default every one in the settings. 连接器")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON; money in minor units.")
def once(
    home_path: Path | None,
    operator: str | None,
    password_file: Path | None,
    name: str | None,
    *,
    as_json: bool,
) -> int:
    """Deliver what is owed, once through, and ask about what has no answer yet. 回传一轮"""
    home = open_home(home_path)
    with BesideHold(home):
        rounds = _deliver(home, _keys_of_sync(home, operator, password_file), name)
    for done in rounds:
        click.echo(json.dumps(_round_json(done), ensure_ascii=False) if as_json else _round_text(done))
    return FINE if all(done.agrees and not _open_questions(done) for done in rounds) else FOUND_A_PROBLEM


@sync.command("run")
@home_option
@operator_options
def run(home_path: Path | None, operator: str | None, password_file: Path | None) -> int:
    """Watch the inbox and deliver every twenty seconds until stopped. 常驻运行"""
    home = open_home(home_path)
    with BesideHold(home):
        return _run(home, _keys_of_sync(home, operator, password_file))


def _run(home: Home, ring: Keyring) -> int:
    stop = threading.Event()

    def taken(report: IntakeReport) -> None:
        _put_in_force(home, report)
        click.echo(report.text().rstrip())

    watcher = threading.Thread(
        target=watch,
        args=(home.path / "inbox", home.path / "reference", ring.reference_key()),
        kwargs={
            "currency": home.settings.hospital.currency,
            "in_force_version": lambda: _in_force(home, ring),
            "on_report": taken,
            "stop": stop,
        },
        daemon=True,
    )
    watcher.start()
    answer_questions(home, ring, stop)
    try:
        while True:
            for done in _deliver(home, ring, None, respect_waits=True):
                if done.sent or done.unreachable:
                    click.echo(_round_text(done))
            stop.wait(ROUND_SECONDS)
    except KeyboardInterrupt:
        return FINE
    finally:
        stop.set()
        watcher.join()


def _deliver(home: Home, ring: Keyring, name: str | None, *, respect_waits: bool = False) -> list[Round]:
    settings = home.settings.connectors
    if name is not None and name not in settings:
        raise RefusedInputError(
            _("The settings of this station name no connector {name}.").format(name=name),
            _("Use one of: {names}.").format(names=", ".join(settings) or "-"),
        )
    clock = SystemClock(ZoneInfo(home.settings.hospital.zone))
    rounds = []
    for wanted in [name] if name is not None else list(settings):
        connector = _connector(home, ring, wanted)
        try:
            books = [StationBook.of(ring, paths) for paths in readable_books(home)]
            rounds += deliver_books(books, connector, clock=clock, respect_waits=respect_waits)
            if isinstance(connector, HubConnector):
                for sentence in news(home, connector, _SAID):
                    click.echo(sentence)
        finally:
            connector.close()
    if any(done.sent for done in rounds):
        ask_station(home, "anchor")
    return rounds


def _connector(home: Home, ring: Keyring, name: str) -> Connector:
    if name == HubConnector.name:  # it takes the whole chain, not only what a HIS gets
        clock = SystemClock(ZoneInfo(home.settings.hospital.zone))
        return connector_at(
            home, ring, clock, lambda file: _take_accounts(home, file), lambda: follow_hub(home)
        )
    given = settings_at(home.path, home.settings.connectors[name])
    if "extract" in given:
        given |= {"extract": str(home.path / given["extract"]), "currency": home.settings.hospital.currency}
    return connector_named(name).configured(home.settings.hospital.id, given)


def _open_questions(done: Round) -> bool:
    return any(
        line.state in {"in_doubt", "rejected", "unreachable"} and line.entries for line in done.standing
    )


def _round_json(done: Round) -> dict[str, object]:
    return {
        "connector": done.connector,
        "sent": done.sent,
        "unreachable": done.unreachable,
        "agrees": done.agrees,
        "standing": {
            line.state: {"entries": line.entries, "amount_minor": line.amount_minor} for line in done.standing
        },
        "total": {"entries": done.total.entries, "amount_minor": done.total.amount_minor},
        "held": done.held,
    }


def _round_text(done: Round) -> str:
    from downtime.standing_text import state_name

    told = [_("{connector}: {sent} entries sent").format(connector=done.connector, sent=done.sent)]
    if done.unreachable:
        told.append(_("the HIS cannot be reached: {reason}").format(reason=done.unreachable))
    told += [f"{state_name(line.state)} {line.entries}" for line in done.standing]
    not_read = 0 if done.comparison is None else done.comparison.entries_not_read
    if not_read:
        told.append(_("{count} accepted entries could not be read back; run it again").format(count=not_read))
    elif not done.agrees and not done.unreachable:
        told.append(_("what the HIS holds differs from ours"))
    return "; ".join(told)


def main() -> None:
    """Run one command; see ``downtime-sync --help``."""
    keep_to_itself()
    sys.exit(run_command(sync))


if __name__ == "__main__":
    main()
