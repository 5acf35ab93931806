"""Standing in words, for the command line and the summary of a played outage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.i18n import _
from forms import form_named
from forms.money import format_amount
from forms.tender import METHOD_WORDS

if TYPE_CHECKING:
    from downtime.standing import Standing


def state_name(state: str) -> str:
    """Return the name of a delivery state in the language in use."""
    return {
        "owed": _("to be sent"),
        "sending": _("being sent"),
        "unreachable": _("not reached"),
        "in_doubt": _("in doubt"),
        "handed_over": _("handed over"),
        "rejected": _("rejected"),
        "accepted": _("in the HIS"),
    }[state]


def method_name(method: str) -> str:
    """Return the name of a payment method in the language in use."""
    return _(METHOD_WORDS[method])


def standing_lines(found: Standing, currency: str) -> list[str]:
    """Return one line per form, drawer and delivery state."""
    lines = [_("Recorded")]
    for form in found.forms:
        kind = form_named(form.form)
        if kind is not None and kind.deliverable:
            amount = format_amount(form.amount_minor, currency)
            lines.append(f"  {_(kind.title)}: {form.entries}   {amount}")
    lines.append(_("Drawer"))
    if found.is_drawer_hidden:
        lines.append("  " + _("shown once it is counted"))
    for (account, unit), amount_minor in sorted(found.drawer_minor.items()):
        lines.append(
            f"  {method_name(account.rsplit(':', 1)[1])}: {format_amount(amount_minor, unit)} {unit}"
        )
    for name, states in found.by_connector.items():
        lines.append(_("Into the HIS by {connector}").format(connector=name))
        lines += [
            f"  {state_name(state)}: {count.entries}   {format_amount(count.amount_minor, currency)}"
            for state, count in states.items()
            if count.entries or state in {"owed", "accepted"}
        ]
        lines.append(
            "  "
            + _("sum: {entries}   {amount}").format(
                entries=found.deliverable.entries,
                amount=format_amount(found.deliverable.amount_minor, currency),
            )
        )
    lines.append(
        _("Receipts: {receipts}, not printed: {not_printed}, never confirmed: {unconfirmed}").format(
            receipts=found.receipts, not_printed=found.not_printed, unconfirmed=found.unconfirmed
        )
    )
    return lines
