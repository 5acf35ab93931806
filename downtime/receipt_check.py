"""What a scanned receipt says and whether this station signed it; needs no key and no network."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from downtime.clean import visible
from downtime.i18n import _
from downtime.receipt_number import parse_number
from downtime.receipt_qr import check
from forms.money import format_amount

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from downtime.receipt_qr import ReceiptCheck, ReceiptFacts


@dataclass(frozen=True, slots=True)
class Checked:
    """A scan and what is known of it.

    Attributes:
        status: ``genuine``, ``unknown_key``, ``forged``, ``incomplete``, ``unreadable``, or ``number_only``.
    """

    status: str
    facts: ReceiptFacts | None = None
    number: str = ""

    @property
    def is_good(self) -> bool:
        """Only a signature of a known station is proof."""
        return self.status == "genuine"

    def as_json(self) -> dict[str, Any]:
        """Return plain values; money in minor units."""
        answer: dict[str, Any] = {"status": self.status, "genuine": self.is_good}
        if self.number:
            answer["number"] = self.number
        if self.facts is not None:
            facts = self.facts
            answer |= {
                "number": facts.number,
                "hospital": facts.hospital,
                "station": facts.station,
                "seq": facts.seq,
                "kind": facts.kind,
                "settlement": facts.settlement,
                "drill": facts.drill,
                "patient": facts.patient,
                "currency": facts.currency,
                "total_minor": facts.total_minor,
                "happened_at": _time(facts),
                "items": [
                    {"code": item.code, "quantity": item.quantity, "amount_minor": item.amount_minor}
                    for item in facts.items
                ],
            }
        return answer

    def lines(self) -> list[str]:
        """Return the answer for a person, in the language in use."""
        told = [_verdict(self.status)]
        if self.number:
            told.append(_("Receipt number: {number}").format(number=self.number))
        if self.facts is None:
            return told
        facts = self.facts
        total = format_amount(facts.total_minor, facts.currency) if facts.currency else ""
        told += [
            _("Receipt number: {number}").format(number=visible(facts.number)),
            _("Hospital {hospital}, station {station}, at {time}").format(
                hospital=visible(facts.hospital), station=visible(facts.station), time=_time(facts)
            ),
            _("Patient {patient}, total {total} {currency}").format(
                patient=visible(facts.patient), total=total, currency=visible(facts.currency)
            ),
        ]
        told += [f"  {visible(item.code)}  x {visible(item.quantity)}" for item in facts.items]
        if facts.settlement == "unpaid":
            told.append(_("NOT PAID: authorised unpaid."))
        if facts.drill:
            told.append(_("DRILL: of no value"))
        return told


def check_texts(texts: Sequence[str], public_keys: Mapping[bytes, bytes]) -> Checked:
    """Return what the scanned ``texts`` are worth.

    Args:
        texts: what the scanner typed, one text per code.
        public_keys: known station keys by key id.
    """
    if len(texts) == 1:
        number = parse_number(texts[0])
        if number is not None:
            return Checked("number_only", number=str(number))
    found: ReceiptCheck = check(texts, public_keys)
    return Checked(found.status, found.facts)


def _verdict(status: str) -> str:
    return {
        "genuine": _("Genuine: the station named on it signed it, nothing has been changed."),
        "unknown_key": _(
            "Unverified: signed with a key this station does not know. Ask the station named on it."
        ),
        "forged": _("FORGED: the signature does not fit. Keep the paper and call the shift supervisor."),
        "incomplete": _("Incomplete: this receipt has more codes; scan them all."),
        "number_only": _("A receipt number, typed right. It proves nothing; scan the code, or look it up."),
    }.get(status, _("Unreadable: this is no receipt code. Scan again, straight and close."))


def _time(facts: ReceiptFacts) -> str:
    zone = timezone(timedelta(minutes=facts.offset_minutes))
    try:
        return (
            datetime.fromtimestamp(facts.happened_at_ms / 1000, UTC)
            .astimezone(zone)
            .isoformat(timespec="seconds")
        )
    except (OverflowError, ValueError, OSError):
        return "?"
