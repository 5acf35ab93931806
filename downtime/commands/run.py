"""``downtime run``: the app at this station."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from downtime.commands.common import home_option, open_home

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@home_option
@click.option("--plain", is_flag=True, help="Plain frames for classic consoles. 朴素边框")
@click.option("--language", type=click.Choice(["zh", "en"]), help="Language of the screen. 界面语言")
def run(home_path: Path | None, *, plain: bool, language: str | None) -> None:
    """Open the app at this station. 打开应用"""
    open_app(home_path, plain=plain, language=language)


def open_app(home_path: Path | None, *, plain: bool, language: str | None) -> None:
    """Open the screens; everything Textual is loaded only here."""
    from downtime import app

    app.run(open_home(home_path), plain=plain, language=language)
