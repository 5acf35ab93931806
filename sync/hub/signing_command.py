"""``downtime-sync hub sign-off``: two people sign an outage off for all stations."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from downtime.commands.common import (
    FINE,
    FOUND_A_PROBLEM,
    home_option,
    open_home,
    operator_options,
    second_options,
    unlock,
)
from downtime.commands.obstacles_said import explained_by, say_open
from downtime.errors import RefusedInputError
from downtime.i18n import _
from sync.hub.closing_command import language_of, outage_option, outage_read

if TYPE_CHECKING:
    from sync.hub.closing import Whole

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("sign-off")
@outage_option
@click.option(
    "--open",
    "open_file",
    type=_FILE,
    help="Write what is open into a CSV file and sign nothing. 列出未了事项",
)
@click.option(
    "--explained",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="That file, with a reason for each thing that stays open. 已填原因的清单",
)
@click.option("--accept", "accepted", multiple=True, help="KEY=REASON, for one thing. 逐项说明")
@click.option("--reason", default="", help="Said where something has no items of its own. 说明")
@click.option(
    "--hub",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="DOWNTIME_HUB",
    required=True,
    help="The hub's folder. 汇集中心目录",
)
@click.option(
    "--hub-password-file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="The hub's password, if not kept there. 中心口令文件",
)
@home_option
@operator_options
@second_options
def sign_off(
    name: str,
    open_file: Path | None,
    explained: Path | None,
    accepted: tuple[str, ...],
    reason: str,
    folder: Path,
    hub_password_file: Path | None,
    home_path: Path | None,
    **people: Any,
) -> int:
    """Two people sign the outage off for all stations; it is recorded in the home of this PC. 全院停机核签

    What still stands in the way is said, with where it is settled; then nothing is recorded.
    """
    from downtime.inspection_writing import write_file
    from sync.hub.signing import open_csv

    given = _explained(explained, accepted)
    with outage_read(folder, hub_password_file, name, language_of(None), ask_his=False) as whole:
        if open_file is not None:
            write_file(open_file, open_csv(whole, given))
            click.echo(_("What is open is in {file}; fill in the last column.").format(file=open_file))
            return FINE
        return _sign(whole, given, reason, home_path, people)


def _sign(
    whole: Whole, given: dict[str, str], reason: str, home_path: Path | None, people: dict[str, Any]
) -> int:
    from downtime.book import OpenBook
    from downtime.obstacles import NotYet
    from sync.hub.signing import sign_outage

    if not people["second"]:
        raise click.UsageError(_("Two people sign: --second ID --second-password-file FILE."))
    home = open_home(home_path)
    ring = unlock(home, people["operator"], people["password_file"])
    other = unlock(home, people["second"], people["second_password_file"])
    with closing(OpenBook(home, ring, home.current_book())) as book:
        outcome = sign_outage(book, other, whole, given, reason)
    if isinstance(outcome, NotYet):
        for one in outcome.obstacles:
            say_open(one, given)
        click.echo(_("Nothing was signed."))
        return FOUND_A_PROBLEM
    click.echo(_("Outage {outage} is signed off.").format(outage=whole.closing.place["outage"]))
    click.echo(_("The certificate names it once this station has been in touch with the hub."))
    return FINE


def _explained(file: Path | None, accepted: tuple[str, ...]) -> dict[str, str]:
    from sync.hub.signing import read_explained

    found: dict[str, str] = {}
    if file is not None:
        try:
            found = read_explained(file.read_bytes())
        except (OSError, ValueError) as error:
            raise RefusedInputError(
                _("{file} cannot be read: {reason}.").format(file=file.name, reason=error),
                _("Write it anew with --open FILE."),
            ) from error
    return {**found, **explained_by(accepted)}
