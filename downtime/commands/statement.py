"""``downtime statement``: a bank, POS or mobile statement compared with the payments recorded here."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from downtime.commands.common import (
    FINE,
    FOUND_A_PROBLEM,
    home_option,
    open_home,
    operator_options,
    require,
    unlock,
)
from downtime.errors import RefusedInputError
from downtime.i18n import _
from downtime.statement_csv import ENCODINGS

if TYPE_CHECKING:
    from datetime import date

    from downtime.desk import Desk
    from downtime.statement_matching import Comparison, StatementRecorded


@click.command()
@home_option
@operator_options
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--source", "name", default="", help="Name in statements.toml. 对账单来源")
@click.option(
    "--method", type=click.Choice(["card", "mobile"]), help="The only source that lists it. 支付方式"
)
@click.option("--encoding", type=click.Choice(ENCODINGS), help="Instead of the declared one. 编码")
@click.option("--from", "since", default="", help="First day it covers, like 2026-01-05. 起始日期")
@click.option("--to", "until", default="", help="Last day. 截止日期")
@click.option(
    "--record", "records", is_flag=True, help="Record what it says, and verify what it proves. 记录结果"
)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON; money in minor units.")
def statement(
    home_path: Path | None,
    operator: str | None,
    password_file: Path | None,
    file: Path,
    *,
    name: str,
    method: str | None,
    encoding: str | None,
    since: str,
    until: str,
    records: bool,
    as_json: bool,
) -> int:
    """Compare FILE with the payments of this book: matched, missing there, unknown here, different. 对账"""
    from downtime.desk import Desk
    from downtime.statement_layouts import chosen_source, statement_sources
    from downtime.statement_matching import compare

    home = open_home(home_path)
    source = chosen_source(statement_sources(home), name=name, method=method or "", encoding=encoding or "")
    days = _days(since, until)
    ring = unlock(home, operator, password_file)
    require(home, ring, "sign_off" if records else "standing")
    desk = Desk(home, ring)
    try:
        found = compare(
            desk.looking(), file.read_bytes(), source, home.settings.hospital, file=file.name, days=days
        )
        if isinstance(found, list):
            click.echo("\n".join(found), err=True)
            click.echo(
                _("Nothing was compared or recorded: half a statement would call good payments missing."),
                err=True,
            )
            return FOUND_A_PROBLEM
        outcome = asyncio.run(_record(desk, found)) if records else None
        _tell(found, outcome, desk.currency, as_json=as_json)
    finally:
        desk.close()
    is_settled = not found.different() and (outcome is None or not outcome.refused)
    return FINE if is_settled else FOUND_A_PROBLEM


def _days(since: str, until: str) -> tuple[date, date] | None:
    from downtime.statement_matching import day_span

    try:
        return day_span(since, until)
    except ValueError as error:
        raise RefusedInputError(
            _("{day} is no day, or the days stand the wrong way round.").format(day=error),
            _("Write days as 2026-01-05."),
        ) from error


async def _record(desk: Desk, found: Comparison) -> StatementRecorded:
    from downtime.statement_matching import record_comparison

    return await record_comparison(found, desk.recording, may_verify=desk.may("cash"))


def _tell(found: Comparison, outcome: StatementRecorded | None, currency: str, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(_as_json(found, outcome), ensure_ascii=False, indent=1))
        return
    from downtime.statement_words import comparison_text, recorded_text

    click.echo("\n".join(comparison_text(found, currency)))
    if outcome is not None:
        click.echo("\n".join(recorded_text(outcome)))


def _as_json(found: Comparison, outcome: StatementRecorded | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "file": found.file,
        "days": [day.isoformat() for day in found.days],
        "outcomes": {
            line.outcome: {
                "here": line.here,
                "here_minor": line.here_minor,
                "there": line.there,
                "there_minor": line.there_minor,
            }
            for line in (*found.lines(), found.total())
        },
        "outside": len(found.outside),
        "below": [{"row": row, "text": text} for row, text in found.below],
        "differences": [
            {
                "outcome": one.outcome,
                "number": one.here.number if one.here else None,
                "here_minor": one.here.amount_minor if one.here else None,
                "row": one.there.line if one.there else None,
                "reference": one.there.reference if one.there else None,
                "there_minor": one.there.amount_minor if one.there else None,
            }
            for one in found.different()
        ],
    }
    if outcome is not None:
        told["recorded"] = {
            "id": outcome.entry_id,
            "verified": outcome.verified,
            "left": outcome.left,
            "refused": outcome.refused,
        }
    return told
