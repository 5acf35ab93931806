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


def second_options(command: _Command) -> _Command:
    """Add ``--second ID --second-password-file FILE``: who agrees to what needs two people."""
    command = click.option(
        "--second-password-file",
        type=click.Path(path_type=Path, dir_okay=False, exists=True),
        help="File whose first line is the second person's password. 第二人口令文件",
    )(command)
    return click.option("--second", help="Number of the second person. 第二人工号")(command)


def second_person(operator: str | None, password_file: Path | None) -> tuple[str, str] | None:
    """Return (operator, password) of the second person, or None if nobody was named."""
    if not operator:
        return None
    return operator, password_of(operator, password_file)


def practice_path() -> Path:
    """Return where the practice station lives unless told otherwise."""
    from platformdirs import user_data_path

    return user_data_path("downtime", appauthor=False) / "practice"


def open_home(path: Path | None) -> Home:
    """Return the home at ``path``, or the practice home."""
    from downtime.home import Home

    return Home(path or practice_path())


def first_line(path: Path) -> str:
    """Return the first line of a file or pipe."""
    try:
        with path.open("rb") as stored:
            return stored.readline(PASSWORD_BYTES_MAX).decode().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedInputError(
            _("The password file {file} cannot be read: {reason}.").format(file=path.name, reason=error),
            _("Name a file whose first line is the password."),
        ) from error


def password_of(operator: str | None, password_file: Path | None) -> str:
    """Return the password of ``operator``, from the file or typed on the terminal.

    Raises:
        click.UsageError: no operator, or no password and no terminal to ask on.
    """
    if not operator:
        raise click.UsageError(_("Say who asks: --operator ID --password-file FILE."))
    if password_file is not None:
        return first_line(password_file)
    if sys.stdin.isatty():
        return getpass.getpass(_("Password of {operator}: ").format(operator=operator))
    raise click.UsageError(_("Give the password with --password-file FILE."))


def unlock(home: Home, operator: str | None, password_file: Path | None) -> Keyring:
    """Return the keyring of ``operator``; a failure is noted in the gate log.

    Raises:
        click.UsageError: no operator, or no password and no terminal to ask on.
        AccessRefusedError: wrong operator or password.
    """
    from zoneinfo import ZoneInfo

    from downtime.clock import SystemClock
    from downtime.entrance import enter

    password = password_of(operator, password_file)
    assert operator is not None, "password_of refuses"
    return enter(home, operator, password, SystemClock(ZoneInfo(home.settings.hospital.zone)))


def require(home: Home, ring: Keyring, right: str) -> None:
    """Go on only if whoever opened ``ring`` has a right by the staff list in force; a refusal is audited.

    The journal is only read, so that what is to be verified stays as it is. Where it does not open, the roles
    of enrolment count and the refusal stands in the gate log.

    Raises:
        AccessRefusedError: they do not have it.
    """
    from downtime.rights import may, refusal

    if may(_roles_in_force(home, ring), right):
        return
    _note_refusal(home, ring, right)
    raise refusal(right)


def _roles_in_force(home: Home, ring: Keyring) -> tuple[str, ...]:
    from downtime.store.audit_queries import open_audit
    from downtime.store.journal import last_of_form
    from downtime.store.reference import Reference, reference_path
    from downtime.store.sqlite import DatabaseError

    try:
        paths = home.current_book()
        db = open_audit(paths.journal, ring.book_key(paths.number))
        try:
            named = last_of_form(db, "reference_in_force")
        finally:
            db.close()
        if named is None:
            return ring.person.roles
        path = reference_path(home.path / "reference", int(named.content["version"]))
        with Reference(path, ring.reference_key()) as reference:
            row = reference.staff(ring.person.operator)
    except (DowntimeError, DatabaseError, OSError, ValueError, KeyError):
        return ring.person.roles  # proof must be had when the journal is the very thing that is broken
    if row is None or ring.slot is None or ring.slot.kind != "person":
        return ring.person.roles
    return () if row.leaver else tuple(row.role_names)


def _note_refusal(home: Home, ring: Keyring, right: str) -> None:
    from zoneinfo import ZoneInfo

    from downtime.book import OpenBook
    from downtime.clock import SystemClock
    from downtime.gate import GateLog
    from downtime.record import record_event
    from forms.station_book import Audit

    try:
        book = OpenBook(home, ring, home.current_book())
    except DowntimeError:
        clock = SystemClock(ZoneInfo(home.settings.hospital.zone))
        GateLog(home, clock).note("right_refused", ring.person.operator, success=False)
        return
    try:
        record_event(book, Audit(event="right_refused", subject=right, success=False))
    finally:
        book.close()
