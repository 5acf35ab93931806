"""``downtime verify`` and ``downtime export``: proof for somebody who does not trust the app."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from downtime.commands.common import (
    FINE,
    FOUND_A_PROBLEM,
    home_option,
    open_home,
    operator_options,
    require,
    second_options,
    second_person,
    unlock,
)
from downtime.errors import DowntimeError
from downtime.i18n import _
from downtime.rights import may, refusal
from downtime.rules import SECOND_RIGHTS
from forms.trust import Exported

if TYPE_CHECKING:
    from downtime.home import Home
    from downtime.keys import Keyring

if TYPE_CHECKING:
    from downtime.findings import Verification
    from downtime.home import BookPaths, Home
    from downtime.keys import Keyring


@click.command()
@home_option
@operator_options
@click.option("--book", "number", type=int, help="Only this book. 只查此账册")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.option(
    "--receipt", "receipts", multiple=True, help="Code scanned from a patient's receipt. 收据二维码"
)
@click.option(
    "--head-log",
    "head_logs",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Copy of the head log kept elsewhere. 链头副本",
)
@click.option(
    "--backup",
    "backups",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of one backup. 备份目录",
)
def verify(
    home_path: Path | None,
    operator: str | None,
    password_file: Path | None,
    number: int | None,
    receipts: tuple[str, ...],
    head_logs: tuple[Path, ...],
    backups: tuple[Path, ...],
    *,
    as_json: bool,
) -> int:
    """Verify journal, head log, signatures, numbers and deliveries. 核验账册

    Names the first position that cannot be trusted. Changes nothing. With receipts, a copy of the head log or
    a backup it also finds a history that somebody with every key has rewritten.
    """
    from downtime.verify import verify_book

    home = open_home(home_path)
    ring = unlock(home, operator, password_file)
    require(home, ring, "verify")
    books = [paths for paths in home.books() if number in (None, paths.number)]
    if not books:
        raise click.UsageError(_("There is no such book here."))
    outside = bool(receipts or head_logs or backups)
    if outside and len(books) != 1:
        raise click.UsageError(_("Name one book with --book when comparing with what was kept elsewhere."))
    found = [verify_book(home, ring, paths) for paths in books]
    if outside:
        found = [_with_anchors(home, ring, books[0], found[0], receipts, head_logs, backups)]
    if as_json:
        whole = all(verification.whole for verification in found)
        click.echo(
            json.dumps({"ok": whole, "books": [one.as_json() for one in found]}, ensure_ascii=False, indent=1)
        )
    else:
        for verification in found:
            click.echo("\n".join(verification.lines()))
    return FINE if all(verification.whole for verification in found) else FOUND_A_PROBLEM


def _with_anchors(
    home: Home,
    ring: Keyring,
    paths: BookPaths,
    verification: Verification,
    receipts: tuple[str, ...],
    head_logs: tuple[Path, ...],
    backups: tuple[Path, ...],
) -> Verification:
    """Return the verification with what the outside anchors say as well."""
    from dataclasses import replace

    from downtime.anchors import Anchors

    anchors = Anchors(home, ring, paths)
    try:
        findings = [finding for text in receipts for finding in anchors.receipt([text])]
        findings += [finding for file in head_logs for finding in anchors.head_log(file)]
        findings += [finding for folder in backups for finding in anchors.backup(folder)]
    finally:
        anchors.close()
    note = _("Compared with {count} anchors kept outside this PC.").format(count=anchors.compared)
    ordered = sorted(findings, key=lambda finding: finding.position or 0)
    return replace(
        verification, findings=(*ordered, *verification.findings), notes=(*verification.notes, note)
    )


@click.command()
@home_option
@operator_options
@second_options
@click.option("--book", "number", type=int, help="This book; by default the newest. 账册号")
@click.option("--reason", default="", help="What for. 用途")
@click.option(
    "--journal",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="File to write: sealed lines and heads. 导出文件",
)
def export(
    home_path: Path | None,
    operator: str | None,
    password_file: Path | None,
    second: str | None,
    second_password_file: Path | None,
    number: int | None,
    reason: str,
    target: Path,
) -> int:
    """Export a book's sealed lines and heads for an independent verifier; two people agree. 导出账册

    That it was exported, by whom and with whom stands in the current book before the file gets its name.
    """
    from downtime.export import Written, export_journal

    home = open_home(home_path)
    ring = unlock(home, operator, password_file)
    require(home, ring, "export")
    agree = second_person(second, second_password_file)
    if agree is None:
        raise click.UsageError(_("An export needs a second person: --second ID --second-password-file FILE."))
    paths = home.book(number) if number is not None else home.current_book()

    def before_shown(written: Written) -> None:
        form = Exported(
            what="book",
            book=paths.number,
            entries=written.entries,
            head=written.head,
            file=target.name[:200],
            sha256=written.sha256,
            reason=reason,
        )
        _record_export(home, ring, form, agree)

    count = export_journal(home, ring, paths, target, before_shown)
    click.echo(_("{count} entries written to {file}.").format(count=count, file=target))
    return FINE


def _record_export(home: Home, ring: Keyring, form: Exported, agree: tuple[str, str]) -> None:
    """Record an export with its approval; where no journal opens any more, the gate log says it instead.

    Proof must be had when the journal is the very thing that is broken; the second password is asked then too.
    """
    from zoneinfo import ZoneInfo

    from downtime.approvals import approve
    from downtime.book import OpenBook
    from downtime.clock import SystemClock
    from downtime.entrance import enter
    from downtime.gate import GateLog
    from downtime.record import new_entry_id, record_station_form
    from downtime.sealing import Filled

    try:
        book = OpenBook(home, ring, home.current_book())
    except DowntimeError:
        clock = SystemClock(ZoneInfo(home.settings.hospital.zone))
        person = enter(home, *agree, clock).person
        if person.operator == ring.person.operator or not any(
            may(person.roles, right) for right in SECOND_RIGHTS["export"]
        ):
            raise refusal("export") from None
        GateLog(home, clock).note("export", f"{ring.person.operator} {person.operator}", success=True)
        return
    try:
        filled = Filled(form, new_entry_id())
        record_station_form(book, filled, approve(book, filled, "export", *agree, form.reason))
    finally:
        book.close()
