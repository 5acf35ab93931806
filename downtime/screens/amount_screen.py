"""A patient and an amount, with few fields around it: Enter stops only where something is still needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from downtime.i18n import _
from downtime.problem_text import problem_words
from downtime.screens.candidates import Column
from downtime.screens.keyline import Words
from downtime.screens.people import patient_card
from downtime.screens.pick_field import PickField
from downtime.screens.text import line, lines, shown
from downtime.screens.typed_fields import AmountField, Field, PhoneField
from downtime.screens.window import Window
from downtime.screens.window_foot import WindowFoot
from downtime.store.open_lists import phone_of
from forms.base import Problem
from forms.money import UnreadableNumberError, parse_amount
from forms.text import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.content import Content
    from textual.widget import Widget

    from downtime.screens.amount_asked import Asked
    from downtime.screens.amount_sheet import AmountSheet
    from downtime.screens.search_field import Candidate, SearchField

AMOUNT_FIRST = N_("Type the amount.")


class AmountScreen(Window):
    """One amount after the other.

    Attributes:
        asked: the fields, in the order Enter goes.
    """

    CSS_PATH = "amount.tcss"
    acts: ClassVar[tuple[str, ...]] = ("patient", "reprint", "hold", "settle", "reverse", "register", "payer")
    asked: ClassVar[tuple[Asked, ...]] = ()
    sheet: AmountSheet

    def body(self) -> ComposeResult:
        """Patient, what is known, the fields, the amount; beside them what helps."""
        self.sheet = cast("AmountSheet", self.new_sheet())  # of its own ``sheet_kind``
        self._passed: set[str] = set()
        with Horizontal():
            with Vertical(id="main"):
                yield from self.patient_rows()
                yield Static("", id="told", markup=False)
                for asked in self.asked:
                    with Horizontal(classes="amount-row", id=f"row-{asked.name}"):
                        yield Words(asked.label, classes="label amount-label")
                        yield self._widget(asked)
                        yield Static("", id=f"beside-{asked.name}", classes="problem", markup=False)
                yield Static("", id="amount-more", markup=False)
            yield Static("", id="side", markup=False)
        yield WindowFoot(self.total_word)

    def _widget(self, asked: Asked) -> Widget:
        name = f"ask-{asked.name}"
        if asked.kind == "pick":
            return PickField(
                lambda typed: self.rows_of(asked.name, typed),
                lambda: self.value_of(asked.name),
                lambda: self.mark_of(asked.name),
                self.columns_of(asked.name),
                hint=lambda: self.hint_of(asked.name),
                id=name,
            )
        if asked.kind == "phone":
            return PhoneField(id=name, max_length=40)
        return AmountField(id=name) if asked.kind == "amount" else Field(id=name, max_length=80)

    def rows_of(self, name: str, typed: str) -> Sequence[Candidate]:
        """Return the rows of a list; for subclasses."""
        raise NotImplementedError

    def value_of(self, name: str) -> str:
        """Return what stands in a field that opens a list."""
        return self.sheet.answer(name)

    def mark_of(self, name: str) -> str:
        """Return the row that is marked when a list opens: Enter takes it."""
        return self.value_of(name)

    def columns_of(self, name: str) -> tuple[Column, ...]:  # noqa: ARG002 (for subclasses)
        """Return how the rows of a list are laid out."""
        return (Column(0),)

    def hint_of(self, name: str) -> str:  # noqa: ARG002 (for subclasses)
        """Return what stands in an empty field that opens a list."""
        return ""

    def told(self) -> Sequence[Content | str]:
        """Return what is known and helps; for subclasses."""
        return []

    def more(self) -> Sequence[Content | str]:
        """Return what stands below the fields; for subclasses."""
        return []

    def total_word(self) -> str:
        """Return what the amount at the bottom is called."""
        return _("Amount")

    def redraw(self) -> None:
        """Write what changes."""
        super().redraw()
        told = self.told()
        self.query_one("#told", Static).display = bool(told)
        self.query_one("#told", Static).update(lines(told))
        self.query_one("#amount-more", Static).update(lines(self.more()))

    # -- fields -------------------------------------------------------------------------------------

    def fill(self) -> None:
        """Show what the sheet holds."""
        for asked in self.asked:
            widget = self.query_one(f"#ask-{asked.name}")
            if isinstance(widget, PickField):
                if not widget.input.has_focus:
                    widget.show_value()
            elif isinstance(widget, Field) and widget.value != self.sheet.typed.get(asked.name, ""):
                widget.take(self.sheet.typed.get(asked.name, ""))

    def read(self) -> None:
        """Put what is typed into the sheet."""
        for asked in self.asked:
            widget = self.query_one(f"#ask-{asked.name}")
            if isinstance(widget, Field):
                self.sheet.typed[asked.name] = widget.value

    def beside(self, name: str, words: str = "") -> None:
        """Write what is wrong beside a field."""
        self.query_one(f"#beside-{name}", Static).update(line(shown(words)))

    def focus_on(self, name: str) -> None:
        """Put the cursor into a field, its text marked."""
        widget = self.query_one(f"#ask-{name}")
        if isinstance(widget, PickField):
            widget.ask()
            widget.open_list()
        else:
            widget.focus()
            if isinstance(widget, AmountField):
                widget.select_all()

    def wait(self) -> None:
        """Put the cursor where the next key belongs."""
        self.fill()
        if self.sheet.patient is None:
            self.patients.display = True  # a hidden field takes no cursor
            self.patients.ask()
        else:
            self.opened_patient(self.sheet.patient.number, self.sheet.entry_id)
            self.focus_on(self._next(0) or "amount")
        self.call_after_refresh(self.redraw)
        self.keys_changed()

    def _next(self, place: int) -> str | None:
        """Return the first field from ``place`` on that is needed and still empty."""
        for asked in self.asked[place:]:
            is_open = not self.sheet.answer(asked.name) and asked.name not in self._passed
            if asked.needed and is_open and self.query_one(f"#row-{asked.name}").display:
                return asked.name
        return None

    async def go_on(self, name: str) -> None:
        """Leave a field by Enter: to the next that is needed, or to the money."""
        self.read()
        self._passed.add(name)
        self.keep()
        if name == "amount" and self.sheet.answer(name) and (wrong := self.problem()) is not None:
            self.beside(*wrong)
            return
        place = [asked.name for asked in self.asked].index(name)
        following = self._next(place + 1)
        if following is not None:
            self.focus_on(following)
        else:
            await self.act("settle")
        self.redraw()

    async def on_input_submitted(self, event: Field.Submitted) -> None:
        """Enter goes on."""
        event.stop()
        await self.go_on((event.input.id or "").removeprefix("ask-"))

    def on_input_changed(self, event: Field.Changed) -> None:
        """Show the amount as it is typed; what was wrong is being mended."""
        event.stop()
        self.read()
        words = event.input.doubt() if isinstance(event.input, PhoneField) else ""
        self.beside((event.input.id or "").removeprefix("ask-"), words)
        self.redraw_total()

    def redraw_total(self) -> None:
        """Write the amount only: this runs with every key."""
        foot = self.query_one(WindowFoot)
        foot.show_total(self.sheet.total_minor, self.sheet.currency)
        self.query_one("#amount-more", Static).update(lines(self.more()))

    async def on_search_field_picked(self, event: SearchField.Picked) -> None:
        """A patient, or a row of a list, was taken."""
        if event.search is self.patients:
            self.take_patient(event.value)
        else:
            await self.choose((event.search.id or "").removeprefix("ask-"), event.value)

    def take_patient(self, value: Any) -> None:
        """Take a row of the patient search."""
        self.seat(patient_card(self.desk, value))

    async def choose(self, name: str, value: object) -> None:
        """Take a row of a list, and go on."""
        self.sheet.typed[name] = str(value)
        self.beside(name)
        await self.go_on(name)

    async def on_search_field_missed(self, event: SearchField.Missed) -> None:
        """Enter without a row: on to the fields, or take what was typed."""
        if event.search is self.patients:
            if event.text:
                self.say(self.tail_of_patients)
            elif self.sheet.patient is not None:
                self.wait()
            return
        name = (event.search.id or "").removeprefix("ask-")
        if event.text:
            self.sheet.typed[name] = event.text
        await self.go_on(name)

    # -- the patient --------------------------------------------------------------------------------

    def seated(self) -> None:
        """Fill in the phone, if any list or form has it."""
        assert self.sheet.patient is not None
        number = self.sheet.patient.number
        known = self.desk.reference.get_patient(number) if self.desk.reference is not None else None
        phone = phone_of(self.desk.looking(), number) or (known.phone if known is not None else "")
        if any(asked.name == "phone" for asked in self.asked):
            self.sheet.typed["phone"] = phone

    # -- recording ----------------------------------------------------------------------------------

    def problem(self) -> tuple[str, str] | None:
        """Return (field, words) of the first thing that is wrong, or None."""
        try:
            amount = parse_amount(self.sheet.answer("amount"), self.sheet.currency)
        except UnreadableNumberError as error:
            if self.sheet.answer("amount"):
                return "amount", problem_words(Problem("amount", error.msgid, error.fields))
            amount = 0
        return None if amount > 0 else ("amount", _(AMOUNT_FIRST))

    async def act_settle(self) -> None:
        """Take the money, or show what is wrong beside its field."""
        self.read()
        self.keep()
        wrong = self.problem()
        if wrong is None:
            await self.finish()
        else:
            self.beside(*wrong)
            self.focus_on(wrong[0])

    async def finish(self) -> None:
        """Settle."""
        await super().act_settle()

    def start_afresh(self) -> None:
        """Wait for the next patient."""
        self._passed = set()
        for asked in self.asked:
            self.beside(asked.name)
        super().start_afresh()

    def step_back(self) -> None:
        """From the patient search to the fields; else home. The draft stays."""
        self.read()
        self.keep()
        if self.patients.input.has_focus and self.sheet.patient is not None:
            self.wait()
        else:
            super().step_back()
