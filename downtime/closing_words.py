"""What the codes in the tables of a closing are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from downtime.audit_words import EVENT_WORDS
from downtime.closing_reading import NOT_PRINTED
from downtime.pack_report import DIFFERENCES
from downtime.shift_report import SUM_WORDS
from forms import FORMS, STATION_FORMS
from forms.paper_pack import PAPER_KINDS
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

METHOD_TITLES: Mapping[str, str] = SUM_WORDS
FORM_WORDS: Mapping[str, str] = {form.name: form.title for form in (*FORMS, *STATION_FORMS)}
PAPER_WORDS: Mapping[str, str] = PAPER_KINDS
DIFFERENCE_WORDS: Mapping[str, str] = DIFFERENCES
RECEIPT_STATES: Mapping[str, str] = {
    "void": N_("void (reversed)"),
    "refunded": N_("refunded"),
    "part_refunded": N_("refunded in part"),
    "exchanged": N_("exchanged"),
    "not_exchanged": N_("not exchanged"),
    "stands": N_("stands"),
}
NUMBER_STATES: Mapping[str, str] = {
    "used": N_("used"),
    "void": N_("void (reversed)"),
    "unused": N_("not used yet"),
    "missing": N_("MISSING"),
    "retired": N_("retired, never used"),
}
HIS_STATES: Mapping[str, str] = {
    "owed": N_("to be sent"),
    "sending": N_("being sent"),
    "unreachable": N_("HIS not reached"),
    "in_doubt": N_("in doubt"),
    "handed_over": N_("handed over"),
    "rejected": N_("rejected"),
    "accepted": N_("in the HIS"),
    "all": N_("all entries for the HIS"),
}
LIST_TITLES: Mapping[str, str] = {
    "not_exchanged": N_("Not exchanged for a formal document"),
    "unverified": N_("Card or mobile money not verified"),
    "to_be_returned": N_("Refunds still to go back by card or mobile"),
    "cards": N_("Cards held"),
    "insured": N_("Insured, to be settled later"),
    "discharges": N_("Discharges postponed"),
    "owing": N_("Owed by patients"),
    "advances": N_("Paid in advance, lines missing"),
    "pricings": N_("Priced, never charged"),
}
WEIGHTS: Mapping[str, str] = {
    "stops": N_("stops the sign-off"),
    "needs_reason": N_("needs a reason"),
    "listed": N_("to be known"),
}
FIRST_RECEIPT, LAST_RECEIPT = "first_receipt", "last_receipt"
FIRST_SENT, LAST_SENT, SIGNED = "first_sent", "last_sent", "signed_off"
COURSE_WORDS: Mapping[str, str] = {
    NOT_PRINTED: N_("Printout did not come out"),
    FIRST_RECEIPT: N_("First receipt"),
    LAST_RECEIPT: N_("Last receipt"),
    FIRST_SENT: N_("First entry sent to the HIS"),
    LAST_SENT: N_("Last answer of the HIS"),
    SIGNED: N_("Book signed off"),
}
EVENT_TITLES: Mapping[str, str] = {**FORM_WORDS, **EVENT_WORDS, **COURSE_WORDS}
SPANS: Mapping[str, str] = {
    "10m": N_("up to 10 minutes"),
    "30m": N_("up to 30 minutes"),
    "1h": N_("up to 1 hour"),
    "2h": N_("up to 2 hours"),
    "6h": N_("up to 6 hours"),
    "24h": N_("up to 24 hours"),
    "later": N_("later"),
    "clock": N_("not known: the clock was set"),
    "none": N_("no document yet"),
}
"""How long it took from the receipt to the formal document."""
