"""``downtime setup``: a real station, the first of a hospital or one more beside the others."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from downtime.commands.common import FINE, FOUND_A_PROBLEM, first_line, password_of
from downtime.errors import RefusedInputError
from downtime.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.home import Home
    from downtime.keys import Person

_EXISTING = click.Path(path_type=Path, dir_okay=False, exists=True)


def _who(role: str, words: str) -> Callable[[Any], Any]:
    """Add ``--ROLE ID``, ``--ROLE-name NAME`` and ``--ROLE-password-file FILE``."""

    def add(command: Any) -> Any:
        for option in (
            click.option(
                f"--{role}-password-file", type=_EXISTING, help="File whose first line it is. 口令文件"
            ),
            click.option(f"--{role}-name", default="", help="Name. 姓名"),
            click.option(f"--{role}", help=f"Staff number. {words}工号"),
        ):
            command = option(command)
        return command

    return add


@click.command()
@click.option("--settings", "settings_file", type=_EXISTING, required=True, help="Its station.toml. 设置文件")
@click.option(
    "--to", "target", type=click.Path(path_type=Path, file_okay=False), required=True, help="Home. 目录"
)
@click.option("--join", "join_file", type=_EXISTING, help="Joining file of a station that runs. 加入文件")
@click.option("--join-code-file", type=_EXISTING, help="File whose first line is its code. 加入码文件")
@click.option(
    "--envelopes",
    "papers",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the PDFs of the two envelopes; by default beside the home. 信封文件目录",
)
@_who("administrator", "管理员")
@_who("supervisor", "班长")
def setup(settings_file: Path, target: Path, papers: Path | None, **asked: Any) -> int:
    """Make a station in the empty folder of --to: two people, two sealed envelopes. 建立工作站

    With --join the two people log in with the passwords they have at the other stations.
    """
    settings = _settings(settings_file)
    papers = papers or target.parent / f"{target.name}-envelopes"
    make = _join if asked["join_file"] else _found
    made = make(target, papers, settings, asked)
    if made is None:
        click.echo(_("Nothing was made."), err=True)
        return FOUND_A_PROBLEM
    home, sealed = made
    said = _("The station {station} stands in {folder}.")
    click.echo(said.format(station=home.settings.station.code, folder=home.path))
    for paper in sealed:
        click.echo(_("Envelope: {file}").format(file=paper))
    click.echo(_("Print both, seal them, then destroy the files: nothing else keeps these codes."))
    click.echo(_("Open the app: downtime run --home {folder}").format(folder=home.path))
    return FINE


def _settings(file: Path) -> dict[str, Any]:
    """Return the sections of a settings file that holds only what may stand in one."""
    from downtime.settings import read_settings

    read_settings(file)
    found = tomllib.loads(file.read_text("utf-8"))
    found.pop("format", None)
    return found


def _found(
    target: Path, papers: Path, settings: dict[str, Any], asked: dict[str, Any]
) -> tuple[Home, list[Path]] | None:
    from downtime.setting_up import found_station, founder_problems
    from downtime.settings import Settings

    founders = [_founder(role, asked) for role in ("administrator", "supervisor")]
    problems = founder_problems(Settings.model_validate(settings), founders)
    for operator, problem in problems:
        click.echo(f"{operator}: " + _(problem.message).format(**problem.values), err=True)
    return None if problems else found_station(target, settings, founders[0], founders[1], papers)


def _founder(role: str, asked: dict[str, Any]) -> tuple[Person, str]:
    from downtime.keys import Person
    from downtime.rights import ROLES

    operator = asked[role] or _prompt(
        _("Staff number of the first {role}").format(role=_(ROLES[role])), f"--{role}"
    )
    name = asked[f"{role}_name"] or _prompt(_("Full name"), f"--{role}-name")
    return Person(operator, name, (role,)), _new_password(operator, asked[f"{role}_password_file"])


def _prompt(words: str, option: str) -> str:
    if not sys.stdin.isatty():
        raise click.UsageError(_("Give {option}.").format(option=option))
    return str(click.prompt(words))


def _new_password(operator: str, file: Path | None) -> str:
    """Return a new password: from the file, or typed twice by the person it belongs to."""
    if file is not None:
        return first_line(file)
    first = password_of(operator, None)
    click.echo(_("Once more."))
    if password_of(operator, None) != first:
        raise RefusedInputError(_("The two do not agree."), _("Start again; nothing was made."))
    return first


def _join(
    target: Path, papers: Path, settings: dict[str, Any], asked: dict[str, Any]
) -> tuple[Home, list[Path]]:
    from downtime.joining import read_joining
    from downtime.setting_up import join_station

    file = asked["join_code_file"]
    code = first_line(file) if file is not None else _prompt(_("Joining code"), "--join-code-file")
    joining = read_joining(asked["join_file"].read_bytes(), code)
    two = [
        (str(asked[role] or ""), password_of(asked[role], asked[f"{role}_password_file"]))
        for role in ("administrator", "supervisor")
    ]
    return join_station(target, settings, joining, two[0], two[1], papers)
