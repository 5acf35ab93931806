"""``downtime demo --play``: one outage through the real screens, then one page that says whether all agrees."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from downtime.awaiting import awaiting
from downtime.desk import Desk
from downtime.i18n import _, choose_language
from downtime.practice import CONNECTOR, prepare_practice
from downtime.standing_text import method_name, standing_lines
from downtime.store import journal
from downtime.verify import verify_book
from forms.money import format_amount
from forms.trust import Approval

if TYPE_CHECKING:
    from downtime.entry import Entry
    from downtime.home import Home
    from downtime.i18n import Language
    from downtime.standing import Standing


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that must be so, and whether it is."""

    what: str
    found: str
    agrees: bool


def play_outage(path: Path | None, *, plain: bool, language: Language) -> bool:
    """Play, deliver, compare, sum up; return whether everything agrees.

    Args:
        path: an empty or absent folder for the practice station; by default one that is thrown away.
        plain: plain frames.
        language: of screen and summary.
    """
    choose_language(language)
    if path is not None:
        return _play_at(path, plain=plain, language=language)
    with tempfile.TemporaryDirectory(prefix="downtime-play-", ignore_cleanup_errors=True) as folder:
        return _play_at(Path(folder) / "practice", plain=plain, language=language)


def _play_at(path: Path, *, plain: bool, language: Language) -> bool:
    from downtime import app
    from downtime.screens.played import Player

    home = prepare_practice(path)
    player = Player()
    app.run(home, plain=plain, language=language, headless_play=player.play)
    choose_language(language)
    desk = Desk(home, home.keys.unlock("1001", "lianxi1001"))
    try:
        standing = desk.standing()
        checks = [
            Checked(_("The story came to its end"), player.stopped_at, player.done),
            *_receipts(desk, player.recorded, standing),
            *_money(desk, standing),
            *_delivered(desk, standing),
            _two_people(desk),
            _his_agrees(home),
            _verified(home, desk),
        ]
        _say(standing, checks, desk.currency)
    finally:
        desk.close()
    return all(check.agrees for check in checks)


def _receipts(desk: Desk, numbers: list[str], standing: Standing) -> list[Checked]:
    kept = {str(entry.number) for entry in desk.find_entries("", 10_000)}
    paper = len(list(desk.book.paths.paper.glob("*.pdf")))
    return [
        Checked(_("Every receipt number shown is in the journal"), str(len(numbers)), set(numbers) == kept),
        Checked(_("Receipts printed"), str(paper), paper == standing.receipts and standing.not_printed == 0),
        Checked(_("Nobody was left without a word"), str(standing.unconfirmed), standing.unconfirmed == 0),
    ]


def _money(desk: Desk, standing: Standing) -> list[Checked]:
    """Compare the drawers (sums of postings) with what the entries say was paid and given back."""
    paid: dict[str, int] = {}
    for entry in desk.find_entries("", 10_000):
        sign = -1 if entry.form == "reversal" else 1
        for part in _parts(entry):
            paid[part["method"]] = paid.get(part["method"], 0) + sign * part["amount_minor"]
    drawers = {
        account.rsplit(":", 1)[1]: amount for (account, _unit), amount in standing.drawer_minor.items()
    }
    return [
        Checked(
            _("Drawer {method}").format(method=method_name(method)),
            format_amount(amount, desk.currency),
            drawers.get(method, 0) == amount,
        )
        for method, amount in sorted(paid.items())
    ]


def _parts(entry: Entry) -> list[dict[str, Any]]:
    return [*entry.content.get("payments", ()), *entry.content.get("refunds", ())]


def _delivered(desk: Desk, standing: Standing) -> list[Checked]:
    accepted = standing.by_connector[CONNECTOR]["accepted"]
    charges = [entry for entry in desk.find_entries("", 10_000) if entry.form == "charge"]
    formal = [document for entry in charges for document in desk.formal_documents(entry.id)]
    found_back = all(desk.entries_with_formal_number(document.number) for document in formal)
    return [
        Checked(_("Counts and sums add up"), str(standing.deliverable.entries), standing.adds_up()),
        Checked(_("Delivered and in the HIS"), str(accepted.entries), accepted == standing.deliverable),
        Checked(_("Formal documents, found both ways"), str(len(formal)), bool(formal) and found_back),
    ]


_AGREED = {
    ("outage", "second_person"),
    ("reversal", "second_person"),
    ("reversal", "solo"),
    ("controlled", "second_person"),
}
"""What the story lets happen under two-person rules."""


def _two_people(desk: Desk) -> Checked:
    """What two people must agree to has its approval, and nothing that was done alone waits any more."""
    found = list(journal.entries(desk.looking(), forms=(Approval.name,)))
    ways = {(entry.content["rule"], entry.content["way"]) for entry in found}
    waits = awaiting(desk.home, desk.book.ring)
    return Checked(_("Two-person rules held"), str(len(found)), ways == _AGREED and not waits)


def _his_agrees(home: Home) -> Checked:
    """Ask the HIS once more, as IT would: nothing more to send, and what it holds is what we hold."""
    command = [sys.executable, "-m", "sync", "once", "--json", "--home", str(home.path)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)  # noqa: S603 (our own program)
    answer = (
        json.loads(done.stdout)
        if done.returncode in {0, 1} and done.stdout
        else {"agrees": False, "sent": -1}
    )
    agrees = done.returncode == 0 and bool(answer["agrees"]) and answer["sent"] == 0
    return Checked(_("The HIS holds what we recorded"), str(answer["sent"]), agrees)


def _verified(home: Home, desk: Desk) -> Checked:
    found = verify_book(home, home.keys.unlock("1001", "lianxi1001"), desk.book.paths)
    return Checked(_("Journal, signatures and deliveries verified"), "", found.whole)


def _say(standing: Standing, checks: list[Checked], currency: str) -> None:
    click.echo(_("One outage, played through the screens"))
    click.echo("")
    for line in standing_lines(standing, currency):
        click.echo(line)
    click.echo("")
    for check in checks:
        click.echo(f"  [{'ok' if check.agrees else '!!'}] {check.what} {check.found}".rstrip())
    click.echo("")
    everything = all(check.agrees for check in checks)
    click.echo(_("Everything agrees.") if everything else _("SOMETHING DISAGREES; see the lines marked !!"))
