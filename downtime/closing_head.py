"""The head of a closing on paper: whose it is, of what, and loud above every figure how much it may be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from downtime import __version__
from downtime.clean import visible
from downtime.closing_day import CLOSED_DAY
from downtime.closing_sheet import BLUE, GREY, RED, SIZE
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from downtime.closing import Closing
    from downtime.closing_sheet import Pages
    from downtime.closing_tables import Writer

_ALARMS_SHOWN: Final = 14


def hospital_of(pages: Pages, closing: Closing) -> str:
    """Return whose paper it is."""
    place = closing.place
    english = place["hospital_name_en"] if pages.writer.language == "en" else ""
    return visible(str(english or place["hospital_name"]))


def heading(pages: Pages, closing: Closing, title: str, copy: int) -> None:
    """Say whose paper this is, of what, and how much it may be trusted."""
    writer, place = pages.writer, closing.place
    pages.words(hospital_of(pages, closing), 9.6, GREY)
    pages.words(writer.say(title), 17, BLUE, bold=True)
    pages.words(visible("    ".join(_of_what(writer, place))), 9.2)
    made = closing.made_at[:19].replace("T", " ")
    told = [writer.say(N_("Made {at}, program {version}"), at=made, version=__version__)]
    if copy > 1:
        told.append(writer.say(N_("DUPLICATE: copy {copy}"), copy=copy))
    pages.words(visible("    ".join(told)), SIZE, GREY)
    _trusted(pages, closing)
    if closing.signed_by:
        what = N_("Signed off {at} by {people}.")
        at = closing.signed_at[:16].replace("T", " ")
        pages.words(visible(writer.say(what, at=at, people=", ".join(closing.signed_by))), SIZE)
    if closing.changed_since:
        what = N_("Something has changed since it was signed: the HIS answered, or somebody decided.")
        pages.words("! " + writer.say(what), 8.6, RED, bold=True)
    pages.words(writer.say(CLOSED_DAY[str(place["closed_day"])]) + ".", SIZE, GREY)
    pages.gap(6)


def _of_what(writer: Writer, place: Mapping[str, Any]) -> list[str]:
    """Return which book it is of, or which stations."""
    outages = writer.say(N_("Outage {outages}"), outages=", ".join(place["outages"]) or "-")
    if "stations" in place:
        stations = sorted(set(place["stations"]))
        told = writer.say(N_("{count} stations: {names}"), count=len(stations), names=" ".join(stations))
        return [outages, told]
    station = f"{place['station']}{place['incarnation']}"
    return [
        writer.say(N_("Station {station} {name}"), station=station, name=place["station_name"]),
        writer.say(N_("Book {book}"), book=f"{place['book']:04d}"),
        outages,
    ]


def _trusted(pages: Pages, closing: Closing) -> None:
    """Say how much it may be trusted: interim, not as written, what is missing; loud, and above every figure."""
    writer = pages.writer
    told = []
    if closing.is_of_many:
        told = _alarmed(writer, closing)
    elif not closing.is_finished:
        what = N_("Interim: the book is still open. This is how it stands at entry {entries}.")
        told = [writer.say(what, entries=closing.entries)]
    if not closing.is_whole and not closing.is_of_many:
        what = N_("NOT AS WRITTEN: {finding} Nothing below can be relied on; call IT.")
        told.append(visible(writer.say(what, finding=closing.verified)))
    for line in told:
        pages.words("! " + line, 8.6, RED, bold=True)
    if closing.is_whole:
        what = N_("Verified: all {entries} entries as they were written.")
        pages.words(writer.say(what, entries=f"{closing.entries:,}"), SIZE, GREY)


def _alarmed(writer: Writer, closing: Closing) -> list[str]:
    """Return what is missing or doubtful at which station, the worst first, and how much is not settled."""
    alarms = closing.tables["alarms"]
    told = []
    for row in alarms.rows[:_ALARMS_SHOWN]:
        station, alarm, count, at, detail = (
            writer.cell(column, value) for column, value in zip(alarms.columns, row, strict=True)
        )
        said = f"{station}  {count} {alarm}".replace("   ", "  ")
        heard = writer.say(N_("last heard of {at}"), at=at) if at else ""
        more = ", ".join(filter(None, (detail, heard)))
        told.append(f"{said} ({more})" if more else said)
    if len(alarms.rows) > _ALARMS_SHOWN:
        more_of_them = N_("and {count} more: see the list")
        told.append(writer.say(more_of_them, count=len(alarms.rows) - _ALARMS_SHOWN))
    if not closing.is_finished and not closing.signed_by:
        stops = closing.tables["obstacles"].values("weight").count("stops")
        what = N_("Not settled: {count} matters stand before the sign-off. This is how it stands now.")
        told.append(writer.say(what, count=stops))
    return told
