"""What sync asks of the journal's own program: name reference tables in force, anchor the deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from downtime.commands.common import FINE, home_option, open_home, operator_options, require, unlock
from downtime.i18n import _

if TYPE_CHECKING:
    from pathlib import Path


@click.group()
def reference() -> None:
    """Reference tables. 资料"""


@reference.command("use")
@click.argument("version", type=click.IntRange(1))
@home_option
@operator_options
def use(version: int, home_path: Path | None, operator: str | None, password_file: Path | None) -> int:
    """Put reference version VERSION in force; it must have been taken in. 启用资料版本"""
    from downtime.account_changes import follow_staff
    from downtime.book import OpenBook
    from downtime.record import record_event
    from downtime.store.reference import Reference, reference_path
    from forms.station_book import ReferenceInForce

    home = open_home(home_path)
    ring = unlock(home, operator, password_file)
    require(home, ring, "reference")
    with Reference(reference_path(home.path / "reference", version), ring.reference_key()) as found:
        form = ReferenceInForce(
            version=version, sha256=found.sha256, taken_at=found.taken_at, rows=found.counts
        )
    book = OpenBook(home, ring, home.current_book())
    try:
        if book.reference_version() != version:
            record_event(book, form)
        closed = follow_staff(book)
    finally:
        book.close()
    for operator_closed in closed:
        click.echo(
            _("{operator} has left by this staff list; the account is closed.").format(
                operator=operator_closed
            )
        )
    click.echo(_("Reference version {version} is in force.").format(version=version))
    return FINE


@click.command()
@home_option
@operator_options
def anchor(home_path: Path | None, operator: str | None, password_file: Path | None) -> int:
    """Seal how far the deliveries have come into the journal. 封存回传进度"""
    from downtime.book import OpenBook
    from downtime.record import record_event
    from downtime.store.delivery_queries import delivery_head
    from downtime.store.journal import last_of_form
    from forms.station_book import DeliveryAnchor

    home = open_home(home_path)
    ring = unlock(home, operator, password_file)
    book = OpenBook(home, ring, home.current_book())
    count, head = delivery_head(book.paths.journal, book.paths.deliveries, book.key)
    last = last_of_form(book.db, DeliveryAnchor.name)
    if count and (last is None or last.content["count"] != count):
        record_event(book, DeliveryAnchor(count=count, head=head.hex()))
    book.close()
    return FINE
