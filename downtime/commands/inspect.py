"""``downtime inspect``: what this station can show for the hospital's controls, for scripts, as page and as draft."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from downtime.commands.common import FINE, home_option, open_home, operator_options, require, unlock
from downtime.i18n import _, chosen_language, in_language

if TYPE_CHECKING:
    from downtime.book import OpenBook
    from downtime.i18n import Language
    from downtime.inspection import Inspection

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@home_option
@operator_options
@click.option("--json", "as_json", is_flag=True, help="Everything found, as JSON. 全部结果")
@click.option("--pdf", type=_FILE, help="Write the inspector's page. 自查页")
@click.option(
    "--report",
    type=_FILE,
    help="Write the draft report as .docx, with the same as .md beside it. 自查报告草稿",
)
@click.option(
    "--language", type=click.Choice(["zh", "en"]), help="Of the files; as on receipts if absent. 文件语言"
)
def inspect(
    home_path: Path | None,
    operator: str | None,
    password_file: Path | None,
    *,
    as_json: bool,
    pdf: Path | None,
    report: Path | None,
    language: Language | None,
) -> int:
    """Show what this station can prove at this moment, and what is missing. 等保自查"""
    from zoneinfo import ZoneInfo

    from downtime.book import OpenBook
    from downtime.clock import SystemClock
    from downtime.inspection import inspect_station
    from downtime.inspection_pdf import inspection_pdf
    from downtime.inspection_writing import markdown, word_document, write_file

    home = open_home(home_path)
    ring = unlock(home, operator, password_file)
    require(home, ring, "inspect")
    if report is not None and report.suffix.lower() != ".docx":
        raise click.UsageError(_("Name the report something.docx."))
    clock = SystemClock(ZoneInfo(home.settings.hospital.zone))
    inspection = inspect_station(home, ring, clock)
    asked = language or home.settings.receipt.language
    files = {} if pdf is None else {pdf: inspection_pdf(inspection, asked)}
    if report is not None:
        files[report] = word_document(inspection, asked)
        files[report.with_suffix(".md")] = markdown(inspection, asked).encode()
    for path, content in files.items():
        write_file(path, content)
    if files:
        _note(OpenBook(home, ring, home.current_book(), clock), [path.name for path in files])
    if as_json:
        click.echo(json.dumps(inspection.as_json(), ensure_ascii=False, indent=1))
    else:
        _show(inspection)
    return FINE


def _note(book: OpenBook, names: list[str]) -> None:
    """Write into the audit that pages left the station."""
    from downtime.record import record_event
    from forms.station_book import Audit

    try:
        record_event(
            book, Audit(event="inspection_written", subject=names[0][:200], detail=" ".join(names)[:2000])
        )
    finally:
        book.close()


def _show(inspection: Inspection) -> None:
    """Write the counts and a line per control, the most urgent first."""
    from downtime.inspection_text import place_words, state_words
    from downtime.inspection_words import BLOCKS, SHAPES, STATES, minute

    language = chosen_language()
    counts = inspection.counts()
    click.echo(f"{place_words(inspection, language)}  {minute(inspection.made_at)}")
    told = [f"{SHAPES[state]} {state_words(state, language)} {counts[state]}" for state in STATES]
    click.echo("   ".join([*told, f"= {inspection.total()}"]))
    for note in inspection.notes:
        click.echo(f"! {note.words(language)}")
    for one in inspection.urgent_first():
        block = in_language(BLOCKS[one.control.block], language)
        click.echo(f"{SHAPES[one.state]} {block}: {one.control.title_in(language)} ({one.control.id})")
        click.echo(f"    {one.line.words(language)}")
