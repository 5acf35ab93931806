"""Settle: what is due, how it is paid, what goes back. One Enter, one commit.

Nothing typed and Enter: paid exactly in cash. Part of it in one method: the cursor goes on to the next with the
rest filled in. Who cannot pay leaves on somebody's word: arrears or green channel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal
from textual.widgets import Digits, Static

from downtime.i18n import _, chosen_language
from downtime.masking import mask_phone
from downtime.screens.base import Dialog, problem_words
from downtime.screens.keyline import Words
from downtime.screens.people import payer_word
from downtime.screens.search_field import SearchField
from downtime.screens.seeking import STAFF_COLUMNS, seek_staff
from downtime.screens.settle_sums import Sums, work_out
from downtime.screens.text import cut, is_plain, shown
from downtime.screens.typed_fields import AmountField, CodeField, Field, NumberOfPerson
from forms.money import SYMBOLS, format_amount
from forms.rmb import in_words
from forms.tender import METHODS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult

    from downtime.screens.charge_sheet import Sheet
    from forms.base import Problem

_KINDS = ("", "arrears", "green_channel")


class Amount(Horizontal):
    """An amount in large figures; in the plain look in spaced bold ones."""

    DEFAULT_CSS = """
    Amount { height: 3; }
    Amount.plain-amount { height: 1; }
    Amount .amount-label { width: 14; padding: 1 0 0 2; color: $text-muted; }
    Amount.plain-amount .amount-label { padding: 0 0 0 2; }
    Amount Digits { width: 1fr; text-align: right; padding: 0 3 0 0; }
    Amount .figures { width: 1fr; text-align: right; text-style: bold; padding: 0 3 0 0; }
    Amount .sign { width: 5; padding: 1 0 0 0; text-style: bold; }
    Amount.plain-amount .sign { padding: 0; }
    """

    def __init__(self, label: Words, sign: str, *, id: str) -> None:  # noqa: A002 (Textual's name for it)
        super().__init__(id=id, classes="plain-amount" if is_plain() else "")
        self._label, self._sign = label, sign

    def compose(self) -> ComposeResult:
        """Label, sign and figures."""
        self._label.add_class("amount-label")
        yield self._label
        yield Static(shown(self._sign), classes="sign")
        yield Static("", classes="figures", markup=False) if is_plain() else Digits("")

    def show_figures(self, figures: str) -> None:
        """Write the figures."""
        if is_plain():
            self.query_one(".figures", Static).update(shown(" ".join(figures)))
        else:
            self.query_one(Digits).update(figures)


class SettleDialog(Dialog):
    """Gives (Recorded, change in minor units), or None."""

    CSS_PATH = "settle.tcss"
    acts: ClassVar[tuple[str, ...]] = ("authorise", "settle")
    rights: ClassVar[Mapping[str, str]] = {"settle": "cash", "authorise": "cash"}

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self._sheet = sheet
        self._kind = _KINDS.index(sheet.authorisation["kind"]) if sheet.authorisation else 0
        self._visited: set[str] = set()
        self._guarantor = ""

    def body(self) -> ComposeResult:
        """Total, its words, one row per method, who vouches, change."""
        sign = SYMBOLS.get(self._sheet.currency, self._sheet.currency)
        yield Amount(Words(lambda: _("Due")), sign, id="due")
        yield Static("", id="in-words", markup=False)
        yield Static("", id="payer", markup=False)
        for method, words in zip(
            METHODS, (lambda: _("Cash"), lambda: _("Card"), lambda: _("Mobile pay")), strict=True
        ):
            with Horizontal(classes="row"):
                yield Words(words, classes="label settle-label")
                yield AmountField(id=method)
                if method != "cash":
                    yield Words(lambda: _("slip"), classes="label slip-label")
                    yield CodeField(id=f"{method}-slip", max_length=8)
            yield Static("", id=f"{method}-problem", classes="problem", markup=False)
        with Horizontal(classes="row authorise"):
            yield Static("", id="kind", classes="settle-label", markup=False)
            yield SearchField(
                lambda typed: seek_staff(self.desk, typed),
                STAFF_COLUMNS,
                hint=lambda: _("who vouches: staff initials, or any name"),
                width=52,
                id="guarantor",
            )
        with Horizontal(classes="row authorise"):
            yield Words(lambda: _("Phone"), classes="label settle-label")
            yield NumberOfPerson(mask_phone, id="phone", max_length=40)
        yield Static("", id="authorise-problem", classes="problem", markup=False)
        yield Amount(Words(lambda: _("Change")), sign, id="change")
        yield Static("", id="enter-means", markup=False)

    def on_mount(self) -> None:
        """The cursor waits for the cash."""
        super().on_mount()
        self.query_one("#cash").focus()

    def help_words(self) -> str:
        """Return what to do here."""
        return _(
            "Type what is handed over and press Enter. Nothing typed means exactly paid in cash. "
            "Card and mobile pay keep the last digits of the slip, never a card number."
        )

    # -- sums ---------------------------------------------------------------------------------------

    def sums(self, *, exact: bool = False) -> Sums:
        """Return what is typed, worked out; ``exact`` takes empty fields for exactly paid in cash."""
        sheet = self._sheet
        typed: dict[str, str] = {method: self.query_one(f"#{method}", Field).value for method in METHODS}
        slips: dict[str, str] = {
            method: self.query_one(f"#{method}-slip", Field).value for method in METHODS[1:]
        }
        if exact and not any(typed.values()) and not self._kind:
            typed["cash"] = format_amount(sheet.total_minor, sheet.currency)
        return work_out(sheet.total_minor, sheet.currency, typed, slips)

    def on_input_changed(self, _event: Field.Changed) -> None:
        """Work out with every key."""
        self._draw(self.sums())

    def redraw(self) -> None:
        """Write everything that changes."""
        self._draw(self.sums())

    def _draw(self, sums: Sums) -> None:
        sheet = self._sheet
        self.entitle(_("Settle"))
        self.query_one("#due", Amount).show_figures(format_amount(sheet.total_minor, sheet.currency))
        chinese = chosen_language() == "zh" and sheet.currency == "CNY"
        self.query_one("#in-words", Static).update(
            shown(in_words(sheet.total_minor) if chinese else "", "bold")
        )
        name = cut(sheet.patient.name, 30) if sheet.patient else ""
        self.query_one("#payer", Static).update(
            shown(f"{name}   {payer_word(sheet.payer_kind)}", "$text-muted")
        )
        for method in METHODS:
            wrong = sums.wrong.get(method)
            self._beside(f"{method}-problem", wrong() if wrong else "")
        self.query_one("#change", Amount).show_figures(format_amount(sums.change_minor, sheet.currency))
        self.query_one("#change", Amount).set_class(bool(sums.change_minor), "given")
        for row in self.query(".authorise"):
            row.display = bool(self._kind)
        kind = {"arrears": _("Arrears"), "green_channel": _("Green channel"), "": ""}[_KINDS[self._kind]]
        self.query_one("#kind", Static).update(shown(kind, "bold $accent"))
        self.query_one("#enter-means", Static).update(shown(self._enter_means(sums), "bold"))

    def _enter_means(self, sums: Sums) -> str:
        typed = any(self.query_one(f"#{method}", Field).value for method in METHODS)
        if self._sheet.total_minor == 0:
            return _("Enter: nothing to pay, record and print")
        if not typed and not self._kind:
            return _("Enter: exactly paid in cash, record and print")
        if sums.due_minor and not self._kind:
            due = format_amount(sums.due_minor, self._sheet.currency)
            return _("Still due {due}: Enter goes on to the next method").format(due=due)
        if self._kind and not self._guarantor_name():
            return _("Who vouches?")
        return _("Enter: record and print")

    def _beside(self, id_of_problem: str, text: str) -> None:
        problem = self.query_one(f"#{id_of_problem}", Static)
        problem.display = bool(text)
        problem.update(shown(text))

    # -- keys ---------------------------------------------------------------------------------------

    async def on_input_submitted(self, event: Field.Submitted) -> None:
        """Enter goes on: to the next method while something is due, else it records."""
        event.stop()
        await self.act("settle")

    async def act_settle(self) -> None:
        """Record if it is paid or vouched for; otherwise go where something is missing."""
        sums = self.sums(exact=True)
        self._draw(self.sums())
        if sums.wrong:
            self.query_one(f"#{next(iter(sums.wrong))}").focus()
        elif self._kind and not self._guarantor_name():
            self._beside("authorise-problem", _("Somebody must vouch: type a name.") if self._visited else "")
            self._visited.add("guarantor")
            self.query_one("#guarantor", SearchField).ask()
        elif sums.due_minor and not self._kind:
            self._go_on(sums.due_minor)
        else:
            await self._commit(sums)

    def _go_on(self, due_minor: int) -> None:
        focused = self.focused.id if self.focused else ""
        empty = [method for method in METHODS if not self.query_one(f"#{method}", Field).value]
        after = METHODS.index(focused) if focused in METHODS else 0
        order = [*METHODS[after + 1 :], *METHODS[: after + 1]]
        target = next((method for method in order if method in empty), None)
        if target is None:
            due = format_amount(due_minor, self._sheet.currency)
            self.say(
                lambda: _("{due} is still due: collect it, or say who vouches.").format(due=due), "problem"
            )
            return
        field = self.query_one(f"#{target}", Field)
        field.take(format_amount(due_minor, self._sheet.currency))
        field.focus()
        field.select_all()

    async def _commit(self, sums: Sums) -> None:
        sheet = self._sheet
        sheet.payments = sums.payments
        sheet.authorisation = (
            {
                "kind": _KINDS[self._kind],
                "guarantor": self._guarantor_name(),
                "phone": self.query_one("#phone", Field).value,
                "approved_by": "",
            }
            if self._kind and sums.due_minor
            else None
        )
        form = sheet.form()
        if isinstance(form, list):
            self.show_problems(form)
            return
        await self.record(
            form,
            sheet.entry_id,
            lambda recorded: self.dismiss((recorded, sums.change_minor)),
            reason=sheet.price_reasons(),
        )

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """Put each problem beside its method, the rest into the line."""
        for problem in problems:
            if problem.field.startswith("authorisation"):
                self._beside("authorise-problem", problem_words(problem))
            elif problem.field.startswith("payments"):
                self._beside("cash-problem", problem_words(problem))
        super().show_problems(problems)

    def act_authorise(self) -> None:
        """From paying to arrears, to green channel, and back."""
        self._kind = (self._kind + 1) % len(_KINDS)
        self.redraw()
        if self._kind:
            self.query_one("#guarantor", SearchField).ask()
        else:
            self._beside("authorise-problem", "")
            self.query_one("#cash").focus()

    def _guarantor_name(self) -> str:
        return self.query_one("#guarantor", SearchField).text.strip() if self._kind else ""

    def on_search_field_picked(self, event: SearchField.Picked) -> None:
        """A member of staff vouches."""
        event.search.input.take(f"{event.value.name} {event.value.number}")
        event.search.close()
        self.query_one("#phone").focus()
        self.redraw()

    def on_search_field_missed(self, event: SearchField.Missed) -> None:
        """Somebody else vouches: the name as typed."""
        if event.text:
            self.query_one("#phone").focus()
        self.redraw()
