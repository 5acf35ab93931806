"""``downtime-sync hub outage``: announcing start and end to every station, and who has stopped."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from downtime.clean import visible
from downtime.commands.common import FINE, FOUND_A_PROBLEM
from downtime.errors import RefusedInputError
from downtime.i18n import _
from sync.hub.opening import hub_options, opened

if TYPE_CHECKING:
    from pathlib import Path

    from sync.hub.ending import OutageStanding, StationStop

_WHO_CHARACTERS_MAX = 40
_NAME_CHARACTERS_MAX = 64


@click.group()
def outage() -> None:
    """Start and end of an outage at all stations. 停机起止"""


@outage.command("start")
@click.argument("name")
@click.option("--by", "said_by", required=True, help="Who says so. 宣布人")
@hub_options
def start_command(name: str, said_by: str, folder: Path, password_file: Path | None) -> int:
    """Tell every station that outage NAME has begun; each declares it itself. 宣布停机开始"""
    _announce(name, "started", said_by, folder, password_file)
    return FINE


@outage.command("end")
@click.argument("name")
@click.option("--by", "said_by", required=True, help="Who says so. 宣布人")
@hub_options
def end_command(name: str, said_by: str, folder: Path, password_file: Path | None) -> int:
    """End outage NAME at every station that is reached: each stops by itself when it next speaks. 宣布停机结束

    Recording is never locked. What was recorded in NAME is delivered once all of them have stopped.
    """
    _announce(name, "ended", said_by, folder, password_file)
    click.echo(_("See who has stopped: downtime-sync hub outage status {name}").format(name=visible(name)))
    return FINE


def _announce(name: str, state: str, said_by: str, folder: Path, password_file: Path | None) -> None:
    from sync.hub.offers import Offers

    if not name.strip() or len(name) > _NAME_CHARACTERS_MAX or len(said_by) > _WHO_CHARACTERS_MAX:
        raise RefusedInputError(
            _("This is too long for a name."), _("An outage has 64 characters at most, a person 40.")
        )
    with opened(folder, password_file) as (place, keys, db):
        offers = Offers(db, place.down, place.settings.hospital.id, keys.own)
        offers.say_outage(name, state, place.clock().now().wall, said_by)
    click.echo(_("Stations will be told."))


@outage.command("status")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@hub_options
def status_command(name: str | None, folder: Path, password_file: Path | None, *, as_json: bool) -> int:
    """Say who has stopped, who was told, who was not reached; of NAME, or of every outage. 停机结束情况

    Exit code 1 while a station is still in it.
    """
    from sync.hub.ending import outages

    with opened(folder, password_file) as (_place, _keys, db):
        found = outages(db)
    if name is not None and name not in found:
        raise RefusedInputError(
            _("Nothing is known here of outage {name}.").format(name=visible(name)),
            _("Known are: {names}.").format(names=", ".join(map(visible, found)) or "-"),
        )
    asked = [found[name]] if name is not None else list(found.values())
    if as_json:
        click.echo(json.dumps([_content(one) for one in asked], ensure_ascii=False))
    else:
        for one in asked:
            for line in standing_lines(one):
                click.echo(line)
    return FOUND_A_PROBLEM if any(one.waits() for one in asked) else FINE


def _content(one: OutageStanding) -> dict[str, object]:
    return {**asdict(one), "waits": one.waits()}


def standing_lines(one: OutageStanding) -> list[str]:
    """Return how an outage stands, a line for its announcement and one for each station."""
    moment = visible(one.at[:16].replace("T", " "))
    told = {
        "": _("Outage {name}: declared at stations, not announced here"),
        "started": _("Outage {name}: {by} announced its start at {at}"),
        "ended": _("Outage {name}: {by} announced its end at {at}"),
    }[one.announced]
    lines = [told.format(name=visible(one.name), by=visible(one.said_by, 40), at=moment)]
    lines += [f"  {_station_words(each)}" for each in one.stations]
    why = one.waits()
    lines.append(
        "  " + (_("Not delivered yet: {why}.").format(why=why) if why else _("It may be delivered."))
    )
    return lines


def _station_words(one: StationStop) -> str:
    from sync.hub.ending import STATES

    seen = visible(one.last_seen[:16].replace("T", " ")) or _("never")
    at = visible(one.stopped_at[:16].replace("T", " "))
    return _("{station}: {state}; last seen {seen}").format(
        station=one.station, state=_(STATES[one.state]) + (f" {at}" if at else ""), seen=seen
    )
