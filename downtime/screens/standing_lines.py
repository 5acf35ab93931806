"""The figures of the standing screen."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from downtime.closing_day import CLOSED_DAY
from downtime.i18n import _
from downtime.screens.entry_lines import method_word
from downtime.screens.recorded import money
from downtime.screens.text import cell, line, shown
from downtime.standing_text import state_name
from forms.money import format_amount

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.content import Content

    from downtime.awaiting import Awaiting
    from downtime.screens.glance import Glance
    from downtime.settings import Settings
    from downtime.standing import Standing

SHOWN_STATES = ("rejected", "in_doubt", "handed_over", "sending", "unreachable", "owed", "accepted")
_URGENT = {"rejected", "in_doubt"}
_NAME, _COUNT, _SUM = 18, 6, 14


def summary_line(found: Standing, connector: str, currency: str) -> Content:
    """Return the one line one reads first: recorded, in the HIS, open, and whether it adds up."""
    states = found.by_connector.get(connector, {})
    accepted = states["accepted"].entries if states else 0
    rest = (
        found.deliverable.amount_minor - sum(count.amount_minor for count in states.values()) if states else 0
    )
    is_even = found.adds_up() and rest == 0
    style = "bold $success" if is_even else "bold $text-on-error on $error"
    verdict = _("adds up") if is_even else _("DOES NOT ADD UP")
    return line(
        shown(_("Recorded {count}").format(count=found.deliverable.entries), "bold"),
        "   ",
        shown(_("In the HIS {count}").format(count=accepted), "bold $success"),
        "   ",
        shown(_("Open {count}").format(count=found.deliverable.entries - accepted), "bold $accent"),
        "   ",
        shown(_("Difference {amount}").format(amount=money(rest, currency)), "bold"),
        "  ",
        shown(f" {verdict} ", style),
    )


def state_lines(found: Standing, connector: str, currency: str, connectors: int) -> Iterator[Content | str]:
    """Yield one line per state and their sum."""
    if not connector:
        yield shown(_("No connector is set up here."), "$secondary")
        return
    turn = _("  (left, right: the next one)") if connectors > 1 else ""
    yield shown(_("Into the HIS by {connector}").format(connector=connector) + turn, "bold $secondary")
    for state in SHOWN_STATES:
        count = found.by_connector[connector][state]
        urgent = state in _URGENT and count.entries
        style = "bold $warning" if urgent else "" if count.entries else "$secondary"
        mark = "!" if urgent else " "
        yield line(
            cell(f"{mark} {state_name(state)}", _NAME, style),
            cell(str(count.entries), _COUNT, style, right=True),
            cell(format_amount(count.amount_minor, currency, thousands=True), _SUM, style, right=True),
        )
    yield line(
        cell("= " + _("all"), _NAME, "bold"),
        cell(str(found.deliverable.entries), _COUNT, "bold", right=True),
        cell(
            format_amount(found.deliverable.amount_minor, currency, thousands=True), _SUM, "bold", right=True
        ),
    )


def drawer_lines(found: Standing) -> Iterator[Content | str]:
    """Yield what the drawers took in by method, where it may be told, and what is left to look after."""
    yield shown(_("Drawer"), "bold $secondary")
    sums: dict[str, int] = {}
    for (account, unit), amount_minor in sorted(found.drawer_minor.items()):
        method = method_word(unquote(account.rsplit(":", 1)[1]))
        sums[unit] = sums.get(unit, 0) + amount_minor
        yield _figure(method, format_amount(amount_minor, unit, thousands=True))
    for unit, amount_minor in sums.items():
        yield _figure("= " + _("all"), format_amount(amount_minor, unit, thousands=True) + f" {unit}", "bold")
    if found.is_drawer_hidden:
        yield shown("  " + _("shown once it is counted"), "$secondary")
    elif not sums:
        yield shown("  " + _("nothing yet"), "$secondary")
    yield ""
    yield _figure(_("Receipts"), str(found.receipts))
    yield _figure(_("Not printed"), str(found.not_printed), "bold $warning" if found.not_printed else "")
    yield _figure(_("Never confirmed"), str(found.unconfirmed), "bold $warning" if found.unconfirmed else "")


def safety_line(glance: Glance) -> Content:
    """Return when the book was last backed up, and on which day a backup was last restored for a test."""
    made, tested = glance.backup_at, glance.tested_at
    told = _("Backup {made}, tested {tested}").format(
        made=f"{made[5:10]} {made[11:16]}" if made else _("never"),
        tested=tested[5:10] if tested else _("never"),
    )
    return shown(f"  {told}", "" if made and tested else "bold $warning")


def closed_day_lines(settings: Settings) -> Iterator[Content]:
    """Yield on which day the HIS books what is brought in after it closed that day."""
    if settings.connectors:
        yield shown("  " + _(CLOSED_DAY[settings.his.closed_day]), "$secondary")


def awaiting_lines(waiting: Sequence[Awaiting], now: str) -> Iterator[Content]:
    """Yield how much waits for a countersignature, since when, and how much of it is overdue."""
    if not waiting:
        return
    late = sum(one.is_overdue(now) for one in waiting)
    since = waiting[-1].approval.recorded_at[5:16].replace("T", " ")
    told = _("To sign {count}, since {since}").format(count=len(waiting), since=since)
    told += "  " + _("OVERDUE {count}").format(count=late) if late else ""
    yield shown(f"! {told}", "bold $text-on-error on $error" if late else "bold $warning")


def _figure(label: str, figure: str, style: str = "") -> Content:
    mark = "" if label.startswith("= ") else "  "
    return line(cell(f"{mark}{label}", 18, style), cell(figure, 16, style, right=True))
