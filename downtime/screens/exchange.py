"""Exchange 换票: the slip is taken back first, then the formal documents are named; or one of them is voided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from downtime.book import JournalView
from downtime.i18n import _
from downtime.screens.entry_lines import form_title
from downtime.screens.recorded import money
from downtime.screens.text import line, shown
from downtime.worklists import patient_of
from forms.base import read_form
from forms.bill import exchange_state, money_of
from forms.exchange import EXCHANGEABLE, Exchange

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.content import Content

    from downtime.entry import Entry
    from downtime.screens.base import Acting
    from forms.base import Form, Problem

    Then = Callable[[Entry], None]


def exchange(screen: Acting, entry: Entry, phone: str, then: Then) -> None:
    """Exchange a receipt, or void what it was exchanged for; by its state.

    Args:
        screen: the screen in sight.
        entry: the receipt.
        phone: of the patient, to send an electronic invoice to.
        then: called with the entry once it stands.
    """
    desk = screen.desk
    why_not = why_not_exchangeable(screen, entry)
    if why_not is not None:
        screen.say(lambda: why_not, "problem")
        return
    earlier = JournalView(desk.looking())
    if exchange_state(entry.id, earlier) == "exchanged":
        _void(screen, entry, then)
        return
    from downtime.screens.exchange_dialog import ExchangeDialog

    is_bill = entry.form == "itemisation"
    paid = int(entry.content["total_minor"]) if is_bill else money_of(entry.id, earlier).held_minor()
    dialog = ExchangeDialog(entry, paid, phone, tuple(desk.formal_documents(entry.id)))
    screen.station.push_screen(
        dialog, lambda recorded: then(recorded.entry) if recorded is not None else None
    )


def why_not_exchangeable(screen: Acting, entry: Entry) -> str | None:
    """Return in words why there is nothing to exchange, or None."""
    number = entry.number or entry.id
    if entry.form not in EXCHANGEABLE:
        return _("{number} is no receipt for money: nothing to exchange.").format(number=number)
    if screen.desk.reversal_of(entry.id) is not None:
        return _("{number} was reversed: the money went back already.").format(number=number)
    return None


def receipt_head(screen: Acting, entry: Entry, paid_minor: int) -> Content:
    """Return which receipt it is, whose and how much."""
    name = str(entry.content["patient"]["name"])
    return line(
        shown(f"{form_title(entry)}  {entry.number or ''}  {name}  ", "bold"),
        shown(money(paid_minor, screen.desk.currency), "bold $accent"),
    )


def papers_given(screen: Acting, entry: Entry) -> list[dict[str, Any]]:
    """Return the formal documents a receipt was exchanged for last."""
    earlier = JournalView(screen.desk.looking())
    newest = earlier.content_of(earlier.referring(entry.id, Exchange.name)[-1])
    assert newest is not None
    return list(newest[1]["documents"])


def kind_word(kind: str) -> str:
    """Return what a kind of formal document is called."""
    return {
        "e_invoice": _("Electronic invoice"),
        "paper_invoice": _("Paper invoice"),
        "deposit_receipt": _("Deposit receipt"),
    }[kind]


def paper_words(paper: Mapping[str, Any], currency: str) -> str:
    """Return a formal document on one line."""
    named = "  ".join(filter(None, (paper.get("bill_code"), paper["number"], paper.get("check_code"))))
    return f"{kind_word(paper['kind'])}  {named}  {money(paper['amount_minor'], currency)}"


def _void(screen: Acting, entry: Entry, then: Then) -> None:
    """Void what a receipt was exchanged for: the formal paper is taken back first; nothing is deleted."""
    from downtime.screens.worklist_dialog import ActDialog, Asked

    papers = papers_given(screen, entry)

    def told() -> list[Content | str]:
        return [
            receipt_head(screen, entry, int(entry.content["total_minor"])),
            shown(_("It has been exchanged already, for:"), "bold $warning"),
            *(shown(f"  {paper_words(paper, screen.desk.currency)}") for paper in papers),
            shown(_("Voiding it puts the receipt back on the list; both entries stay."), "$secondary"),
        ]

    def make(answers: Mapping[str, Any]) -> Form | list[Problem]:
        content = {
            "entry_id": entry.id,
            "entry_number": entry.number or "",
            "patient": patient_of(entry),
            "state": "void",
            "formal_returned": answers["formal_returned"] == "yes",
            "reason": answers["reason"],
        }
        return read_form(Exchange, content)

    asked = (
        Asked(
            "formal_returned",
            lambda: _("Formal paper"),
            "choice",
            (("no", lambda: _("not here")), ("yes", lambda: _("taken back, or voided in the system"))),
        ),
        Asked("reason", lambda: _("Reason")),
    )
    dialog = ActDialog(lambda: _("Void the formal document"), told, asked, make)
    screen.station.push_screen(
        dialog, lambda recorded: then(recorded.entry) if recorded is not None else None
    )
