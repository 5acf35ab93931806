"""What every command shares: where the home is, who asks, and how errors become exit codes."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from downtime.errors import AccessRefusedError, DowntimeError, RefusedInputError, WrongPlaceError
from downtime.i18n import _, choose_language

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from downtime.home import Home
    from downtime.keys import Keyring

FINE, FOUND_A_PROBLEM, WRONG_USE = 0, 1, 2
PASSWORD_BYTES_MAX = 4096

_Command = TypeVar("_Command", bound="Callable[..., Any]")


def run_command(command: click.Command, arguments: Sequence[str] | None = None) -> int:
    """Run ``command`` on ``arguments``, by default those of the process, and return its exit code."""
    # The journal holds every script; a console that cannot show one must not stop the command.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    choose_language(_language_of_console())
    try:
        answer = command.main(arguments, standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.Abort:
        return FOUND_A_PROBLEM
    except click.ClickException as error:
        error.show()
        return WRONG_USE
    except (WrongPlaceError, AccessRefusedError, RefusedInputError) as error:
        say_error(error)
        return WRONG_USE
    except DowntimeError as error:
        say_error(error)
        return FOUND_A_PROBLEM
    return answer if isinstance(answer, int) else FINE


def say_error(error: DowntimeError) -> None:
    """Write what happened and what to do next to standard error."""
    click.echo(f"{error.what}\n{error.then}", err=True)


def _language_of_console() -> str:
    asked = os.environ.get("DOWNTIME_LANGUAGE", "")
    if asked in {"zh", "en"}:
        return asked
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if spoken.lower().startswith("en") else "zh"


def home_option(command: _Command) -> _Command:
    """Add ``--home DIR``; the environment variable DOWNTIME_HOME stands in for it."""
    return click.option(
        "--home",
        "home_path",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="DOWNTIME_HOME",
        help="Folder of the station; by default the practice station. 工作站目录",
    )(command)


def operator_options(command: _Command) -> _Command:
    """Add ``--operator ID --password-file FILE``."""
    command = click.option(
        "--password-file",
        type=click.Path(path_type=Path, dir_okay=False, exists=True),
        help="File whose first line is the password; asked for if absent. 口令文件",
    )(command)
    return click.option("--operator", help="Operator number. 工号")(command)


def practice_path() -> Path:
    """Return where the practice station lives unless told otherwise."""
    from platformdirs import user_data_path

    return user_data_path("downtime", appauthor=False) / "practice"


def open_home(path: Path | None) -> Home:
    """Return the home at ``path``, or the practice home."""
    from downtime.home import Home

    return Home(path or practice_path())


def _first_line(path: Path) -> str:
    """Return the first line of a file or pipe."""
    try:
        with path.open("rb") as stored:
            return stored.readline(PASSWORD_BYTES_MAX).decode().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedInputError(
            _("The password file {file} cannot be read: {reason}.").format(file=path.name, reason=error),
            _("Name a file whose first line is the password."),
        ) from error


def unlock(home: Home, operator: str | None, password_file: Path | None) -> Keyring:
    """Return the keyring of ``operator``; a failure is noted in the gate log.

    Raises:
        click.UsageError: no operator, or no password and no terminal to ask on.
        AccessRefusedError: wrong operator or password.
    """
    from zoneinfo import ZoneInfo

    from downtime.clock import SystemClock
    from downtime.gate import GateLog

    if not operator:
        raise click.UsageError(_("Say who asks: --operator ID --password-file FILE."))
    if password_file is not None:
        password = _first_line(password_file)
    elif sys.stdin.isatty():
        password = getpass.getpass(_("Password of {operator}: ").format(operator=operator))
    else:
        raise click.UsageError(_("Give the password with --password-file FILE."))
    try:
        return home.keys.unlock(operator, password)
    except AccessRefusedError:
        GateLog(home, SystemClock(ZoneInfo(home.settings.hospital.zone))).note(
            "login", operator, success=False
        )
        raise
