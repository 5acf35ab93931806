"""The commands scripts may rely on. Exit 0: fine; 1: found a problem; 2: wrong use."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from downtime.commands import book, demo, receipt, record, run, standing, station_forms, verify

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS: Sequence[click.Command] = (
    run.run,
    demo.demo,
    record.record_command,
    verify.verify,
    verify.export,
    receipt.receipt,
    receipt.find,
    standing.standing,
    book.continue_command,
    book.book_group,
    book.numbers,
    station_forms.reference,
    station_forms.anchor,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="hospital-downtime")
def downtime() -> None:
    """Downtime: charges, receipts and dispensing while the hospital's information system is gone.

    医院信息系统或停电时的应急收费、收据与发药。
    """


for command in COMMANDS:
    downtime.add_command(command)
