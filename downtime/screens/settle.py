"""Settle: what is due, how it is paid, what goes back. One Enter, one commit.

Nothing typed and Enter: paid exactly in cash. Part of it in one method: the cursor goes on to the next with the
rest filled in. Who cannot pay leaves on somebody's word: arrears or green channel. Card and mobile money that
nobody here can see arrive is taken all the same and marked: it waits for a statement.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal
from textual.widgets import Static

from downtime.i18n import _, chosen_language
from downtime.problem_text import problem_words
from downtime.screens.base import Dialog
from downtime.screens.keyline import Words
from downtime.screens.people import payer_word
from downtime.screens.recorded import money
from downtime.screens.search_field import SearchField
from downtime.screens.seeking import STAFF_COLUMNS, seek_staff
from downtime.screens.settle_amount import Amount, method_rows
from downtime.screens.settle_sums import Sums, still_words, work_out
from downtime.screens.text import cut, shown
from downtime.screens.typed_fields import Field, PhoneField
from forms.money import SYMBOLS, format_amount
from forms.rmb import in_words
from forms.tender import METHODS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult

    from downtime.screens.settle_due import Due
    from forms.base import Problem

_KINDS = ("", "arrears", "green_channel")


class SettleDialog(Dialog):
    """Gives (Recorded, change in minor units), or None.

    Args:
        due: what is to be paid; see ``downtime.screens.settle_due``.
    """

    CSS_PATH = "settle.tcss"
    acts: ClassVar[tuple[str, ...]] = ("authorise", "verify", "settle")
    rights: ClassVar[Mapping[str, str]] = dict.fromkeys(acts, "cash")

    def __init__(self, due: Due) -> None:
        super().__init__()
        self._due = due
        self._kind = _KINDS.index(due.authorisation["kind"]) if due.authorisation else 0
        self._unverified: set[str] = set()
        self._visited: set[str] = set()
        self._guarantor = ""

    def body(self) -> ComposeResult:
        """Total, its words, one row per method, who vouches, change."""
        sign = SYMBOLS.get(self._due.currency, self._due.currency)
        yield Amount(Words(lambda: _("Due")), sign, id="due")
        yield Static("", id="in-words", markup=False)
        yield Static("", id="payer", markup=False)
        for method in METHODS:
            yield from method_rows(method)
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
            yield PhoneField(id="phone", max_length=40)
        yield Static("", id="authorise-problem", classes="problem settle-problem", markup=False)
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
            "Card and mobile pay keep the last digits of the slip, never a card number. "
            "Money nobody can see arrive is marked unverified and waits for a statement."
        )

    # -- sums ---------------------------------------------------------------------------------------

    def sums(self, *, exact: bool = False) -> Sums:
        """Return what is typed, worked out; ``exact`` takes empty fields for exactly paid in cash."""
        due = self._due
        typed: dict[str, str] = {method: self.query_one(f"#{method}", Field).value for method in METHODS}
        slips: dict[str, str] = {
            method: self.query_one(f"#{method}-slip", Field).value for method in METHODS[1:]
        }
        if exact and not any(typed.values()) and not self._kind:
            typed["cash"] = format_amount(due.total_minor, due.currency)
        return work_out(due.total_minor, due.currency, typed, slips, self._unverified)

    def on_input_changed(self, event: Field.Changed) -> None:
        """Work out with every key."""
        if isinstance(event.input, PhoneField):
            self._beside("authorise-problem", event.input.doubt())
        self._draw(self.sums())

    def redraw(self) -> None:
        """Write everything that changes."""
        self._draw(self.sums())

    def _draw(self, sums: Sums) -> None:
        due = self._due
        self.entitle(_("Settle"))
        self.query_one("#due", Amount).show_figures(format_amount(due.total_minor, due.currency))
        chinese = chosen_language() == "zh" and due.currency == "CNY"
        words = in_words(due.total_minor) if chinese else ""
        self.query_one("#in-words", Static).update(shown(words, "bold"))
        name = cut(due.patient.name, 30) if due.patient else ""
        payer = f"{name}   {payer_word(due.payer_kind)}"
        self.query_one("#payer", Static).update(shown(payer, "$text-muted"))
        for method in METHODS:
            wrong = sums.wrong.get(method)
            self._beside(f"{method}-problem", wrong() if wrong else "")
        self.query_one("#change", Amount).show_figures(format_amount(sums.change_minor, due.currency))
        self.query_one("#change", Amount).set_class(bool(sums.change_minor), "given")
        for method in METHODS[1:]:
            self._draw_seen(method)
        for row in self.query(".authorise"):
            row.display = bool(self._kind)
        kind = {"arrears": _("Arrears"), "green_channel": _("Green channel"), "": ""}[_KINDS[self._kind]]
        self.query_one("#kind", Static).update(shown(kind, "bold $accent"))
        self.query_one("#enter-means", Static).update(shown(self._enter_means(sums), "bold"))

    def _enter_means(self, sums: Sums) -> str:
        typed = any(self.query_one(f"#{method}", Field).value for method in METHODS)
        if self._due.total_minor == 0:
            return _("Enter: nothing to pay, record and print")
        if not typed and not self._kind:
            return _("Enter: exactly paid in cash, record and print")
        owing = self._guarantor_name() if self._kind else None
        if still := still_words(sums, self._due.currency, owing):
            return still
        if sums.unverified_minor:
            waiting = money(sums.unverified_minor, self._due.currency)
            return _("Enter: record and print; {amount} stays unverified").format(amount=waiting)
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
            due = format_amount(due_minor, self._due.currency)
            self.say(
                lambda: _("{due} is still due: collect it, or say who vouches.").format(due=due), "problem"
            )
            return
        field = self.query_one(f"#{target}", Field)
        field.take(format_amount(due_minor, self._due.currency))
        field.focus()
        field.select_all()

    async def _commit(self, sums: Sums) -> None:
        due = self._due
        due.payments = sums.payments
        due.authorisation = (
            {
                "kind": _KINDS[self._kind],
                "guarantor": self._guarantor_name(),
                "phone": self.query_one("#phone", Field).value,
                "approved_by": "",
            }
            if self._kind and sums.due_minor
            else None
        )
        form = due.form()
        if isinstance(form, list):
            self.show_problems(form)
            return
        await self.record(
            form,
            due.entry_id,
            lambda recorded: self.dismiss((recorded, sums.change_minor)),
            reason=due.price_reasons(),
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

    # -- money nobody here saw arrive -----------------------------------------------------------------

    def act_verify(self) -> None:
        """Mark the card or mobile part as unverified, or take the mark back; the cursor waits for the slip."""
        method = self._method_in_hand()
        self._unverified ^= {method}
        field = self.query_one(f"#{method}", Field)
        due = self.sums().due_minor
        if method in self._unverified and not field.value and due:
            field.take(format_amount(due, self._due.currency))
        self.query_one(f"#{method}-slip").focus()
        self.redraw()

    def _draw_seen(self, method: str) -> None:
        words = (
            _("UNVERIFIED") if self.query_one(f"#{method}-slip", Field).value else _("UNVERIFIED, no slip")
        )
        seen = shown(words if method in self._unverified else "", "bold $warning")
        self.query_one(f"#{method}-seen", Static).update(seen)

    def _method_in_hand(self) -> str:
        focused = (self.focused.id or "") if self.focused else ""
        named = next((method for method in METHODS[1:] if focused.startswith(method)), None)
        filled = [method for method in METHODS[1:] if self.query_one(f"#{method}", Field).value]
        return named or (filled[0] if filled else "mobile")

    def label_of(self, act: str) -> str:
        """Return what the key for verifying is called here."""
        return _("Unverified") if act == "verify" else super().label_of(act)

    def offers(self, act: str) -> bool:
        """Not everything may be owed."""
        return super().offers(act) and (act != "authorise" or self._due.may_be_owed)

    # -- who vouches --------------------------------------------------------------------------------

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
