"""How the money forms read on paper: advances, pricing, deposits, bookkeeping, refunds, held cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.masking import mask_numbers, mask_phone
from downtime.receipt_layouts import (
    PAYER_KINDS,
    method_of,
    say_lines,
    say_payments,
    say_people,
    say_total,
    slip_of,
    spaced,
)
from downtime.receipt_rows import Item, Paper, Sign, shown
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Callable

    from downtime.entry import Entry

CARD_KINDS = {
    "insurance_card": N_("Insurance card"),
    "identity_card": N_("Identity card"),
    "other": N_("Other document"),
}


def precollection(paper: Paper, entry: Entry) -> None:
    """An amount taken before its lines are known."""
    content = entry.content
    paper.begin("warning")
    paper.banner(paper.say(N_("PAID IN ADVANCE: the lines follow")))
    say_people(paper, entry)
    paper.pair(N_("Payer"), paper.say(PAYER_KINDS.get(content["payer_kind"], content["payer_kind"])))
    paper.pair(N_("Fee category"), content["category"])
    paper.pair(N_("Phone"), mask_phone(content["phone"]))
    say_total(paper, N_("Paid in advance"), content["total_minor"])
    say_payments(paper, content["payments"])
    paper.begin("remarks")
    paper.pair(N_("Note"), mask_numbers(content["note"]))
    paper.words(paper.say(N_("What the lines come to above or below this is settled when they are known.")))


def itemisation(paper: Paper, entry: Entry) -> None:
    """The lines of an advance, and what is over or owed."""
    content = entry.content
    say_people(paper, entry)
    paper.pair(N_("For receipt"), content["precollection_number"])
    say_lines(paper, content["lines"])
    say_total(paper, N_("Total"), content["total_minor"])
    paper.pair(N_("Paid in advance"), paper.money(content["advance_minor"]))
    paper.pair(N_("Covered by the advance"), paper.money(content["covered_minor"]))
    owed = content["total_minor"] - content["covered_minor"]
    if owed:
        paper.pair(N_("Still owed"), paper.money(owed), "loud")
    elif content["advance_minor"] > content["covered_minor"]:
        over = content["advance_minor"] - content["covered_minor"]
        paper.pair(N_("Over, to be refunded"), paper.money(over), "loud")
    paper.begin("remarks")
    paper.pair(N_("Note"), mask_numbers(content["note"]))


def pricing(paper: Paper, entry: Entry) -> None:
    """Lines and what they cost; nobody has paid."""
    content = entry.content
    paper.begin("warning")
    paper.banner(paper.say(N_("NOT PAID: show this at the cashier's window")))
    say_people(paper, entry)
    paper.pair(N_("Payer"), paper.say(PAYER_KINDS.get(content["payer_kind"], content["payer_kind"])))
    say_lines(paper, content["lines"])
    say_total(paper, N_("To be paid"), content["total_minor"])
    paper.begin("remarks")
    paper.pair(N_("Note"), mask_numbers(content["note"]))


def deposit(paper: Paper, entry: Entry) -> None:
    """An inpatient's deposit, with what the ward's white slip has: ward, name, amount, both phones, stamp."""
    content = entry.content
    say_people(paper, entry)
    paper.pair(N_("Ward and bed"), spaced(content["ward"], content["bed"]))
    paper.pair(N_("Ward's phone"), content["department_phone"])
    paper.pair(N_("Phone"), mask_phone(content["phone"]))
    paper.pair(N_("Paid by"), content["payer_name"])
    say_total(paper, N_("Deposit"), content["total_minor"])
    say_payments(paper, content["payments"])
    if content["balance_minor"] is not None:
        paper.pair(N_("Balance by the list"), paper.money(content["balance_minor"]))
        paper.pair(N_("Balance as of"), content["balance_as_of"][:16].replace("T", " "))
    paper.begin("remarks")
    paper.pair(N_("Note"), mask_numbers(content["note"]))


def deposit_refund(paper: Paper, entry: Entry) -> None:
    """A deposit given back."""
    paper.begin("warning")
    paper.banner(paper.say(N_("REFUND of {number}"), number=_number(entry, "deposit")))
    say_people(paper, entry)
    paper.pair(N_("Reason"), mask_numbers(entry.content["reason"]))
    _given_back(paper, entry)


def refund(paper: Paper, entry: Entry) -> None:
    """Lines taken off a charge, or the rest of an advance, and the money for it."""
    content = entry.content
    paper.begin("warning")
    paper.banner(paper.say(N_("REFUND of {number}"), number=_number(entry, "entry")))
    say_people(paper, entry)
    paper.pair(N_("Reason"), mask_numbers(content["reason"]))
    paper.begin("lines")
    for line in content["lines"]:
        quantity = f"{line['quantity']} {line['unit']}".strip()
        paper.rows.append(
            Item(
                shown(line["name"]),
                shown(line["code"]),
                "",
                shown(quantity),
                paper.figure(line["amount_minor"]),
            )
        )
    _given_back(paper, entry)


def bookkeeping(paper: Paper, entry: Entry) -> None:
    """Lines on an inpatient's account."""
    content = entry.content
    paper.begin("warning")
    paper.banner(paper.say(N_("ON ACCOUNT: no money was taken")))
    say_people(paper, entry)
    paper.pair(N_("Ward and bed"), spaced(content["ward"], content["bed"]))
    say_lines(paper, content["lines"])
    say_total(paper, N_("Total"), content["total_minor"])
    paper.begin("remarks")
    paper.pair(N_("Note"), mask_numbers(content["note"]))
    paper.begin("operator")
    paper.pair(N_("Done by"), content["done_by"])
    paper.pair(N_("Checked by"), content["checked_by"])
    paper.begin("sign")
    paper.rows.append(Sign(paper.say(N_("Signature"))))


