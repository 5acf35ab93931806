"""The worksheet of receipts known from their paper alone: typed into the HIS like any other, from what a code says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from downtime.entry import SUITE, Entry
from downtime.i18n import in_language
from downtime.worksheet import worksheet_entry
from downtime.worksheet_paper import Sheet, worksheet_pdf
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from downtime.i18n import Language
    from downtime.worksheet_template import WorksheetTemplate
    from sync.hub.recovering import Recovered

ID_BEGINS: Final = "recovered-"
"""Before the receipt number: what a decision about such a receipt names, as it has no entry."""
WHOSE: Final = N_("Receipts scanned off their paper")
LISTED: Final = N_("only on paper")
REMARK: Final = N_("From the paper alone: name, way of payment and cashier stand on the receipt.")
WITHDRAWN: Final = N_("Its key was withdrawn: compare it with the money.")


def as_entry(one: Recovered) -> Entry:
    """Return a receipt as an entry to be typed in; it is none, and holds only what its codes say."""
    facts = one.facts
    content: dict[str, Any] = {
        "patient": {"number": facts["patient"]},
        "payer_kind": facts["payer_kind"],
        "currency": facts["currency"],
        "lines": [dict(item) for item in facts["items"]],
        "total_minor": one.amount_minor,
    }
    if facts["settlement"] == "unpaid":
        content["authorisation"] = {}
    return Entry(
        seq=int(facts["seq"]), id=f"{ID_BEGINS}{one.number}", form=one.form, form_version=SUITE, content=content,
        body_hash=b"", number=one.number, qr=(), hospital="", station=one.station, incarnation=one.incarnation, book=0,
        outage=one.outage, drill=False, happened_at=one.happened_at, recorded_at=one.happened_at, operator="",
        operator_name="", role="", second_person=None, reference_version=None, patient=facts["patient"],
        encounter=None, refers_to=(), amount_minor=one.amount_minor, sealed=b"", hash=b"", previous_hash=b"",
    )  # fmt: skip


def recovered_pdf(
    found: Sequence[Recovered],
    template: WorksheetTemplate,
    language: Language,
    *,
    hospital: str,
    currency: str,
    number: str,
    made_at: str,
    made_by: str,
    again: frozenset[str] = frozenset(),
) -> bytes:
    """Return the worksheet of ``found`` as a PDF.

    Args:
        found: receipts that stand on paper only.
        template: the HIS's order of fields and its writing.
        language: of titles and words.
        hospital: its name.
        currency: for receipts that carry none.
        number: of this sheet.
        made_at: RFC 3339.
        made_by: who printed it.
        again: ids of receipts that stood on an earlier sheet.
    """
    entries = [as_entry(one) for one in found]
    said = [(REMARK, WITHDRAWN) if one.key_withdrawn else (REMARK,) for one in found]
    sheet = Sheet(
        hospital=hospital,
        whose=in_language(WHOSE, language),
        outage="",
        made_at=made_at,
        made_by=made_by,
        number=number,
        listed=in_language(LISTED, language),
        remarks={
            entry.id: " ".join(in_language(word, language) for word in words)
            for entry, words in zip(entries, said, strict=True)
        },
        again=again,
    )
    listed = [
        worksheet_entry(entry, template, language=language, currency=currency, patients={}, bills={})
        for entry in entries
    ]
    return worksheet_pdf(sheet, listed, language, currency)
