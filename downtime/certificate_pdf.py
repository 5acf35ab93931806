"""The certificate of a destroyed book on A4 paper, in Chinese and English side by side; no patient stands on it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from downtime.clean import visible
from downtime.i18n import in_language
from downtime.receipt_font import FONT, broken, drawable, font
from forms import form_named
from forms.money import format_amount
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Iterator

    from downtime.certificate import Certificate

WIDTH, HEIGHT = 595.28, 841.89
MARGIN = 51.0
LABEL_WIDTH = 150.0
ROOM = WIDTH - 2 * MARGIN
SIZE, LEADING = 8.6, 12.4
_COPIES_SHOWN = 30

TITLE = N_("Certificate of destruction of a book")
KEY_DESTROYED = N_(
    "The key of this book was overwritten and removed; its databases and printed paper were removed. What is "
    "written below is all that is left of it here, besides its signed heads. Copies of its files do not open "
    "without that key."
)
LIMITS = N_(
    "The copies named above were made before and may still hold the book with its key: destroy them, or keep them "
    "as long as their own rules say. What was copied without this program cannot be named here. On a solid-state "
    "disk the old bytes of the key file may outlive their removal; renewing the station's key makes them useless."
)
ACCOUNT_CLASSES: dict[str, str] = {
    "drawer": N_("drawers"),
    "patient": N_("patients"),
    "revenue": N_("revenue"),
    "deposit": N_("deposits"),
    "stock": N_("stock"),
    "patient_stock": N_("handed to patients"),
    "waste": N_("waste"),
    "suspense": N_("suspense"),
}


def certificate_pdf(certificate: Certificate) -> bytes:
    """Return the PDF; the same certificate gives the same bytes."""
    from reportlab.pdfgen.canvas import Canvas

    font()
    out = io.BytesIO()
    sheet = _Sheet(Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1))
    sheet.canvas.setTitle(f"{certificate.facts['station']} {certificate.facts['book']:04d}")
    sheet.words(TITLE, size=15.0)
    sheet.gap(4)
    sheet.words(KEY_DESTROYED)
    sheet.gap(6)
    for label, values in _rows(certificate):
        sheet.row(label, values)
    sheet.gap(8)
    sheet.words(LIMITS)
    sheet.signatures((N_("Administrator"), N_("Auditor"), N_("Date")))
    sheet.canvas.showPage()
    sheet.canvas.save()
    return out.getvalue()


def _rows(certificate: Certificate) -> Iterator[tuple[str, list[str]]]:
    facts = certificate.facts
    yield N_("Hospital"), [f"{facts['hospital_name']} ({facts['hospital']})"]
    yield N_("Station"), [f"{facts['station']} {facts['incarnation']}"]
    yield N_("Book"), [str(facts["book"])]
    yield N_("Outages"), [", ".join(facts["outages"]) or "-"]
    yield N_("First and last entry"), [_time(facts["first_at"]), _time(facts["last_at"])]
    yield (
        N_("Entries, receipts, deliveries"),
        [f"{facts['entries']}, {facts['receipts']}, {facts['deliveries']}"],
    )
    yield N_("Last hash"), [facts["head"]]
    yield N_("Last hash of the book before"), [facts["previous_head"] or "-"]
    yield N_("SHA-256 of the head log"), [facts["head_log_sha256"]]
    yield N_("Counts and sums per form"), list(_forms(facts))
    yield N_("Sums per account class"), list(_totals(facts))
    signed = facts["signed_off"]
    yield N_("Signed off"), [_time(signed["at"]), *(_person(one) for one in signed["by"]), signed["entry_id"]]
    kept = facts["retention"]
    yield N_("Kept, days (required)"), [f"{kept['kept_days']} ({kept['days']})"]
    yield N_("Destroyed"), [_time(facts["destroyed_at"]), f"{facts['recorded_in']:04d} / {facts['entry_id']}"]
    yield N_("By and approved by"), [_person(facts["destroyed_by"]), _person(certificate.approved_by)]
    yield N_("Copies that may survive"), list(_copies(facts))
    yield N_("SHA-256 of these facts"), [certificate.sha256]
    yield N_("Signature of the station"), [certificate.key_id, certificate.signature]


def _forms(facts: dict[str, Any]) -> Iterator[str]:
    for name, counted in facts["forms"].items():
        known = form_named(name)
        amount = (
            f", {format_amount(counted['amount_minor'], facts['currency'])}"
            if counted["amount_minor"]
            else ""
        )
        yield f"{_both(known.title) if known else name}: {counted['entries']}{amount}"


def _totals(facts: dict[str, Any]) -> Iterator[str]:
    """Money in full; stock as the number of its kinds, whose amounts stand in the file beside."""
    kinds: dict[str, int] = {}
    for total in facts["totals"]:
        title = _both(ACCOUNT_CLASSES.get(total["account_class"], total["account_class"]))
        if "|" in total["unit"]:
            kinds[title] = kinds.get(title, 0) + 1
        else:
            yield f"{title}: {format_amount(total['amount'], total['unit'])} {total['unit']}"
    for title, count in kinds.items():
        yield f"{title}: {count} (certificate.json)"


def _copies(facts: dict[str, Any]) -> Iterator[str]:
    copies = facts["copies"]
    if not copies:
        yield _both(N_("none known"))
    yield from copies[:_COPIES_SHOWN]
    if len(copies) > _COPIES_SHOWN:
        yield f"+ {len(copies) - _COPIES_SHOWN} (certificate.json)"
    if facts["copies_gone"]:
        gone = _both(N_("backups no longer where they were written"))
        yield f"{gone}: {facts['copies_gone']}"


def _person(person: dict[str, str]) -> str:
    return f"{person['name']} ({person['operator']})" if person["name"] else person["operator"]


def _time(time: str) -> str:
    return f"{time[:10]} {time[11:19]} {time[23:]}".strip()


def _both(message: str) -> str:
    chinese, english = in_language(message, "zh"), in_language(message, "en")
    return chinese if chinese == english else f"{chinese} {english}"


class _Sheet:
    """Writes down one A4 page after another."""

    def __init__(self, canvas: Any) -> None:
        self.canvas = canvas
        self.top = HEIGHT - MARGIN

    def gap(self, points: float) -> None:
        self.top -= points

    def words(self, message: str, size: float = SIZE) -> None:
        """Write a sentence in Chinese, then in English, each over the whole width."""
        for language in ("zh", "en"):
            smaller = size if language == "zh" else size * 0.92
            for line in broken(drawable(in_language(message, language)), smaller, ROOM):
                self._line(MARGIN, line, smaller, size * LEADING / SIZE)

    def row(self, label: str, values: list[str]) -> None:
        """Write one label and what stands beside it, a line each, broken where it is too long."""
        labels = broken(drawable(_both(label)), SIZE, LABEL_WIDTH - 8)
        lines = [
            line for value in values for line in broken(drawable(visible(value)), SIZE, ROOM - LABEL_WIDTH)
        ]
        self._room_for(max(len(labels), min(len(lines), 6)))
        self.canvas.setStrokeGray(0.7)
        self.canvas.setLineWidth(0.4)
        self.canvas.line(MARGIN, self.top + 1.5, WIDTH - MARGIN, self.top + 1.5)
        for n in range(max(len(labels), len(lines))):
            if n < len(labels):
                self._text(MARGIN, labels[n], SIZE)
            if n < len(lines):
                self._text(MARGIN + LABEL_WIDTH, lines[n], SIZE)
            self._down(LEADING)

    def signatures(self, labels: tuple[str, ...]) -> None:
        """Leave room for names written by hand."""
        self._room_for(5)
        self._down(2.5 * LEADING)
        across = ROOM / len(labels)
        for n, label in enumerate(labels):
            left = MARGIN + n * across
            self._text(left, _both(label), SIZE)
            self.canvas.line(left, self.top - LEADING * 2.6, left + across - 14, self.top - LEADING * 2.6)
        self._down(3 * LEADING)

    def _line(self, left: float, text: str, size: float, leading: float) -> None:
        self._room_for(1)
        self._text(left, text, size)
        self._down(leading)

    def _text(self, left: float, text: str, size: float) -> None:
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(left, self.top - size, text)

    def _down(self, points: float) -> None:
        self.top -= points
        if self.top < MARGIN:
            self._new_page()

    def _room_for(self, lines: int) -> None:
        if self.top - lines * LEADING < MARGIN:
            self._new_page()

    def _new_page(self) -> None:
        self.canvas.showPage()
        self.top = HEIGHT - MARGIN
