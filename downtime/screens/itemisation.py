"""Lines of an advance 补录明细: the advance by its number, a scan or from the list; 多退少补 stands at the bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.widgets import Static

from downtime.book import JournalView
from downtime.entry import Entry
from downtime.i18n import _
from downtime.screens.candidates import Candidate
from downtime.screens.keymap import key_words
from downtime.screens.lines_sheets import ItemisationSheet
from downtime.screens.people import PatientCard, patient_card
from downtime.screens.priced_slip import seek_slips
from downtime.screens.recorded import money
from downtime.screens.settle import SettleDialog
from downtime.screens.settle_due import due_of_bill
from downtime.screens.text import shown
from downtime.screens.unpaid_lines import UnpaidLines
from downtime.store import open_lists
from forms.precollection import advance_left, covered_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.content import Content

    from downtime.receipt_facts import ReceiptFacts
    from downtime.record import Recorded
    from downtime.screens.scans import Scan
    from downtime.screens.search_field import SearchField
    from downtime.screens.window_sheet import WindowSheet
    from downtime.store.open_lists import Waiting

_LISTED_MAX = 20


class ItemisationScreen(UnpaidLines):
    """One advance after the other.

    Args of the constructor:
        entry: the pre-collection whose lines are typed.
        draft: half-filled lines to go on with.
    """

    CSS_PATH = "itemisation.tcss"
    acts: ClassVar[tuple[str, ...]] = (*UnpaidLines.acts, "reverse")
    rows_above: ClassVar[int] = 2
    sheet_kind: ClassVar[type[WindowSheet]] = ItemisationSheet
    sheet: ItemisationSheet

    def __init__(self, *args: Any, entry: Entry | None = None, **named: Any) -> None:
        super().__init__(*args, **named)
        self._entry_given = entry
        self._open: Sequence[Waiting] = ()
        self._differs: tuple[Entry, int] | None = None
        """The lines recorded last, and what is over or, negative, still to be collected."""
        self._advance: Entry | None = None
        """What those lines belong to, if it stands in this book: what is over goes back from it."""

    def header(self) -> ComposeResult:
        """Which advance."""
        yield Static("", id="advance", markup=False)

    def begun(self) -> None:
        """Begin with what was given, and know the open advances."""
        if self._entry_given is not None:
            self._take(self._entry_given)
        self.station.behind(self._look())

    async def _look(self) -> None:
        """Read the open advances in the writer's thread: there may be hundreds."""
        desk = self.desk
        self._open = await desk.in_writer(lambda: open_lists.open_advances(desk.looking()))
        if self.is_attached and self.patients.is_open:
            self.patients.find(self.patients.text, even_empty=True)

    # -- what is seen -------------------------------------------------------------------------------

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "Pick the advance by its number, the patient's name or a scan of its slip. Type the lines, then F8. What "
            "is over is refunded, what is short is collected: F8 right after."
        )

    def patient_hint(self) -> str:
        """Return what stands in the empty search for an advance."""
        return _("advance: number, name or scan; Down lists them")

    def tail_of_patients(self) -> str:
        """Return what helps if the advance is not listed."""
        return _("Only advances that still hold money are listed.")

    def redraw(self) -> None:
        """Write the advance too."""
        super().redraw()
        sheet, told = self.sheet, ""
        if sheet.precollection_number:
            told = _("Advance {number}  {category}  {advance}, {left} left").format(
                number=sheet.precollection_number,
                category=sheet.category,
                advance=money(sheet.advance_minor, sheet.currency),
                left=money(sheet.left_minor, sheet.currency),
            )
        self.query_one("#advance", Static).update(shown(told, "bold $secondary"))

    def total_word(self) -> str:
        """Return what is over or short, before the total."""
        sheet = self.sheet
        if not sheet.precollection_number or not sheet.over_minor:
            return _("Total")
        if sheet.over_minor > 0:
            return _("Over {amount}   Total").format(amount=money(sheet.over_minor, sheet.currency))
        return _("Short {amount}   Total").format(amount=money(-sheet.over_minor, sheet.currency))

    def foot_parts(self) -> list[Content]:
        """Say what became of the difference."""
        parts = super().foot_parts()
        if self._differs is not None:
            amount = money(abs(self._differs[1]), self.desk.currency)
            key = key_words(self.station.keys_in_force["settle"][0])
            words = _("Short {amount}: {key} collects it")
            if self._differs[1] > 0:
                here = self._gives_back() or not self.sheet.is_empty
                words = _("Over {amount}: {key} refunds it") if here else _("Over {amount}: to be refunded")
            parts.append(shown(words.format(amount=amount, key=key), "bold $accent"))
        return parts

    # -- which advance ------------------------------------------------------------------------------

    def seek_patients(self, typed: str) -> list[Candidate]:
        """Return the advance whose number is typed, then open ones by number, patient or name."""
        asked = typed.strip().upper()
        found = [
            Candidate(
                (
                    one.entry.number or "",
                    f"{one.entry.content['patient']['name']}  {one.entry.content['category']}",
                    "",
                    one.entry.recorded_at[11:16],
                    money(one.amount_minor, self.desk.currency),
                    "",
                ),
                one.entry,
            )
            for one in reversed(self._open)
            if _holds(one.entry, asked)
        ]
        exact = seek_slips(self.desk, typed, "precollection")
        named = {candidate.value.id for candidate in exact}
        return [*exact, *(candidate for candidate in found if candidate.value.id not in named)][:_LISTED_MAX]

    def picked(self, search: SearchField, value: Any) -> None:
        """An advance or an item was taken."""
        if search is self.patients:
            self._take(value)
        else:
            super().picked(search, value)

    def take_scan(self, scan: Scan) -> bool:
        """The slip of an advance names it, also another station's."""
        if scan.is_receipt_of("precollection") and isinstance(scan.value, Entry):
            self._take(scan.value)
        elif scan.is_receipt_of("precollection"):
            self._take_elsewhere(scan.value.facts)
        elif scan.kind == "item":
            return super().take_scan(scan)
        else:
            return False
        return True

    def _take(self, advance: Entry) -> None:
        left = advance_left(advance.id, JournalView(self.desk.looking()))
        card = patient_card(self.desk, advance)
        self._begin(
            card,
            left,
            precollection_id=advance.id,
            precollection_number=advance.number or "",
            category=str(advance.content["category"]),
            advance_minor=int(advance.content["total_minor"]),
        )

    def _take_elsewhere(self, facts: ReceiptFacts) -> None:
        left = facts.total_minor - covered_by(facts.number, JournalView(self.desk.looking()))
        known = self.desk.reference.get_patient(facts.patient) if self.desk.reference is not None else None
        name = known.name if known is not None else facts.patient
        card = PatientCard(facts.patient, name, temporary=known is None)
        self._begin(card, left, precollection_number=facts.number, advance_minor=facts.total_minor)

    def _begin(self, card: PatientCard, left: int, **advance: Any) -> None:
        number = advance["precollection_number"]
        if left <= 0:
            self._say_used_up(number)
            return
        if self.sheet.lines and self.sheet.precollection_number != number:
            self.hold_sheet()
        self._differs = None
        self.patients.clear()
        for name, value in {**advance, "left_minor": left}.items():
            setattr(self.sheet, name, value)
        self.seat(card)

    def _say_used_up(self, number: str) -> None:
        self.say(
            lambda: _("Nothing is left of {number}: its lines stand already.").format(number=number),
            "problem",
        )

    def is_anothers(self, number: str) -> bool:  # noqa: ARG002 (an advance brings its patient)
        """Nobody is seated here but by an advance."""
        return False

    # -- recording ----------------------------------------------------------------------------------

    def why_not(self, act: str) -> str | None:
        """F8 on an empty sheet collects what was short, or refunds what was over."""
        if act == "settle" and (self._collects() or self._gives_back()):
            return None
        return super().why_not(act)

    def right_of(self, act: str) -> str | None:
        """Collecting and refunding need other rights than pricing."""
        if act == "settle" and self._gives_back():
            return "reverse"
        return "cash" if act == "settle" and self._collects() else super().right_of(act)

    def label_of(self, act: str) -> str:
        """Return what F8 does."""
        if act == "settle" and self._gives_back():
            return _("Refund")
        return _("Collect") if act == "settle" and self._collects() else super().label_of(act)

    def _collects(self) -> bool:
        short = self._differs is not None and self._differs[1] < 0
        return short and self.sheet.is_empty and self.station.may("cash")

    def _gives_back(self) -> bool:
        over = self._differs is not None and self._differs[1] > 0 and self._advance is not None
        return over and self.sheet.is_empty and self.station.may("reverse")

    def _left_now(self) -> int:
        sheet, earlier = self.sheet, JournalView(self.desk.looking())
        if sheet.precollection_id:
            return advance_left(sheet.precollection_id, earlier)
        return sheet.advance_minor - covered_by(sheet.precollection_number, earlier)

    async def act_settle(self) -> None:
        """Record the lines; or collect, or refund, what the last ones came to above or below their advance."""
        if self._gives_back():
            self.station.go("refund", entry=self._advance)
            return
        if self._collects() and self._differs is not None:
            bill, over = self._differs
            due = due_of_bill(bill, -over, patient_card(self.desk, bill))
            self.station.push_screen(SettleDialog(due), self._settled)
            return
        left = self._left_now()
        if left != self.sheet.left_minor and not self.station.recording:
            self.sheet.left_minor = left
            self.redraw()
            if left <= 0:
                self._say_used_up(self.sheet.precollection_number)
                return
            amount = money(left, self.sheet.currency)
            told = {"number": self.sheet.precollection_number, "amount": amount}
            words = _("Only {amount} of {number} is left now: look, then F8 again.")
            self.say(lambda: words.format(**told), "problem")
            return
        await super().act_settle()

    def stands(self, recorded: Recorded, change_minor: int = 0) -> None:
        """Say what is over or short, and wait for the next advance."""
        entry, over = recorded.entry, self.sheet.over_minor
        super().stands(recorded, change_minor)
        self._differs = (entry, over) if entry.form == "itemisation" and over else None
        advance = str(entry.content.get("precollection_id") or "")
        self._advance = self.desk.find(advance) if advance else None
        self.station.behind(self._look())
        self.redraw()
        self.keys_changed()


def _holds(advance: Entry, asked: str) -> bool:
    patient = advance.content["patient"]
    return asked in (advance.number or "") or asked in patient["number"].upper() or asked in patient["name"]
