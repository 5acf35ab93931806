"""``downtime-sync hub worksheet``: the worksheet of all stations, printed at the IT PC; see docs/retype.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from downtime.commands.common import FINE
from downtime.errors import RefusedInputError, WrongPlaceError
from downtime.i18n import _
from downtime.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from downtime.i18n import Language
    from downtime.worksheet_standing import Retyping
    from sync.hub.mirror import Mirror

PRINTED: Final = "worksheets.jsonl"
"""One line for each worksheet printed here: its number, when, and the ids of its entries."""


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
@click.option("--station", "stations", multiple=True, help="Only these; by default all. 工作站")
@click.option("--operator", default="", help="Only this person's entries. 工号")
@click.option("--outage", "outage_name", default="", help="Only those of this outage. 停机事件")
@click.option("--all", "everything", is_flag=True, help="Those typed in and verified too. 含已补录")
@click.option(
    "--pdf",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The file to write. 文件",
)
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", help="Of the paper. 文件语言")
def worksheet(
    folder: Path,
    password_file: Path | None,
    stations: tuple[str, ...],
    operator: str,
    outage_name: str,
    pdf: Path,
    language: Language,
    *,
    everything: bool,
) -> int:
    """Print what is still to be typed into the HIS, of all stations, in the HIS's order. 补录工作单"""
    from downtime.worksheet_printing import Asked, paper_of, rows_asked, sheet_of, template_in_force
    from sync.hub.database import open_store
    from sync.hub.mirror import Mirror
    from sync.hub.place import HubPlace

    place = HubPlace(folder)
    keys = place.open(password_file)
    template = template_in_force(folder)
    if pdf.exists():
        raise WrongPlaceError(
            _("{file} is there already.").format(file=pdf.name),
            _("Name another file; nothing was recorded."),
        )
    db = open_store(place.settings.store.url, place.store_file, keys.store)
    try:
        with Mirror(db) as mirror:
            read = _read(mirror, stations, operator, place.settings.connectors)
    finally:
        db.close()
    before = printed_here(folder)
    retyping = _with_sheets(read, before)
    asked = Asked(operator, outage_name, everything)
    rows = rows_asked(retyping, asked)
    if not rows:
        click.echo(_("Nothing is left to type in; no file was written."))
        return FINE
    hospital, now = place.settings.hospital, place.clock().now().wall
    sheet = sheet_of(
        retyping,
        asked,
        rows,
        language,
        hospital=(hospital.name_en if language == "en" else "") or hospital.name or hospital.id,
        number=f"H-{len(before) + 1}",
        made_at=now,
        made_by=" ".join(stations),
    )
    paper = paper_of(sheet, retyping, rows, template, language, hospital.currency)
    # Before the paper: a sheet nobody knows of is typed in twice.
    note_printed(folder, before, sheet.number, now, [row.entry.id for row in rows])
    write_whole(pdf, paper)
    click.echo(
        _("Sheet {number}: {entries} entries, {again} of them printed before. It is in {file}.").format(
            number=sheet.number, entries=len(rows), again=len(sheet.again), file=pdf.name
        )
    )
    return FINE


def _read(
    mirror: Mirror, stations: Sequence[str], operator: str, connectors: Mapping[str, object]
) -> Retyping:
    """Return what became of the entries of these stations, or of all; decisions of every station count."""
    from dataclasses import replace

    from downtime.worksheet_reading import BookAt, connector_of, read_books

    held = {place.station for place in mirror.books}
    strange = sorted(set(stations) - held)
    if strange:
        raise RefusedInputError(
            _("Nothing has come from {stations}.").format(stations=", ".join(strange)),
            _("There are: {names}.").format(names=", ".join(sorted(held)) or "-"),
        )
    books = [
        BookAt(book.journal, book.deliveries, book.key, book.set_aside.keys())
        for book in mirror.books.values()
    ]
    found = read_books(books, connector_of(connectors), operator)
    if not stations:
        return found
    return replace(
        found,
        rows=tuple(row for row in found.rows if row.entry.station in stations),
        set_aside=tuple(entry for entry in found.set_aside if entry.station in stations),
    )


def note_printed(
    folder: Path, before: Sequence[Mapping[str, Any]], number: str, at: str, ids: Sequence[str]
) -> None:
    """Write down that a sheet is printed now; ``before`` is what ``printed_here`` returned."""
    line = {"sheet": number, "at": at, "entries": list(ids)}
    write_whole(folder / PRINTED, "".join(json.dumps(one) + "\n" for one in (*before, line)).encode())


def printed_here(folder: Path) -> list[dict[str, Any]]:
    """Return what was printed here before, oldest first."""
    path = folder / PRINTED
    if not path.is_file():
        return []
    try:
        return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
    except ValueError as error:
        raise RefusedInputError(
            _("{file} cannot be read: nobody can say what was printed before.").format(file=PRINTED),
            _("Restore it from a backup, or take it away and collect the sheets that are out."),
        ) from error


def _with_sheets(retyping: Retyping, before: Sequence[Mapping[str, Any]]) -> Retyping:
    """Return the same with the sheets that were printed here."""
    from dataclasses import replace

    sheets: dict[str, list[str]] = {}
    for one in before:
        for entry_id in one["entries"]:
            sheets.setdefault(entry_id, []).append(str(one["sheet"]))
    rows = tuple(replace(row, sheets=(*row.sheets, *sheets.get(row.entry.id, ()))) for row in retyping.rows)
    return replace(retyping, rows=rows)
