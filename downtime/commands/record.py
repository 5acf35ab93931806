"""``downtime record -``: one filled form per line, the same road, one answer line once it is durable."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from downtime.canonical import UnsealableError, unseal
from downtime.commands.common import (
    FINE,
    FOUND_A_PROBLEM,
    home_option,
    open_home,
    operator_options,
    second_options,
    second_person,
    unlock,
)
from downtime.desk import Desk
from downtime.errors import AccessRefusedError, SameIdOtherBodyError
from downtime.i18n import _
from downtime.record import Recorded
from forms import FORMS, people_form_named
from forms.base import Form, Problem, read_form
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LINE_BYTES_MAX = 1 << 20
ID_CHARACTERS_MAX = 64
_KNOWN = {"form", "id", "content", "happened_at"}


@click.command("record")
@click.argument("source", required=False)
@home_option
@operator_options
@second_options
@click.option(
    "--example",
    type=click.Choice([form.name for form in FORMS]),
    help="Print a filled form for this station. 示例",
)
def record_command(
    source: str | None,
    home_path: Path | None,
    operator: str | None,
    password_file: Path | None,
    second: str | None,
    second_password_file: Path | None,
    example: str | None,
) -> int:
    """Record filled forms from standard input: `downtime record -`. 从标准输入记录

    Each line is {"form": ..., "id": ..., "content": {...}}; each answer line is
    {"ok": true, "id", "seq", "number", "already"} or {"ok": false, "id", "problems": [{"field", "message"}]}.
    """
    if (source == "-") == bool(example):
        raise click.UsageError(_("Give either - to read forms, or --example FORM."))
    home = open_home(home_path)
    desk = Desk(home, unlock(home, operator, password_file))
    try:
        if example:
            from downtime.examples import example_lines

            for line in example_lines(desk, example):
                click.echo(json.dumps(line, ensure_ascii=False))
            return FINE
        return record_lines(desk, sys.stdin.buffer, second_person(second, second_password_file))
    finally:
        desk.close()


def record_lines(desk: Desk, lines: Iterable[bytes], second: tuple[str, str] | None = None) -> int:
    """Record one form per line and answer each on standard output; return the exit code.

    Args:
        desk: the open desk.
        lines: JSON, one form each.
        second: (operator, password) of who approves what needs a second person.
    """
    code = FINE
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            answer, recorded = _answer(desk, line, second)
        except SameIdOtherBodyError as error:
            _say({"ok": False, "stop": True, "line": number, "error": f"{error.what} {error.then}"})
            return FOUND_A_PROBLEM
        _say(answer)
        if recorded is None:
            code = FOUND_A_PROBLEM
        else:
            desk.confirm(recorded.entry.id)
    return code


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _answer(
    desk: Desk, line: bytes, second: tuple[str, str] | None
) -> tuple[dict[str, Any], Recorded | None]:
    entry_id, read = _read_line(line)
    if isinstance(read, list):
        return _refusal(entry_id, read), None
    assert entry_id is not None
    form, happened_at = read
    try:
        outcome = desk.record(form, entry_id, happened_at=happened_at, agree=second)
    except AccessRefusedError as error:
        return _refusal(entry_id, [Problem("", "{error}", {"error": f"{error.what} {error.then}"})]), None
    if not isinstance(outcome, Recorded):
        return _refusal(entry_id, outcome.problems), None
    entry = outcome.entry
    return {
        "ok": True,
        "id": entry.id,
        "seq": entry.seq,
        "number": entry.number,
        "already": outcome.already,
    }, outcome


_Read = tuple[Form, str | None] | list[Problem]


def _read_line(line: bytes) -> tuple[str | None, _Read]:
    """Return (id if it has one, the form and when it happened, or what is wrong)."""
    if len(line) > LINE_BYTES_MAX:
        return None, [Problem("", N_("The line is longer than one mebibyte."))]
    try:
        given = unseal(line)
    except UnsealableError:
        return None, [Problem("", N_("The line is not JSON of one filled form."))]
    if not isinstance(given, dict) or not isinstance(given.get("id"), str):
        return None, [Problem("id", N_("A line is an object with form, id and content."))]
    return given["id"], _read_filled(given)


def _read_filled(given: dict[str, Any]) -> _Read:
    entry_id, happened_at = given["id"], given.get("happened_at")
    if not {"form", "id", "content"} <= given.keys() <= _KNOWN:
        return [Problem("", N_("A line has form, id, content, and happened_at if it happened earlier."))]
    if not 0 < len(entry_id) <= ID_CHARACTERS_MAX or not entry_id.isprintable():
        return [Problem("id", N_("An id is 1 to 64 printable characters."))]
    kind = people_form_named(str(given["form"]))
    if kind is None:
        return [Problem("form", N_("There is no form of that name."))]
    if happened_at is not None and not _is_time(happened_at):
        return [Problem("happened_at", N_("Write the time as 2026-01-05T08:20:00.000+08:00."))]
    form = read_form(kind, given["content"])
    return form if isinstance(form, list) else (form, happened_at)


def _is_time(text: object) -> bool:
    from datetime import datetime

    try:
        return datetime.fromisoformat(str(text)).tzinfo is not None
    except ValueError:
        return False


def _refusal(entry_id: str | None, problems: Iterable[Problem]) -> dict[str, Any]:
    return {
        "ok": False,
        "id": entry_id,
        "problems": [
            {"field": problem.field, "message": _(problem.message).format(**problem.values)}
            for problem in problems
        ],
    }
