"""``downtime demo``: the app on a practice hospital, by hand or played by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from downtime.commands.common import FINE, FOUND_A_PROBLEM, home_option, practice_path
from downtime.commands.run import open_app
from downtime.i18n import _

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.i18n import Language


@click.command()
@home_option
@click.option(
    "--play", is_flag=True, help="Play one scripted outage through the screens, then sum up. 自动演示"
)
@click.option("--prepare", is_flag=True, help="Make the practice station and stop. 只建练习工作站")
@click.option("--drill", is_flag=True, help="Make it a drill: own numbers, nothing is delivered. 演练")
@click.option("--plain", is_flag=True, help="Plain frames for classic consoles. 朴素边框")
@click.option("--language", type=click.Choice(["zh", "en"]), help="Language of the screen. 界面语言")
def demo(
    home_path: Path | None, *, play: bool, prepare: bool, drill: bool, plain: bool, language: Language | None
) -> int:
    """Open the app on a practice hospital: embedded, no server, no network. 练习医院"""
    if play:
        from downtime.play import play_outage

        agreed = play_outage(home_path, plain=plain, language=language or "zh")
        return FINE if agreed else FOUND_A_PROBLEM
    path = home_path or practice_path()
    _prepare_if_absent(path, drill=drill)
    if prepare:
        from downtime.practice import OPERATORS_FILE

        click.echo(_("The practice station is in {folder}.").format(folder=path))
        click.echo(_("Operators and passwords: {file}.").format(file=path / OPERATORS_FILE))
        return FINE
    open_app(path, plain=plain, language=language)
    return FINE


def _prepare_if_absent(path: Path, *, drill: bool) -> None:
    from downtime.home import Home
    from downtime.practice import prepare_practice

    if (path / "FORMAT").is_file():
        Home(path)  # says so if this app cannot read it
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".preparing")
    if not path.exists() and not part.exists():
        prepare_practice(part, drill=drill)
        part.rename(path)  # a practice station that is half made is never opened
    else:
        prepare_practice(path, drill=drill)
