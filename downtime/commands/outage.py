"""``downtime outage``: the closing certificate of a book, the after-action pack, and checking a printed code."""

from __future__ import annotations

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
    unlock,
)
from downtime.errors import RefusedInputError
from downtime.i18n import _

if TYPE_CHECKING:
    from downtime.book import OpenBook
    from downtime.closing import Closing
    from downtime.home import BookPaths, Home
    from downtime.i18n import Language
    from downtime.keys import Keyring

RIGHT = "inspect"
_book_option = click.option(
    "--book", "number", type=click.IntRange(1), help="Number of the book; the current one if absent. 账册号"
)
_outage_option = click.option("--outage", "name", help="The book in which this outage was declared. 停机事件")
_language_option = click.option(
    "--language", type=click.Choice(["zh", "en"]), help="Of the paper; as on receipts if absent. 文件语言"
)


@click.group()
def outage() -> None:
    """The end of an outage: certificate, after-action pack. 停机收尾"""


@outage.command("certificate")
@_book_option
@_outage_option
@click.option(
    "--pdf", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The file to write. 文件"
)
@_language_option
@home_option
@operator_options
def certificate_command(
    number: int | None,
    name: str | None,
    pdf: Path,
    language: Language | None,
    home_path: Path | None,
    operator: str | None,
    password_file: Path | None,
) -> int:
    """Write the closing certificate: every receipt, sums, gaps, what is open, heads, signature lines. 停机收据汇总单"""
    from downtime.closing_pack import write_certificate

    home, ring = _entered(home_path, operator, password_file)
    asked = language or home.settings.receipt.language
    book, closing = _read(home, ring, _paths(home, ring, number, name), asked)
    try:
        copy = write_certificate(book, closing, asked, pdf)
    finally:
        book.close()
    click.echo(_("The closing certificate is in {file} (copy {copy}).").format(file=pdf, copy=copy))
    return _told(closing)


@outage.command("pack")
@_book_option
@_outage_option
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="The folder to write into. 目录",
)
@_language_option
@home_option
@operator_options
def pack_command(
    number: int | None,
    name: str | None,
    folder: Path,
    language: Language | None,
    home_path: Path | None,
    operator: str | None,
    password_file: Path | None,
) -> int:
    """Write the after-action pack: one PDF with charts, and the same figures as CSV and JSON. 停机复盘材料"""
    from downtime.closing_pack import write_pack

    home, ring = _entered(home_path, operator, password_file)
    asked = language or home.settings.receipt.language
    book, closing = _read(home, ring, _paths(home, ring, number, name), asked)
    try:
        names = write_pack(book, closing, asked, folder)
    finally:
        book.close()
    click.echo(_("{count} files are in {folder}.").format(count=len(names), folder=folder))
    return _told(closing)


@outage.command("check")
@click.argument("code")
@home_option
@operator_options
def check_command(code: str, home_path: Path | None, operator: str | None, password_file: Path | None) -> int:
    """Hold the code of a printed closing against the books: was anything before it changed since? 核对汇总单"""
    from downtime.closing_pack import book_of_code

    home, ring = _entered(home_path, operator, password_file)
    try:
        found = book_of_code(home, ring, code)
    except ValueError as error:
        raise click.UsageError(_("This is not the code of a closing.")) from error
    if found is None:
        click.echo(_("NO: no book here leads to this paper. Keep the paper and tell the auditor."))
        return FOUND_A_PROBLEM
    book, position = found
    click.echo(
        _("Yes: book {book} leads to it, at position {position}.").format(book=book, position=position)
    )
    return FINE


def _entered(
    home_path: Path | None, operator: str | None, password_file: Path | None
) -> tuple[Home, Keyring]:
    home = open_home(home_path)
    ring = unlock(home, operator, password_file)
    require(home, ring, RIGHT)
    return home, ring


def _paths(home: Home, ring: Keyring, number: int | None, name: str | None) -> BookPaths:
    """Return the book that is meant.

    Raises:
        RefusedInputError: no book, or several, know the outage.
    """
    from downtime.shelf import entries_since

    if name is None:
        return home.current_book() if number is None else home.book(number)
    books = sorted(
        {
            entry.book
            for entry in entries_since(home, ring, 1, ("outage_declared",))
            if entry.content["outage"] == name and number in (None, entry.book)
        }
    )
    if len(books) != 1:
        told = ", ".join(str(book) for book in books) or "-"
        raise RefusedInputError(
            _("Outage {outage} was declared in these books: {books}.").format(outage=name, books=told),
            _("Name one book with --book."),
        )
    return home.book(books[0])


def _read(home: Home, ring: Keyring, paths: BookPaths, language: Language) -> tuple[OpenBook, Closing]:
    """Return the current book, open to record what was written, and the closing of ``paths``."""
    from zoneinfo import ZoneInfo

    from downtime.book import OpenBook
    from downtime.clock import SystemClock
    from downtime.closing import closing_of

    clock = SystemClock(ZoneInfo(home.settings.hospital.zone))
    closing = closing_of(home, ring, paths, language, clock.now().wall)
    return OpenBook(home, ring, home.current_book(), clock), closing


def _told(closing: Closing) -> int:
    """Say aloud what stands in red on the paper."""
    if not closing.is_whole:
        click.echo("! " + closing.verified)
        return FOUND_A_PROBLEM
    if not closing.is_finished:
        click.echo(_("The book is still open: the paper says how it stands now."))
    return FINE
