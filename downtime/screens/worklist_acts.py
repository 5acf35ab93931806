"""What Enter does with a row of a work list: the act that settles it, each a form of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.book import JournalView
from downtime.i18n import _
from downtime.screens.entry_lines import form_title, method_word
from downtime.screens.exchange import exchange
from downtime.screens.recorded import money
from downtime.screens.scans import Scan
from downtime.screens.text import line, shown
from downtime.screens.worklist_dialog import ActDialog, Asked
from downtime.worklists import EXCHANGED, patient_of
from forms.base import read_form
from forms.bill import owed_minor, refund_left, unverified_left
from forms.card_held import CardReturned
from forms.discharge_postponed import DischargePostponed
from forms.payment_verified import PaymentVerified
from forms.refund_confirmed import RefundConfirmed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.content import Content

    from downtime.entry import Entry
    from downtime.screens.base import Acting
    from downtime.worklists import OpenRow
    from forms.base import Form, Problem

    Then = Callable[[Entry], None]


def settle_row(screen: Acting, name: str, row: OpenRow, entry: Entry, then: Then) -> None:
    """Do what settles a row.

    Args:
        screen: the screen in sight.
        name: of the list.
        row: what was opened.
        entry: the whole of it.
        then: called with the entry that settled it, once that stands.
    """
    if name in {"not_exchanged", EXCHANGED, "insured"}:
        exchange(screen, entry, row.phone, then)
    elif name == "advances":
        screen.station.go("itemisation", entry=entry)
    elif name == "pricings":
        screen.station.go("charge", priced=Scan("receipt", entry, entry.number or ""))
    else:
        _ACTS[name](screen, entry, then)


def head(screen: Acting, entry: Entry, amount_minor: int = 0) -> list[Content | str]:
    """Return the line that says which entry it is about."""
    amount = money(amount_minor, screen.desk.currency) if amount_minor else ""
    name = str(entry.content["patient"]["name"])
    return [
        line(
            shown(f"{form_title(entry)}  {entry.number or ''}", "bold"),
            shown(f"  {name}  {amount}".rstrip(), "bold"),
        )
    ]


def _open(screen: Acting, dialog: ActDialog, then: Then) -> None:
    screen.station.push_screen(
        dialog, lambda recorded: then(recorded.entry) if recorded is not None else None
    )


# -- money nobody saw arrive ----------------------------------------------------------------------------


def verify_payment(screen: Acting, entry: Entry, then: Then) -> None:
    """Ask whether it arrived; if it never did, the patient owes it again."""
    left = {
        method: amount for method, amount in unverified_left(entry.id, _view(screen)).items() if amount > 0
    }
    tails = {part["method"]: part.get("slip_tail", "") for part in entry.content["payments"]}

    def told() -> list[Content | str]:
        return [
            *head(screen, entry),
            *(
                shown(
                    f"{method_word(method)}  {money(amount, screen.desk.currency)}  "
                    + (_("slip {tail}").format(tail=tails[method]) if tails.get(method) else _("no slip"))
                )
                for method, amount in left.items()
            ),
        ]

    def make(answers: Mapping[str, Any]) -> Form | list[Problem]:
        method = str(answers.get("method") or next(iter(left)))
        content = {
            "entry_id": entry.id,
            "entry_number": entry.number or "",
            "patient": patient_of(entry),
            "currency": screen.desk.currency,
            "method": method,
            "total_minor": left[method],
            "slip_tail": tails.get(method, ""),
            "received": answers["received"] == "yes",
            "source": answers["source"],
            "note": answers["note"],
        }
        return read_form(PaymentVerified, content)

    methods = tuple((method, lambda method=method: method_word(method)) for method in left)
    asked = (
        *((Asked("method", lambda: _("Way to pay"), "choice", methods),) if len(left) > 1 else ()),
        Asked(
            "received",
            lambda: _("The money"),
            "choice",
            (("yes", lambda: _("has arrived")), ("no", lambda: _("never came: owed again"))),
        ),
        Asked(
            "source",
            lambda: _("Who says so"),
            "choice",
            (
                ("statement", lambda: _("statement")),
                ("slip", lambda: _("a slip")),
                ("phone", lambda: _("bank by phone")),
            ),
        ),
        Asked("note", lambda: _("Note")),
    )
    _open(screen, ActDialog(lambda: _("Verify a payment"), told, asked, make), then)


def confirm_refund(screen: Acting, entry: Entry, then: Then) -> None:
    """Record that card or mobile money has really gone back."""
    left = {method: amount for method, amount in refund_left(entry.id, _view(screen)).items() if amount > 0}

    def told() -> list[Content | str]:
        return [
            *head(screen, entry),
            *(
                line(
                    shown(f"{method_word(method)}  ", ""), shown(money(amount, screen.desk.currency), "bold")
                )
                for method, amount in left.items()
            ),
            shown(
                _("Record it when the bank or the platform shows it as returned, not before."), "$secondary"
            ),
        ]

    def make(answers: Mapping[str, Any]) -> Form | list[Problem]:
        content = {
            "refund_id": entry.id,
            "refund_number": entry.number or "",
            "patient": patient_of(entry),
            "currency": screen.desk.currency,
            "refunds": [{"method": method, "amount_minor": amount} for method, amount in left.items()],
            "total_minor": sum(left.values()),
            "note": answers["note"],
        }
        return read_form(RefundConfirmed, content)

    asked = (Asked("note", lambda: _("Number or note")),)
    _open(screen, ActDialog(lambda: _("The money has gone back"), told, asked, make), then)


# -- people who wait ------------------------------------------------------------------------------------


def return_card(screen: Acting, entry: Entry, then: Then) -> None:
    """Give a held card back against a name."""
    held = entry.content
    kept = _("kept in {place}").format(place=held["kept_in"]) if held["kept_in"] else ""
    tail = f"*{held['card_tail']}" if held["card_tail"] else ""

    def told() -> list[Content | str]:
        return [
            *head(screen, entry),
            shown("  ".join(filter(None, (tail, kept)))),
            shown(_("Take the slip, let whoever fetches the card sign it."), "$secondary"),
        ]

    def make(answers: Mapping[str, Any]) -> Form | list[Problem]:
        content = {
            "held_id": entry.id,
            "held_number": entry.number or "",
            "patient": patient_of(entry),
            **answers,
        }
        return read_form(CardReturned, content)

    asked = (
        Asked(
            "identity_checked",
            lambda: _("Checked by"),
            "choice",
            (
                ("slip", lambda: _("the slip")),
                ("identity_card", lambda: _("identity card")),
                ("known_person", lambda: _("known person")),
            ),
        ),
        Asked("returned_to", lambda: _("Returned to"), value=str(held["left_by"])),
        Asked("relation", lambda: _("Relation"), value=str(held["relation"])),
    )
    _open(screen, ActDialog(lambda: _("Give the card back"), told, asked, make), then)


def settle_discharge(screen: Acting, entry: Entry, then: Then) -> None:
    """Somebody called, or the bill is made."""
    first = entry.content

    def told() -> list[Content | str]:
        place = "  ".join(filter(None, (first["ward"], first["bed"], first["contact"], first["note"])))
        return [*head(screen, entry), shown(place)]

    def make(answers: Mapping[str, Any]) -> Form | list[Problem]:
        content = {
            "postponed_id": entry.id,
            "patient": patient_of(entry),
            "visit": first.get("visit"),
            **answers,
        }
        return read_form(DischargePostponed, content)

    asked = (
        Asked(
            "step",
            lambda: _("What happened"),
            "choice",
            (("called", lambda: _("called")), ("settled", lambda: _("settled, off the list"))),
        ),
        Asked("note", lambda: _("What was said")),
    )
    _open(screen, ActDialog(lambda: _("Postponed discharge"), told, asked, make, right="register"), then)


def collect(screen: Acting, entry: Entry, then: Then) -> None:
    """Take what is owed, like any money at the window."""
    from downtime.screens.people import PatientCard
    from downtime.screens.settle import SettleDialog
    from downtime.screens.settle_due import due_of_bill

    card = PatientCard(**patient_of(entry))
    due = due_of_bill(entry, owed_minor(entry.id, _view(screen)), card)

    def settled(outcome: tuple[Any, int] | None) -> None:
        if outcome is not None:
            recorded, change = outcome
            screen.station.tell_recorded(recorded.entry, change_minor=change)
            then(recorded.entry)

    screen.station.push_screen(SettleDialog(due), settled)


def _view(screen: Acting) -> JournalView:
    return JournalView(screen.desk.looking())


_ACTS: dict[str, Callable[[Acting, Entry, Then], None]] = {
    "unverified": verify_payment,
    "to_be_returned": confirm_refund,
    "cards": return_card,
    "discharges": settle_discharge,
    "owing": collect,
}
