"""One exchange: is the slip here, which formal documents, do the amounts agree; Enter all the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.containers import Horizontal
from textual.widgets import Static

from downtime.i18n import _
from downtime.problem_text import problem_words
from downtime.record import new_entry_id
from downtime.screens.base import Dialog
from downtime.screens.choice import Choice
from downtime.screens.exchange import kind_word, paper_words, receipt_head
from downtime.screens.keyline import Words
from downtime.screens.text import lines, shown
from downtime.screens.typed_fields import AmountField, CodeField, Field, PhoneField
from downtime.worklists import patient_of
from forms.base import read_form
from forms.exchange import Exchange
from forms.money import UnreadableNumberError, format_amount, parse_amount

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from textual.app import ComposeResult
    from textual.content import Content
    from textual.widget import Widget

    from downtime.entry import Entry
    from downtime.outcome import FormalDocument
    from downtime.screens.scans import Scan
    from forms.base import Problem

_KINDS = ("e_invoice", "paper_invoice", "deposit_receipt")


class ExchangeDialog(Dialog):
    """Gives ``Recorded``, or None.

    Args:
        entry: the receipt.
        paid_minor: what the formal documents should come to.
        phone: of the patient.
        known: formal documents the HIS issued for it.
    """

    CSS_PATH = "exchange.tcss"
    acts: ClassVar[tuple[str, ...]] = ("delete_line", "settle")
    rights: ClassVar[Mapping[str, str]] = {"settle": "cash"}

    def __init__(
        self, entry: Entry, paid_minor: int, phone: str, known: tuple[FormalDocument, ...] = ()
    ) -> None:
        super().__init__()
        self._entry, self._paid, self._phone = entry, paid_minor, phone
        self._known = [document for document in known if document.status == "issued"]
        self._papers: list[dict[str, Any]] = []
        self._entry_id = new_entry_id()
        self._problem: Callable[[], str] = str

    def body(self) -> ComposeResult:
        """Receipt, slip, documents so far, the next one, why amounts differ."""
        yield Static("", id="exchange-told", markup=False)
        slip = (("yes", lambda: _("taken back")), ("sent", lambda: _("nobody comes: sent to the phone")))
        yield from self._row(lambda: _("Our slip"), Choice(slip, id="slip"))
        yield from self._row(lambda: _("Phone"), PhoneField(id="sent-to", max_length=40), "sent")
        yield Static("", id="exchange-papers", markup=False)
        kinds = tuple((kind, lambda kind=kind: kind_word(kind)) for kind in _KINDS)
        yield from self._row(lambda: _("Kind"), Choice(kinds, id="kind"))
        yield from self._row(lambda: _("Series code"), CodeField(id="bill-code", max_length=64))
        yield from self._row(lambda: _("Document no."), CodeField(id="number", max_length=64))
        yield from self._row(lambda: _("Amount"), AmountField(id="amount"))
        yield from self._row(lambda: _("Why they differ"), Field(id="difference", max_length=200), "differs")
        yield Static("", id="exchange-problem", classes="problem", markup=False)
        yield Static("", id="exchange-next", markup=False)

    def _row(self, label: Callable[[], str], widget: Widget, kind: str = "") -> Iterator[Widget]:
        yield Horizontal(
            Words(label, classes="label exchange-label"), widget, classes=f"exchange-row {kind}".rstrip()
        )

    def on_mount(self) -> None:
        """Ask for the slip first; take a document the HIS issued as it is."""
        self.query_one("#kind", Choice).choose(
            "deposit_receipt" if self._entry.form in {"deposit", "precollection"} else "e_invoice"
        )
        self.query_one("#sent-to", Field).value = self._phone
        if len(self._known) == 1:
            self._take(self._known.pop(), self._paid)
        self._propose()
        super().on_mount()
        self.query_one("#slip").focus()

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "1: our slip is in your hand. Then the number of the formal document, typed or scanned, and its amount; "
            "several are named one after the other. Enter on an empty number records. F5 takes the last one off."
        )

    def label_of(self, act: str) -> str:
        """Return what the keys mean here."""
        return {"settle": _("Record"), "delete_line": _("Take off")}.get(act) or super().label_of(act)

    def why_not(self, act: str) -> str | None:
        """Taking off needs something."""
        return _("No document is named yet.") if act == "delete_line" and not self._papers else None

    @property
    def _named_minor(self) -> int:
        return sum(paper["amount_minor"] for paper in self._papers)

    @property
    def _is_sent(self) -> bool:
        return self.query_one("#slip", Choice).value == "sent"

    # -- what is shown ------------------------------------------------------------------------------

    def redraw(self) -> None:
        """Write everything in the language in use."""
        self.entitle(_("Exchange for the formal document"))
        for choice in self.query(Choice):
            choice.draw()
        self.query_one("#exchange-told", Static).update(receipt_head(self, self._entry, self._paid))
        self.query_one("#exchange-papers", Static).update(lines(self._paper_lines()))
        self.query_one(".sent").display = self._is_sent
        differs = bool(self._papers) and self._named_minor != self._paid
        self.query_one(".differs").display = differs
        problem = self.query_one("#exchange-problem", Static)
        problem.display = bool(self._problem())
        problem.update(shown(self._problem()))
        text = _("Enter on an empty number: record") if self._papers else _("Enter goes on to the next line")
        self.query_one("#exchange-next", Static).update(
            shown(text + "   " + _("Esc: leave it"), "$secondary")
        )
        self.keys_changed()

    def _paper_lines(self) -> list[Content | str]:
        currency = self.desk.currency
        told: list[Content | str] = [
            shown(f" {n}  {paper_words(paper, currency)}", "bold") for n, paper in enumerate(self._papers, 1)
        ]
        rest = self._paid - self._named_minor
        if self._papers and rest:
            text = _("Together {named}, the receipt {paid}.").format(
                named=format_amount(self._named_minor, currency), paid=format_amount(self._paid, currency)
            )
            told.append(shown(text, "bold $warning"))
        return told or [shown(_("No formal document is named yet."), "$secondary")]

    def _refuse(self, words: Callable[[], str], focus: str) -> None:
        self._problem = words
        self.redraw()
        self.query_one(f"#{focus}").focus()

    # -- keys ---------------------------------------------------------------------------------------

    def take_scan(self, scan: Scan) -> bool:
        """A code of a formal document is a number; our own receipt is not."""
        if scan.kind in {"receipt", "foreign_receipt"}:
            self.say(lambda: _("That is our own receipt: scan the formal document."), "problem")
        else:
            self.query_one("#number", Field).take(scan.text)
        return True

    def on_choice_settled(self, event: Choice.Settled) -> None:
        """On to the next question."""
        event.stop()
        self.call_later(self.redraw)
        if event.choice.id == "slip":
            self.query_one("#sent-to" if self._is_sent else "#number").focus()
            if self._is_sent:
                self.query_one(".sent").display = True
        else:
            self.query_one("#bill-code").focus()

    def on_input_changed(self, event: Field.Changed) -> None:
        """Say what is no phone number."""
        event.stop()
        if isinstance(event.input, PhoneField) and self._problem() != event.input.doubt():
            self._problem = event.input.doubt
            self.redraw()

    async def on_input_submitted(self, event: Field.Submitted) -> None:
        """On to the next line; the amount names a document, an empty number records."""
        event.stop()
        after = {"sent-to": "number", "bill-code": "number"}.get(event.input.id or "")
        if after is not None:
            self.query_one(f"#{after}").focus()
        elif event.input.id == "number" and event.value:
            amount = self.query_one("#amount", AmountField)
            amount.focus()
            amount.select_all()
        elif event.input.id == "number" and not self._papers:
            self._refuse(lambda: _("Which formal document? Type or scan its number."), "number")
        elif event.input.id == "amount":
            self._name_it()
        else:
            await self.act("settle")

    def _name_it(self) -> None:
        number = self.query_one("#number", Field)
        try:
            amount = parse_amount(self.query_one("#amount", Field).value, self.desk.currency)
        except UnreadableNumberError as error:
            wrong = error
            self._refuse(lambda: _(wrong.msgid).format(**wrong.fields), "amount")
            return
        if not number.value:
            self._refuse(lambda: _("Which formal document? Type or scan its number."), "number")
            return
        self._papers.append(
            {
                "kind": self.query_one("#kind", Choice).value,
                "bill_code": self.query_one("#bill-code", Field).value,
                "number": number.value,
                "amount_minor": amount,
            }
        )
        number.take("")
        self._problem = str
        self._propose()
        self.redraw()
        number.focus()

    def _take(self, document: FormalDocument, amount_minor: int) -> None:
        self._papers.append(
            {
                "kind": document.kind,
                "bill_code": document.bill_code,
                "number": document.number,
                "check_code": document.check_code,
                "issued_at": document.issued_at,
                "amount_minor": amount_minor,
            }
        )

    def _propose(self) -> None:
        """Put what is left, and the next document the HIS issued, into the fields."""
        rest = max(self._paid - self._named_minor, 0)
        self.query_one("#amount", AmountField).take(format_amount(rest, self.desk.currency))
        if self._known:
            document = self._known.pop(0)
            self.query_one("#kind", Choice).choose(document.kind)
            self.query_one("#bill-code", Field).value = document.bill_code
            self.query_one("#number", Field).take(document.number)

    def act_delete_line(self) -> None:
        """Take the last document off again."""
        self._papers.pop()
        self._propose()
        self.redraw()

    async def act_settle(self) -> None:
        """Record it, or say what is missing."""
        in_hand = self.focused is not None and self.focused.id in {"number", "amount"}
        is_typed = bool(self.query_one("#number", Field).value)
        if is_typed and (not self._papers or (in_hand and self._named_minor < self._paid)):
            named = len(self._papers)
            self._name_it()
            if len(self._papers) == named:
                return  # what is wrong with it stands there
        form = read_form(
            Exchange,
            {
                "entry_id": self._entry.id,
                "entry_number": self._entry.number or "",
                "patient": patient_of(self._entry),
                "documents": self._papers,
                "slip_returned": not self._is_sent,
                "sent_to": self.query_one("#sent-to", Field).value if self._is_sent else "",
                "difference_reason": self.query_one("#difference", Field).value.strip(),
            },
        )
        if isinstance(form, list):
            self.show_problems(form)
            return
        self._problem = str
        await self.record(form, self._entry_id, self.dismiss)

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Say the first above the keys, the cursor where it can be mended."""
        first = problems[0]
        places = {"slip_returned": "slip", "sent_to": "sent-to", "difference_reason": "difference"}
        place = places.get(first.field, "number")
        if first.field == "difference_reason":
            self._refuse(lambda: _("Say why the formal documents do not come to what was paid."), place)
        elif first.field == "slip_returned" and self._is_sent and not self.query_one("#sent-to", Field).value:
            self._refuse(lambda: _("Which phone was it sent to?"), "sent-to")
        else:
            self._refuse(lambda: problem_words(first), place)