def card_held(paper: Paper, entry: Entry) -> None:
    """What the patient needs to get the card back."""
    content = entry.content
    say_people(paper, entry)
    paper.pair(N_("Kind of card"), paper.say(CARD_KINDS[content["card_kind"]]))
    paper.pair(N_("Last digits"), content["card_tail"])
    paper.pair(N_("For receipt"), content["charge_number"])
    paper.pair(N_("Left by"), spaced(content["left_by"], content["relation"]))
    paper.pair(N_("Phone"), mask_phone(content["phone"]))
    paper.pair(N_("Kept in"), content["kept_in"])
    paper.begin("remarks")
    paper.pair(N_("Note"), mask_numbers(content["note"]))
    paper.words(paper.say(N_("The card is given back against this slip.")), "strong")
    paper.begin("sign")
    paper.rows.append(Sign(paper.say(N_("Left by"))))
    paper.rows.append(Sign(paper.say(N_("Returned to"))))


MONEY_LAYOUTS: dict[str, Callable[[Paper, Entry], None]] = {
    "precollection": precollection,
    "itemisation": itemisation,
    "pricing": pricing,
    "deposit": deposit,
    "deposit_refund": deposit_refund,
    "refund": refund,
    "bookkeeping": bookkeeping,
    "card_held": card_held,
}
"""The layout of each money form by its name."""


def _number(entry: Entry, named: str) -> str:
    return str(entry.content[f"{named}_number"] or entry.content[f"{named}_id"])


def _given_back(paper: Paper, entry: Entry) -> None:
    """Say what is handed out now, and what only goes back the way it came."""
    content = entry.content
    paper.begin("money")
    if not content["refunds"]:
        paper.words(paper.say(N_("No money was given back.")))
    else:
        say_total(paper, N_("Refunded"), content["total_minor"])
    for part in content["refunds"]:
        paper.pair(method_of(part), spaced(slip_of(paper, part), paper.money(part["amount_minor"])))
        if part["method"] != "cash":
            paper.words(paper.say(N_("This goes back the way it was paid, when that works again.")), "small")
    if content["paper_returned"]:
        paper.words(paper.say(N_("Formal paper taken back")), "small")
    paper.begin("sign")
    paper.rows.append(Sign(paper.say(N_("Patient's signature"))))
