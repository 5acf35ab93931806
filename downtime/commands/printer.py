"""``downtime printer``: is it there, which lines can it print, and does the paper lie where it should."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from downtime.commands.common import FINE, FOUND_A_PROBLEM, home_option, open_home
from downtime.i18n import _

if TYPE_CHECKING:
    from pathlib import Path

    from downtime.printer_profile import PrinterSettings
    from downtime.printers import Printer, PrintOutcome
    from downtime.printers.register import Register


@click.group()
def printer() -> None:
    """The printer of this station. 打印机"""


@printer.command()
@home_option
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def status(home_path: Path | None, *, as_json: bool) -> int:
    """Ask the printer how it is: ok, busy, no_paper, unreachable or unknown. 打印机状态"""
    from downtime.printers.raw import told

    profile, found = _printer(home_path)
    state = found.state()
    if as_json:
        click.echo(json.dumps({"kind": profile.kind, "state": state.state, "reason": state.reason}))
    else:
        click.echo(f"{profile.kind}: {state.state}: {told(state)}")
    return FINE if state.state in {"ok", "unknown"} else FOUND_A_PROBLEM


@printer.command()
@home_option
def test(home_path: Path | None) -> int:
    """Print the page that asks which lines can be read. 打印测试页"""
    profile, found = _printer(home_path)
    return _tell(found.print_page("test", open_home(home_path).settings.receipt.language), profile)


@printer.command()
@home_option
@click.option("--first", "first_mm", type=float, help="Millimetres measured on form 0. 第 0 张毫米数")
@click.option("--last", "last_mm", type=float, help="Millimetres measured on form 10. 第 10 张毫米数")
@click.option("--lines", "too_low", type=int, help="Lines it prints too low; -1: one too high. 偏低行数")
def nudge(home_path: Path | None, first_mm: float | None, last_mm: float | None, too_low: int | None) -> int:
    """Print ten forms and one line to see where the paper lies; then work the settings out. 走纸校准

    Without --first and --last it prints. With them, or with --lines alone, it says what to write into the settings.
    """
    from downtime.printers.register import moved_by_lines, settled

    profile, found = _printer(home_path)
    if too_low is not None:
        return _tell_register(moved_by_lines(profile, too_low))
    if first_mm is None and last_mm is None:
        return _tell(found.print_page("nudge", open_home(home_path).settings.receipt.language), profile)
    if first_mm is None or last_mm is None:
        raise click.UsageError(_("Give both: --first MM --last MM."))
    return _tell_register(settled(profile, first_mm, last_mm))


def _tell_register(settled_now: Register | None) -> int:
    if settled_now is None:
        click.echo(_("That is more than the settings reach; move the paper by its knob, then print again."))
        return FOUND_A_PROBLEM
    click.echo(_("Write into station.toml, section [printer]:"))
    click.echo(f"nudge = {settled_now.nudge}\ncreep = {settled_now.creep}")
    return FINE


def _printer(home_path: Path | None) -> tuple[PrinterSettings, Printer]:
    from downtime.printers import printer_of

    home = open_home(home_path)
    profile = home.settings.printer
    return profile, printer_of(profile, home.path / (profile.folder or "printers"))


def _tell(outcome: PrintOutcome, profile: PrinterSettings) -> int:
    from downtime.printers import NotPrinted, Printed

    if isinstance(outcome, Printed):
        click.echo(_("Printed: {where}").format(where=outcome.where))
        return FINE
    words = (
        _("Not printed: {reason}")
        if isinstance(outcome, NotPrinted)
        else _("Perhaps printed, look: {reason}")
    )
    click.echo(f"{profile.kind}: " + words.format(reason=outcome.reason), err=True)
    return FOUND_A_PROBLEM
