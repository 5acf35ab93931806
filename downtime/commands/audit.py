"""``downtime audit``: who did what and when, for the auditor; listed or written into a table."""

from __future__ import annotations

import json
from pathlib import Path

import click

from downtime.commands.common import FINE, home_option, open_home, operator_options, require, unlock
from downtime.i18n import _


@click.command()
@home_option
@operator_options
@click.option("--book", "number", type=click.IntRange(1), help="This book; by default the newest. 账册号")
@click.option("--event", help="Part of an event's name. 事件")
@click.option("--by", "by", default="", help="Staff number. 工号")
@click.option("--from", "since", default="", help="First day, like 2026-01-05. 起始日期")
@click.option("--to", "until", default="", help="Last day. 截止日期")
@click.option("--failed", is_flag=True, help="Only what did not succeed. 只看失败")
@click.option("--text", default="", help="Part of what it is about. 文字")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="Lines at most. 行数")
@click.option(
    "--csv",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write all of them as a table, and record the export. 导出表格",
)
def audit(
    home_path: Path | None,
    operator: str | None,
    password_file: Path | None,
    number: int | None,
    event: str | None,
    by: str,
    since: str,
    until: str,
    *,
    failed: bool,
    text: str,
    limit: int,
    target: Path | None,
) -> int:
    """List the audit, newest first; one JSON object a line. 审计"""
    from downtime.audit import audit_line, day_of, export_audit, filter_words
    from downtime.audit_words import events_named
    from downtime.book import OpenBook
    from downtime.record import record_event
    from downtime.store import audit_queries

    home = open_home(home_path)
    wanted = audit_queries.AuditFilter(
        events=events_named(event) if event else None,
        operator=by,
        success=False if failed else None,
        since=day_of(since),
        until=audit_queries.end_of(day_of(until)) if until else "",
        text=text,
    )
    ring = unlock(home, operator, password_file)
    require(home, ring, "audit")
    paths = home.book(number) if number is not None else home.current_book()
    db = audit_queries.open_audit(paths.journal, ring.book_key(paths.number))
    try:
        if target is None:
            for entry in audit_queries.page(db, wanted, limit=limit):
                line = audit_line(entry)
                told = {
                    "seq": entry.seq,
                    "at": line.at,
                    "event": line.event,
                    "words": line.words,
                    "by": line.by,
                    "name": line.by_name,
                    "success": line.success,
                    "subject": line.subject,
                    "detail": line.detail,
                }
                click.echo(json.dumps(told, ensure_ascii=False))
            return FINE
        form = export_audit(db, wanted, paths.number, target, filter_words(wanted))
    finally:
        db.close()
    book = OpenBook(home, ring, home.current_book())
    try:
        record_event(book, form)
    finally:
        book.close()
    click.echo(_("{count} lines written to {file}.").format(count=form.entries, file=target))
    return FINE
