"""The money of a paper: its own sum is typed, and must come to what the lines come to, or is asked about.

Typing the sum costs four keys and finds what keying everything twice would find (findings on people, 1.3).
Nothing is filled in beforehand, except off our own code: a sum one only has to nod at controls nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.containers import Horizontal
from textual.widgets import Static

from downtime.i18n import _, chosen_language
from downtime.problem_text import problem_words
from downtime.screens.base import Dialog
from downtime.screens.keyline import Words
from downtime.screens.late_sums import OWED, LateSums, agreed_to_more, work_out
from downtime.screens.pick import PickDialog
from downtime.screens.recorded import money
from downtime.screens.search_field import SearchField
from downtime.screens.seeking import STAFF_COLUMNS, seek_staff
from downtime.screens.settle_amount import Amount, method_rows
from downtime.screens.text import cut, shown
from downtime.screens.typed_fields import AmountField, Field
from forms.money import SYMBOLS, format_amount
from forms.rmb import in_words
from forms.tender import METHODS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult
    from textual.events import DescendantFocus

    from downtime.screens.late_receipt import ReceiptPaper
    from downtime.screens.late_sheets import FromPaper
    from forms.base import Problem

_KINDS = ("", "arrears", "green_channel")


class LateSettleDialog(Dialog):
    """Gives the sums and, if they differ from the lines, why (``LateSums``), or None; the caller records.

    Args:
        sheet: what was typed off the paper.
        code: what our own code said: the sum, and whether it was paid, but not how.
    """

    CSS_PATH = "late_settle.tcss"
    acts: ClassVar[tuple[str, ...]] = ("authorise", "verify", "settle")
    rights: ClassVar[Mapping[str, str]] = dict.fromkeys(acts, "late_entry")

    def __init__(self, sheet: FromPaper, code: ReceiptPaper | None = None) -> None:
        super().__init__()
        self._sheet, self._code = sheet, code
        self._takes_money = sheet.kind != "bookkeeping"
        self._kind = int(code is not None and code.is_owed)
        self._lies_in = OWED if self._kind else "cash"
        self._unverified: set[str] = set()
        self._warned = -1

    def body(self) -> ComposeResult:
        """What the lines come to, the sum on the paper by method, who vouches, the difference."""
        sign = SYMBOLS.get(self._sheet.currency, self._sheet.currency)
        word = (lambda: _("Amount")) if self._sheet.kind == "deposit" else (lambda: _("Lines"))
        yield Amount(Words(word), sign, id="due")
        yield Static("", id="in-words", markup=False)
        yield Static("", id="payer", markup=False)
        if self._takes_money:
            for method in METHODS:
                yield from method_rows(method)
        else:
            with Horizontal(classes="row"):
                yield Words(lambda: _("On paper"), classes="label settle-label")
                yield AmountField(id="cash")
            yield Static("", id="cash-problem", classes="problem", markup=False)
        with Horizontal(classes="row authorise"):
            yield Static("", id="kind", classes="settle-label", markup=False)
            yield AmountField(id=OWED)
            yield SearchField(
                lambda typed: seek_staff(self.desk, typed),
                STAFF_COLUMNS,
                hint=lambda: _("who vouched: staff initials, or any name"),
                width=52,
                id="guarantor",
            )
        yield Static("", id=f"{OWED}-problem", classes="problem", markup=False)
        yield Amount(Words(lambda: _("Difference")), sign, id="change")
        yield Static("", id="enter-means", markup=False)

    def on_mount(self) -> None:
        """The cursor waits for the sum."""
        super().on_mount()
        field = self.query_one(f"#{self._lies_in}", Field)
        field.take(self._told())
        self.redraw()
        field.focus()

    def _told(self) -> str:
        """Return the sum as our own code said it, or ""."""
        return format_amount(self._code.total_minor, self._sheet.currency) if self._code is not None else ""

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """The sum of a code goes along with the cursor from method to method: no code says how it was paid."""
        before, here = self._lies_in, event.widget
        if not (self._told() and before in METHODS and here.id in METHODS and isinstance(here, Field)):
            return
        lies = self.query_one(f"#{before}", Field)
        slip = self.query_one(f"#{before}-slip", Field).value if before != "cash" else ""
        if lies.value == self._told() and not slip and not here.value:
            lies.take("")
            here.take(self._told())
            self._lies_in = here.id

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "Type the sum the paper says, by method, and press Enter. If it is not what the lines come to, look "
            "at the lines again. Where the paper really says something else, that is kept and listed."
        )

    def label_of(self, act: str) -> str:
        """Return what the keys are called here."""
        return {"verify": _("Unverified"), "settle": _("Record")}.get(act) or super().label_of(act)

    def offers(self, act: str) -> bool:
        """Only charges may be owed; only money may be unverified."""
        wanted = {"authorise": self._sheet.may_be_owed, "verify": self._takes_money}
        return super().offers(act) and wanted.get(act, True)

    # -- sums ---------------------------------------------------------------------------------------

    def sums(self) -> LateSums:
        """Return what is typed, worked out."""
        names = [*METHODS, OWED] if self._takes_money else ["cash"]
        typed = {name: self.query_one(f"#{name}", Field).value for name in names}
        slips: dict[str, str] = {
            method: self.query_one(f"#{method}-slip", Field).value
            for method in METHODS[1:]
            if self._takes_money
        }
        return work_out(self._sheet.total_minor, self._sheet.currency, typed, slips, self._unverified)

    def on_input_changed(self, _event: Field.Changed) -> None:
        """Work out with every key."""
        self.redraw()

    def redraw(self) -> None:
        """Write everything that changes."""
        sheet, sums = self._sheet, self.sums()
        number = sheet.head.paper.number if sheet.head is not None else ""
        self.entitle(_("Sum on paper {number}").format(number=number))
        self.query_one("#due", Amount).show_figures(format_amount(sheet.total_minor, sheet.currency))
        chinese = chosen_language() == "zh" and sheet.currency == "CNY"
        words = in_words(sums.paper_minor) if chinese and sums.paper_minor else ""
        self.query_one("#in-words", Static).update(shown(words, "bold"))
        name = cut(sheet.patient.name, 30) if sheet.patient else ""
        self.query_one("#payer", Static).update(shown(name, "$text-muted"))
        for problem in self.query(".problem"):
            problem.display = False
        for field, told in sums.wrong.items():
            self._beside(field, told())
        difference = sums.difference_minor if sums.paper_minor else 0
        self.query_one("#change", Amount).show_figures(format_amount(difference, sheet.currency))
        self.query_one("#change", Amount).set_class(bool(difference), "differs")
        for row in self.query(".authorise"):
            row.display = bool(self._kind)
        kind = {"arrears": _("Arrears"), "green_channel": _("Green channel"), "": ""}[_KINDS[self._kind]]
        self.query_one("#kind", Static).update(shown(kind, "bold $accent"))
        for seen in self.query(".seen"):
            method = (seen.id or "").removesuffix("-seen")
            words = _("UNVERIFIED") if method in self._unverified else ""
            seen.update(shown(words, "bold $warning"))  # type: ignore[attr-defined]  # a Static
        self.query_one("#enter-means", Static).update(shown(self._enter_means(sums), "bold"))

    def _enter_means(self, sums: LateSums) -> str:
        if not sums.paper_minor and self._sheet.total_minor:
            return _("Type the sum the paper says")
        if not sums.difference_minor:
            if self._code is not None and [part["method"] for part in sums.payments] == ["cash"]:
                return _("Enter: CASH; the code names no method. Tab: card, mobile")
            return _("Enter: record")
        amount = money(abs(sums.difference_minor), self._sheet.currency)
        if sums.difference_minor < 0 and self._takes_money:
            return _("{amount} short of the lines: another method, or Enter again").format(amount=amount)
        return _("The paper and the lines differ by {amount}").format(amount=amount)

    def _beside(self, field: str, text: str) -> None:
        problem = self.query_one(f"#{field}-problem", Static)
        problem.display = bool(text)
        problem.update(shown(text))

    # -- keys ---------------------------------------------------------------------------------------

    async def on_input_submitted(self, event: Field.Submitted) -> None:
        """Enter goes on: it records, or says what is missing."""
        event.stop()
        await self.act("settle")

    def act_settle(self) -> None:
        """Record if the sums agree; warn once, then ask, if they do not."""
        sums = self.sums()
        if sums.wrong:
            self.query_one(f"#{next(iter(sums.wrong))}").focus()
        elif sums.owed_minor and not self._guarantor():
            self.say(lambda: _("Somebody must have vouched: type a name."))
            self.query_one("#guarantor", SearchField).ask()
        elif not sums.paper_minor and self._sheet.total_minor:
            self.say(lambda: _("Type the sum the paper says: it is what finds a wrong line."), "problem")
        elif sums.difference_minor:
            self._differs(sums)
        else:
            self._finish(sums, "")

    def _differs(self, sums: LateSums) -> None:
        if self._warned != sums.paper_minor and sums.difference_minor < 0 and self._takes_money:
            self._warned = sums.paper_minor
            self._next_empty()
            return
        sheet = self._sheet
        told = {
            "paper": money(sums.paper_minor, sheet.currency),
            "lines": money(sheet.total_minor, sheet.currency),
            "difference": money(abs(sums.difference_minor), sheet.currency),
        }
        rows = [(_("The lines are wrong: back to them").format(**told), "back")]
        if not self._takes_money:
            rows.append((_("The paper is added up wrongly: the lines are right"), "kept"))
        elif sums.difference_minor > 0 and sheet.kind == "charge":
            rows.append((_("{paper} was taken: {difference} more, to be checked").format(**told), "kept"))
        elif sheet.may_be_owed:
            rows.append((_("{paper} was taken: {difference} is still owed").format(**told), "kept"))
        title = _("Paper {paper}, lines {lines}").format(**told)

        def picked(answer: str | None) -> None:
            if answer == "back":
                self.dismiss(None)
            elif answer == "kept":
                self._finish(sums, title)

        self.station.push_screen(PickDialog(lambda: title, rows), picked)

    def _next_empty(self) -> None:
        empty = [method for method in METHODS if not self.query_one(f"#{method}", Field).value]
        if empty:
            self.query_one(f"#{empty[0]}").focus()

    def _finish(self, sums: LateSums, reason: str) -> None:
        sheet = self._sheet
        writer = (sheet.head.written_by_name or sheet.head.written_by) if sheet.head is not None else ""
        if self._takes_money:
            sheet.payments = sums.payments
            vouched = self._guarantor()
            sheet.authorisation = _authorisation(_KINDS[self._kind] or "arrears", vouched or writer, sums)
            if sums.difference_minor > 0:
                agreed_to_more(sheet, sums)
        self.dismiss((sums, reason))

    def act_authorise(self) -> None:
        """From paid to arrears, to green channel, and back."""
        self._kind = (self._kind + 1) % len(_KINDS)
        if not self._kind:
            self.query_one(f"#{OWED}", Field).take("")
        self.redraw()
        self.query_one(f"#{OWED}" if self._kind else "#cash").focus()

    def act_verify(self) -> None:
        """Card or mobile money nobody saw arrive."""
        focused = (self.focused.id or "") if self.focused else ""
        method = next((one for one in METHODS[1:] if focused.startswith(one)), "mobile")
        self._unverified ^= {method}
        self.redraw()

    def _guarantor(self) -> str:
        return self.query_one("#guarantor", SearchField).text.strip() if self._kind else ""

    async def on_search_field_picked(self, event: SearchField.Picked) -> None:
        """A member of staff vouched."""
        event.search.input.take(f"{event.value.name} {event.value.number}")
        event.search.close()
        await self.act("settle")

    async def on_search_field_missed(self, event: SearchField.Missed) -> None:
        """Somebody else vouched."""
        if event.text:
            await self.act("settle")

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Say what is wrong."""
        for problem in problems:
            if problem.field.startswith("payments"):
                self._beside("cash", problem_words(problem))
        super().show_problems(problems)


def _authorisation(kind: str, vouched: str, sums: LateSums) -> dict[str, Any] | None:
    owed = sums.owed_minor + max(-sums.difference_minor, 0)
    return {"kind": kind, "guarantor": vouched, "phone": "", "approved_by": ""} if owed else None
