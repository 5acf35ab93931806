"""``downtime backup`` and ``downtime restore``: copies that count, and a station that comes back from one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from downtime.commands.common import (
    FINE,
    FOUND_A_PROBLEM,
    first_line,
    home_option,
    open_home,
    operator_options,
    unlock,
)
from downtime.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.clock import Clock
    from downtime.home import Home
    from downtime.keys import Keyring

_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command("backup")
@home_option
@operator_options
@click.option("--to", "more", type=_FOLDER, multiple=True, help="Another folder, besides the settings'. 目录")
def backup(
    home_path: Path | None, operator: str | None, password_file: Path | None, more: tuple[Path, ...]
) -> int:
    """Back the running station up; a copy counts once it was opened again and verified. 备份

    Without --operator the station's own account does it, as for a task that runs at night.
    """
    from downtime.backup import Made, backup_folders, delivering_ring, make_backups

    home = open_home(home_path)
    folders = backup_folders(home, more)
    if not folders:
        raise click.UsageError(_("Say where to: --to DIR, or backup.folders in the settings."))
    ring = unlock(home, operator, password_file) if operator else delivering_ring(home)
    code = FINE
    for result in make_backups(home, ring, folders, _clock(home)):
        if isinstance(result, Made):
            manifest = result.copy.manifest
            click.echo(
                _("Backed up and verified: {folder}, book {book}, {entries} entries, {kilobytes} KB.").format(
                    folder=result.copy.path,
                    book=manifest.last.book,
                    entries=manifest.last.entries,
                    kilobytes=-(-manifest.bytes // 1024),
                )
            )
        else:
            code = FOUND_A_PROBLEM
            click.echo(f"{result.what}\n{result.then}", err=True)
    return code


@click.command("restore")
@click.argument("source", metavar="BACKUP", type=_FOLDER)
@click.option("--to", "target", type=_FOLDER, help="New home: an empty or absent folder. 新工作站目录")
@click.option(
    "--recovery-file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="File whose first line is the code of the recovery envelope. 恢复码文件",
)
@click.option("--same-pc", "old_home", type=_FOLDER, help="The old home, on this very PC. 本机旧目录")
@click.option("--incarnation", default="", help="Letter to go on under, if a later one is needed. 代次字母")
@click.option("--test", "test", is_flag=True, help="Try it in a private folder, then delete that. 恢复演练")
@home_option
@operator_options
def restore(
    source: Path,
    target: Path | None,
    recovery_file: Path | None,
    old_home: Path | None,
    incarnation: str,
    home_path: Path | None,
    operator: str | None,
    password_file: Path | None,
    *,
    test: bool,
) -> int:
    """Make a working station from a backup, in a new folder and under a new incarnation. 恢复

    Everything is verified first; nothing that is there is ever overwritten.
    """
    if test:
        return _test(source, open_home(home_path), operator, password_file)
    if target is None or (recovery_file is None) == (old_home is None):
        raise click.UsageError(
            _("Give --to NEWHOME and either --recovery-file FILE or --same-pc OLDHOME, or --test.")
        )
    from downtime.backup_copy import CopiedHome
    from downtime.restore import restore as restore_station

    copied = CopiedHome(source)
    places = [old_home] if old_home is not None else []
    places += [place for place in [_head_mirror(copied)] if place is not None]
    done = restore_station(
        source,
        target,
        _opened_by(recovery_file, old_home, operator, password_file),
        _clock(copied),
        letter=incarnation.upper(),
        places=places,
    )
    last = done.manifest.last
    click.echo(
        _("Restored from {file}: book {book} ends at entry {entries}; all of it verified.").format(
            file=source.name, book=last.book, entries=last.entries
        )
    )
    click.echo(
        _("Book {book} is open; receipt numbers now begin with {prefix}.").format(
            book=done.book, prefix=done.prefix
        )
    )
    click.echo(
        _("Entries made after {when} are not in it: look for them on paper.").format(
            when=done.manifest.made_at
        )
    )
    return FINE


def _test(source: Path, home: Home, operator: str | None, password_file: Path | None) -> int:
    from downtime.book import OpenBook
    from downtime.restore import on_the_same_pc, restore_test

    ring = unlock(home, operator, password_file)
    assert operator is not None, "unlock asks for it"
    password = first_line(password_file) if password_file is not None else ""
    book = OpenBook(home, ring, home.current_book())
    try:
        tested = restore_test(source, book, on_the_same_pc(home.path, operator, password, ring))
    finally:
        book.close()
    click.echo(
        _("Restored for a test, verified and deleted again: book {book}, {entries} entries.").format(
            book=tested.content["book"], entries=tested.content["entries"]
        )
    )
    return FINE


def _opened_by(
    recovery_file: Path | None, old_home: Path | None, operator: str | None, password_file: Path | None
) -> Callable[[Home], Keyring]:
    from downtime.restore import on_the_same_pc, with_recovery_code

    if recovery_file is not None:
        return with_recovery_code(first_line(recovery_file))
    assert old_home is not None
    if not operator or password_file is None:
        raise click.UsageError(_("Say who asks: --operator ID --password-file FILE."))
    return on_the_same_pc(old_home, operator, first_line(password_file))


def _clock(home: Home) -> Clock:
    from zoneinfo import ZoneInfo

    from downtime.clock import SystemClock

    return SystemClock(ZoneInfo(home.settings.hospital.zone))


def _head_mirror(home: Home) -> Path | None:
    folder = home.settings.journal.head_mirror
    return Path(folder) if folder and Path(folder).is_absolute() else None
